"""Who follows a hub's events: an event may be committed after one with a later id, and must not get lost by it."""

import threading
from collections.abc import Iterator

import psycopg
import pytest

from tests.databases import Databases
from tests.server.answers import ids
from tests.server.serving import InterHub, serving_fresh
from tests.server.webhooks.receiving import QUICK, Receiver, eventually, receiver, subscribe

__all__ = ["receiver"]

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture(scope="module")
def inter_hub(databases: Databases) -> Iterator[InterHub]:
    with serving_fresh(databases, webhooks=QUICK) as running:
        yield running


def test_an_event_that_is_committed_late_reaches_who_follows(inter_hub: InterHub, receiver: Receiver) -> None:
    hub = inter_hub.hub()
    slow, quick = hub.widget(), hub.widget()
    subscribe(hub, f"{receiver.url}/{hub.slug}")
    first = hub.client.made("/interaction-events", hub.event_body(slow["id"]))["id"]
    late: list[str] = []

    def submit() -> None:
        late.append(hub.client.made("/interaction-events", hub.event_body(slow["id"]))["id"])

    thread = threading.Thread(target=submit)
    with psycopg.connect(inter_hub.dsn) as holding:
        # Another writer is at the same series, so that this event waits with its id made and nothing committed.
        holding.execute("SELECT FROM current_events WHERE widget_id = %s FOR UPDATE", [slow["id"]])
        thread.start()
        with psycopg.connect(inter_hub.dsn, autocommit=True) as watching:
            eventually(lambda: watching.execute(WAITING).fetchone() == (1,))
        early = hub.client.made("/interaction-events", hub.event_body(quick["id"]))["id"]
        assert ids(hub.client.get("/interaction-events", hubId=hub.id)) == [first, early]
        holding.rollback()
    thread.join()
    assert late[0] < early, "a reader that goes on from the last id would not see it"
    assert ids(hub.client.get("/interaction-events", hubId=hub.id)) == [first, *late, early]
    assert sorted(ids(hub.client.get("/interaction-events/current", hubId=hub.id))) == [*late, early]
    got = eventually(lambda: (found := receiver.at(f"/{hub.slug}")) and len(found) == 3 and found)
    assert {one.headers["webhook-id"] for one in got}
    assert all(any(event.encode() in one.body for one in got) for event in (first, *late, early))
