"""`vsmhub new`, as it is typed."""

import contextlib
import json
import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vsmhub.cli.app import run
from vsmhub.spec.load import load_hub

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


FOLDER = {".vsmhub-scaffold.json", "README.md", "hub.schema.json", "hub.yaml", "tests/test_syn_hub.py"}


def test_a_known_hub_needs_its_slug_alone(here: Path, capsys: Captured) -> None:
    assert run(["new", "syn-hub"]) == 0
    assert files(here) == {f"hubs/syn/{name}" for name in FOLDER}
    assert load_hub(here / "hubs" / "syn").hub.name == "Syn Hub"
    said = capsys.readouterr().out
    assert "└── tests/\n" in said
    assert said.endswith(
        "syn-hub is described in hubs/syn/hub.yaml. Next:\n  vsmhub generate hubs/syn && vsmhub apply hubs/syn\n"
    )


def test_every_answer_is_an_option(here: Path) -> None:
    options = {
        "--function": "syn",
        "--prefix": "xy",
        "--name": "Night & Day",
        "--domain": "xy.example.org",
        "--purpose": "Says when it is night",
        "--schema": "../schema.json",
        "--into": "elsewhere/xy",
    }
    assert run(["new", "xyz-hub", *(part for option in options.items() for part in option)]) == 0
    spec = load_hub(here / "elsewhere" / "xy")
    told = (spec.vsm.vsm_function, spec.hub.prefix, spec.hub.name, spec.hub.domain, spec.scope.purpose)
    assert told == ("SYN", "xy", "Night & Day", "xy.example.org", "Says when it is night")
    assert (here / "elsewhere/xy/hub.yaml").read_text().startswith("# yaml-language-server: $schema=../schema.json\n")


def test_a_repository_of_its_own(here: Path, capsys: Captured) -> None:
    assert run(["new", "xyz-hub", "--function", "CTL", "--standalone", "--workplan-prefix", "XY"]) == 0
    assert {"hub.yaml", "pyproject.toml", "AGENTS.md", "workplans/XY-0001-bootstrap.md"} <= files(here / "xyz-hub")
    assert capsys.readouterr().out.endswith("  vsmhub generate ./xyz-hub && vsmhub apply ./xyz-hub\n")


def test_a_dry_run_writes_nothing(here: Path, capsys: Captured) -> None:
    assert run(["new", "syn-hub", "--dry-run"]) == 0
    assert list(here.iterdir()) == []
    assert "hub.yaml" in capsys.readouterr().out


def test_json_says_what_was_written(here: Path, capsys: Captured) -> None:
    assert run(["new", "syn-hub", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["destination"], facts["written"]) == ("hubs/syn", True)
    assert {file["path"] for file in facts["files"]} == FOLDER


def test_a_constellation_says_what_is_the_same_for_all(here: Path) -> None:
    for prefix, parent in (("ops", "example.org"), ("pol", "example.org")):
        (here / "hubs" / prefix).mkdir(parents=True)
        text = f"hub:\n  slug: {prefix}-hub\n  prefix: {prefix}\n  domain: {prefix}.{parent}\n"
        (here / "hubs" / prefix / "hub.yaml").write_text(text)
    (here / "docs" / "schemas").mkdir(parents=True)
    (here / "docs" / "schemas" / "hub.v1.schema.json").write_text("{}")
    assert run(["new", "syn-hub"]) == 0
    assert load_hub(here / "hubs" / "syn").hub.domain == "syn.example.org"
    assert files(here / "hubs" / "syn") == FOLDER - {"hub.schema.json"}
    assert (here / "hubs/syn/hub.yaml").read_text().startswith("# yaml-language-server: $schema=../../docs/schemas/")


def test_hubs_that_share_no_domain_say_nothing_about_it(here: Path) -> None:
    for prefix, domain in (("ops", "ops.example.org"), ("pol", "pol.example.net"), ("odd", "{{ 7 }}"), ("bin", "\0")):
        (here / "hubs" / prefix).mkdir(parents=True)
        (here / "hubs" / prefix / "hub.yaml").write_text(f"hub:\n  prefix: {prefix}\n  domain: {domain}\n")
    assert run(["new", "syn-hub"]) == 0
    assert load_hub(here / "hubs" / "syn").hub.domain == "syn.internal"


def test_inside_of_the_hubs_folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "hubs").mkdir()
    monkeypatch.chdir(here / "hubs")
    assert run(["new", "syn-hub"]) == 0
    assert files(here) == {f"hubs/syn/{name}" for name in FOLDER}


