"""What a plan says for what is declared and what is live."""

from dataclasses import replace
from typing import Any

import pytest

from tests.plan.world import LONG_AGO, NOW, PREFIX, SOON, Shown, declared, key, live
from vsmhub.interhub.messages.access import ConsumerStatus
from vsmhub.interhub.messages.framework import ManifestStatus
from vsmhub.interhub.messages.widgets import WidgetStatus
from vsmhub.plan.desired import Desired
from vsmhub.plan.diff import plan
from vsmhub.plan.errors import KeyElsewhere, NamesTaken, VersionInUse
from vsmhub.plan.key_changes import Held
from vsmhub.plan.live import Live
from vsmhub.plan.model import Kind, Plan

HELD = Held(Shown())
NOT_HELD = Held()


def ids(made: Plan) -> list[str]:
    return [change.id for change in made.steps]


def planned(of: Desired, world: Live, held: Held = HELD) -> Plan:
    return plan(of, world, held, "test")


def moved(world: Live, kind: str, **over: Any) -> Live:
    """`world` with one object of it changed."""
    if kind == "hub":
        assert world.hub
        return replace(world, hub=world.hub.model_copy(update=over))
    if kind == "manifest":
        return replace(world, manifests=(world.manifests[0].model_copy(update=over),))
    if kind == "consumer":
        return replace(world, consumers=(world.consumers[0].model_copy(update=over),))
    slug = "syn-board-1"
    return replace(world, widgets={**world.widgets, slug: world.widgets[slug].model_copy(update=over)})


def test_nothing_exists() -> None:
    assert ids(planned(declared(), Live(), NOT_HELD)) == [
        "create hub/syn-hub",
        "create manifest/syn-hub@1.0.0",
        "activate manifest/syn-hub@1.0.0",
        "create consumer/syn-hub",
        "create key/syn-hub key",
        "create widget/syn-board-0",
        "create widget/syn-board-1",
        "create widget/syn-board-2",
        "create evidence/syn-registered",
    ]


def test_everything_is_as_declared() -> None:
    made = planned(declared(), live(declared()))
    assert made.is_empty
    assert made.unchanged == {
        Kind.HUB: 1,
        Kind.MANIFEST: 1,
        Kind.CONSUMER: 1,
        Kind.KEY: 1,
        Kind.WIDGET: 3,
        Kind.EVIDENCE: 1,
    }


@pytest.mark.parametrize(
    ("kind", "over", "expected", "field"),
    [
        ("hub", {"name": "Other"}, "update hub/syn-hub", "name"),
        ("hub", {"vsm_function": None}, "update hub/syn-hub", "vsm_function"),
        ("hub", {"vsm_system": "S1"}, "update hub/syn-hub", "vsm_system"),
        ("consumer", {"status": "suspended"}, "update consumer/syn-hub", "status"),
        ("widget", {"name": "Other"}, "update widget/syn-board-1", "name"),
        ("widget", {"metadata": {"number": 7}}, "update widget/syn-board-1", "metadata"),
        ("widget", {"status": WidgetStatus.RETIRED}, "update widget/syn-board-1", "status"),
    ],
)
def test_one_thing_differs(kind: str, over: dict[str, Any], expected: str, field: str) -> None:
    made = planned(declared(), moved(live(declared()), kind, **over))
    assert ids(made) == [expected]
    (change,) = made.changes
    assert [one.field for one in change.fields] == [field]
    assert change.object_id is not None
    assert change.revision == 1


def test_the_order_of_names_in_a_manifest_means_nothing() -> None:
    world = moved(live(declared()), "manifest", widget_types=["syn-claim", "syn-handoff"])
    assert planned(declared(), world).is_empty


@pytest.mark.parametrize(
    ("number", "same"), [(1, True), (1.0, True), (True, False), ("1", False), (None, False), ([1], False)]
)
def test_metadata_is_compared_as_json(number: object, same: bool) -> None:
    world = moved(live(declared()), "widget", metadata={"number": number})
    assert planned(declared(), world).is_empty is same


