"""Old events are forgotten where their policy scope says so, and what still counts stays."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.server.serving import HubUnderTest, InterHub
from vsmhub.server.database import Database
from vsmhub.server.events.retention import LONGEST_DAYS, Rule, forget, rules

HUB = UUID(int=1)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"a": 30, "b": 1}, [Rule(HUB, "a", 30), Rule(HUB, "b", 1)]),
        ({"a": 0}, []),
        ({"a": -1, "b": True, "c": "30", "d": None, "e": 1.5, "f": 10**9}, []),
        ([30], []),
        (30, []),
        (None, []),
    ],
)
def test_what_a_manifest_may_say(said: Any, kept: list[Rule]) -> None:
    assert list(rules(HUB, said)) == kept


def forgotten(dsn: str, at_once: int) -> list[int]:
    counts: list[int] = []

    async def run() -> None:
        database = Database(dsn, connections=2)
        await database.open()
        try:
            await forget(database, counts.append, at_once=at_once)
        finally:
            await database.close()

    asyncio.run(run())
    return counts


def aged(dsn: str, ids: list[str], days: int) -> dict[str, str]:
    """Let events be older than they are; their new ids."""
    at = datetime.now(UTC) - timedelta(days=days)
    made: dict[str, str] = {}
    with psycopg.connect(dsn) as connection:
        for number, one in enumerate(ids):
            older = str(UUID(int=(int(at.timestamp() * 1000) << 80) + (7 << 76) + (2 << 62) + number))
            for table, name in (("interaction_events", "id"), ("current_events", "event_id")):
                connection.execute(f"UPDATE {table} SET {name} = %s WHERE {name} = %s", [older, one])
            connection.execute("UPDATE audit_records SET object_id = %s WHERE object_id = %s", [older, one])
            connection.execute("UPDATE interaction_events SET created_at = %s WHERE id = %s", [at, older])
            made[one] = older
    return made


def limited(hub: HubUnderTest, **days: int) -> None:
    """The same manifest again, which now says how long events are kept."""
    body = {"hubId": hub.id, "version": "2.0.0", **hub.names}
    said = {f"{hub.slug}-{scope}": kept for scope, kept in days.items()}
    draft = hub.inter_hub.operator.made("/hub-capability-manifests", {**body, "capability": {"retention_days": said}})
    hub.inter_hub.operator.made(f"/hub-capability-manifests/{draft['id']}/activate")


def test_old_events_go_and_what_counts_stays(inter_hub: InterHub) -> None:
    hub = inter_hub.hub()
    short, other = hub.widget(), hub.widget(policyScope=hub.names["policyScopes"][1])
    body = hub.event_body(short["id"], metadata={"n": 1})
    made = [hub.client.made("/interaction-events", body)["id"] for _ in range(25)]
    elsewhere = [hub.client.made("/interaction-events", hub.event_body(other["id"]))["id"] for _ in range(3)]
    ids = aged(inter_hub.dsn, made, 31) | aged(inter_hub.dsn, elsewhere, 301)
    young = aged(inter_hub.dsn, [hub.client.made("/interaction-events", body)["id"] for _ in range(2)], 29)
    signalled = {"evidence": {"outcome": "pass", "collectedAt": "2026-01-01T00:00:00Z", "signal": "s"}}
    alone = hub.client.made("/interaction-events", hub.event_body(short["id"], metadata=signalled))["id"]
    current = aged(inter_hub.dsn, [alone], 400)[alone]
    cause, awaited = ids[made[3]], ids[made[4]]
    hub.client.made("/requirement-candidates", {"hubId": hub.id, "title": "Mend it", "interactionEventId": cause})
    subscription = hub.client.made(
        "/webhook-subscriptions", {"hubId": hub.id, "url": "http://127.0.0.1:9/", "eventTypes": []}
    )
    with psycopg.connect(inter_hub.dsn) as connection:
        for event, status in ((awaited, "pending"), (ids[made[5]], "delivered"), (ids[made[6]], "failed")):
            connection.execute(
                "INSERT INTO webhook_deliveries (id, subscription_id, interaction_event_id, status) "
                "VALUES (gen_random_uuid(), %s, %s, %s)",
                [subscription["id"], event, status],
            )
    assert forgotten(inter_hub.dsn, 10) == []
    limited(hub, public=30)
    assert forgotten(inter_hub.dsn, 10) == [10, 10, 3]
    assert forgotten(inter_hub.dsn, 10) == [0]
    left = {one["id"] for one in hub.client.get("/interaction-events", limit=1000).json()["data"]}
    assert left == {cause, awaited, current, *young.values(), *(ids[one] for one in elsewhere)}
    state = {one["id"] for one in hub.client.get("/interaction-events/current").json()["data"]}
    assert current in state
    (row,) = inter_hub.operator.get("/audit-records", objectId=ids[made[0]]).json()["data"]
    assert (row["action"], row["keyId"], row["after"]) == ("create", hub.key["id"], None)
    trail = inter_hub.operator.get("/audit-records", objectId=hub.id, kind="hubs").json()["data"]
    expired = [one["after"] for one in trail if one["action"] == "expire"]
    assert [one["interactionEvents"] for one in expired] == [10, 10, 3]
    assert expired[0]["policyScope"] == f"{hub.slug}-public"


def test_what_is_kept_for_a_century_stays_and_holds_nobody_up(inter_hub: InterHub) -> None:
    century, month = inter_hub.hub(), inter_hub.hub()
    for hub in (century, month):
        body = hub.event_body(hub.widget()["id"])
        made = [hub.client.made("/interaction-events", body)["id"] for _ in range(3)]
        aged(inter_hub.dsn, made[:2], 10_000)
    limited(century, public=LONGEST_DAYS)
    limited(month, public=30)
    assert sum(forgotten(inter_hub.dsn, 10)) == 2
