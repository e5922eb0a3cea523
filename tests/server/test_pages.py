"""Lists: whole, in order, page by page, filtered, and never silently something else (rule 8)."""

import base64
from typing import Any

import pytest

from tests.server import examples
from tests.server.answers import ids, pointers
from tests.server.serving import Client, HubUnderTest, InterHub


def pages(client: Client, path: str, **query: Any) -> list[list[dict[str, Any]]]:
    found = []
    cursor = None
    while True:
        answer = client.ask("GET", path, **query, **({} if cursor is None else {"cursor": cursor}))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert set(page) == {"data", "nextCursor"}
        found.append(page["data"])
        cursor = page["nextCursor"]
        if cursor is None:
            return found


@pytest.fixture(scope="module")
def events(hub: HubUnderTest) -> list[dict[str, Any]]:
    """Seven events on two widgets, of three types, an hour apart."""
    widgets = [hub.widget(slug="first")["id"], hub.widget(slug="second")["id"]]
    items = [
        hub.event_body(
            widgets[number % 2],
            eventType=hub.names["eventTypes"][number % 3],
            occurredAt=f"2026-03-01T{number:02}:00:00Z",
        )
        for number in range(7)
    ]
    made: list[dict[str, Any]] = hub.client.made("/interaction-events/batch", {"items": items})["data"]
    return made


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8, 1000])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_hold_everything_once_in_order(
    limit: int, order: str, hub: HubUnderTest, events: list[dict[str, Any]]
) -> None:
    found = pages(hub.client, "/interaction-events", limit=limit, order=order)
    assert all(len(page) == limit for page in found[:-1])
    assert len(found) == max(1, -(-7 // limit))
    assert [event for page in found for event in page] == (events if order == "asc" else events[::-1])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"eventType": "seen"}, [0, 3, 6]),
        ({"since": "2026-03-01T05:00:00Z"}, [5, 6]),
        ({"until": "2026-03-01T02:00:00Z"}, [0, 1]),
        ({"since": "2026-03-01T03:00:00+02:00", "until": "2026-03-01T03:00:00Z"}, [1, 2]),
        ({"widgetId": 1}, [1, 3, 5]),
        ({"widgetId": 1, "eventType": "seen"}, [3]),
        ({"eventType": "never"}, []),
    ],
)
def test_filters(query: dict[str, Any], expected: list[int], hub: HubUnderTest, events: list[dict[str, Any]]) -> None:
    asked = dict(query)
    if "eventType" in asked:
        asked["eventType"] = f"{hub.slug}-{asked['eventType']}"
    if "widgetId" in asked:
        asked["widgetId"] = events[asked["widgetId"]]["widgetId"]
    found = pages(hub.client, "/interaction-events", limit=2, **asked)
    assert [event for page in found for event in page] == [events[number] for number in expected]


