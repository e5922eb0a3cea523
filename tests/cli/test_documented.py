"""What the documents about inventory and gates show is what there is: their examples load, and their commands run."""

import re
from pathlib import Path

import pytest

from tests.cli.typed import Typed
from vsmhub.spec.gates.load import parse_gates
from vsmhub.spec.inventory.load import parse_inventory

DOCS = Path(__file__).parents[2] / "docs"
ROOT = DOCS.parent


def blocks(name: str, language: str) -> list[str]:
    # Every other part between fences is a block; it begins with its language.
    parts = re.split(r"^```", (DOCS / name).read_text(), flags=re.MULTILINE)[1::2]
    return [part.partition("\n")[2] for part in parts if part.partition("\n")[0] == language]


def commands(name: str, command: str) -> list[str]:
    lines = [line.split("   ")[0] for block in blocks(name, "") for line in block.splitlines()]
    return [line for line in lines if line.startswith(f"vsmhub {command} ")]


def test_the_inventory_that_is_shown_is_one() -> None:
    inventory = parse_inventory(blocks("inventory.md", "yaml")[0])
    assert inventory.hosts["one"].os.unknown == "Nobody has logged in yet."


def test_the_gates_that_are_shown_are_some() -> None:
    first, waivers = blocks("gates.md", "yaml")
    assert parse_gates(first).gates["git-and-registry"].owner == "railiance-apps"
    text = first + "  rollback:\n" + first.partition("git-and-registry:\n")[2] + waivers
    assert parse_gates(text).waivers[0].approved_by == "ops-hub"


@pytest.mark.parametrize("command", commands("inventory.md", "catalog"))
def test_the_questions_that_are_shown_have_answers(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, command: str, tmp_path: Path
) -> None:
    (tmp_path / "events").write_text("")
    monkeypatch.chdir(ROOT)
    done = typed.run(*command.split()[1:], "--evidence", tmp_path / "events")
    assert done.code == 0, done.text
    assert done.out.count("\n") > 2


@pytest.mark.parametrize("command", [one for one in commands("gates.md", "gates") if "--emit" not in one])
def test_the_ways_to_ask_about_gates_work(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, command: str, tmp_path: Path
) -> None:
    (tmp_path / "events").write_text("")
    monkeypatch.chdir(ROOT)
    words = [word for word in command.split()[1:] if word not in ("--evidence", "FILE")]
    done = typed.run(*words, "--evidence", tmp_path / "events")
    assert done.code == 2, done.text
    assert "unknown" in done.out
