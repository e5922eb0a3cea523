"""Which way each change goes, and in which order they stand then."""

from dataclasses import replace

import pytest

from tests.plan.world import Shown, declared, live
from vsmhub.interhub.surface.model import Surface
from vsmhub.interhub.surface.operations import Operation
from vsmhub.interhub.surface.reference import reference
from vsmhub.plan.diff import plan
from vsmhub.plan.key_changes import Held
from vsmhub.plan.live import Live
from vsmhub.plan.model import Kind, Plan, Route
from vsmhub.plan.routing import Ways, routed
from vsmhub.plan.views import markdown, plan_json, text

FROM_NOTHING = plan(declared(), Live(), Held(), "test")
OLD = {Operation.TOKEN, Operation.REGISTRY_LIST, Operation.WIDGETS_LIST, Operation.EVENTS_LIST, Operation.EVENTS_CREATE}


def surface(*, without: set[Operation] | None = None, only: set[Operation] | None = None) -> Surface:
    full = reference()
    kept = {one for one in full.offered if (only is None or one in only) and one not in (without or set())}
    gaps = {one: f"{one} is not served" for one in full.offered if one not in kept}
    return replace(full, offered={one: full.offered[one] for one in kept}, gaps=gaps)


def ways(of: Plan) -> list[tuple[str, str]]:
    return [(change.kind.value, change.route.value) for change in of.steps if change.name != "syn-board-1"]


def test_a_full_surface_changes_nothing() -> None:
    assert routed(FROM_NOTHING, Ways(reference())) is FROM_NOTHING
    assert routed(FROM_NOTHING, Ways(reference(), sql=True)) is FROM_NOTHING


def test_what_the_api_lacks_goes_through_the_database_and_the_key_through_a_person() -> None:
    found = routed(FROM_NOTHING, Ways(surface(only=OLD), sql=True))
    assert ways(found) == [
        ("hub", "sql"),
        ("manifest", "sql"),
        ("manifest", "sql"),
        ("consumer", "sql"),
        ("widget", "sql"),
        ("widget", "sql"),
        ("key", "runbook"),
        ("evidence", "api"),
    ]
    assert not any("key/" in one for change in found.changes if change.kind is Kind.WIDGET for one in change.depends_on)
    assert "hubs.create is not served" in found.changes[0].route_reason


def test_without_a_database_a_person_does_it() -> None:
    found = routed(FROM_NOTHING, Ways(surface(only=OLD)))
    assert {route for _, route in ways(found)} == {"runbook", "api"}
    assert "no database is given" in found.changes[0].route_reason


@pytest.mark.parametrize(
    ("lacking", "by_sql", "order"),
    [
        ({Operation.WIDGETS_CREATE, Operation.WIDGETS_BATCH}, {Kind.WIDGET}, ["hub", "manifest", "widget", "consumer"]),
        ({Operation.MANIFESTS_ACTIVATE}, {Kind.MANIFEST}, ["hub", "manifest", "consumer", "key", "widget", "evidence"]),
        ({Operation.CONSUMERS_CREATE}, {Kind.CONSUMER}, ["hub", "manifest", "consumer", "key", "widget", "evidence"]),
        # The manifest stands between the two: one transaction takes it along.
        (
            {Operation.HUBS_CREATE, Operation.CONSUMERS_CREATE},
            {Kind.HUB, Kind.MANIFEST, Kind.CONSUMER},
            ["hub", "manifest", "consumer", "key", "widget", "evidence"],
        ),
    ],
)
def test_ways_mix_and_every_change_comes_after_what_it_needs(
    lacking: set[Operation], by_sql: set[Kind], order: list[str]
) -> None:
    found = routed(FROM_NOTHING, Ways(surface(without=lacking), sql=True))
    assert {change.kind for change in found.changes if change.route is Route.SQL} == by_sql
    kinds = list(dict.fromkeys(change.kind.value for change in found.steps))
    assert kinds[: len(order)] == order
    done: set[str] = set()
    for change in found.steps:
        assert done.issuperset(change.depends_on), change.id
        done.add(change.id)
    places = [place for place, change in enumerate(found.changes) if change.route is Route.SQL]
    assert places == list(range(places[0], places[-1] + 1))


def test_each_view_shows_the_route_and_why() -> None:
    found = routed(FROM_NOTHING, Ways(surface(only=OLD), sql=True))
    shown = "\n".join(line.text for line in text(found))
    assert "create hub syn-hub via sql" in shown
    assert "not by the API: keys.create is not served" in shown
    assert "| create | hub | `syn-hub` | sql |" in markdown(plan_json(found))
    assert "hubs.create is not served" in markdown(plan_json(found))
    assert Plan.model_validate_json(found.model_dump_json()) == found


def test_what_is_not_shown_is_planned_again_and_not_claimed() -> None:
    hidden = frozenset({Kind.CONSUMER, Kind.KEY})
    seen = live(declared(), consumers=(), keys=(), unseen=hidden)
    without_key = plan(declared(), seen, Held(), "test")
    assert [change.id for change in without_key.changes] == ["create consumer/syn-hub", "create key/syn-hub key"]
    assert "not shown by this target" in without_key.notes[0]
    assert without_key.unseen == (Kind.CONSUMER, Kind.KEY)
    opened = replace(seen, opened=frozenset(declared().key_scopes))
    assert plan(declared(), opened, Held(Shown()), "test").is_empty
    less = replace(seen, opened=frozenset({"framework:read"}))
    (change,) = plan(declared(), less, Held(Shown()), "test").changes
    assert "does not open hub:syn-hub:read, hub:syn-hub:write" in change.reason


def test_a_classification_that_has_no_columns_is_no_difference() -> None:
    full = live(declared())
    assert full.hub is not None
    bare = full.hub.model_copy(update={"hub_family": None, "vsm_function": None, "vsm_system": None})
    columns = frozenset({"hub_family", "vsm_function", "vsm_system"})
    assert plan(declared(), replace(full, hub=bare, hub_lacks=columns), Held(Shown()), "test").is_empty
    assert not plan(declared(), replace(full, hub=bare), Held(Shown()), "test").is_empty
