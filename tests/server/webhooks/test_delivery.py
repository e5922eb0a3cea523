"""Webhooks: signed, repeated until taken, sent only where they may go (rule 10)."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.databases import Databases
from tests.server.answers import pointers
from tests.server.serving import HubUnderTest, InterHub, serving_fresh
from tests.server.webhooks.receiving import QUICK, Received, Receiver, eventually, receiver, subscribe
from vsmhub.interhub.messages.webhooks import WebhookPayload
from vsmhub.server.settings import WebhookSettings

__all__ = ["receiver"]


@pytest.fixture(scope="module")
def inter_hub(databases: Databases) -> Iterator[InterHub]:
    with serving_fresh(databases, webhooks=QUICK) as running:
        yield running


@pytest.fixture
def hub(inter_hub: InterHub) -> HubUnderTest:
    return inter_hub.hub()


def state(dsn: str, subscription: dict[str, Any]) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(
            "SELECT status, attempts, last_error FROM webhook_deliveries WHERE subscription_id = %s ORDER BY id",
            [subscription["id"]],
        ).fetchall()


def verified(received: Received, secret: str) -> WebhookPayload:
    """What Standard Webhooks asks of who receives."""
    signed = f"{received.headers['webhook-id']}.{received.headers['webhook-timestamp']}.".encode() + received.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert received.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(time.time() - int(received.headers["webhook-timestamp"])) < 60
    return WebhookPayload.model_validate_json(received.body)


@pytest.mark.parametrize("many", [False, True])
def test_an_event_is_delivered_as_it_was_submitted(many: bool, hub: HubUnderTest, receiver: Receiver) -> None:
    path = f"/{hub.slug}?token=a%20b"
    subscription = subscribe(hub, receiver.url + path)
    verified_type = hub.names["eventTypes"][1]
    body = hub.event_body(hub.widget()["id"], eventType=verified_type, metadata={"status": 401})
    if many:
        (event,) = hub.client.made("/interaction-events/batch", {"items": [body]})["data"]
    else:
        event = hub.client.made("/interaction-events", body)
    (received,) = eventually(lambda: receiver.at(path))
    payload = verified(received, subscription["secret"])
    assert payload.type == verified_type, "not whatever a click would be"
    assert payload.data == event
    assert received.headers["content-type"] == "application/json"
    assert received.headers["host"] == receiver.url.removeprefix("http://")
    eventually(lambda: state(hub.inter_hub.dsn, subscription) == [("delivered", 1, None)])


def test_only_what_was_subscribed_to_is_delivered(hub: HubUnderTest, receiver: Receiver) -> None:
    seen, checked, _ = hub.names["eventTypes"]
    some, everything = f"/{hub.slug}/some", f"/{hub.slug}/all"
    subscribe(hub, receiver.url + some, checked)
    subscribe(hub, receiver.url + everything)
    ended = subscribe(hub, f"{receiver.url}/{hub.slug}/ended")
    assert hub.client.ask("DELETE", f"/webhook-subscriptions/{ended['id']}").status_code == 204
    widget = hub.widget()["id"]
    items = [hub.event_body(widget, eventType=event_type) for event_type in (seen, checked, seen)]
    hub.client.made("/interaction-events/batch", {"items": items})
    hub.client.made("/interaction-events", hub.event_body(widget, eventType=checked))
    other = hub.inter_hub.hub()
    other.client.made("/interaction-events", other.event_body(other.widget()["id"]))
    eventually(lambda: len(receiver.at(everything)) == 4 and len(receiver.at(some)) == 2)
    assert {json.loads(one.body)["type"] for one in receiver.at(some)} == {checked}
    time.sleep(0.3)
    assert len(receiver.at(everything)) == 4
    assert receiver.at(f"/{hub.slug}/ended") == []


@pytest.mark.parametrize("answer", [500, 404, 302, 0])
def test_it_is_tried_again(answer: int, hub: HubUnderTest, receiver: Receiver) -> None:
    path = f"/{hub.slug}"
    receiver.answers[path] = [answer]
    subscription = subscribe(hub, receiver.url + path)
    hub.client.made("/interaction-events", hub.event_body(hub.widget()["id"]))
    first, second = eventually(lambda: receiver.at(path) if len(receiver.at(path)) == 2 else None)
    assert first.headers["webhook-id"] == second.headers["webhook-id"], "by which a receiver knows it again"
    assert verified(first, subscription["secret"]).data == verified(second, subscription["secret"]).data
    assert receiver.at("/redirected") == [], "redirects are not followed"
    (row,) = eventually(lambda: [row for row in state(hub.inter_hub.dsn, subscription) if row[0] == "delivered"])
    assert row == ("delivered", 2, None)


def test_it_is_given_up_in_the_end(hub: HubUnderTest, receiver: Receiver) -> None:
    path = f"/{hub.slug}"
    receiver.answers[path] = [500] * 10
    subscription = subscribe(hub, receiver.url + path)
    hub.client.made("/interaction-events", hub.event_body(hub.widget()["id"]))
    eventually(lambda: state(hub.inter_hub.dsn, subscription) == [("failed", 3, "answered 500")])
    assert len(receiver.at(path)) == 3


def test_a_receiver_that_is_gone_is_left_alone(hub: HubUnderTest, receiver: Receiver) -> None:
    path = f"/{hub.slug}"
    receiver.answers[path] = [410]
    subscription = subscribe(hub, receiver.url + path)
    hub.client.made("/interaction-events", hub.event_body(hub.widget()["id"]))
    eventually(lambda: state(hub.inter_hub.dsn, subscription) == [("failed", 1, "answered 410")])


def test_nobody_listens(hub: HubUnderTest) -> None:
    subscription = subscribe(hub, "http://127.0.0.1:9/")
    hub.client.made("/interaction-events", hub.event_body(hub.widget()["id"]))
    eventually(lambda: state(hub.inter_hub.dsn, subscription) == [("failed", 3, "ConnectError")])


def test_a_name_without_an_address(hub: HubUnderTest) -> None:
    subscription = subscribe(hub, "http://nowhere.invalid/")
    hub.client.made("/interaction-events", hub.event_body(hub.widget()["id"]))
    ((status, _, error),) = eventually(
        lambda: [row for row in state(hub.inter_hub.dsn, subscription) if row[0] == "failed"]
    )
    assert (status, error) == ("failed", "gaierror")


def test_a_receiver_that_hangs_does_not_hold_up_others(hub: HubUnderTest, receiver: Receiver) -> None:
    slow, quick = f"/{hub.slug}/slow", f"/{hub.slug}/quick"
    receiver.answers[slow] = [0] * 100
    subscribe(hub, receiver.url + slow)
    widget = hub.widget()["id"]
    hub.client.made("/interaction-events/batch", {"items": [hub.event_body(widget)] * 30})
    eventually(lambda: receiver.at(slow))
    other = hub.inter_hub.hub()
    subscribe(other, receiver.url + quick)
    started = time.monotonic()
    other.client.made("/interaction-events", other.event_body(other.widget()["id"]))
    eventually(lambda: receiver.at(quick))
    assert time.monotonic() - started < 5


def test_what_a_dead_process_left_is_delivered(hub: HubUnderTest, receiver: Receiver) -> None:
    """A process that dies between claim and answer leaves a row that is due when its lease has run out."""
    path = f"/{hub.slug}"
    subscription = subscribe(hub, receiver.url + path)
    hub.client.made("/interaction-events", hub.event_body(hub.widget()["id"]))
    eventually(lambda: state(hub.inter_hub.dsn, subscription) == [("delivered", 1, None)])
    with psycopg.connect(hub.inter_hub.dsn) as connection:
        connection.execute(
            "UPDATE webhook_deliveries SET status = 'pending', delivered_at = NULL, next_attempt_at = now()"
            " WHERE subscription_id = %s",
            [subscription["id"]],
        )
    eventually(lambda: state(hub.inter_hub.dsn, subscription) == [("delivered", 2, None)])
    assert len(receiver.at(path)) == 2


def test_attempts_are_counted(hub: HubUnderTest) -> None:
    text = hub.inter_hub.anonymous().get("http://inter-hub/metrics").text
    counts = {
        line.split('"')[1]: int(line.rsplit(" ", 1)[1])
        for line in text.splitlines()
        if line.startswith("interhub_webhook_attempts_total{")
    }
    assert counts["delivered"] > 0
    assert counts["failed"] > 0


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[::ffff:169.254.169.254]/",
        "http://100.100.100.200/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://user:secret@example.org/",
        "http://example.org/#fragment",
        "http://example.org:99999/",
        "http:///nowhere",
        "http://[nonsense/",
    ],
)
def test_addresses_that_are_never_delivered_to(url: str, hub: HubUnderTest) -> None:
    answer = hub.client.post("/webhook-subscriptions", {"hubId": hub.id, "url": url})
    assert pointers(answer, 422) == ["/url"]


@pytest.mark.parametrize("url", ["ftp://example.org/", "example.org", "http://a b/", "http://\u00fc.example/", "x" * 9])
def test_what_is_no_url(url: str, hub: HubUnderTest) -> None:
    assert pointers(hub.client.post("/webhook-subscriptions", {"hubId": hub.id, "url": url}), 422) == ["/url"]


def test_a_name_that_leads_to_a_private_address(databases: Databases, receiver: Receiver) -> None:
    """Where private addresses are not allowed, what a name stands for is looked at with each delivery."""
    settings = WebhookSettings(attempts=1, poll=timedelta(milliseconds=50))
    with serving_fresh(databases, webhooks=settings) as running:
        hub = running.hub()
        for url in (receiver.url, "http://localhost:80/", "http://a.localhost/"):
            answer = hub.client.post("/webhook-subscriptions", {"hubId": hub.id, "url": url})
            assert pointers(answer, 422) == ["/url"]
        subscription = subscribe(hub, "http://example.org/")
        port = receiver.url.rpartition(":")[2]
        with psycopg.connect(running.dsn) as connection:  # as if the name had been turned elsewhere since
            connection.execute("UPDATE webhook_subscriptions SET url = %s", [f"http://ip6-localhost:{port}/"])
        hub.client.made("/interaction-events", hub.event_body(hub.widget()["id"]))
        ((_, _, error),) = eventually(lambda: [row for row in state(running.dsn, subscription) if row[0] == "failed"])
        assert error in {"no address that deliveries may go to", "gaierror"}