REFUSED = {
    "a path": (["../syn"], 1, "the slug '../syn' must be lower-case", "for example syn-hub"),
    "a reserved word": (["class-hub"], 1, "the slug 'class-hub' is reserved", "for example"),
    "too long": (["x" * 200], 1, "is longer than 63 characters", "for example"),
    "not ASCII": (["größe-hub"], 1, "the slug 'größe-hub' must be", "for example"),
    "nothing": ([""], 1, "the slug is empty", "for example"),
    "what YAML takes for a value": (["true-hub", "--function", "SYN"], 1, "'true-hub' is reserved", "for example"),
    "such a prefix": (["nu-ll", "--function", "SYN"], 1, "the prefix 'null' is reserved", "give it with --prefix"),
    "a known hub's prefix": (["syn", "--function", "SYN"], 1, "belongs to syn-hub", "say syn-hub"),
    "no function": (["xyz-hub"], 1, "the function is not known", "--function"),
    "another function": (["syn-hub", "--function", "OPS"], 1, "is not the function of syn-hub", "--function"),
    "no such function": (["xyz-hub", "--function", "S2"], 1, "'S2' is not one of OPS, SYN", "--function"),
    "a name that would break the file": (["syn-hub", "--name", 'a"b'], 1, "must be one line", "--name"),
    "there already": (["syn-hub", "--into", "taken"], 1, "taken is there already", "with --into\n"),
    "no folder above": (["syn-hub", "--into", "taken/file/hub"], 1, "taken/file is no folder", "with --into"),
    "a question of the other template": (
        ["syn-hub", "--workplan-prefix", "X"],
        64,
        "goes with --standalone",
        "no work",
    ),
    "no slug": ([], 64, "Missing argument", "--help"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_clear_message(case: str, here: Path, capsys: Captured) -> None:
    arguments, code, message, hint = REFUSED[case]
    (here / "taken").mkdir()
    (here / "taken" / "file").write_text("mine")
    assert run(["new", *arguments]) == code
    captured = capsys.readouterr()
    assert message in captured.err
    assert hint in captured.err
    assert "Traceback" not in captured.err
    assert files(here) == {"taken/file"}
    assert [path.name for path in here.iterdir()] == ["taken"]


def test_a_scaffold_that_is_there_can_be_updated(here: Path, capsys: Captured) -> None:
    assert run(["new", "syn-hub"]) == 0
    assert run(["new", "syn-hub"]) == 1
    assert "bring it up to date: vsmhub update hubs/syn" in capsys.readouterr().err


def test_a_domain_that_looks_like_a_number(here: Path) -> None:
    assert run(["new", "syn-hub", "--domain", "1.e5"]) == 0
    assert load_hub(here / "hubs" / "syn").hub.domain == "1.e5"


BROKEN = {
    "no spec": ({}, "the template hub makes no hub.yaml"),
    "a wrong spec": ({"hub.yaml.jinja": "spec: vsmhub/hub/v1\nhob: {}\n"}, "that the template hub makes is no good:\n"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_template_broken_by_hand(
    case: str, here: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, capsys: Captured
) -> None:
    sources, message = BROKEN[case]
    root = tmp_path_factory.mktemp("templates")
    (root / "hub").mkdir()
    for name, text in {"copier.yml": "{slug: {type: str}, prefix: {default: xyz}}", **sources}.items():
        (root / "hub" / name).write_text(text)
    monkeypatch.setattr("vsmhub.render.template.templates_root", lambda: root)
    assert run(["new", "xyz-hub"]) == 1
    assert message in capsys.readouterr().err
    assert list(here.iterdir()) == []


CTRL_C = "\x03"


def typed(here: Path, keys: str, *arguments: str) -> tuple[int, str]:
    """The command on a terminal, with what a person types; its exit code and all that the terminal shows."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "dumb"}
    command = [sys.executable, "-m", "vsmhub", *arguments]
    process = subprocess.Popen(command, cwd=here, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        if keys != CTRL_C:
            os.write(ours, keys.encode())
        # Linux ends a terminal that nobody holds any more with an error, not with an end of file.
        with contextlib.suppress(OSError):
            while process.poll() is None or select.select([ours], [], [], 0)[0]:
                if select.select([ours], [], [], 2)[0]:
                    shown += os.read(ours, 4096)
                elif keys == CTRL_C and b"[Y/n]" in shown:
                    # It waits now; a signal that came just before it did would be lost.
                    process.send_signal(signal.SIGINT)
        return process.wait(timeout=30), shown.decode().replace("\r\n", "\n")
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_a_person_is_asked_for_what_does_not_follow(here: Path) -> None:
    code, shown = typed(here, "what\nsyn\ny\n", "new", "xyz-hub")
    assert code == 0, shown
    assert "SYN  synchronisation" in shown
    assert "the function 'what' is not one of OPS, SYN" in shown
    assert "Write these 5 files? [Y/n]" in shown
    assert load_hub(here / "hubs" / "xyz").vsm.vsm_function == "SYN"


@pytest.mark.parametrize(("keys", "code"), [("n\n", 1), (CTRL_C, 130)])
def test_a_person_can_still_say_no(keys: str, code: int, here: Path) -> None:
    ended, shown = typed(here, keys, "new", "syn-hub")
    assert (ended, list(here.iterdir())) == (code, []), shown
    assert "Traceback" not in shown


def test_nobody_is_asked_with_yes(here: Path) -> None:
    assert typed(here, "", "new", "syn-hub", "--yes")[0] == 0
    assert typed(here, "", "new", "xyz-hub", "--yes")[0] == 1