def test_a_new_version_supersedes_and_the_consumer_follows() -> None:
    new = declared(manifest={"version": "1.1.0"})
    made = planned(new, live(declared()))
    assert ids(made) == [
        "create manifest/syn-hub@1.1.0",
        "activate manifest/syn-hub@1.1.0",
        "update consumer/syn-hub",
    ]
    assert made.changes[-1].fields[0].before == "1.0.0"


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, ["activate manifest/syn-hub@1.0.0"]),
        ({"widget_types": []}, ["update manifest/syn-hub@1.0.0", "activate manifest/syn-hub@1.0.0"]),
    ],
)
def test_a_draft_is_continued(over: dict[str, Any], expected: list[str]) -> None:
    world = moved(live(declared()), "manifest", status=ManifestStatus.DRAFT, **over)
    made = planned(declared(), world)
    assert ids(made) == expected
    assert made.known.manifest == world.manifests[0].id


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"event_types": ["syn-other"]}, "differs in: event types"),
        ({"status": ManifestStatus.SUPERSEDED}, "has been superseded"),
    ],
)
def test_a_published_version_does_not_change(over: dict[str, Any], said: str) -> None:
    with pytest.raises(VersionInUse, match=said) as caught:
        planned(declared(), moved(live(declared()), "manifest", **over))
    assert "manifest.version" in caught.value.hint


def test_names_of_another_hub_are_refused_before_anything_is_written() -> None:
    with pytest.raises(NamesTaken, match=r"syn-handoff \(widget types\) belongs to old-hub"):
        planned(declared(), Live(taken=(("widget_types", "syn-handoff", "old-hub"),)), NOT_HELD)


OTHER_NAME = {"slug": "syn-hub", "name": "Other", "prefix": "syn", "domain": "syn.example.org"}

KEYS = [
    pytest.param((), HELD, ["create key/syn-hub key"], "is not known to the target", id="held, gone"),
    pytest.param((), NOT_HELD, ["create key/syn-hub key"], "no key", id="none"),
    pytest.param((key(revoked_at=NOW),), HELD, ["create key/syn-hub key"], "has been revoked", id="held, revoked"),
    pytest.param((key(expires_at=LONG_AGO),), HELD, ["create key/syn-hub key"], "has expired", id="held, expired"),
    pytest.param((key(claim_by=LONG_AGO),), HELD, ["create key/syn-hub key"], "has expired", id="held, lapsed"),
    pytest.param((key(claim_by=SOON),), HELD, [], "", id="held, not yet claimed"),
    pytest.param(
        (key(claim_by=SOON),),
        NOT_HELD,
        ["create key/syn-hub key", f"revoke key/{PREFIX}"],
        "nobody holds it",
        id="lost on the way",
    ),
    pytest.param((key(claim_by=LONG_AGO),), NOT_HELD, ["create key/syn-hub key"], "no key", id="lapsed"),
    pytest.param(
        (key(scopes=["hub:syn-hub:read"]),),
        HELD,
        ["create key/syn-hub key", f"revoke key/{PREFIX}"],
        "the scopes differ",
        id="other scopes",
    ),
    pytest.param(
        (key(),),
        Held(replace=True),
        ["create key/syn-hub key", f"revoke key/{PREFIX}"],
        "a new key was asked for",
        id="replaced",
    ),
    pytest.param((key(), key(5, name="of another program", prefix="ihk_other")), HELD, [], "", id="another name"),
]


@pytest.mark.parametrize(("keys", "held", "expected", "reason"), KEYS)
def test_keys(keys: tuple[Any, ...], held: Held, expected: list[str], reason: str) -> None:
    made = planned(declared(), live(declared(), keys=keys), held)
    assert ids(made) == expected
    assert reason in " ".join(change.reason for change in made.changes)


def test_a_key_in_use_elsewhere_is_said_and_left_alone() -> None:
    made = planned(declared(), live(declared()), NOT_HELD)
    assert made.is_empty
    assert f"({PREFIX}) is in use and is not in this store" in made.notes[0]


@pytest.mark.parametrize("missing", [{"registered": None}, {"widgets": {}}])
def test_a_key_in_use_elsewhere_stops_what_needs_it(missing: dict[str, Any]) -> None:
    with pytest.raises(KeyElsewhere) as caught:
        planned(declared(), live(declared(), **missing), NOT_HELD)
    assert "--replace-key" in caught.value.hint


def test_what_is_not_declared_is_listed_and_left_alone() -> None:
    of = declared()
    extra = live(of).widgets["syn-board-0"].model_copy(update={"slug": "by-hand"})
    made = planned(of, live(of, widgets={**live(of).widgets, "by-hand": extra}))
    assert made.is_empty
    assert [(one.kind, one.name) for one in made.unmanaged] == [(Kind.WIDGET, "by-hand")]


