"""Never a hint that a foreign hub's object exists (rule 1)."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from tests.server import examples
from tests.server.answers import ids, problem
from tests.server.examples import Good
from tests.server.serving import HubUnderTest, InterHub

# What belongs to a hub, and is seen by those who may read the hub.
OWNED: dict[str, Callable[[HubUnderTest], Good]] = {
    name: make
    for name, make in examples.POSTS.items()
    if name not in examples.OPERATORS | {"createWidgets", "createEvents", "createWidgetPattern", "adoptWidgetPattern"}
}


@pytest.fixture(scope="module")
def other(inter_hub: InterHub) -> HubUnderTest:
    return inter_hub.hub()


def words(answer: httpx.Response) -> str:
    """An answer without the value that was sent."""
    told = answer.json()
    for error in told.get("errors", ()):
        error.pop("value", None)
    return str((answer.status_code, told))


@pytest.mark.parametrize("name", sorted(OWNED))
def test_a_foreign_object_is_as_if_it_were_not(name: str, hub: HubUnderTest, other: HubUnderTest) -> None:
    path, body = OWNED[name](other)
    made = other.client.made(path, body)
    assert other.client.get(f"{path}/{made['id']}").status_code == 200
    foreign, missing = hub.client.get(f"{path}/{made['id']}"), hub.client.get(f"{path}/{uuid4()}")
    assert problem(foreign, 404) == problem(missing, 404)
    assert made["id"] not in ids(hub.client.ask("GET", path, limit=1000))
    assert made["id"] in ids(other.client.ask("GET", path, limit=1000, order="desc"))
    assert ids(hub.client.ask("GET", path, hubId=other.id)) == []
    if name != "createWebhookSubscription":
        operator = hub.inter_hub.operator
        assert operator.get(f"{path}/{made['id']}").status_code == 200, "an administrator reads everything"
        assert made["id"] in ids(operator.ask("GET", path, hubId=other.id, limit=1000))


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("createWidget", "hubId"),
        ("createEvent", "widgetId"),
        ("createAnnotation", "widgetId"),
        ("createRequirementCandidate", "hubId"),
        ("createDecisionRecord", "requirementCandidateId"),
        ("createDeploymentRecord", "decisionRecordId"),
        ("createOutcomeSignal", "deploymentRecordId"),
        ("createWidgetPattern", "hubId"),
        ("createWebhookSubscription", "hubId"),
    ],
)
def test_writing_to_a_foreign_hub_and_to_none_is_refused_in_the_same_words(
    name: str, member: str, hub: HubUnderTest, other: HubUnderTest
) -> None:
    path, body = examples.POSTS[name](other)
    assert body is not None
    foreign = hub.client.post(path, body)
    missing = hub.client.post(path, {**body, member: str(uuid4())})
    problem(foreign, 403)
    assert words(foreign) == words(missing)


@pytest.mark.parametrize("name", ["createWidgets", "createEvents"])
def test_one_foreign_item_refuses_a_batch(name: str, hub: HubUnderTest, other: HubUnderTest) -> None:
    path, ours = examples.POSTS[name](hub)
    _, theirs = examples.POSTS[name](other)
    assert ours is not None
    assert theirs is not None
    before = len(ids(hub.client.ask("GET", path.removesuffix("/batch"), limit=1000)))
    problem(hub.client.post(path, {"items": ours["items"] + theirs["items"][:1]}), 403)
    assert len(ids(hub.client.ask("GET", path.removesuffix("/batch"), limit=1000))) == before


def test_causes_of_another_hub(hub: HubUnderTest, other: HubUnderTest) -> None:
    path, body = examples.requirement(hub)
    event = other.client.made(*examples.event(other))["id"]
    for cause in (event, str(uuid4())):
        answer = hub.client.post(path, {**(body or {}), "interactionEventId": cause})
        (error,) = problem(answer, 422)["errors"]
        assert (error["pointer"], error["detail"]) == (
            "/interactionEventId",
            "is not an interaction event of this hub",
        )


def test_a_candidate_has_a_cause(hub: HubUnderTest) -> None:
    answer = hub.client.post("/requirement-candidates", {"hubId": hub.id, "title": "Out of nowhere"})
    assert problem(answer, 422)["errors"][0]["pointer"] == "/interactionEventId"
    annotation = hub.client.made(*examples.annotation(hub))["id"]
    body = {"hubId": hub.id, "title": "As remarked", "annotationId": annotation}
    assert hub.client.made("/requirement-candidates", body)["annotationId"] == annotation


def test_changing_what_one_may_see_or_not(hub: HubUnderTest, other: HubUnderTest) -> None:
    widget = hub.widget()
    url = f"/widgets/{widget['id']}"
    reader = hub.holder(f"hub:{hub.slug}:read")
    problem(reader.patch(url, {"name": "x"}), 403)
    problem(hub.inter_hub.operator.patch(url, {"name": "x"}), 403)
    problem(other.client.patch(url, {"name": "x"}), 404)
    writer = hub.holder(f"hub:{hub.slug}:write")
    assert writer.patch(url, {"name": "x"}).json()["name"] == "x"
    problem(writer.get(url), 403)
    problem(writer.get("/widgets"), 403)


def test_ending_a_subscription(hub: HubUnderTest, other: HubUnderTest) -> None:
    made = hub.client.made(*examples.subscription(hub))
    url = f"/webhook-subscriptions/{made['id']}"
    problem(other.client.ask("DELETE", url), 404)
    answer = hub.client.ask("DELETE", url)
    assert (answer.status_code, answer.content) == (204, b"")
    problem(hub.client.get(url), 404)
    problem(hub.client.ask("DELETE", url), 404)
    page = hub.inter_hub.operator.get("/audit-records", objectId=made["id"]).json()["data"]
    assert [(row["action"], row["after"] is None) for row in page] == [("create", False), ("delete", True)]


def test_adopting_needs_to_read_patterns(hub: HubUnderTest) -> None:
    path, body = examples.adoption(hub)
    problem(hub.holder(f"hub:{hub.slug}:write").post(path, body), 403)


def test_a_foreign_pattern_can_be_adopted(hub: HubUnderTest, other: HubUnderTest) -> None:
    _, published = examples.pattern(other)
    assert published is not None
    pattern = other.client.made("/widget-patterns", {**published, "metadata": {"a": 1, "b": 2}})
    names = {"widgetType": hub.names["widgetTypes"][1], "policyScope": hub.names["policyScopes"][0]}
    body = {"hubId": hub.id, "slug": "adopted", "metadata": {"b": 3}, **names}
    widget = hub.client.made(f"/widget-patterns/{pattern['id']}/adopt", body)
    assert (widget["hubId"], widget["name"], widget["viewContext"]) == (hub.id, pattern["name"], "tests")
    assert widget["metadata"] == {"a": 1, "b": 3}
    theirs = {"widgetType": other.names["widgetTypes"][0], "policyScope": other.names["policyScopes"][0]}
    refused = hub.client.post(f"/widget-patterns/{pattern['id']}/adopt", {**body, "slug": "second", **theirs})
    assert [error["pointer"] for error in problem(refused, 422)["errors"]] == ["/widgetType", "/policyScope"]


def test_a_pattern_that_grows_too_large(hub: HubUnderTest) -> None:
    path, body = examples.pattern(hub)
    pattern = hub.client.made(path, {**(body or {}), "metadata": {"a": "x" * 40_000}})
    names = {"widgetType": hub.names["widgetTypes"][0], "policyScope": hub.names["policyScopes"][0]}
    adoption = {"hubId": hub.id, "slug": "large", "metadata": {"b": "x" * 40_000}, **names}
    answer = hub.client.post(f"/widget-patterns/{pattern['id']}/adopt", adoption)
    assert problem(answer, 422)["errors"][0]["pointer"] == "/metadata"
    taken = hub.client.post(path, {**(body or {}), "slug": pattern["slug"]})
    assert problem(taken, 409)["errors"][0]["existingId"] == pattern["id"]
