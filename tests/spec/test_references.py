"""What the parts of a spec say about each other is checked, each complaint at its place."""

from pathlib import Path

import pytest
from pydantic import JsonValue

from tests.spec.examples import hub_data, hub_text
from vsmhub.spec.load import read_hub_text
from vsmhub.spec.references import FUNCTION_OF, reference_findings

CASES: list[tuple[str, tuple[str, str], list[str]]] = [
    ("a system of another function", ("S2", "S3*"), ["9:15 vsm-system the function SYN belongs to system S2, not S3*"]),
    (
        "a known hub with another function",
        ("slug: xyz-hub", "slug: pol-hub"),
        [
            "8:17 hub-function `pol-hub` is the hub of the function POL, not of SYN",
            "28:30 key-scope the key of pol-hub cannot have the scope `hub:xyz-hub:write`",
        ],
    ),
    (
        "a foreign hub's scope",
        ("hub:xyz-hub:write", "hub:abc-hub:write"),
        ["28:30 key-scope the key of xyz-hub cannot have the scope `hub:abc-hub:write`"],
    ),
    (
        "an administrator's scope",
        ("framework:read", "framework:admin"),
        ["28:14 key-scope the key of xyz-hub cannot have the scope `framework:admin`"],
    ),
    (
        "a scope twice",
        ("hub:xyz-hub:write", "framework:read"),
        ["28:30 duplicate `framework:read` is here twice; it is `consumer.key.scopes[0]` already"],
    ),
    (
        "an undeclared type",
        ("type: xyz-board", "type: xyz-table"),
        ["32:11 widget-type `xyz-table` is not declared in `vocabulary.widget_types`"],
    ),
    (
        "an undeclared policy scope",
        ("policy_scope: xyz-pairwise", "policy_scope: xyz-board"),
        ["33:19 policy-scope `xyz-board` is not declared in `vocabulary.policy_scopes`"],
    ),
    (
        "a slug twice",
        (
            "registration:",
            (
                "  - {slug: xyz-main, name: B, type: xyz-claim, policy_scope: xyz-pairwise, view_context: b}\n"
                "registration:"
            ),
        ),
        ["36:12 duplicate `xyz-main` is here twice; it is `widgets[0].slug` already"],
    ),
    (
        "an undeclared registration event",
        ("event_type: xyz-registered", "event_type: xyz-registred"),
        ["37:15 registration `xyz-registred` is not declared in `vocabulary.event_types`"],
    ),
    (
        "registration on no widget",
        ("widget: xyz-main", "widget: xyz-mane"),
        ["38:11 registration `xyz-mane` is not the slug of one of `widgets`"],
    ),
    (
        "an undeclared event on a channel",
        ("[xyz-claimed]", "[xyz-claimed, xyz-clamed]"),
        ["42:28 channel `xyz-clamed` is not declared in `vocabulary.event_types`"],
    ),
    (
        "an event twice on a channel",
        ("[xyz-claimed]", "[xyz-claimed, xyz-claimed]"),
        ["42:28 duplicate `xyz-claimed` is here twice; it is `channels[0].carries[0]` already"],
    ),
    ("a channel to itself", ("abc-hub", "xyz-hub"), ["41:9 channel a channel leads to another hub, not to its own"]),
    (
        "a channel twice",
        ("[xyz-claimed]", "[xyz-claimed]\n  - {kind: coordination, to: abc-hub}\n  - {kind: command, to: abc-hub}"),
        ["43:5 duplicate a channel of kind coordination to abc-hub is here twice; it is `channels[0]` already"],
    ),
    (
        "a replacement that is not there",
        ("{description: Who has what}", "{description: x, deprecated: {since: 1.0.0, replaced_by: xyz-bord}}"),
        ["17:73 replaced-by `xyz-bord` is not declared in `vocabulary.widget_types`"],
    ),
    (
        "a replacement by itself",
        ("{description: Who has what}", "{description: x, deprecated: {since: 1.0.0, replaced_by: xyz-claim}}"),
        ["17:73 replaced-by `xyz-claim` cannot replace itself"],
    ),
    (
        "what is its own cannot be excluded",
        ("To be an example", "To be an example\n  excludes: [{matter: a, owner: xyz-hub}, {matter: a}]"),
        [
            "12:33 own-exclusion what xyz-hub excludes cannot be its own",
            "12:52 duplicate `a` is here twice; it is `scope.excludes[0].matter` already",
        ],
    ),
    (
        "what is included twice",
        ("To be an example", "To be an example\n  includes: [a, b, a]"),
        ["12:20 duplicate `a` is here twice; it is `scope.includes[0]` already"],
    ),
    (
        "metadata that is too large",
        ("number: 1", f"number: {'x' * 65536}"),
        ["35:15 metadata `widgets[0].metadata` is 65581 bytes long as JSON; at most 65536 are taken"],
    ),
    (
        "metadata that cannot be stored",
        ("number: 1", 'number: ["\\0"]'),
        ["35:15 metadata `widgets[0].metadata` holds the character U+0000, which cannot be stored"],
    ),
    ("an escape that only looks so", ("number: 1", "number: '\\u0000'"), []),
]


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_references(change: tuple[str, str], expected: list[str]) -> None:
    complaints = read_hub_text(hub_text(change)).complaints
    assert [f"{one.line}:{one.column} {one.rule} {one.message}" for one in complaints] == expected


def test_near_misses_are_named() -> None:
    (complaint,) = read_hub_text(hub_text(("xyz-hub:write", "xyz-hub:wirte"))).complaints
    assert complaint.rule == "wrong-text"
    (complaint,) = read_hub_text(hub_text(("hub:xyz-hub:write", "hub:xzy-hub:write"))).complaints
    assert complaint.hint == "did you mean `hub:xyz-hub:write`?"
    (complaint,) = read_hub_text(hub_text(("widget: xyz-main", "widget: xyz-mane"))).complaints
    assert complaint.hint == "did you mean `xyz-main`?"


OTHERS: list[JsonValue] = [None, 1, "x", [], {}, [[]], {"x": {"y": {"z": []}}}]


def test_data_of_any_shape_is_looked_at() -> None:
    data = hub_data()
    for key in data:
        for other in OTHERS:
            reference_findings({**data, key: other})


def test_the_seven_hubs() -> None:
    assert sorted(FUNCTION_OF) == ["aud-hub", "ctl-hub", "env-hub", "int-hub", "ops-hub", "pol-hub", "syn-hub"]


def test_the_ops_hub_is_as_the_operator_named_it(hubs: Path) -> None:
    reading = read_hub_text((hubs / "ops" / "hub.yaml").read_text())
    assert reading.complaints == ()
    spec = reading.spec
    assert spec is not None
    counts = [len(terms) for _, terms in spec.vocabulary]
    assert counts == [14, 15, 10, 7]
    assert len(spec.widgets) == 14
    assert spec.consumer.key.scopes == ("framework:read", "hub:ops-hub:read", "hub:ops-hub:write")
    assert (spec.registration.event_type, spec.registration.widget) == (
        "ops-inventory-registered",
        "ops-service-catalog",
    )
    assert spec.hub.domain == "ops.coulomb.social"
