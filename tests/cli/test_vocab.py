"""`vsmhub vocab` changes the file and says what it did, or leaves it as it was and says why."""

import json
from pathlib import Path

import pytest

from tests.git import git
from tests.spec.examples import HUB
from vsmhub.cli.app import run
from vsmhub.spec.load import load_hub


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    file = Path("hub.yaml")
    file.write_text(HUB)
    file.chmod(0o640)
    Path("empty").mkdir()
    return file


def test_list(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vocab", "deprecate", ".", "xyz-claim", "--replaced-by", "xyz-board", "--bump"]) == 0
    capsys.readouterr()
    assert run(["vocab", "list", ".", "--kind", "widget_types"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "xyz-hub, manifest version 1.1.0: 2 names",
        "kind         name       uses  meaning",
        "widget-type  xyz-board  1     Where work is seen",
        "widget-type  xyz-claim        Who has what (deprecated since 1.1.0, use xyz-board)",
    ]
    assert run(["vocab", "list", ".", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["hub"], facts["version"], len(facts["names"])) == ("xyz-hub", "1.1.0", 5)
    assert facts["names"][1] == {
        "kind": "widget-type",
        "name": "xyz-claim",
        "description": "Who has what",
        "deprecated": {"since": "1.1.0", "replaced_by": "xyz-board"},
        "uses": 0,
    }


def test_add(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vocab", "add", "hub.yaml", "annotation-category", "xyz-doubt", "Somebody is not sure"]) == 0
    said = capsys.readouterr()
    assert said.out == "hub.yaml: added the annotation category `xyz-doubt`\n"
    assert said.err == "The manifest is version 1.0.0; this change asks for 1.1.0 or later (see --bump).\n"
    assert load_hub(hub).vocabulary.annotation_categories["xyz-doubt"].description == "Somebody is not sure"
    assert hub.stat().st_mode & 0o777 == 0o640


def test_rename(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vocab", "rename", ".", "xyz-board", "xyz-table", "--bump", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": "hub.yaml",
        "done": [
            "renamed the widget type `xyz-board` to `xyz-table`; `xyz-board` stays as a deprecated alias",
            "moved `widgets[0].type` to `xyz-table`",
            "raised the manifest's version from 1.0.0 to 1.1.0",
        ],
        "written": True,
        "version": "1.1.0",
        "needed": "1.1.0",
    }
    assert load_hub(hub).widgets[0].type == "xyz-table"
    assert run(["check"]) == 0


def test_dry_run(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vocab", "deprecate", ".", "xyz-claim", "--bump", "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["--- a/hub.yaml", "+++ b/hub.yaml"]
    assert "-  version: 1.0.0" in lines
    assert lines[-1] == "Nothing was written."
    assert hub.read_text() == HUB


def test_one_step_is_enough_for_several_changes(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["init", "-q"], ["add", "hub.yaml"], ["commit", "-q", "-m", "one"]):
        git(hub.parent, *arguments)
    assert run(["vocab", "add", ".", "event-type", "xyz-one", "One", "--bump"]) == 0
    assert run(["vocab", "add", ".", "event-type", "xyz-two", "Two"]) == 0
    assert run(["vocab", "deprecate", ".", "xyz-one", "--bump"]) == 0
    said = capsys.readouterr()
    assert said.out.count("raised the manifest's version") == 1
    assert said.err == ""
    spec = load_hub(hub)
    assert spec.manifest.version == "1.1.0"
    deprecated = spec.vocabulary.event_types["xyz-one"].deprecated
    assert deprecated is not None
    assert deprecated.since == "1.1.0"


REFUSED = [
    (["add", ".", "event", "xyz-a", "x"], "`event` is no vocabulary"),
    (["add", ".", "event-type", "abc-a", "x"], "does not begin with `xyz-`"),
    (["deprecate", ".", "xyz-bord"], "did you mean `xyz-board`?"),
    (["rename", ".", "xyz-board", "xyz-claim"], "`xyz-claim` is a widget type of this hub already"),
    (["list", "empty"], "there is no such file"),
    (["add", "empty", "event-type", "xyz-a", "x"], "there is no such file"),
    (["list", ".", "--kind", "event-tipe"], "did you mean `event-type`?"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED])
def test_refused(hub: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert run(["vocab", *arguments]) == 1
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""
    assert hub.read_text() == HUB