def test_what_is_not_declared_and_out_of_use_is_not_listed() -> None:
    of = declared()
    world = live(of)
    widget = world.widgets["syn-board-0"].model_copy(update={"slug": "old", "status": WidgetStatus.RETIRED})
    consumers = [
        world.consumers[0].model_copy(update={"name": name, "status": status})
        for name, status in {"another": ConsumerStatus.ACTIVE, "suspended": ConsumerStatus.SUSPENDED}.items()
    ]
    world = replace(world, widgets={**world.widgets, "old": widget}, consumers=(*world.consumers, *consumers))
    made = planned(of, world)
    assert made.is_empty
    assert [(one.kind, one.name) for one in made.unmanaged] == [(Kind.CONSUMER, "another")]


def test_a_plan_tells_the_ids_of_what_is_there_and_what_stays_as_it_is() -> None:
    of = declared()
    world = moved(live(of), "widget", name="Other")
    made = planned(of, world)
    assert world.hub
    registers = world.widgets[of.registration_widget]
    assert made.known.model_dump() == {
        "hub": world.hub.id,
        "manifest": world.manifests[0].id,
        "consumer": world.consumers[0].id,
        "widgets": {of.registration_widget: registers.id},
    }
    assert made.unchanged == {
        **dict.fromkeys((Kind.HUB, Kind.MANIFEST, Kind.CONSUMER, Kind.KEY, Kind.EVIDENCE), 1),
        Kind.WIDGET: len(of.widgets) - 1,
    }
    # A change of something else that has a widget's name is none of that widget.
    named = declared(hub={**OTHER_NAME, "slug": "syn-board-1"})
    renamed = planned(named, moved(live(named), "hub", name="By hand"))
    assert ids(renamed) == ["update hub/syn-board-1"]
    assert renamed.unchanged[Kind.WIDGET] == len(named.widgets)
    assert Kind.HUB not in renamed.unchanged


def test_what_is_not_shown_is_said_and_only_a_key_that_opens_is_proof() -> None:
    assert planned(declared(), live(declared())).unseen == ()
    assert planned(declared(), live(declared())).notes == ()
    hidden = live(declared(), consumers=(), keys=(), unseen=frozenset({Kind.CONSUMER, Kind.KEY}))
    (said,) = planned(declared(), hidden).notes
    assert said == "consumers and keys are not shown by this target, so nothing about them is proven"
    opened = replace(hidden, opened=frozenset(declared().key_scopes))
    (proven,) = planned(declared(), opened).notes
    assert proven == f"{said}; the key held here opens what it should, which is taken as proof"
    # A new manifest is the consumer's too, which no key is proof of.
    newer = planned(declared(manifest={"version": "1.1.0"}), opened)
    assert "create consumer/syn-hub" in ids(newer)


def test_a_published_manifest_of_an_older_release_stays_and_its_draft_does_not() -> None:
    of = declared()
    told = dict(live(of).manifests[0].capability)
    assert told.pop("registration")  # which the first releases did not publish
    assert planned(of, moved(live(of), "manifest", capability=told)).is_empty
    draft = planned(of, moved(live(of), "manifest", capability=told, status=ManifestStatus.DRAFT))
    assert ids(draft)[0] == "update manifest/syn-hub@1.0.0"
    assert [one.field for one in draft.changes[0].fields] == ["capability"]


@pytest.mark.parametrize("world", [Live(), live(declared(), widgets={}), live(declared(), registered=None)])
def test_each_change_comes_after_what_it_depends_on(world: Live) -> None:
    made = planned(declared(), world)
    done: set[str] = set()
    for change in made.changes:
        assert set(change.depends_on) <= done
        done.add(change.id)
    assert len(done) == len(made.changes)


def test_equal_plans_have_equal_digests_and_no_secret() -> None:
    one, two = planned(declared(), Live()), planned(declared(), Live())
    assert one.digest() == two.digest()
    assert one.digest() != planned(declared(hub=OTHER_NAME), Live()).digest()
    assert Shown().reveal() not in one.model_dump_json()
    assert Plan.model_validate_json(one.model_dump_json()) == one
