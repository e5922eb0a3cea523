"""Names belong to one hub, and activation is atomic (rules 2 and 3)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.server import examples
from tests.server.answers import pointers, problem
from tests.server.serving import HubUnderTest, InterHub

KINDS = {
    "widgetTypes": "/widget-types",
    "eventTypes": "/event-types",
    "annotationCategories": "/annotation-categories",
    "policyScopes": "/policy-scopes",
}


def declared(inter_hub: InterHub, kind: str, hub_id: str) -> dict[str, str]:
    """The names of one kind that a hub owns, and their status."""
    page = inter_hub.operator.get(KINDS[kind], hubId=hub_id, limit=1000).json()["data"]
    return {one["name"]: one["status"] for one in page}


def versions(inter_hub: InterHub, hub_id: str) -> dict[str, str]:
    page = inter_hub.operator.get("/hub-capability-manifests", hubId=hub_id).json()["data"]
    return {one["version"]: one["status"] for one in page}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_active_manifest_declares_its_names(kind: str, inter_hub: InterHub, hub: HubUnderTest) -> None:
    assert declared(inter_hub, kind, hub.id) == dict.fromkeys(hub.names[kind], "active")
    page = inter_hub.operator.get(KINDS[kind], name=hub.names[kind][0]).json()["data"]
    assert page == [
        {
            "name": hub.names[kind][0],
            "hubId": hub.id,
            "hubSlug": hub.slug,
            "manifestId": hub.manifest["id"],
            "manifestVersion": "1.0.0",
            "status": "active",
        }
    ]


def test_a_draft_declares_nothing(inter_hub: InterHub, hub: HubUnderTest) -> None:
    name = examples.fresh()
    draft = hub.draft(f"1.0.1-{name}", widgetTypes=[name])
    assert (draft["status"], draft["activatedAt"]) == ("draft", None)
    assert inter_hub.operator.get("/widget-types", name=name).json()["data"] == []


def test_activation_supersedes(inter_hub: InterHub) -> None:
    hub = inter_hub.hub(widgetTypes=["kept", "dropped"], eventTypes=["seen"])
    kept, dropped = hub.names["widgetTypes"]
    names = {**hub.names, "widgetTypes": [kept, f"{hub.slug}-added"]}
    second = hub.activate("2.0.0", **names)
    assert second["status"] == "active"
    assert second["activatedAt"]
    assert versions(inter_hub, hub.id) == {"1.0.0": "superseded", "2.0.0": "active"}
    assert declared(inter_hub, "widgetTypes", hub.id) == {
        kept: "active",
        dropped: "retired",
        f"{hub.slug}-added": "active",
    }
    entry = inter_hub.operator.get(f"/hub-registry/{hub.id}")
    assert entry.json()["manifest"] == second
    assert entry.headers["etag"] == f'"1-{second["id"]}-2"'
    consumer = inter_hub.operator.get(f"/api-consumers/{hub.consumer['id']}").json()
    assert consumer["manifestId"] == hub.manifest["id"], "consumers are moved by those who know why"
    history = inter_hub.operator.get("/audit-records", objectId=hub.manifest["id"]).json()["data"]
    assert [row["action"] for row in history] == ["create", "activate", "supersede"]


def test_what_is_dropped_stays_but_takes_nothing_new(inter_hub: InterHub) -> None:
    hub = inter_hub.hub(widgetTypes=["old", "new"], eventTypes=["old", "new"])
    (old_widget, new_widget), (old_event, new_event) = hub.names["widgetTypes"], hub.names["eventTypes"]
    widget = hub.widget(widgetType=old_widget)
    event = hub.client.made("/interaction-events", hub.event_body(widget["id"], eventType=old_event))
    hub.activate("2.0.0", **{**hub.names, "widgetTypes": [new_widget], "eventTypes": [new_event]})
    assert hub.client.get(f"/widgets/{widget['id']}").json() == widget
    assert hub.client.get(f"/interaction-events/{event['id']}").json() == event
    refused = hub.client.post("/widgets", hub.widget_body(widgetType=old_widget))
    assert pointers(refused, 422) == ["/widgetType"]
    refused = hub.client.post("/interaction-events", hub.event_body(widget["id"], eventType=old_event))
    assert pointers(refused, 422) == ["/eventType"]
    assert hub.client.patch(f"/widgets/{widget['id']}", {"name": "Renamed"}).status_code == 200
    renamed = hub.client.patch(f"/widgets/{widget['id']}", {"widgetType": old_widget, "policyScope": None})
    assert renamed.status_code == 200, "it keeps what it has"
    new = hub.event_body(widget["id"], eventType=new_event)
    assert hub.client.post("/interaction-events", new).status_code == 201


def test_names_of_other_hubs_are_listed_with_their_owners(inter_hub: InterHub) -> None:
    one, two = inter_hub.hub(), inter_hub.hub()
    dropped = two.names["policyScopes"][0]
    two.activate("2.0.0", **{**two.names, "policyScopes": []})
    hub = inter_hub.operator.made(*examples.hub(one))
    claims = {
        "widgetTypes": [examples.fresh(), one.names["widgetTypes"][1], two.names["widgetTypes"][0]],
        "eventTypes": [one.names["eventTypes"][2]],
        "annotationCategories": [one.names["eventTypes"][0]],
        "policyScopes": [dropped],
    }
    body = {"hubId": hub["id"], "version": "1.0.0", **claims}
    draft = inter_hub.operator.made("/hub-capability-manifests", body)
    answer = inter_hub.operator.post(f"/hub-capability-manifests/{draft['id']}/activate")
    found = problem(answer, 409)
    assert {(error["pointer"], error["value"], error["detail"]) for error in found["errors"]} == {
        ("/widgetTypes/1", one.names["widgetTypes"][1], f"belongs to {one.slug}"),
        ("/widgetTypes/2", two.names["widgetTypes"][0], f"belongs to {two.slug}"),
        ("/eventTypes/0", one.names["eventTypes"][2], f"belongs to {one.slug}"),
        ("/policyScopes/0", dropped, f"belongs to {two.slug}"),
    }
    assert one.slug in found["detail"]
    assert two.slug in found["detail"]
    assert versions(inter_hub, hub["id"]) == {"1.0.0": "draft"}, "all or nothing"
    assert declared(inter_hub, "widgetTypes", hub["id"]) == {}


def test_a_hub_takes_its_own_names_up_again(inter_hub: InterHub) -> None:
    hub = inter_hub.hub()
    hub.activate("2.0.0")
    assert set(declared(inter_hub, "eventTypes", hub.id).values()) == {"retired"}
    hub.activate("3.0.0", **hub.names)
    assert set(declared(inter_hub, "eventTypes", hub.id).values()) == {"active"}


def test_activating_again_changes_nothing(inter_hub: InterHub, hub: HubUnderTest) -> None:
    url = f"/hub-capability-manifests/{hub.manifest['id']}/activate"
    answer = inter_hub.operator.post(url)
    assert (answer.status_code, answer.json()) == (200, hub.manifest)


def test_only_drafts_can_be_changed(inter_hub: InterHub) -> None:
    hub = inter_hub.hub()
    second = hub.activate("2.0.0", **hub.names)
    for manifest in (hub.manifest, second):
        url = f"/hub-capability-manifests/{manifest['id']}"
        problem(inter_hub.operator.patch(url, {"capability": {}}), 409)
    problem(inter_hub.operator.post(f"/hub-capability-manifests/{hub.manifest['id']}/activate"), 409)
    draft = hub.draft("3.0.0", widgetTypes=["a"], eventTypes=["b"])
    url = f"/hub-capability-manifests/{draft['id']}"
    changed = inter_hub.operator.patch(url, {"version": "3.1.0", "widgetTypes": ["c", "d"], "eventTypes": None}).json()
    assert (changed["version"], changed["widgetTypes"], changed["eventTypes"]) == ("3.1.0", ["c", "d"], ["b"])


def test_versions_are_unique_in_a_hub(inter_hub: InterHub, hub: HubUnderTest) -> None:
    body = {"hubId": hub.id, "version": "1.0.0"}
    (error,) = problem(inter_hub.operator.post("/hub-capability-manifests", body), 409)["errors"]
    assert (error["pointer"], error["existingId"]) == ("/version", hub.manifest["id"])
    draft = hub.draft(f"4.0.0-{examples.fresh()}")
    refused = inter_hub.operator.patch(f"/hub-capability-manifests/{draft['id']}", {"version": "1.0.0"})
    assert pointers(refused, 409) == ["/version"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"hubId": str(uuid4())}, ["/hubId"]),
        ({"version": "1.0"}, ["/version"]),
        ({"version": "01.0.0"}, ["/version"]),
        ({"widgetTypes": ["a", "b", "a"], "policyScopes": ["c", "c"]}, ["/widgetTypes/2", "/policyScopes/1"]),
        ({"eventTypes": ["Not-A-Name", "ok", "not_a_name", "a--b"]}, [f"/eventTypes/{place}" for place in (0, 2, 3)]),
        ({"capability": []}, ["/capability"]),
        ({"widgetTypes": [f"n{place}" for place in range(1001)]}, ["/widgetTypes"]),
        ({"status": "active"}, ["/status"]),
    ],
)
def test_drafts_that_are_not_made(change: dict[str, Any], expected: list[str], hub: HubUnderTest) -> None:
    body = {"hubId": hub.id, "version": f"5.0.0-{examples.fresh()}", **change}
    assert pointers(hub.inter_hub.operator.post("/hub-capability-manifests", body), 422) == expected


def test_two_hubs_at_once_claim_the_same_names(inter_hub: InterHub) -> None:
    operator = inter_hub.operator
    for _ in range(6):
        names = [examples.fresh() for _ in range(20)]
        drafts = []
        for ordered in (names, names[::-1], names[5:] + names[:5]):
            hub = operator.made("/hubs", {"slug": examples.fresh(), "name": "A hub", "domain": "tests"})
            body = {"hubId": hub["id"], "version": "1.0.0", "widgetTypes": ordered, "eventTypes": ordered}
            drafts.append(operator.made("/hub-capability-manifests", body))
        with ThreadPoolExecutor(len(drafts)) as pool:
            answers = list(
                pool.map(lambda draft: operator.post(f"/hub-capability-manifests/{draft['id']}/activate"), drafts)
            )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        winner = drafts[[answer.status_code for answer in answers].index(200)]
        for answer in answers:
            if answer.status_code == 409:
                assert len(answer.json()["errors"]) == 40
        page = operator.get("/widget-types", hubId=winner["hubId"], limit=1000).json()["data"]
        assert {one["name"] for one in page} == set(names)


def test_two_drafts_of_a_hub_at_once(inter_hub: InterHub) -> None:
    hub = inter_hub.hub()
    drafts = [hub.draft(f"2.{number}.0", **hub.names) for number in range(6)]
    with ThreadPoolExecutor(len(drafts)) as pool:
        answers = list(
            pool.map(lambda draft: inter_hub.operator.post(f"/hub-capability-manifests/{draft['id']}/activate"), drafts)
        )
    assert {answer.status_code for answer in answers} == {200}
    statuses = sorted(versions(inter_hub, hub.id).values())
    assert statuses == ["active"] + ["superseded"] * 6


def test_the_same_hub_made_many_times_at_once(inter_hub: InterHub) -> None:
    body = {"slug": examples.fresh(), "name": "A hub", "domain": "tests"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: inter_hub.operator.post("/hubs", body), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    (made,) = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    for answer in answers:
        if answer.status_code == 409:
            assert problem(answer, 409)["errors"][0]["existingId"] == made


def test_a_hubs_classification_can_be_cleared(inter_hub: InterHub) -> None:
    path, body = examples.hub(None)  # type: ignore[arg-type]
    made = inter_hub.operator.made(path, {**(body or {}), "hubFamily": "vsm", "vsmSystem": "S2"})
    changed = inter_hub.operator.patch(f"/hubs/{made['id']}", {"vsmSystem": None, "vsmFunction": "CTL", "name": None})
    answer = changed.json()
    assert (answer["hubFamily"], answer["vsmFunction"], answer["vsmSystem"]) == ("vsm", "CTL", None)
    assert answer["name"] == made["name"]
    assert pointers(inter_hub.operator.patch(f"/hubs/{made['id']}", {"slug": "other"}), 422) == ["/slug"]
