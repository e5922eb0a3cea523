"""Limits, with clear refusals (rule 9)."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.databases import Databases
from tests.server.answers import pointers, problem
from tests.server.serving import HubUnderTest, InterHub, serving_fresh
from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.messages.limits import BATCH_LIMIT, BODY_LIMIT, METADATA_DEPTH, METADATA_LIMIT, SUBSCRIPTION_LIMIT
from vsmhub.interhub.messages.wire import Page
from vsmhub.server.limiter import Limiter
from vsmhub.server.problems import Refusal
from vsmhub.server.settings import WebhookSettings


def sized(size: int) -> dict[str, str]:
    """Metadata of so many bytes as JSON."""
    return {"a": "x" * (size - len(b'{"a":""}'))}


@pytest.mark.parametrize("over", [0, 1])
def test_metadata(over: int, hub: HubUnderTest) -> None:
    metadata = sized(METADATA_LIMIT + over)
    answers = {
        "/metadata": hub.client.post("/interaction-events", hub.event_body(hub.widget()["id"], metadata=metadata)),
        "/metadata ": hub.client.post("/widgets", hub.widget_body(metadata=metadata)),
    }
    for pointer, answer in answers.items():
        if over:
            assert pointers(answer, 422) == [pointer.strip()]
        else:
            assert answer.status_code == 201, answer.text
            assert answer.json()["metadata"] == metadata


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"": None, "a": [], "b": {}, "c": [[{"d": [1, -2, 3.5, 1e20, True, False]}]]},
        {"text": 'quotes " and \\ and / and \u00fc \U0001f600 \u2028', "a/b~c": "\t\n"},
        {"large": 2**80, "small": -1e-300, "exact": 0.1},
    ],
)
def test_events_keep_their_metadata(metadata: dict[str, Any], hub: HubUnderTest) -> None:
    body = hub.event_body(hub.widget()["id"], metadata=metadata)
    for _ in range(2):  # the ordinary way, and the short one
        made = hub.client.made("/interaction-events", body)
        assert made["metadata"] == metadata
        assert hub.client.get(f"/interaction-events/{made['id']}").json() == made


@pytest.mark.parametrize("text", ['{"a": "\\u0000"}', '{"\\u0000": 1}', '{"a": 1e999}', '{"a": Infinity}'])
def test_metadata_that_cannot_be_kept(text: str, hub: HubUnderTest) -> None:
    body = json.dumps(hub.event_body(hub.widget()["id"])).removesuffix("}") + f', "metadata": {text}}}'
    headers = {"content-type": "application/json"}
    for _ in range(2):
        answer = hub.client.http.post("http://x/api/v2/interaction-events", content=body, headers=headers)
        problem(answer, 400 if "Infinity" in text else 422)


@pytest.mark.parametrize("over", [0, 1])
def test_metadata_is_no_deeper_than_those_can_read_who_are_told_it(over: int, hub: HubUnderTest) -> None:
    """Otherwise one event would keep every client from reading any page that it is in."""
    deep: object = "end"
    for level in range(METADATA_DEPTH - 1 + over):
        deep = [deep, level] if level % 2 else {"in": deep}
    widget = hub.widget()["id"]
    body = hub.event_body(widget, metadata={"x": deep})
    for _ in range(2):  # the ordinary way, and the short one
        answer = hub.client.post("/interaction-events", body)
        if over:
            assert pointers(answer, 422) == ["/metadata"]
        else:
            assert answer.status_code == 201
    found = Page[Event].model_validate_json(hub.client.get("/interaction-events", widgetId=widget).content)
    assert [one.metadata for one in found.data] == [{"x": deep}] * (0 if over else 2)
    wide: dict[str, object] = {"x": [[]] * (METADATA_DEPTH * 2)}
    assert hub.client.made("/interaction-events", body | {"metadata": wide})["metadata"] == wide


@pytest.mark.parametrize(
    "metadata",
    ['{"a": NaN}', '{"a": 1e999}', '{"a": "\\u0000"}', '{"\\u0000": 1}', '{"a": ' + "[" * 99 + "]" * 99 + "}"],
)
def test_what_no_metadata_can_hold_is_not_asked_for(metadata: str, hub: HubUnderTest) -> None:
    answer = hub.client.get("/interaction-events/current", metadata=metadata)
    if metadata.startswith('{"a": [['):
        assert answer.json()["data"] == []
    else:
        assert pointers(answer, 422) == ["query/metadata"]


def test_batches(hub: HubUnderTest) -> None:
    widget = hub.widget()["id"]
    item = hub.event_body(widget)
    full = hub.client.made("/interaction-events/batch", {"items": [item] * BATCH_LIMIT})["data"]
    assert len({event["id"] for event in full}) == BATCH_LIMIT
    assert pointers(hub.client.post("/interaction-events/batch", {"items": [item] * (BATCH_LIMIT + 1)}), 422) == [
        "/items"
    ]
    assert pointers(hub.client.post("/interaction-events/batch", {"items": []}), 422) == ["/items"]
    widgets = [hub.widget_body() for _ in range(BATCH_LIMIT)]
    made = hub.client.made("/widgets/batch", {"items": widgets})["data"]
    assert [one["slug"] for one in made] == [one["slug"] for one in widgets], "in the order asked for"


def test_webhooks_of_one_hub(inter_hub: InterHub, hub: HubUnderTest) -> None:
    """Each event goes to all of them, so that their number multiplies what a key may have this server send."""
    many = inter_hub.hub()
    body = {"hubId": many.id, "url": "https://receiver.example.org/hook", "eventTypes": []}
    made = [many.client.made("/webhook-subscriptions", body) for _ in range(SUBSCRIPTION_LIMIT)]
    assert "100 webhook subscriptions" in problem(many.client.post("/webhook-subscriptions", body), 409)["detail"]
    assert hub.client.post("/webhook-subscriptions", body | {"hubId": hub.id}).status_code == 201
    many.client.ask("DELETE", f"/webhook-subscriptions/{made[0]['id']}")
    assert many.client.post("/webhook-subscriptions", body).status_code == 201


def test_bodies(hub: HubUnderTest) -> None:
    widget = hub.widget()["id"]
    headers = {"content-type": "application/json"}
    body = json.dumps(hub.event_body(widget)).encode()
    for url in ("/interaction-events", "/interaction-events/batch"):
        padded = body.ljust(BODY_LIMIT)
        answer = hub.client.http.post(f"http://x/api/v2{url}", content=padded, headers=headers)
        assert answer.status_code == (201 if url == "/interaction-events" else 422), "white space is no offence"
        answer = hub.client.http.post(f"http://x/api/v2{url}", content=padded + b" ", headers=headers)
        assert problem(answer, 413)["title"] == "Content Too Large"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"viewContext": "x" * 501}, "/viewContext"),
        ({"viewContext": "a\u0000"}, "/viewContext"),
        ({"viewContext": ""}, "/viewContext"),
        ({"actor": "a\nb"}, "/actor"),
        ({"occurredAt": "0001-01-01T00:00:00+14:00"}, "/occurredAt"),
        ({"occurredAt": 0}, "/occurredAt"),
        ({"occurredAt": "now"}, "/occurredAt"),
        ({"metadata": []}, "/metadata"),
        ({"metadata": None}, "/metadata"),
        ({"widgetId": "17"}, "/widgetId"),
        ({"eventType": None}, "/eventType"),
        ({"hubId": str(uuid4())}, "/hubId"),
    ],
)
def test_events_that_are_malformed(change: dict[str, Any], pointer: str, hub: HubUnderTest) -> None:
    body = {**hub.event_body(hub.widget()["id"]), **change}
    for _ in range(2):
        assert pointers(hub.client.post("/interaction-events", body), 422) == [pointer]


@pytest.fixture(scope="module")
def strict(databases: Databases) -> Iterator[InterHub]:
    """An Inter-Hub that lets 20 requests through at once and then 2 a second."""
    with serving_fresh(databases, rate_limit=2, rate_burst=20, webhooks=WebhookSettings(enabled=False)) as running:
        yield running


def until_refused(ask: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """The answers up to the first that says that it is too much; a machine asks much quicker than twice a second."""
    answers = [ask()]
    while answers[-1].status_code != 429 and len(answers) < 500:
        answers.append(ask())
    return answers


def test_the_rate_limit_of_a_key(strict: InterHub) -> None:
    hub = strict.hub()
    one, two = hub.holder("framework:read"), hub.holder("framework:read")
    # While they are asked some more are let through, how many depends on the machine.
    answers = until_refused(lambda: one.get("/hubs"))
    assert len(answers) >= 20  # the first of twenty was for the token
    refused = answers[-1]
    assert "Too many requests" in problem(refused, 429)["detail"]
    assert refused.headers["retry-after"] == "1"
    assert two.get("/hubs").status_code == 200, "another key has a limit of its own"
    time.sleep(1)
    assert one.get("/hubs").status_code == 200


def test_the_rate_limit_of_events(strict: InterHub) -> None:
    hub = strict.hub()
    body = hub.event_body(hub.widget()["id"])
    answers = until_refused(lambda: hub.client.post("/interaction-events", body))
    assert {answer.status_code for answer in answers[:-1]} == {201}
    problem(answers[-1], 429)
    route = 'route="/api/v2/interaction-events",status="429"'
    assert route in strict.anonymous().get("http://inter-hub/metrics").text


def test_a_bucket_fills_again() -> None:
    now = 0.0
    limiter = Limiter(rate=0.5, burst=2, clock=lambda: now)
    key = uuid4()
    for _ in range(2):
        limiter.take(key)
    with pytest.raises(Refusal) as refused:
        limiter.take(key)
    assert refused.value.headers == {"Retry-After": "2"}
    now = 2.0
    limiter.take(key)
    with pytest.raises(Refusal):
        limiter.take(key)


def test_full_buckets_are_forgotten() -> None:
    now = 0.0
    limiter = Limiter(rate=1, burst=1, clock=lambda: now)
    first = uuid4()
    limiter.take(first)
    for _ in range(10_001):
        limiter.take(uuid4())
    with pytest.raises(Refusal):
        limiter.take(first)
    now = 10.0
    for _ in range(3):
        limiter.take(uuid4())
    limiter.take(first)
