"""A term is added where a person would write it, however the file is written; the diff is the whole of the edit."""

import pytest

from tests.spec.examples import HUB, hub_text
from tests.vocabulary.edits import FILE, add, diff
from vsmhub.spec.load import parse_hub
from vsmhub.vocabulary.edit import rename_term
from vsmhub.vocabulary.kinds import Kind

ADDITIONS: list[tuple[str, list[tuple[str, str]], Kind, list[str]]] = [
    ("at the end", [], Kind.EVENT_TYPE, ["+    xyz-new: A thing"]),
    ("after a mapping in brackets", [], Kind.WIDGET_TYPE, ["+    xyz-new: A thing"]),
    (
        "after an entry with a comment",
        [("Somebody took something", "Somebody took something  # or lent it")],
        Kind.EVENT_TYPE,
        ["+    xyz-new: A thing"],
    ),
    (
        "after a text on several lines",
        [("Somebody took something", ">-\n      Somebody\n      took something\n")],
        Kind.EVENT_TYPE,
        ["+    xyz-new: A thing"],
    ),
    (
        "before comments about what follows",
        [("  annotation_categories", "  # remarks\n\n  annotation_categories")],
        Kind.EVENT_TYPE,
        ["+    xyz-new: A thing"],
    ),
    (
        "into an empty vocabulary",
        [],
        Kind.ANNOTATION_CATEGORY,
        ["-  annotation_categories: {}", "+  annotation_categories:", "+    xyz-new: A thing"],
    ),
    (
        "into an empty vocabulary with a comment",
        [("annotation_categories: {}", "annotation_categories: { }  # none yet")],
        Kind.ANNOTATION_CATEGORY,
        ["-  annotation_categories: { }  # none yet", "+  annotation_categories:  # none yet", "+    xyz-new: A thing"],
    ),
    (
        "into a vocabulary that holds nothing",
        [("  annotation_categories: {}\n", "")],
        Kind.ANNOTATION_CATEGORY,
        ["+  annotation_categories:", "+    xyz-new: A thing"],
    ),
    (
        "into brackets",
        [("annotation_categories: {}", "annotation_categories: {xyz-a: one,  xyz-b: 'two' }")],
        Kind.ANNOTATION_CATEGORY,
        [
            "-  annotation_categories: {xyz-a: one,  xyz-b: 'two' }",
            "+  annotation_categories: {xyz-a: one,  xyz-b: 'two', xyz-new: A thing }",
        ],
    ),
    (
        "with another indentation",
        [
            (
                "  event_types:\n    xyz-registered: The hub exists\n    xyz-claimed",
                "  event_types:\n        xyz-registered: The hub exists\n        xyz-claimed",
            )
        ],
        Kind.EVENT_TYPE,
        ["+        xyz-new: A thing"],
    ),
]


@pytest.mark.parametrize(
    ("changes", "kind", "expected"), [case[1:] for case in ADDITIONS], ids=[case[0] for case in ADDITIONS]
)
def test_add(changes: list[tuple[str, str]], kind: Kind, expected: list[str]) -> None:
    text = hub_text(*changes)
    edited = add(text, kind, "xyz-new")
    assert diff(text, edited.text) == expected
    terms = getattr(parse_hub(edited.text).vocabulary, kind.key)
    assert list(terms)[-1] == "xyz-new"
    assert (edited.version, edited.needed) == ("1.0.0", "1.1.0")


BRACKETS = """\
vocabulary: {event_types: {xyz-registered: x, "xyz-claimed": "y"}, policy_scopes: {xyz-pairwise: z},
  widget_types: {xyz-board: a}, annotation_categories: {}}  # all of it
"""


def test_a_vocabulary_in_brackets() -> None:
    start, end = HUB.index("vocabulary:"), HUB.index("consumer:")
    text = HUB[:start] + BRACKETS + HUB[end:]
    edited = add(text, Kind.ANNOTATION_CATEGORY, "xyz-new")
    assert diff(text, edited.text)[1] == (
        "+  widget_types: {xyz-board: a}, annotation_categories: {xyz-new: A thing}}  # all of it"
    )
    text = text.replace(", annotation_categories: {}", "").replace("kind: coordination", 'kind: "coordination"')
    edited = add(text, Kind.ANNOTATION_CATEGORY, "xyz-new")
    assert diff(text, edited.text)[1] == (
        "+  widget_types: {xyz-board: a}, annotation_categories: {xyz-new: A thing}}  # all of it"
    )
    edited = rename_term(text, FILE, "xyz-claimed", "xyz-taken")
    assert diff(text, edited.text)[1].endswith(
        '{xyz-registered: x, xyz-taken: y, "xyz-claimed": {description: "y", deprecated: '
        "{since: 1.1.0, replaced_by: xyz-taken}}}, policy_scopes: {xyz-pairwise: z},"
    )


def test_without_any_vocabulary_and_without_a_last_line_end() -> None:
    start, end = HUB.index("vocabulary:"), HUB.index("consumer:")
    rest = HUB[end:].replace("[xyz-claimed]", "[]").rstrip("\n")
    text = f"{HUB[:start]}{rest}\nvocabulary:\n  event_types: {{xyz-registered: x}}\n  widget_types:\n    xyz-board: y"
    text += "\n  policy_scopes:\n    xyz-pairwise: z"
    edited = add(text, Kind.POLICY_SCOPE, "xyz-new")
    assert edited.text == f"{text}\n    xyz-new: A thing"


def test_add_after_another() -> None:
    edited = add(HUB, Kind.EVENT_TYPE, "xyz-new", after="xyz-registered")
    assert list(parse_hub(edited.text).vocabulary.event_types) == ["xyz-registered", "xyz-new", "xyz-claimed"]
    assert diff(HUB, edited.text) == ["+    xyz-new: A thing"]


SAYINGS = [
    "plain: not",
    "# no",
    "yes",
    "1.10",
    "it's",
    'a "b"',
    "a\\b",
    "- x",
    "a, b",
    "{a}",
    "null",
    "[",
    "é 😀",
    "x" * 200,
    " a ",
    "a #b",
    "~",
]


@pytest.mark.parametrize("said", SAYINGS)
@pytest.mark.parametrize("flow", [False, True])
def test_a_description_reads_as_it_was_given(said: str, flow: bool) -> None:
    text = hub_text(("annotation_categories: {}", "annotation_categories: {xyz-a: one}")) if flow else HUB
    edited = add(text, Kind.ANNOTATION_CATEGORY, "xyz-new", said)
    assert parse_hub(edited.text).vocabulary.annotation_categories["xyz-new"].description == said
