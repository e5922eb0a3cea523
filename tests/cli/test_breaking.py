"""`vsmhub breaking` compares with Git, says what breaks, and fails when the version does not say it."""

import json
from pathlib import Path

import pytest

from tests.git import git
from tests.spec.examples import HUB, hub_text
from vsmhub.cli.app import run

CLAIM = "    xyz-claim: {description: Who has what}\n"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub in a Git work tree, as the working directory, with the example as its only commit."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    file = Path("hub.yaml")
    file.write_text(HUB)
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"], ["tag", "v1"]):
        git(tmp_path, *arguments)
    return file


def test_no_changes(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["breaking", "."]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "xyz-hub 1.0.0, against HEAD (1.0.0)",
        "No changes; version 1.0.0 will do.",
    ]


def test_a_removal_asks_for_a_new_major_version(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.write_text(hub_text((CLAIM, ""), ("version: 1.0.0", "version: 1.1.0")))
    assert run(["breaking", ".", "--against", "v1"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "xyz-hub 1.1.0, against v1 (1.0.0)",
        (
            "  breaking     removed widget type xyz-claim: it was never deprecated; new rows of it are refused from "
            "now on"
        ),
        "hub.yaml:13:12: the manifest's version is 1.1.0; after 1.0.0, these changes ask for 2.0.0 or later",
    ]
    hub.write_text(hub.read_text().replace("1.1.0", "2.0.0"))
    assert run(["breaking", ".", "--against", "v1", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts.pop("changes")[0]["impact"] == "breaking"
    assert facts == {
        "hub": "xyz-hub",
        "against": "v1",
        "before": "1.0.0",
        "after": "2.0.0",
        "needed": "2.0.0",
        "satisfied": True,
        "problem": "",
    }


def test_what_the_edits_do_is_what_this_asks_for(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vocab", "rename", ".", "xyz-board", "xyz-table", "--bump"]) == 0
    capsys.readouterr()
    assert run(["breaking", "."]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  deprecating  deprecated widget type xyz-board: use xyz-table instead",
        "  compatible   added widget type xyz-table: a new name",
        "The changes ask for 1.1.0 or later; version 1.1.0 will do.",
    ]


def test_a_hub_that_is_new(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("other").mkdir()
    Path("other/hub.yaml").write_text(HUB)
    assert run(["breaking", "other"]) == 0
    assert capsys.readouterr().out == "xyz-hub is not in HEAD: all of it is new.\n"
    assert run(["breaking", "other", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["before"] is None


def test_what_cannot_be_compared(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["breaking", ".", "--against", "v2"]) == 1
    assert "Git knows no commit `v2`" in capsys.readouterr().err
    hub.write_text("nonsense")
    assert run(["breaking", "."]) == 1
    assert "hub.yaml:1:1: the file must hold a mapping" in capsys.readouterr().err
    git(hub.parent, "commit", "-qam", "two")
    hub.write_text(HUB)
    assert run(["breaking", "."]) == 1
    assert "HEAD:hub.yaml:1:1: the file must hold a mapping" in capsys.readouterr().err
