"""Events: both ways of taking them do the same, alone and many at once."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.server.answers import ids, pointers, problem
from tests.server.serving import Client, HubUnderTest
from vsmhub.interhub.messages.evidence import Event


def ordinary(client: Client, body: dict[str, Any], **headers: str) -> httpx.Response:
    """By the ordinary way, which a parameter to the type forces."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.http.post(
        "http://x/api/v2/interaction-events",
        content=json.dumps(body),
        headers={"content-type": "application/json; charset=utf-8", **headers},
    )


def short(client: Client, body: dict[str, Any], **headers: str) -> httpx.Response:
    return client.post("/interaction-events", body, **headers)


WAYS = pytest.mark.parametrize("way", [ordinary, short])


@WAYS
def test_what_is_not_given(way: Any, hub: HubUnderTest) -> None:
    widget = hub.widget(viewContext="where it is")
    hub.client.get("/widgets")  # so that the token has been seen
    before = datetime.now(UTC)
    answer = way(hub.client, hub.event_body(widget["id"]))
    event = Event.model_validate_json(answer.content)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v2/interaction-events/{event.id}"
    assert answer.headers["etag"] == '"1"'
    assert (str(event.hub_id), event.view_context, event.actor) == (hub.id, "where it is", f"{hub.slug}-agent")
    assert before <= event.occurred_at == event.created_at <= datetime.now(UTC)
    assert event.metadata == {}
    read = hub.client.get(f"/interaction-events/{event.id}")
    assert read.json() == answer.json()


@WAYS
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00Z"),
        ("2026-03-01T10:00:00.5Z", "2026-03-01T10:00:00.500000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_what_is_given(way: Any, given: str, shown: str, hub: HubUnderTest) -> None:
    body = hub.event_body(
        hub.widget()["id"], viewContext="elsewhere", occurredAt=given, actor="a probe", metadata={"b": 1, "a": [2]}
    )
    event = way(hub.client, body).json()
    assert {name: event[name] for name in body} == {**body, "occurredAt": shown}
    assert hub.client.get(f"/interaction-events/{event['id']}").json() == event


@WAYS
def test_the_trail(way: Any, hub: HubUnderTest) -> None:
    event = way(hub.client, hub.event_body(hub.widget()["id"], metadata={"a": 1})).json()
    (row,) = hub.inter_hub.operator.get("/audit-records", objectId=event["id"]).json()["data"]
    assert (row["action"], row["kind"], row["hubId"]) == ("create", "interaction-events", hub.id)
    assert (row["keyId"], row["consumerId"]) == (hub.key["id"], hub.consumer["id"])
    assert row["actor"] == f"{hub.slug}-agent"
    assert row["before"] is None
    assert {**row["after"], "occurredAt": "", "createdAt": ""} == {**event, "occurredAt": "", "createdAt": ""}


@pytest.mark.parametrize(("first", "second"), [(ordinary, short), (short, ordinary), (short, short)])
def test_a_replay_by_either_way(first: Any, second: Any, hub: HubUnderTest) -> None:
    body = hub.event_body(hub.widget()["id"], metadata={"b": 1, "a": 2})
    key = str(uuid4())
    made = first(hub.client, body, Idempotency_Key=key)
    again = second(hub.client, {**body, "metadata": {"a": 2, "b": 1}}, Idempotency_Key=key)
    assert made.status_code == again.status_code == 201
    assert again.content == made.content, "to the byte"
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == made.headers["location"]
    assert pointers(second(hub.client, {**body, "actor": "x"}, Idempotency_Key=key), 422) == ["header/Idempotency-Key"]
    assert pointers(second(hub.client, body, Idempotency_Key="two words"), 422) == ["header/Idempotency-Key"]


@WAYS
def test_a_retired_widget_takes_nothing(way: Any, hub: HubUnderTest) -> None:
    widget = hub.widget()
    assert way(hub.client, hub.event_body(widget["id"])).status_code == 201
    assert hub.client.patch(f"/widgets/{widget['id']}", {"status": "retired"}).status_code == 200
    refused = way(hub.client, hub.event_body(widget["id"]))
    assert "retired" in problem(refused, 422)["errors"][0]["detail"]
    body = {"widgetId": widget["id"], "category": hub.names["annotationCategories"][0], "body": "x"}
    assert pointers(hub.client.post("/annotations", body), 422) == ["/widgetId"]
    assert hub.client.patch(f"/widgets/{widget['id']}", {"status": "active"}).status_code == 200
    assert way(hub.client, hub.event_body(widget["id"])).status_code == 201


TEXTS = ("", "line\nend\r\n", "\\N \\x00 \\", 'a "b", {c}, NULL', "\u2028\u0085é", "a\tb")


def test_what_is_written_together_stays_apart(hub: HubUnderTest) -> None:
    """Whatever events hold, and however many go into one statement: each is written as it came."""
    widget = hub.widget()["id"]
    hub.client.get("/widgets")  # so that the token has been seen
    bodies = [
        hub.event_body(
            widget,
            metadata={
                "number": number,
                text: text,
                "evidence": {"outcome": "pass", "signal": text, "collectedAt": "?"},
            },
            **({} if number % 3 else {"actor": "'é,\\N", "viewContext": "{NULL}"}),
        )
        for number in range(8)
        for text in TEXTS
    ]
    bodies += [
        hub.event_body(widget, metadata={"evidence": {"outcome": "fail", "signal": text, "collectedAt": "2026-01-01Z"}})
        for text in TEXTS
    ]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: short(hub.client, body), bodies))
    assert {answer.status_code for answer in answers} == {201}
    for body, answer in zip(bodies, answers, strict=True):
        made = answer.json()
        assert {name: made[name] for name in body} == body
        assert hub.client.get(f"/interaction-events/{made['id']}").json() == made


