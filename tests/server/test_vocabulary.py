"""What is not declared is refused, with the names that would be taken (rule 4)."""

from typing import Any

import pytest

from tests.server.answers import problem
from tests.server.serving import HubUnderTest, InterHub
from vsmhub.server.vocabulary import closest


@pytest.mark.parametrize(
    ("name", "declared", "expected"),
    [
        ("ops-endpoint-verifed", ["ops-endpoint-verified", "ops-endpoint-failed", "ops-seen"], "ops-endpoint-verified"),
        ("endpoint-verified", ["ops-endpoint-verified", "ops-endpoint-failed"], "ops-endpoint-verified"),
        ("ops-verified-endpoint", ["ops-backup-verified", "ops-endpoint-verified"], "ops-endpoint-verified"),
        ("syn-seen", ["ops-seen", "ops-sent"], "ops-seen"),
        ("zzz", ["ops-seen"], "ops-seen"),
        ("widget", ["gadget", "b-c"], "gadget"),
    ],
)
def test_the_closest_name(name: str, declared: list[str], expected: str) -> None:
    assert closest(name, declared)[0] == expected


@pytest.fixture(scope="module")
def widget(hub: HubUnderTest) -> dict[str, Any]:
    return hub.widget()


def test_an_undeclared_event_type(hub: HubUnderTest, widget: dict[str, Any]) -> None:
    wrong = f"{hub.slug}-endpoint-verifed"
    found = problem(hub.client.post("/interaction-events", hub.event_body(widget["id"], eventType=wrong)), 422)
    right = f"{hub.slug}-endpoint-verified"
    (error,) = found["errors"]
    assert (error["pointer"], error["value"], error["suggestions"][0]) == ("/eventType", wrong, right)
    assert f"did you mean {right}" in found["detail"]


def test_an_undeclared_category(hub: HubUnderTest, widget: dict[str, Any]) -> None:
    body = {"widgetId": widget["id"], "category": f"{hub.slug}-remarks", "body": "x"}
    (error,) = problem(hub.client.post("/annotations", body), 422)["errors"]
    assert (error["pointer"], error["suggestions"]) == ("/category", [f"{hub.slug}-remark"])


def test_undeclared_names_of_widgets(hub: HubUnderTest, widget: dict[str, Any]) -> None:
    wrong = {"widgetType": f"{hub.slug}-pannel", "policyScope": f"{hub.slug}-publik"}
    for answer in (
        hub.client.post("/widgets", hub.widget_body(**wrong)),
        hub.client.patch(f"/widgets/{widget['id']}", wrong),
    ):
        errors = problem(answer, 422)["errors"]
        assert [(error["pointer"], error["suggestions"][0]) for error in errors] == [
            ("/widgetType", f"{hub.slug}-panel"),
            ("/policyScope", f"{hub.slug}-public"),
        ]
    assert hub.client.get(f"/widgets/{widget['id']}").json()["revision"] == 1


def test_names_of_another_kind_or_hub(inter_hub: InterHub, hub: HubUnderTest, widget: dict[str, Any]) -> None:
    other = inter_hub.hub()
    for wrong in (hub.names["widgetTypes"][0], other.names["eventTypes"][0]):
        body = hub.event_body(widget["id"], eventType=wrong)
        assert problem(hub.client.post("/interaction-events", body), 422)["errors"][0]["pointer"] == "/eventType"


def test_a_hub_that_declares_nothing(inter_hub: InterHub) -> None:
    hub = inter_hub.hub()
    hub.activate("2.0.0")
    (error, _) = problem(hub.client.post("/widgets", hub.widget_body()), 422)["errors"]
    assert error["suggestions"] == []
    assert "has no widget types" in error["detail"]


def test_subscriptions_to_undeclared_types(hub: HubUnderTest) -> None:
    names = [hub.names["eventTypes"][0], f"{hub.slug}-sen"]
    body = {"hubId": hub.id, "url": "http://127.0.0.1:9/", "eventTypes": names}
    (error,) = problem(hub.client.post("/webhook-subscriptions", body), 422)["errors"]
    assert (error["pointer"], error["suggestions"][0]) == ("/eventTypes/1", f"{hub.slug}-seen")


def test_every_wrong_item_of_a_batch_is_named_and_none_is_taken(hub: HubUnderTest, widget: dict[str, Any]) -> None:
    good = hub.event_body(widget["id"])
    items = [good, {**good, "eventType": f"{hub.slug}-sen"}, good, {**good, "eventType": f"{hub.slug}-saw"}]
    before = hub.client.get("/interaction-events", widgetId=widget["id"]).json()["data"]
    errors = problem(hub.client.post("/interaction-events/batch", {"items": items}), 422)["errors"]
    assert [error["pointer"] for error in errors] == ["/items/1/eventType", "/items/3/eventType"]
    assert hub.client.get("/interaction-events", widgetId=widget["id"]).json()["data"] == before
    widgets = [hub.widget_body(), hub.widget_body(policyScope="nonsense"), {"slug": "Bad"}]
    errors = problem(hub.client.post("/widgets/batch", {"items": widgets}), 422)["errors"]
    assert {error["pointer"].split("/")[2] for error in errors} == {"2"}, "form first"
    errors = problem(hub.client.post("/widgets/batch", {"items": widgets[:2]}), 422)["errors"]
    assert [error["pointer"] for error in errors] == ["/items/1/policyScope"]


def test_slugs_of_widgets_are_unique_in_their_hub(inter_hub: InterHub, hub: HubUnderTest) -> None:
    taken = hub.widget(slug="taken")
    (error,) = problem(hub.client.post("/widgets", hub.widget_body("taken")), 409)["errors"]
    assert (error["pointer"], error["existingId"]) == ("/slug", taken["id"])
    writer = hub.holder(f"hub:{hub.slug}:write")
    (error,) = problem(writer.post("/widgets", hub.widget_body("taken")), 409)["errors"]
    assert "existingId" not in error, "who may not read the widget does not learn its id"
    items = [hub.widget_body("one"), hub.widget_body("two"), hub.widget_body("one"), hub.widget_body("taken")]
    errors = problem(hub.client.post("/widgets/batch", {"items": items}), 409)["errors"]
    assert [error["pointer"] for error in errors] == ["/items/2/slug", "/items/3/slug"]
    assert hub.client.get("/widgets", slug="one").json()["data"] == []
    assert inter_hub.hub().widget(slug="taken")["slug"] == "taken"
