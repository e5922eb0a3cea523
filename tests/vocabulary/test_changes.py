"""Each change is judged by what it does to others, and the manifest's version must say so."""

import pytest
from pydantic import JsonValue

from tests.spec.examples import HUB, hub_text
from vsmhub.spec.capability import capability
from vsmhub.spec.load import parse_hub
from vsmhub.vocabulary.changes import Impact, Uses, changes, counted, verdict
from vsmhub.vocabulary.kinds import Kind
from vsmhub.vocabulary.published import Meaning, Published, published, published_live
from vsmhub.vocabulary.version import Step

Edits = list[tuple[str, str]]
CLAIM = "xyz-claim: {description: Who has what}"
OLD = "xyz-claim: {description: Who has what, deprecated: {since: 1.0.0, replaced_by: xyz-board}}"

# Before, after (both from the example), what is said, and the version asked for after 1.0.0.
CASES: list[tuple[str, Edits, Edits, list[str], str]] = [
    ("nothing", [], [], [], "1.0.0"),
    (
        "another order",
        [],
        [
            ("    xyz-registered: The hub exists\n", ""),
            ("took something\n", "took something\n    xyz-registered: The hub exists\n"),
        ],
        [],
        "1.0.0",
    ),
    ("only the version", [], [("version: 1.0.0", "version: 1.0.0-rc.1")], [], "1.0.0"),
    ("a new name", [], [(CLAIM, f"{CLAIM}\n    xyz-new: x")], ["compatible added xyz-new"], "1.1.0"),
    ("another description", [], [("Who has what", "Who holds what")], ["compatible described xyz-claim"], "1.0.1"),
    ("another scope", [], [("To be an example", "To be another")], ["compatible changed scope"], "1.0.1"),
    ("a deprecation", [], [(CLAIM, OLD)], ["deprecating deprecated xyz-claim"], "1.1.0"),
    ("a deprecation taken back", [(CLAIM, OLD)], [], ["compatible restored xyz-claim"], "1.1.0"),
    (
        "another replacement",
        [(CLAIM, OLD)],
        [(CLAIM, OLD.replace(", replaced_by: xyz-board", ""))],
        ["compatible described xyz-claim"],
        "1.0.1",
    ),
    ("a removal", [], [(f"    {CLAIM}\n", "")], ["breaking removed xyz-claim"], "2.0.0"),
    (
        "a removal after a deprecation",
        [(CLAIM, OLD)],
        [(f"    {CLAIM}\n", "")],
        ["breaking removed xyz-claim"],
        "2.0.0",
    ),
    (
        "a rename at once",
        [],
        [("xyz-claim:", "xyz-hold:")],
        ["breaking removed xyz-claim", "compatible added xyz-hold"],
        "2.0.0",
    ),
    (
        "a move to another vocabulary",
        [],
        [(f"    {CLAIM}\n", ""), ("xyz-pairwise: ", "xyz-claim: x\n    xyz-pairwise: ")],
        ["breaking moved xyz-claim", "compatible added xyz-claim"],
        "2.0.0",
    ),
    (
        "another function",
        [],
        [("vsm_function: SYN", "vsm_function: CTL"), ("vsm_system: S2", "vsm_system: S3")],
        ["breaking changed vsm_function", "breaking changed vsm_system"],
        "2.0.0",
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "expected", "needed"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_changes(before: Edits, after: Edits, expected: list[str], needed: str) -> None:
    old, new = published(parse_hub(hub_text(*before))), published(parse_hub(hub_text(*after)))
    found = changes(old, new)
    assert [f"{change.impact} {change.what} {change.name}" for change in found] == expected
    assert verdict(old, new, found).needed == needed


def test_the_version_must_have_moved_far_enough() -> None:
    old = published(parse_hub(HUB))

    def judged(version: str) -> str:
        text = hub_text((f"    {CLAIM}\n", ""), ("version: 1.0.0", f"version: {version}"))
        new = published(parse_hub(text))
        return verdict(old, new, changes(old, new)).problem

    assert judged("1.0.0") == "the manifest's version is 1.0.0; after 1.0.0, these changes ask for 2.0.0 or later"
    assert judged("1.9.0") == "the manifest's version is 1.9.0; after 1.0.0, these changes ask for 2.0.0 or later"
    assert judged("0.9.0") == "the manifest goes back from version 1.0.0 to 0.9.0"
    assert judged("2.0.0") == judged("2.0.0-rc.1") == judged("3.1.0") == ""


def test_reasons_say_whom_to_turn_to() -> None:
    old, new = published(parse_hub(HUB)), published(parse_hub(hub_text((CLAIM, OLD))))
    (change,) = changes(old, new)
    assert (change.reason, change.replaced_by, change.step) == ("use xyz-board instead", "xyz-board", Step.MINOR)
    (change,) = changes(new, published(parse_hub(hub_text((f"    {CLAIM}\n", "")))))
    assert change.reason == "it was deprecated since 1.0.0; new rows of it are refused from now on"
    assert change.replaced_by == "xyz-board"
    removed = (f"    {CLAIM}\n", "")
    (change,) = changes(old, published(parse_hub(hub_text(removed))))
    assert change.reason == "it was never deprecated; new rows of it are refused from now on"
    moved, _ = changes(
        old, published(parse_hub(hub_text(removed, ("xyz-pairwise: ", "xyz-claim: x\n    xyz-pairwise: "))))
    )
    assert moved.reason == "it is a policy scope now, and no widget type any more"


def test_what_is_not_known_of_the_live_side_has_not_changed() -> None:
    new = published(parse_hub(HUB))
    live = Published(version="1.0.0", names={kind: dict.fromkeys(new.names[kind], Meaning()) for kind in Kind})
    assert changes(live, new) == ()


def test_a_live_manifest_tells_what_its_capability_holds() -> None:
    spec = parse_hub(hub_text((CLAIM, OLD)))
    after = published(spec)
    names = {kind: list(after.names[kind]) for kind in Kind}
    told = published_live("1.0.0", names, capability(spec))
    assert changes(told, after) == ()
    assert told.names[Kind.WIDGET_TYPE] == after.names[Kind.WIDGET_TYPE]
    assert told.classification == {"hub_family": "vsm", "vsm_function": "SYN", "vsm_system": "S2"}


@pytest.mark.parametrize(
    "told", [{}, {"descriptions": [], "deprecated": "x"}, {"deprecated": {"widget_types": {"a": 1}}}]
)
def test_a_capability_of_another_shape_tells_nothing(told: dict[str, JsonValue]) -> None:
    live = published_live("1.0.0", {Kind.WIDGET_TYPE: ["a"]}, told)
    assert live.names == {Kind.WIDGET_TYPE: {"a": Meaning()}}
    assert (live.classification, live.scope) == ({}, None)


def test_only_names_that_others_must_leave_are_counted() -> None:
    old = published(parse_hub(HUB))
    found = changes(
        old,
        published(parse_hub(hub_text((f"    {CLAIM}\n", ""), ("xyz-claimed:", "xyz-taken:"), ("[xyz-claimed]", "[]")))),
    )
    asked: list[tuple[Kind, str]] = []

    def count(kind: Kind, name: str) -> Uses:
        asked.append((kind, name))
        return Uses(widgets=3)

    uses = {change.name: change.uses for change in counted(found, count)}
    assert asked == [(Kind.WIDGET_TYPE, "xyz-claim"), (Kind.EVENT_TYPE, "xyz-claimed")]
    assert uses == {"xyz-claim": Uses(widgets=3), "xyz-claimed": Uses(widgets=3), "xyz-taken": None}
    assert not Uses()
    assert Impact.BREAKING in {change.impact for change in found}
