"""The rules on names, each complaint at its place; and every hub of this repository keeps them."""

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from tests.spec.examples import HUB, hub_text
from vsmhub.spec.complaint import Complaint
from vsmhub.spec.load import Reading, read_hub, read_hub_text
from vsmhub.spec.rules import RULES as SPEC_RULES
from vsmhub.vocabulary.ownership import Owners
from vsmhub.vocabulary.rules import RULES, vocabulary_findings

ROOT = Path(__file__).parents[2]


def said(text: str) -> list[str]:
    reading = read_hub_text(text)
    assert reading.document is not None
    complaints = reading.located(vocabulary_findings(reading.document.data))
    return [
        f"{one.line}:{one.column} {one.rule} {one.message}{f' ({one.hint})' if one.hint else ''}" for one in complaints
    ]


DEPRECATED = "xyz-old: {description: x, deprecated: {since: 1.0.0, replaced_by: xyz-claimed}}"

CASES: list[tuple[str, list[tuple[str, str]], list[str]]] = [
    ("nothing", [], []),
    (
        "no prefix",
        [("xyz-claim: {", "claim: {")],
        ["17:5 name-prefix the widget type `claim` does not begin with `xyz-` (call it `xyz-claim`)"],
    ),
    (
        "no prefix, and no name with one either",
        [("xyz-claim: {", "Claim: {")],
        ["17:5 name-prefix the widget type `Claim` does not begin with `xyz-`"],
    ),
    (
        "another hub's prefix",
        [("xyz-claim: {", "xyzclaim: {")],
        ["17:5 name-prefix the widget type `xyzclaim` does not begin with `xyz-`"],
    ),
    (
        "the hub's own slug",
        [("xyz-claim: {", "xyz-hub: {")],
        ["17:5 name-reserved the widget type `xyz-hub` would be taken for the hub"],
    ),
    (
        "the algedonic name, as something else",
        [("xyz-claim: {", "xyz-algedonic-raised: {")],
        ["17:5 name-reserved `xyz-algedonic-raised` can only be an event type"],
    ),
    (
        "the algedonic event on another channel",
        [("xyz-claimed: Some", "xyz-algedonic-raised: Some"), ("[xyz-claimed]", "[xyz-algedonic-raised]")],
        ["42:15 algedonic `xyz-algedonic-raised` travels on an algedonic channel alone"],
    ),
    (
        "the algedonic event on its channel",
        [
            ("xyz-claimed: Some", "xyz-algedonic-raised: Some"),
            ("[xyz-claimed]", "[xyz-algedonic-raised]"),
            ("kind: coordination", "kind: algedonic"),
        ],
        [],
    ),
    (
        "the algedonic event as registration",
        [
            ("xyz-registered: The", "xyz-algedonic-raised: The"),
            ("event_type: xyz-registered", "event_type: xyz-algedonic-raised"),
        ],
        ["37:15 algedonic `xyz-algedonic-raised` travels on an algedonic channel alone"],
    ),
    (
        "one name in two vocabularies",
        [("xyz-pairwise: Between two", "xyz-pairwise: Between two\n    xyz-claim: x")],
        ["24:5 name-twice `xyz-claim` is a widget type already"],
    ),
    (
        "a known hub's prefix",
        [("prefix: xyz", "prefix: ops")],
        ["5:11 prefix-reserved the prefix `ops` belongs to `ops-hub`"],
    ),
    (
        "the framework's prefix",
        [("prefix: xyz", "prefix: hub")],
        ["5:11 prefix-reserved the prefix `hub` is the framework's"],
    ),
    (
        "the framework's slug",
        [("slug: xyz-hub", "slug: inter-hub")],
        ["3:9 slug-reserved `inter-hub` is no hub of this kind"],
    ),
    (
        "a deprecated name in use",
        [
            ("xyz-registered: The hub exists", DEPRECATED),
            ("event_type: xyz-registered", "event_type: xyz-old"),
            ("[xyz-claimed]", "[xyz-old]"),
        ],
        [
            (
                "37:15 deprecated-use `registration.event_type` uses the event type `xyz-old`, which is deprecated "
                "(use `xyz-claimed`)"
            ),
            (
                "42:15 deprecated-use `channels[0].carries[0]` uses the event type `xyz-old`, which is deprecated "
                "(use `xyz-claimed`)"
            ),
        ],
    ),
    (
        "a deprecated type in use",
        [("xyz-board: Where work is seen", "xyz-board: {description: x, deprecated: {since: 1.0.0}}")],
        ["32:11 deprecated-use `widgets[0].type` uses the widget type `xyz-board`, which is deprecated"],
    ),
    (
        "deprecated in a version to come",
        [("xyz-registered: The", DEPRECATED.replace("1.0.0", "1.10.0") + "\n    xyz-registered: The")],
        [
            (
                "19:51 deprecated-since `xyz-old` is deprecated since 1.10.0, but the manifest is version 1.0.0 "
                "(raise `manifest.version`)"
            )
        ],
    ),
    (
        "replaced by what is deprecated",
        [
            (
                "xyz-registered: The",
                DEPRECATED
                + "\n    xyz-older: {description: x, deprecated: {since: 1.0.0, replaced_by: xyz-old}}"
                + "\n    xyz-registered: The",
            )
        ],
        [
            (
                "20:73 replaced-by-deprecated `xyz-older` is replaced by `xyz-old`, which is deprecated too "
                "(it is replaced by `xyz-claimed`)"
            )
        ],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_rules(changes: list[tuple[str, str]], expected: list[str]) -> None:
    found = said(hub_text(*changes))
    if ("prefix: xyz", "prefix: ops") in changes or ("prefix: xyz", "prefix: hub") in changes:
        found = [one for one in found if "name-prefix" not in one]  # every name is wrong then
    assert found == expected


def test_broken_specs_are_looked_at_too() -> None:
    for text in (
        "",
        "[]",
        "hub: []",
        "vocabulary: {event_types: [a]}",
        "hub: {prefix: x}\nvocabulary: {event_types: {y: 1}}",
    ):
        reading = read_hub_text(text)
        data = reading.document.data if reading.document else None
        assert all(finding.rule in RULES for finding in vocabulary_findings(data))


def places(data: JsonValue, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield (*at, key)
        yield from places(value, (*at, key))


@pytest.mark.parametrize("wrong", [None, True, 7, [], ["x"], {}, {"a": "b"}, [[]]], ids=repr)
def test_a_value_of_any_kind_may_stand_anywhere(wrong: JsonValue) -> None:
    whole = read_hub_text(HUB).document
    assert whole is not None
    for pointer in places(whole.data):
        data = copy.deepcopy(whole.data)
        above: Any = data
        for part in pointer[:-1]:
            above = above[part]
        above[pointer[-1]] = wrong
        assert all(finding.rule in RULES for finding in vocabulary_findings(data)), pointer


def ownership_complaints(readings: list[Reading]) -> tuple[Complaint, ...]:
    owners = Owners()
    return tuple(complaint for reading in readings for complaint in owners.claimed_by(reading))


def read(tmp_path: Path, folder: str, *changes: tuple[str, str]) -> Reading:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "hub.yaml").write_text(hub_text(*changes))
    return read_hub(tmp_path / folder)


def test_what_two_hubs_claim_belongs_to_the_first(tmp_path: Path) -> None:
    first = read(tmp_path, "a")
    second = read(
        tmp_path, "b", ("slug: xyz-hub", "slug: abc-hub"), ("prefix: xyz", "prefix: abc"), ("hub:xyz", "hub:abc")
    )
    complaints = ownership_complaints([first, second])
    assert {one.file for one in complaints} == {second.file}
    assert [(one.line, one.rule) for one in complaints] == [(line, "name-owner") for line in (16, 17, 19, 20, 23)]
    assert complaints[0].message == f"`xyz-board` belongs to xyz-hub ({first.file}:16)"
    assert ownership_complaints([first]) == ()
    # What one hub says twice is another rule's to tell: it belongs to nobody else.
    twice = read(tmp_path, "c", ("xyz-claimed: Somebody", "xyz-claim: Somebody"), ("[xyz-claimed]", "[]"))
    assert ownership_complaints([twice]) == ()


def test_a_hub_given_twice_is_told(tmp_path: Path) -> None:
    complaints = ownership_complaints([read(tmp_path, "a"), read(tmp_path, "b")])
    assert [one.rule for one in complaints][:2] == ["slug-owner", "prefix-owner"]
    assert complaints[0].message == f"the slug `xyz-hub` belongs to xyz-hub ({tmp_path}/a/hub.yaml:3)"


def test_every_hub_of_the_repository_keeps_all_rules() -> None:
    readings = [read_hub(file) for file in sorted((ROOT / "hubs").glob("*/hub.yaml"))]
    assert readings
    for reading in readings:
        assert reading.document is not None
        assert reading.complaints == ()
        assert reading.located(vocabulary_findings(reading.document.data)) == ()
    assert ownership_complaints(readings) == ()


def test_every_rule_is_explained() -> None:
    used = set()
    for file in [*(ROOT / "vsmhub/spec").rglob("*.py"), *(ROOT / "vsmhub/vocabulary").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "rule" and isinstance(node.value, ast.Constant):
                used.add(node.value.value)
    assert used <= {*SPEC_RULES, *RULES}
    assert not set(SPEC_RULES) & set(RULES)


def test_the_example_is_a_good_hub() -> None:
    assert said(HUB) == []
