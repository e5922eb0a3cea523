"""For every operation that writes, a request that is good, made for a hub under test."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.server.serving import Client, HubUnderTest

Body = dict[str, Any] | None
Good = tuple[str, Body]


def fresh() -> str:
    return f"x{uuid4().hex[:12]}"


def hub(h: HubUnderTest) -> Good:
    return "/hubs", {"slug": fresh(), "name": "A hub", "domain": "tests", "vsmFunction": "SYN", "description": "One."}


def manifest(h: HubUnderTest) -> Good:
    return "/hub-capability-manifests", {"hubId": h.id, "version": f"1.0.0-{fresh()}", "widgetTypes": [fresh()]}


def activation(h: HubUnderTest) -> Good:
    # Of another hub, so that this one's names stay as they are.
    other = h.inter_hub.operator.made(*hub(h))
    body = {"hubId": other["id"], "version": "1.0.0", "widgetTypes": [fresh()], "eventTypes": [fresh()]}
    return (
        f"/hub-capability-manifests/{h.inter_hub.operator.made('/hub-capability-manifests', body)['id']}/activate",
        None,
    )


def consumer(h: HubUnderTest) -> Good:
    return "/api-consumers", {"hubId": h.id, "manifestId": h.manifest["id"], "name": fresh()}


def key(h: HubUnderTest) -> Good:
    body = {"name": "Another key", "scopes": ["framework:read"], "expiresAt": "2100-01-01T00:00:00Z"}
    return f"/api-consumers/{h.consumer['id']}/api-keys", body


def revocation(h: HubUnderTest) -> Good:
    return f"/api-keys/{h.new_key('framework:read')['id']}/revoke", None


def widget(h: HubUnderTest) -> Good:
    return "/widgets", h.widget_body(metadata={"a": 1})


def widgets(h: HubUnderTest) -> Good:
    return "/widgets/batch", {"items": [h.widget_body() for _ in range(3)]}


def event(h: HubUnderTest) -> Good:
    return "/interaction-events", h.event_body(h.widget()["id"], metadata={"status": 401, "ok": True})


def events(h: HubUnderTest) -> Good:
    seen = h.widget()["id"]
    return "/interaction-events/batch", {"items": [h.event_body(seen, metadata={"n": n}) for n in range(3)]}


def annotation(h: HubUnderTest) -> Good:
    category = h.names["annotationCategories"][0]
    return "/annotations", {"widgetId": h.widget()["id"], "category": category, "body": "Look at this.\nAgain."}


def requirement(h: HubUnderTest) -> Good:
    cause = h.client.made(*event(h))["id"]
    return "/requirement-candidates", {"hubId": h.id, "title": "Fix it", "interactionEventId": cause}


def decision(h: HubUnderTest) -> Good:
    cause = h.client.made(*requirement(h))["id"]
    return "/decision-records", {"requirementCandidateId": cause, "verdict": "accepted", "rationale": "It hurts."}


def deployment(h: HubUnderTest) -> Good:
    cause = h.client.made(*decision(h))["id"]
    return "/deployment-records", {"decisionRecordId": cause, "version": "2.1", "environment": "production"}


def outcome(h: HubUnderTest) -> Good:
    cause = h.client.made(*deployment(h))["id"]
    return "/outcome-signals", {"deploymentRecordId": cause, "effect": "improved"}


def pattern(h: HubUnderTest) -> Good:
    body = {"hubId": h.id, "slug": fresh(), "name": "A pattern", "viewContext": "tests", "metadata": {"b": 2}}
    return "/widget-patterns", body


def adoption(h: HubUnderTest) -> Good:
    adopted = h.client.made(*pattern(h))["id"]
    names = {"widgetType": h.names["widgetTypes"][0], "policyScope": h.names["policyScopes"][0]}
    return f"/widget-patterns/{adopted}/adopt", {"hubId": h.id, "slug": fresh(), **names}


def subscription(h: HubUnderTest) -> Good:
    return "/webhook-subscriptions", {"hubId": h.id, "url": "http://127.0.0.1:9/hook", "eventTypes": []}


POSTS: dict[str, Callable[[HubUnderTest], Good]] = {
    "createHub": hub,
    "createManifest": manifest,
    "activateManifest": activation,
    "createConsumer": consumer,
    "createKey": key,
    "revokeKey": revocation,
    "createWidget": widget,
    "createWidgets": widgets,
    "createEvent": event,
    "createEvents": events,
    "createAnnotation": annotation,
    "createRequirementCandidate": requirement,
    "createDecisionRecord": decision,
    "createDeploymentRecord": deployment,
    "createOutcomeSignal": outcome,
    "createWidgetPattern": pattern,
    "adoptWidgetPattern": adoption,
    "createWebhookSubscription": subscription,
}

# For what can be changed: how to make one, and a change to it.
PATCHES: dict[str, tuple[Callable[[HubUnderTest], Good], dict[str, Any]]] = {
    "updateHub": (hub, {"name": "Renamed"}),
    "updateManifest": (manifest, {"capability": {"scope": "renamed"}}),
    "updateConsumer": (consumer, {"status": "suspended"}),
    "updateWidget": (widget, {"name": "Renamed"}),
}

# What each of them, and reading what it made, is done with.
OPERATORS = {"createHub", "createManifest", "activateManifest", "createConsumer", "createKey", "revokeKey"} | {
    "updateHub",
    "updateManifest",
    "updateConsumer",
}


def doer(h: HubUnderTest, operation: str) -> Client:
    return h.inter_hub.operator if operation in OPERATORS else h.client
