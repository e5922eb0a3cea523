"""An edit says what it did, and changes nothing else: the diff is the whole of it."""

import difflib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.examples import HUB, hub_text
from vsmhub.spec.errors import SpecError
from vsmhub.spec.load import parse_hub
from vsmhub.vocabulary.edit import Edited, add_term, deprecate_term, rename_term
from vsmhub.vocabulary.errors import NotPossible
from vsmhub.vocabulary.kinds import Kind

FILE = Path("hub.yaml")
OPS = Path(__file__).parents[2] / "hubs" / "ops" / "hub.yaml"


def diff(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def add(text: str, kind: Kind, name: str, said: str = "A thing", **more: object) -> Edited:
    return add_term(text, FILE, kind, name, said, **more)  # type: ignore[arg-type]


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


DEPRECATIONS: list[tuple[str, list[tuple[str, str]], list[str]]] = [
    (
        "a text",
        [],
        [
            "-    xyz-claimed: Somebody took something",
            "+    xyz-claimed:",
            "+      description: Somebody took something",
            "+      deprecated:",
            "+        since: 1.1.0",
            "+        replaced_by: xyz-registered",
            '+        reason: "no: longer"',
        ],
    ),
    (
        "a text in quotes with a comment",
        [("xyz-claimed: Somebody took something", 'xyz-claimed:  "Somebody: took"  # really')],
        [
            '-    xyz-claimed:  "Somebody: took"  # really',
            "+    xyz-claimed:",
            '+      description: "Somebody: took"  # really',
            "+      deprecated:",
            "+        since: 1.1.0",
            "+        replaced_by: xyz-registered",
            '+        reason: "no: longer"',
        ],
    ),
    (
        "a folded text",
        [
            (
                "xyz-claimed: Somebody took something",
                "xyz-claimed: >-  # folded\n      Somebody\n      took\n",
            )
        ],
        [
            "-    xyz-claimed: >-  # folded",
            "-      Somebody",
            "-      took",
            "+    xyz-claimed:",
            "+      description: >-  # folded",
            "+        Somebody",
            "+        took",
            "+      deprecated:",
            "+        since: 1.1.0",
            "+        replaced_by: xyz-registered",
            '+        reason: "no: longer"',
        ],
    ),
    (
        "a text on a line of its own",
        [("xyz-claimed: Somebody took something", "xyz-claimed:  # who?\n       Somebody\n       took")],
        [
            "-       Somebody",
            "-       took",
            "+       description: Somebody",
            "+         took",
            "+       deprecated:",
            "+         since: 1.1.0",
            "+         replaced_by: xyz-registered",
            '+         reason: "no: longer"',
        ],
    ),
    (
        "a mapping",
        [("xyz-claimed: Somebody took something", "xyz-claimed:\n        description: x  # y\n        # z")],
        [
            "+        deprecated:",
            "+          since: 1.1.0",
            "+          replaced_by: xyz-registered",
            '+          reason: "no: longer"',
        ],
    ),
    (
        "a mapping in brackets",
        [("xyz-claimed: Somebody took something", "xyz-claimed: { description: x }  # y")],
        [
            "-    xyz-claimed: { description: x }  # y",
            (
                "+    xyz-claimed: { description: x, deprecated: {since: 1.1.0, replaced_by: xyz-registered, "
                'reason: "no: longer"} }  # y'
            ),
        ],
    ),
]


@pytest.mark.parametrize(
    ("changes", "expected"), [case[1:] for case in DEPRECATIONS], ids=[case[0] for case in DEPRECATIONS]
)
def test_deprecate(changes: list[tuple[str, str]], expected: list[str]) -> None:
    text = hub_text(*changes, ("[xyz-claimed]", "[]"))
    edited = deprecate_term(text, FILE, "xyz-claimed", replaced_by="xyz-registered", reason="no: longer")
    assert diff(text, edited.text) == expected
    deprecated = edited.text.replace("version: 1.0.0", "version: 1.1.0")
    assert parse_hub(deprecated).vocabulary.event_types["xyz-claimed"].deprecated is not None


def test_deprecate_within_brackets_and_raise_the_version() -> None:
    text = hub_text(("annotation_categories: {}", "annotation_categories: {xyz-a: one, xyz-b: two}"))
    edited = deprecate_term(text, FILE, "xyz-a", bump=True)
    assert diff(text, edited.text) == [
        "-  version: 1.0.0",
        "+  version: 1.1.0",
        "-  annotation_categories: {xyz-a: one, xyz-b: two}",
        "+  annotation_categories: {xyz-a: {description: one, deprecated: {since: 1.1.0}}, xyz-b: two}",
    ]
    assert edited.done == (
        "deprecated the annotation category `xyz-a`",
        "raised the manifest's version from 1.0.0 to 1.1.0",
    )


def test_rename_moves_what_the_hub_declares_and_keeps_the_old_name() -> None:
    text = hub_text(
        ("[xyz-claimed]", "['xyz-claimed', \"xyz-registered\"]  # both"),
        ("  event_types:", "  event_types:  # said\n    # first"),
    )
    edited = rename_term(text, FILE, "xyz-claimed", "xyz-taken", bump=True)
    assert diff(text, edited.text) == [
        "-  version: 1.0.0",
        "+  version: 1.1.0",
        "-    xyz-claimed: Somebody took something",
        "+    xyz-taken: Somebody took something",
        "+    xyz-claimed:",
        "+      description: Somebody took something",
        "+      deprecated:",
        "+        since: 1.1.0",
        "+        replaced_by: xyz-taken",
        "-    carries: ['xyz-claimed', \"xyz-registered\"]  # both",
        "+    carries: ['xyz-taken', \"xyz-registered\"]  # both",
    ]
    assert edited.done[1] == "moved `channels[0].carries[0]` to `xyz-taken`"
    again = rename_term(edited.text, FILE, "xyz-registered", "xyz-known", description="It is there", bump=True)
    spec = parse_hub(again.text)
    assert spec.manifest.version == "1.2.0"
    assert list(spec.vocabulary.event_types) == ["xyz-known", "xyz-registered", "xyz-taken", "xyz-claimed"]
    assert spec.registration.event_type == "xyz-known"
    assert spec.channels[0].carries == ("xyz-taken", "xyz-known")


def test_windows_line_ends_stay() -> None:
    text = HUB.replace("\n", "\r\n")
    edited = rename_term(text, FILE, "xyz-board", "xyz-table")
    assert "\n" not in edited.text.replace("\r\n", "")
    assert parse_hub(edited.text).widgets[0].type == "xyz-table"


REFUSED = [
    (lambda: add(HUB, Kind.EVENT_TYPE, "xyz-claim"), "`xyz-claim` is a widget type of this hub already"),
    (lambda: add(HUB, Kind.EVENT_TYPE, "abc-new"), "the event type `abc-new` does not begin with `xyz-`"),
    (lambda: add(HUB, Kind.EVENT_TYPE, "xyz-New"), "cannot have the key `xyz-New`"),
    (lambda: add(HUB, Kind.EVENT_TYPE, "xyz-new", ""), "`vocabulary.event_types.xyz-new.description` is empty"),
    (lambda: add(HUB, Kind.EVENT_TYPE, "xyz-new", "a\nb"), "cannot be `a\\nb`"),
    (lambda: add(HUB, Kind.WIDGET_TYPE, "xyz-algedonic-raised"), "can only be an event type"),
    (lambda: add(HUB, Kind.EVENT_TYPE, "xyz-new", after="xyz-clamed"), "there is no event type `xyz-clamed`"),
    (lambda: deprecate_term(HUB, FILE, "xyz-clame"), "this hub has no name `xyz-clame`"),
    (lambda: deprecate_term(HUB, FILE, "xyz-board"), "`widgets[0].type` uses the widget type `xyz-board`"),
    (
        lambda: deprecate_term(HUB, FILE, "xyz-claim", replaced_by="xyz-claimed"),
        "there is no widget type `xyz-claimed`",
    ),
    (lambda: deprecate_term(HUB, FILE, "xyz-claim", replaced_by="xyz-claim"), "`xyz-claim` cannot replace itself"),
    (lambda: deprecate_term(HUB, FILE, "xyz-claim", since="soon"), "cannot be `soon`"),
    (lambda: rename_term(HUB, FILE, "xyz-claim", "xyz-board"), "`xyz-board` is a widget type of this hub already"),
    (
        lambda: rename_term(rename_term(HUB, FILE, "xyz-claim", "xyz-b", bump=True).text, FILE, "xyz-claim", "xyz-c"),
        "`xyz-claim` is deprecated already",
    ),
]


@pytest.mark.parametrize(("attempt", "message"), REFUSED, ids=[case[1] for case in REFUSED])
def test_refused(attempt: object, message: str) -> None:
    assert callable(attempt)
    with pytest.raises(NotPossible) as caught:
        attempt()
    assert message in caught.value.message


def test_a_broken_spec_is_not_edited() -> None:
    with pytest.raises(SpecError):
        add(hub_text(("S2", "S9")), Kind.EVENT_TYPE, "xyz-new")


def test_a_way_of_writing_that_nobody_foresaw_is_left_alone() -> None:
    text = hub_text(
        ("xyz-claimed: Somebody took something", "? xyz-claimed\n    : Somebody took something"),
        ("[xyz-claimed]", "[]"),
    )
    with pytest.raises(NotPossible, match="cannot be edited without a person"):
        rename_term(text, FILE, "xyz-claimed", "xyz-taken")


def test_the_ops_hub_can_be_edited() -> None:
    text = OPS.read_text()
    edited = rename_term(text, OPS, "ops-readiness-gate", "ops-gate", bump=True)
    assert len(diff(text, edited.text)) == 13
    assert parse_hub(edited.text).vocabulary.widget_types["ops-readiness-gate"].deprecated is not None


LINE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=200).filter(
    str.strip
)
WORDS = st.lists(st.sampled_from(["a", "b", "long", "x1"]), min_size=1, max_size=3).map("-".join).map("xyz-{}".format)
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "deprecate", "rename"]), st.sampled_from(Kind), WORDS, WORDS, LINE), max_size=6
)


@given(STEPS)
@settings(max_examples=80, deadline=None)
def test_edits_upon_edits(steps: list[tuple[str, Kind, str, str, str]]) -> None:
    """Whatever is done in whatever order: what succeeds is a good spec, and no line of the original is lost."""
    text = HUB
    for what, kind, one, other, said in steps:
        try:
            match what:
                case "add":
                    edited = add_term(text, FILE, kind, one, said, bump=True)
                case "deprecate":
                    edited = deprecate_term(text, FILE, one, reason=said, bump=True)
                case _:
                    edited = rename_term(text, FILE, one, other, description=said, bump=True)
        except NotPossible:
            continue
        parse_hub(edited.text)
        assert edited.text != text
        text = edited.text
    untouched = [line for line in HUB.splitlines() if "xyz-" not in line and "version" not in line and "{}" not in line]
    assert [line for line in text.splitlines() if line in untouched] == untouched