def test_filters_of_the_other_lists(inter_hub: InterHub) -> None:
    hub = inter_hub.hub()
    operator = inter_hub.operator
    widget, retired = hub.widget(slug="one"), hub.widget(slug="two", widgetType=hub.names["widgetTypes"][1])
    assert hub.client.patch(f"/widgets/{retired['id']}", {"status": "retired"}).status_code == 200
    outcome = hub.client.made(*examples.outcome(hub))
    deployment = hub.client.get(f"/deployment-records/{outcome['deploymentRecordId']}").json()
    decision = hub.client.get(f"/decision-records/{deployment['decisionRecordId']}").json()
    requirement = hub.client.get(f"/requirement-candidates/{decision['requirementCandidateId']}").json()
    annotation = hub.client.made(*examples.annotation(hub))
    pattern = hub.client.made(*examples.pattern(hub))
    subscription = hub.client.made(*examples.subscription(hub))
    cases: list[tuple[Client, str, dict[str, Any], list[str]]] = [
        (operator, "/hubs", {"slug": hub.slug}, [hub.id]),
        (operator, "/hubs", {"slug": hub.slug, "vsmFunction": "OPS"}, []),
        (operator, "/hub-capability-manifests", {"hubId": hub.id, "status": "active"}, [hub.manifest["id"]]),
        (operator, "/hub-capability-manifests", {"hubId": hub.id, "status": "draft"}, []),
        (operator, "/hub-capability-manifests", {"hubId": hub.id, "version": "1.0.0"}, [hub.manifest["id"]]),
        (operator, "/api-consumers", {"hubId": hub.id}, [hub.consumer["id"]]),
        (operator, "/api-consumers", {"hubId": hub.id, "status": "suspended"}, []),
        (hub.client, "/widgets", {"slug": "one"}, [widget["id"]]),
        (hub.client, "/widgets", {"status": "retired"}, [retired["id"]]),
        (hub.client, "/widgets", {"widgetType": hub.names["widgetTypes"][1]}, [retired["id"]]),
        (hub.client, "/widgets", {"policyScope": hub.names["policyScopes"][1]}, []),
        (hub.client, "/annotations", {"category": annotation["category"]}, [annotation["id"]]),
        (hub.client, "/annotations", {"widgetId": widget["id"]}, []),
        (
            hub.client,
            "/requirement-candidates",
            {"interactionEventId": requirement["interactionEventId"]},
            [requirement["id"]],
        ),
        (hub.client, "/decision-records", {"requirementCandidateId": requirement["id"]}, [decision["id"]]),
        (hub.client, "/decision-records", {"verdict": "rejected"}, []),
        (hub.client, "/deployment-records", {"environment": "production", "version": "2.1"}, [deployment["id"]]),
        (hub.client, "/outcome-signals", {"deploymentRecordId": deployment["id"]}, [outcome["id"]]),
        (hub.client, "/outcome-signals", {"effect": "worsened"}, []),
        (hub.client, "/widget-patterns", {"hubId": hub.id}, [pattern["id"]]),
        (hub.client, "/widget-patterns", {"slug": pattern["slug"]}, [pattern["id"]]),
        (hub.client, "/webhook-subscriptions", {"hubId": hub.id}, [subscription["id"]]),
    ]
    for client, path, query, expected in cases:
        assert ids(client.ask("GET", path, **query)) == expected, (path, query)
    registry = operator.get("/hub-registry", slug=hub.slug).json()["data"]
    assert [(entry["hub"]["id"], entry["manifest"]["id"]) for entry in registry] == [(hub.id, hub.manifest["id"])]
    trail = operator.get("/audit-records", hubId=hub.id, kind="widgets", since="2026-01-01T00:00:00Z").json()["data"]
    assert [row["objectId"] for row in trail[:2]] == [widget["id"], retired["id"]]
    assert operator.get("/audit-records", hubId=hub.id, until="2026-01-01T00:00:00Z").json()["data"] == []


@pytest.mark.parametrize("path", ["/hubs", "/hub-registry", "/widget-types", "/audit-records", "/api-consumers"])
def test_every_kind_of_key_leads_on(path: str, inter_hub: InterHub, hub: HubUnderTest) -> None:
    for _ in range(3):
        inter_hub.hub()
    whole = pages(inter_hub.operator, path, limit=1000)[0]
    assert [one for page in pages(inter_hub.operator, path, limit=2) for one in page][: len(whole)] == whole


def cursor_of(hub: HubUnderTest, **query: Any) -> str:
    answer = hub.client.ask("GET", "/interaction-events", limit=2, **query)
    return str(answer.json()["nextCursor"])


def flipped(cursor: Any) -> str:
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[-1] ^= 1
    return base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")


@pytest.mark.parametrize(
    "spoil", [flipped, lambda c: c[:-4], lambda c: c + "AAAA", lambda c: "", lambda c: "\u00fc\x00 "]
)
def test_a_cursor_that_was_touched(spoil: Any, hub: HubUnderTest, events: list[dict[str, Any]]) -> None:
    answer = hub.client.get("/interaction-events", cursor=spoil(cursor_of(hub)))
    assert pointers(answer, 422) == ["query/cursor"]


def test_a_cursor_leads_on_in_its_own_list_alone(hub: HubUnderTest, events: list[dict[str, Any]]) -> None:
    cursor = cursor_of(hub)
    others: list[dict[str, Any]] = [{"order": "desc"}, {"eventType": hub.names["eventTypes"][0]}]
    for query in others:
        assert pointers(hub.client.ask("GET", "/interaction-events", cursor=cursor, **query), 422) == ["query/cursor"]
    assert pointers(hub.client.get("/widgets", cursor=cursor), 422) == ["query/cursor"]
    assert hub.client.get("/interaction-events", cursor=cursor, limit=5).status_code == 200, "pages may change size"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"limit": 0}, "query/limit"),
        ({"limit": 1001}, "query/limit"),
        ({"limit": "many"}, "query/limit"),
        ({"order": "up"}, "query/order"),
        ({"eventtype": "x"}, "query/eventtype"),
        ({"event_type": "x"}, "query/event_type"),
        ({"limit": ["1", "2"]}, "query/limit"),
        ({"eventType": ""}, "query/eventType"),
        ({"widgetId": "17"}, "query/widgetId"),
        ({"since": "yesterday"}, "query/since"),
        ({"since": "2026-03-01T00:00:00"}, "query/since"),
        ({"since": "1700000000"}, "query/since"),
    ],
)
def test_parameters_that_are_wrong(query: dict[str, Any], pointer: str, hub: HubUnderTest) -> None:
    assert pointers(hub.client.ask("GET", "/interaction-events", **query), 422) == [pointer]