def test_good_and_bad_ones_at_the_same_time(hub: HubUnderTest, caplog: pytest.LogCaptureFixture) -> None:
    widgets = [hub.widget()["id"] for _ in range(3)]
    bodies = [hub.event_body(widgets[number % 3], metadata={"n": number}) for number in range(120)]
    for number in range(0, 120, 4):
        bodies[number]["eventType"] = "undeclared"
    keys = [f"same-{number // 2}" if number % 8 in {5, 6} else str(uuid4()) for number in range(120)]
    with caplog.at_level(logging.WARNING), ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: short(hub.client, bodies[n], Idempotency_Key=keys[n]), range(120)))
    assert not caplog.records, "none went the ordinary way because the short one failed"
    for number, answer in enumerate(answers):
        if number % 4 == 0:
            assert pointers(answer, 422) == ["/eventType"]
        else:
            assert answer.status_code == 201, answer.text
            assert answer.json()["metadata"] == {"n": number}
    made = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert len(set(made)) == 90
    stored = [one for widget in widgets for one in ids(hub.client.ask("GET", "/interaction-events", widgetId=widget))]
    assert sorted(stored) == sorted(made)


def test_the_same_one_many_times_at_once(hub: HubUnderTest) -> None:
    body = hub.event_body(hub.widget()["id"])
    for _ in range(5):
        key = str(uuid4())
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _: short(hub.client, body, Idempotency_Key=key), range(12)))  # noqa: B023
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
    assert len(ids(hub.client.ask("GET", "/interaction-events", widgetId=body["widgetId"]))) == 5


def test_ids_tell_the_order(hub: HubUnderTest) -> None:
    body = hub.event_body(hub.widget()["id"])
    made = [short(hub.client, body).json() for _ in range(20)]
    assert [event["id"] for event in made] == sorted(event["id"] for event in made)
    first = Event.model_validate(made[0])
    moment = datetime.fromtimestamp((first.id.int >> 80) / 1000, UTC)
    assert abs(moment - first.created_at) < timedelta(seconds=5)
    assert first.id.version == 7
