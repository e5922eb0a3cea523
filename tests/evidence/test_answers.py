"""Answers in every form say the same; what is unknown is not what does not apply."""

import csv
import io

from vsmhub.evidence.answers import Answer, csv_text, markdown, of, text, unknown
from vsmhub.spec.inventory.facts import Fact

ANSWER = Answer(
    question="What?",
    columns=("entry", "owner", "ports", "note"),
    rows=(
        {"entry": "a|b", "owner": unknown("nobody asked"), "ports": ["1", "2"], "note": "=1+1"},
        {"entry": "line\nbreak <b>", "ports": [], "note": None},
    ),
    notes=("As of now.",),
)


def test_as_json() -> None:
    assert ANSWER.document() == {
        "question": "What?",
        "rows": [
            {"entry": "a|b", "owner": {"unknown": "nobody asked"}, "ports": ["1", "2"], "note": "=1+1"},
            {"entry": "line\nbreak <b>", "owner": None, "ports": [], "note": None},
        ],
        "notes": ["As of now."],
    }


def test_as_csv() -> None:
    rows = list(csv.reader(io.StringIO(csv_text(ANSWER))))
    assert rows == [
        ["entry", "owner", "ports", "note"],
        ["a|b", "unknown", "1, 2", "'=1+1"],
        ["line\nbreak <b>", "", "none", ""],
    ]


def test_as_markdown() -> None:
    assert markdown(ANSWER).splitlines() == [
        "# What?",
        "",
        "| entry | owner | ports | note |",
        "| --- | --- | --- | --- |",
        "| a\\|b | unknown | 1, 2 | =1+1 |",
        "| line break &lt;b> | - | none | - |",
        "",
        "As of now.",
    ]
    assert "Nothing." in markdown(Answer(question="What?", columns=("entry",), rows=()))


def test_cells_of_facts() -> None:
    assert of(None) is None
    assert of(Fact(None, "why")) == {"unknown": "why"}
    assert of(Fact((1, 2))) == ["1", "2"]
    assert of(Fact(5)) == 5
    assert text(of(Fact(None, "why"))) == "unknown"
