"""An edit is whole or refused, and edits upon edits lose nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.examples import HUB, hub_text
from tests.vocabulary.edits import FILE, OPS, add, diff
from vsmhub.spec.errors import SpecError
from vsmhub.spec.load import parse_hub
from vsmhub.vocabulary.edit import add_term, deprecate_term, rename_term
from vsmhub.vocabulary.errors import NotPossible
from vsmhub.vocabulary.kinds import Kind


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
    (lambda: add(HUB, Kind.WIDGET_TYPE, "xyz-claimed"), "`xyz-claimed` is an event type of this hub already"),
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
