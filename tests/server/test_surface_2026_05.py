"""The API of May 2026: what it serves and what not, its faults, and how its database becomes one of the reference."""

import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.databases import Databases
from tests.server.serving import Client, InterHub, serving
from tests.server.webhooks.receiving import QUICK, Receiver
from vsmhub.server.credentials import new_key
from vsmhub.server.errors import DatabaseUnfit
from vsmhub.server.schema.layout import Layout, settle
from vsmhub.server.schema.migrate import migrate
from vsmhub.server.settings import Settings
from vsmhub.server.surface import Surface

# The paths of part A of the contract.
PATHS = {
    "/annotation-categories": {"get"},
    "/annotations": {"get", "post"},
    "/decision-records": {"get", "post"},
    "/decision-records/{id}": {"get"},
    "/deployment-records": {"get", "post"},
    "/deployment-records/{id}": {"get"},
    "/event-types": {"get"},
    "/hub-registry": {"get"},
    "/hub-registry/{hubId}": {"get"},
    "/interaction-events": {"get", "post"},
    "/outcome-signals": {"get", "post"},
    "/outcome-signals/{id}": {"get"},
    "/requirement-candidates": {"get", "post"},
    "/requirement-candidates/{id}": {"get"},
    "/token": {"post"},
    "/widget-patterns": {"get"},
    "/widget-patterns/{id}": {"get"},
    "/widget-patterns/{id}/adopt": {"post"},
    "/widget-types": {"get"},
    "/widgets": {"get"},
    "/widgets/{id}": {"get"},
}
HUB, MANIFEST, CONSUMER, WIDGET, SUBSCRIPTION = (uuid4() for _ in range(5))
CAPABILITY = {"hub_family": "vsm", "vsm_function": "OPS", "vsm_system": "nonsense", "scope": {}}


def made_by_hand(dsn: str, webhook: str) -> str:
    """What people made in the pages: a hub, its active manifest, a consumer, a widget; the key, in full."""
    key = new_key()
    names = {"widget_types": ["ops-panel"], "event_types": ["ops-seen"], "annotation_categories": ["ops-risk"]}
    scopes = ["framework:read", "hub:ops-hub:read", "hub:ops-hub:write"]
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO hubs (id, slug, name, domain, hub_kind, description) "
            "VALUES (%s, 'ops-hub', 'Ops', 'operations', 'domain', '')",
            [HUB],
        )
        connection.execute(
            "INSERT INTO hub_capability_manifests (id, hub_id, version, status, widget_types, event_types, "
            "annotation_categories, capability) VALUES (%s, %s, '1.0.0', 'active', %s, %s, %s, %s)",
            [MANIFEST, HUB, *names.values(), Jsonb(CAPABILITY)],
        )
        for kind, (name,) in names.items():
            connection.execute(
                "INSERT INTO declared_names VALUES (%s, %s, %s, %s, 'active')", [kind, name, HUB, MANIFEST]
            )
        connection.execute(
            "INSERT INTO api_consumers (id, hub_id, manifest_id, name, status) VALUES (%s, %s, %s, 'agent', 'active')",
            [CONSUMER, HUB, MANIFEST],
        )
        connection.execute(
            "INSERT INTO api_keys (id, consumer_id, name, prefix, secret_hash, scopes) "
            "VALUES (%s, %s, 'key', %s, %s, %s)",
            [uuid4(), CONSUMER, key.prefix, key.hash, scopes],
        )
        connection.execute(
            "INSERT INTO widgets (id, hub_id, slug, name, widget_type, policy_scope, view_context, status) "
            "VALUES (%s, %s, 'panel', 'Panel', 'ops-panel', 'ops-internal', 'ops', 'active')",
            [WIDGET, HUB],
        )
        connection.execute(
            "INSERT INTO webhook_subscriptions (id, hub_id, url, secret) VALUES (%s, %s, %s, 'whsec_c2VjcmV0')",
            [SUBSCRIPTION, HUB, webhook],
        )
    return key.text


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    listening = Receiver()
    yield listening
    listening.close()


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[str]:
    with databases.migrated() as dsn:
        assert settle(dsn, Surface.OF_2026_05) == Layout(Surface.OF_2026_05, changed=True)
        yield dsn


@pytest.fixture(scope="module")
def older(database: str) -> Iterator[InterHub]:
    settings = Settings(database=database, webhooks=QUICK)
    with serving(database, settings, surface=Surface.OF_2026_05) as running:
        yield running


@pytest.fixture(scope="module")
def empty_registries(older: InterHub) -> list[int]:
    """How many names each registry has before anybody made a hub."""
    paths = ("/hub-registry", "/widget-types", "/event-types", "/annotation-categories")
    return [len(older.operator.get(path).json()["data"]) for path in paths]


@pytest.fixture(scope="module")
def agent(older: InterHub, database: str, receiver: Receiver, empty_registries: list[int]) -> Client:
    assert empty_registries == [0, 0, 0, 0]
    return older.holder(made_by_hand(database, f"{receiver.url}/hook"))


def test_it_serves_what_it_served_and_nothing_else(older: InterHub) -> None:
    document = older.anonymous().get("/openapi.json").json()
    served = {path.removeprefix("/api/v2"): set(methods) for path, methods in document["paths"].items()}
    assert served == PATHS
    assert document["info"]["version"] == "2026-05"


@pytest.mark.parametrize(
    "path", ["/hubs", "/hub-capability-manifests", "/api-consumers", "/policy-scopes", "/audit-records"]
)
def test_what_is_missing_is_not_found_rather_than_not_allowed(older: InterHub, path: str) -> None:
    assert older.anonymous().get(path).status_code == 404
    assert older.anonymous().get("/hub-registry").status_code == 401


