"""Command lines that cannot be, and what the tool says of itself."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from tests.cli.commands import ROOT, Home
from tests.cli.typed import Typed
from vsmhub.cli.app import app

OPS = str(ROOT / "hubs" / "ops")
WRONG: dict[str, tuple[list[str], str]] = {
    "a command that is not": (["aply"], "Did you mean 'apply'?"),
    "an option that is not": (["apply", OPS, "--yess"], "--yes"),
    "no hub": (["apply"], "Missing argument 'HUB"),
    "no such hub": (["apply", "nowhere"], "there is no hub at nowhere"),
    "a folder of hubs": (["plan", str(ROOT / "hubs")], "is no hub, but a folder of hubs"),
    "the same hub twice": (["plan", OPS, f"{OPS}/hub.yaml"], "named twice: ops-hub"),
    "a target that is not": (["status", OPS, "--target", "locl"], "did you mean local?"),
    "two targets": (["status", OPS, "--target", "local", "--base", "https://hub.example"], "name two targets"),
    "a format that is not": (
        ["plan", OPS, "--format", "xml"],
        "--format' / '-f': 'xml' is not one of 'text', 'json', 'markdown'",
    ),
    "a port that is no number": (["serve", "--port", "http"], "--port"),
    "what is wrong names its own help": (["vocab", "add", OPS], "see vsmhub vocab add --help"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage(typed: Typed, name: str) -> None:
    arguments, said = WRONG[name]
    done = typed.run(*arguments)
    assert (done.code, done.out) == (64, "")
    assert said in done.err
    assert re.fullmatch(r"error: [^\n]+\nhint: [^\n]+\n", done.err)
    assert not list(typed.folder.iterdir())


def _commands(group: object = None, before: str = "") -> Iterator[str]:
    """Every command there is, as it is typed."""
    for name, command in getattr(group or typer.main.get_command(app), "commands", {}).items():
        yield from list(_commands(command, f"{before}{name} ")) or [before + name]


@pytest.mark.parametrize("command", list(_commands()))
def test_help_has_an_example_and_fits(typed: Typed, command: str) -> None:
    typed.set(COLUMNS="80")
    done = typed.run(*command.split(), "--help")
    assert done.code == 0
    assert f"vsmhub {command}" in done.out.partition("Example")[2]
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize("group", [(), ("vocab",), ("key",), ("outbox",)])
def test_what_a_command_does_fits_into_the_list(typed: Typed, group: tuple[str, ...]) -> None:
    typed.set(COLUMNS="80")
    listed = typed.run(*group, "--help").out.partition("Commands:\n")[2].partition("\n\n")[0]
    assert listed
    assert "..." not in listed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(tmp_path: Path, shell: str) -> None:
    done = Home(tmp_path, {"_VSMHUB_COMPLETE": f"source_{shell}"}).run()
    assert (done.code, done.err) == (0, "")
    assert "_VSMHUB_COMPLETE=complete" in done.out
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=done.out, text=True, check=True)


def test_completion_completes(tmp_path: Path) -> None:
    variables = {"_VSMHUB_COMPLETE": "complete_bash", "COMP_WORDS": "vsmhub sta", "COMP_CWORD": "1"}
    assert Home(tmp_path, variables).run().out.split() == ["status"]


def test_a_fault_of_our_own_ends_as_a_message_too(typed: Typed) -> None:
    typed.patch.setitem(sys.modules, "vsmhub.cli.declared", None)
    done = typed.run("plan", OPS)
    assert done.code == 1
    assert done.err.startswith("error: vsmhub failed in a way it should not: ModuleNotFoundError")
    assert "Traceback" not in done.err
    assert "Traceback" in typed.run("--debug", "plan", OPS).err
