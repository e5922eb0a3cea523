"""The way of a hub from nothing to evidence, over HTTP."""

from tests.server.serving import HubUnderTest, InterHub


def test_from_nothing_to_evidence(inter_hub: InterHub, hub: HubUnderTest) -> None:
    batch = hub.client.made("/widgets/batch", {"items": [hub.widget_body() for _ in range(3)]})
    widget = batch["data"][0]
    event = hub.client.made("/interaction-events", hub.event_body(widget["id"], metadata={"a": [1, 2.5, None]}))
    assert event["metadata"] == {"a": [1, 2.5, None]}
    assert hub.client.get(f"/interaction-events/{event['id']}").json() == event
    (entry,) = [one for one in inter_hub.operator.get("/hub-registry").json()["data"] if one["hub"]["id"] == hub.id]
    assert entry["manifest"]["id"] == hub.manifest["id"]
