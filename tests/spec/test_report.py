"""The same complaints in every form, each with its place, and nothing in them that breaks the form."""

import json
from pathlib import Path

import pytest

from tests.spec.examples import hub_text
from vsmhub.spec.complaint import Complaint
from vsmhub.spec.load import read_hub
from vsmhub.spec.report import Format, counts, report
from vsmhub.spec.rules import RULES

ODD = Complaint(
    rule="odd",
    message="50%: a\nb",
    hint="really, yes",
    file=Path("hubs/a b/c:d,e.yaml"),
    line=0,
    column=0,
    pointer=("a/b", 0, "~c"),
    severity="warning",
)


@pytest.fixture
def complaints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Complaint]:
    monkeypatch.chdir(tmp_path)
    Path("hub.yaml").write_text(hub_text(("type: xyz-board", "type: xyz-bord"), ("name: Xyz Hub", "nam: Xyz Hub")))
    return [*read_hub(tmp_path).complaints, ODD]


def made(complaints: list[Complaint], form: Format) -> str:
    return report(complaints, form, rules=RULES, version="1.2.3")


def test_counts(complaints: list[Complaint]) -> None:
    assert counts(complaints) == (2, 1)


def test_text(complaints: list[Complaint], tmp_path: Path) -> None:
    assert made(complaints, Format.TEXT).splitlines()[:2] == [
        f"{tmp_path}/hub.yaml:4:3: error: unknown key `nam` in `hub` (did you mean `name`?) [unknown-key]",
        (
            f"{tmp_path}/hub.yaml:32:11: error: `xyz-bord` is not declared in `vocabulary.widget_types` "
            "(did you mean `xyz-board`?) [widget-type]"
        ),
    ]
    assert "hubs/a b/c:d,e.yaml: warning: 50%" in made(complaints, Format.TEXT)


@pytest.mark.parametrize("form", Format)
def test_what_a_file_says_is_no_line_of_its_own_and_moves_no_cursor(tmp_path: Path, form: Format) -> None:
    """A runner takes lines for commands, and a file may come from anybody who proposes a change."""
    evil = "xyz\x1b]0;t\x07\x9b31m\u202e\r\n::error::forged\u2028\x85"
    (tmp_path / "hub.yaml").write_text(hub_text(("slug: xyz-hub", f"slug: {json.dumps(evil)}")))
    found = list(read_hub(tmp_path).complaints)
    assert len({one.rule for one in found}) > 1
    text = made(found, form)
    assert "error::forged" in text
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert not any(line.startswith("::error::") for line in text.splitlines())
    assert all(str(one).isprintable() for one in found)


def test_json(complaints: list[Complaint], tmp_path: Path) -> None:
    facts = json.loads(made(complaints, Format.JSON))
    assert (facts["errors"], facts["warnings"]) == (2, 1)
    assert facts["complaints"][1] == {
        "rule": "widget-type",
        "severity": "error",
        "message": "`xyz-bord` is not declared in `vocabulary.widget_types`",
        "hint": "did you mean `xyz-board`?",
        "file": f"{tmp_path}/hub.yaml",
        "line": 32,
        "column": 11,
        "pointer": "/widgets/0/type",
    }
    assert facts["complaints"][2]["pointer"] == "/a~1b/0/~0c"


def test_github(complaints: list[Complaint]) -> None:
    lines = made(complaints, Format.GITHUB).splitlines()
    assert lines[0] == (
        "::error file=hub.yaml,line=4,col=3,title=unknown-key::unknown key `nam` in `hub` (did you mean `name`?)"
    )
    assert lines[2] == "::warning file=hubs/a b/c%3Ad%2Ce.yaml,title=odd::50%25: a%0Ab (really, yes)"


def test_sarif(complaints: list[Complaint]) -> None:
    log = json.loads(made(complaints, Format.SARIF))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("vsmhub", "1.2.3")
    assert run["columnKind"] == "unicodeCodePoints"
    for result, complaint in zip(run["results"], complaints, strict=True):
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == complaint.rule
        assert result["level"] == complaint.severity
        assert complaint.message in result["message"]["text"]
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "hub.yaml"}, "region": {"startLine": 32, "startColumn": 11}}
    odd = run["results"][2]["locations"][0]["physicalLocation"]
    assert odd == {"artifactLocation": {"uri": "hubs/a%20b/c%3Ad%2Ce.yaml"}}
    texts = {rule["id"]: rule["shortDescription"]["text"] for rule in driver["rules"]}
    assert texts == {"odd": "odd", "unknown-key": RULES["unknown-key"], "widget-type": RULES["widget-type"]}


def test_a_file_elsewhere_has_a_whole_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "ü").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    log = json.loads(made(list(read_hub(tmp_path / "ü" / "none").complaints), Format.SARIF))
    uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == f"file://{tmp_path}/%C3%BC/none"


@pytest.mark.parametrize("form", [Format.TEXT, Format.GITHUB])
def test_nothing_to_say(form: Format) -> None:
    assert made([], form) == ""


def test_nothing_to_say_to_programs() -> None:
    assert json.loads(made([], Format.JSON)) == {"errors": 0, "warnings": 0, "complaints": []}
    assert json.loads(made([], Format.SARIF))["runs"][0]["results"] == []
