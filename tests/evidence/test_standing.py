"""What is read of a target comes to the same as all that it holds."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.databases import Databases
from tests.evidence.gating import gates
from tests.evidence.world import world
from tests.plan.operators import Operator
from tests.plan.world import Shown
from tests.server.serving import serving
from vsmhub.evidence.catalog import Catalog
from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.gate_events import gate_changes
from vsmhub.evidence.gates import evaluate, verdict
from vsmhub.evidence.proof import Proofs
from vsmhub.evidence.record import Record, from_events
from vsmhub.evidence.standing import standing
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.errors import NotFound
from vsmhub.interhub.messages.evidence import EventCreate
from vsmhub.interhub.messages.framework import Hub
from vsmhub.plan.desired import desired
from vsmhub.server.operator_key import mint_operator_key
from vsmhub.server.surface import Surface

pytestmark = pytest.mark.server
START = datetime(2026, 3, 1, tzinfo=UTC)
TYPES = ("xyz-claimed", "xyz-endpoint-verified", "xyz-readiness-gate-updated")
SIGNALS = (None, "looks", "web", "x" * 400)
LEAF = {"event": TYPES[0], "widget": "xyz-main", "shows": "It is so"}
CONDITIONS: tuple[dict[str, Any], ...] = (
    LEAF,
    {**LEAF, "event": TYPES[1]},
    {**LEAF, "signal": "looks"},
    {**LEAF, "signal": "x" * 40},
    {**LEAF, "attested": True},
    {**LEAF, "where": {"ok": True}},
    {**LEAF, "where": {"ok": 1}},
    {**LEAF, "where": {"ok": None}},
    {**LEAF, "where": {"ok": {"deep": [1, 2.5]}}, "signal": "web"},
    {**LEAF, "where": {"ok": True, "more": "é"}, "attested": True},
    {"any_of": ({**LEAF, "max_age": "1h"}, {"all_of": (LEAF, {**LEAF, "where": {"more": "é"}})})},
)


def metadata(chance: random.Random, at: datetime) -> dict[str, Any]:
    """Anything that an event may say: nothing, a proof of any kind, and what only looks like one."""
    found: dict[str, Any] = {}
    if chance.random() < 0.5:
        found["ok"] = chance.choice([True, False, 1, 1.0, None, {"deep": [1, 2.5]}])
    if chance.random() < 0.3:
        found["more"] = "é"
    if chance.random() < 0.3:
        found["attested"] = chance.choice([True, True, "yes"])
    if chance.random() < 0.1:
        found["evidence"] = chance.choice([None, "pass", {"outcome": "green"}, {"outcome": "pass", "collectedAt": "?"}])
    elif chance.random() < 0.8:
        collected = at + timedelta(minutes=chance.choice([0, 0, 0, -30, -300, 30]))
        found["evidence"] = {
            "outcome": chance.choice(["pass", "pass", "fail", "error"]),
            "collectedAt": chance.choice(
                [rfc3339(collected), "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"]
                if chance.random() < 0.1
                else [rfc3339(collected)]
            ),
            **({"signal": signal} if (signal := chance.choice(SIGNALS)) else {}),
            **({"by": "somebody"} if chance.random() < 0.7 else {}),
            **({"expiresAt": rfc3339(at + timedelta(hours=5))} if chance.random() < 0.5 else {}),
        }
    return found


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[str]:
    with databases.migrated() as dsn:
        yield dsn


@pytest.fixture(scope="module")
def operator(database: str) -> Iterator[Operator]:
    with serving(database) as running, Operator(running.socket, mint_operator_key(database).secret) as found:
        yield found


@pytest.fixture(scope="module")
def filled(operator: Operator) -> tuple[InterHub, Hub]:
    """A hub with 600 events, in no order of time, some of them at the same time and some yet to come."""
    wanted = desired(world().hub)
    operator.apply(wanted)
    hub = next(operator.operator.hubs(slug="xyz-hub"))
    widgets = [one.id for one in operator.operator.widgets(hub=hub.id)][:2]
    chance = random.Random(17)
    events = []
    for _ in range(600):
        at = START + timedelta(minutes=10 * chance.randrange(200))
        made = EventCreate(
            widget_id=chance.choice(widgets),
            event_type=chance.choice(TYPES),
            occurred_at=at,
            metadata=metadata(chance, at),
        )
        events.append(made)
    held = operator.key_of("xyz-hub").held()
    assert held
    with operator.as_hub(held) as client:
        list(client.record_events(events[:300]))
        for one in events[300:]:
            client.submit_event(one)
    return operator.operator, hub


def everything(target: InterHub, hub: Hub) -> tuple[Record, ...]:
    slugs = {widget.id: widget.slug for widget in target.widgets(hub=hub.id)}
    return tuple(from_events(target.events(hub=hub.id), slugs))


TIMES = [START + timedelta(minutes=minutes) for minutes in (-1, 0, 5, 40, 300, 777, 1000, 1500, 1990, 5000, 500_000)]


@pytest.mark.parametrize("as_of", TIMES, ids=str)
def test_gates_and_catalog_come_to_the_same(filled: tuple[InterHub, Hub], as_of: datetime) -> None:
    target, hub = filled
    whole = everything(target, hub)
    catalog = Catalog(world(signals=True))
    for condition in CONDITIONS:
        declared = gates(condition, max_age="7d")
        read = standing(target, hub, as_of, declared)
        results = evaluate(declared, read, as_of)
        assert results == evaluate(declared, whole, as_of)
        assert len(read) < len(whole) / 4
    one, other = Proofs(catalog, read, as_of), Proofs(catalog, whole, as_of)
    for ref in catalog.entries:
        assert one.about(ref) == other.about(ref)
    verdicts = [verdict("move", results)]
    told = [
        [made.model_copy(update={"data": {}}) for made in gate_changes(catalog.folder, (), verdicts, some, as_of)]
        for some in (read, whole)
    ]
    assert told[0] == told[1]


def test_a_target_without_series_is_asked_for_everything(
    filled: tuple[InterHub, Hub], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, hub = filled
    key = Shown(mint_operator_key(database).secret)
    with (
        serving(database, surface=Surface.OF_2026_05) as running,
        InterHub("http://inter-hub", key, socket=running.socket) as older,
    ):
        with pytest.raises(NotFound):
            next(older.current_events(hub=hub.id))
        monkeypatch.setattr(target, "current_events", older.current_events)
        assert standing(target, hub, START) == everything(target, hub)