def test_the_pages_for_people_want_a_session(older: InterHub) -> None:
    asked = older.anonymous().get("http://inter-hub/Hubs")
    assert (asked.status_code, asked.headers["location"]) == (302, "/NewSession")
    assert "not part of the embedded" in older.anonymous().get("http://inter-hub/NewSession").text
    assert older.anonymous().get("http://inter-hub/api/v2/docs").status_code == 200


def test_requests_are_described_by_their_answers(older: InterHub) -> None:
    document = older.anonymous().get("/openapi.json").json()
    for path, item in document["paths"].items():
        for operation in item.values():
            if "201" in operation["responses"]:
                assert operation["requestBody"]["content"] == operation["responses"]["201"]["content"], path
            assert "Idempotency-Key" not in [one["name"] for one in operation.get("parameters", ())]
    schemas = document["components"]["schemas"]
    assert "EventCreate" not in schemas
    assert not {"vsmFunction", "hubFamily", "vsmSystem", "revision"} & set(schemas["Hub"]["properties"])


def test_widgets_are_read_only(agent: Client) -> None:
    (widget,) = agent.get("/widgets", hubId=str(HUB)).json()["data"]
    assert widget["id"] == str(WIDGET)
    assert "revision" not in widget
    one = agent.get(f"/widgets/{WIDGET}")
    assert one.json() == widget
    assert "etag" not in one.headers
    assert agent.post("/widgets", {"slug": "another"}).status_code == 405
    assert agent.patch(f"/widgets/{WIDGET}", {"name": "Another"}).status_code == 405
    assert agent.post("/widgets/batch", {"items": []}).status_code == 404


def test_names_show_once_a_manifest_is_active(agent: Client) -> None:
    (entry,) = agent.get("/hub-registry").json()["data"]
    assert set(entry["hub"]) == {"id", "slug", "name", "domain", "hubKind", "description", "createdAt", "updatedAt"}
    assert entry["manifest"]["capability"] == CAPABILITY
    assert agent.get(f"/hub-registry/{HUB}").json() == entry
    assert [one["name"] for one in agent.get("/event-types").json()["data"]] == ["ops-seen"]


def test_events_of_any_type_lose_their_metadata(agent: Client, receiver: Receiver) -> None:
    body = {"widgetId": str(WIDGET), "eventType": "What nobody declared", "metadata": {"why": "forgotten"}}
    made = agent.post("/interaction-events", body, Idempotency_Key="one")
    assert made.status_code == 201
    assert made.json()["metadata"] == {}
    # The same again, written as the document has it: nobody remembers the key, nobody minds the answer's members.
    again = agent.post("/interaction-events", {**made.json(), "createdAt": "never"}, Idempotency_Key="one")
    assert again.status_code == 201
    assert again.json()["id"] != made.json()["id"]
    listed = agent.get("/interaction-events", eventType="ops-seen").json()["data"]
    assert listed == []
    assert [one["metadata"] for one in agent.get("/interaction-events").json()["data"]] == [{}, {}]
    until = time.monotonic() + 10
    while len(receiver.at("/hook")) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert [b'"type":"clicked"' in one.body for one in receiver.at("/hook")] == [True, True]
    assert b"declared" not in receiver.at("/hook")[0].body


def test_annotations_and_the_chain_work_as_described(agent: Client) -> None:
    body = {"widgetId": str(WIDGET), "category": "ops-risk", "body": "Look here", "hubId": str(HUB), "actor": "me"}
    remark = agent.made("/annotations", body)
    assert remark["actor"] == "me"
    wanted = {"hubId": str(HUB), "title": "Mend it", "annotationId": remark["id"], "actor": "ignored"}
    requirement = agent.made("/requirement-candidates", wanted)
    assert agent.get(f"/requirement-candidates/{requirement['id']}").json() == requirement


def test_it_becomes_the_reference_with_all_that_was_written(database: str, agent: Client, older: InterHub) -> None:
    before = {path: agent.get(path).json()["data"] for path in ("/interaction-events", "/annotations", "/widgets")}
    assert before["/annotations"]
    assert settle(database, None) == Layout(Surface.OF_2026_05)
    assert settle(database, Surface.REFERENCE) == Layout(Surface.REFERENCE, changed=True)
    assert not migrate(database)
    # Who still serves the older surface goes on undisturbed.
    assert agent.get("/hub-registry").json()["data"][0]["hub"]["slug"] == "ops-hub"
    with serving(database, Settings(database=database)) as today:
        operator = today.operator
        (hub,) = operator.get("/hubs").json()["data"]
        # What the capability tells is taken over, unless a hub may not hold it.
        assert [hub[name] for name in ("hubFamily", "vsmFunction", "vsmSystem")] == ["vsm", "OPS", None]
        assert hub["id"] == str(HUB)
        assert hub["revision"] == 2
        trail = operator.get("/audit-records", objectId=str(HUB)).json()["data"]
        assert [one["after"]["vsmFunction"] for one in trail] == ["OPS"]
        for path, rows in before.items():
            now = [{name: one[name] for name in rows[0]} for one in operator.get(path).json()["data"]]
            assert now == rows, path
        assert operator.patch(f"/hubs/{HUB}", {"vsmSystem": "S1"}).json()["vsmSystem"] == "S1"
    with pytest.raises(DatabaseUnfit, match="classification"):
        settle(database, Surface.OF_2026_05)
    assert settle(database, None) == Layout(Surface.REFERENCE)
