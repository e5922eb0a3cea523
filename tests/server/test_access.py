"""Keys and tokens: what opens something, for how long, and that no secret lies about (rules 1 and 11)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.server import examples
from tests.server.answers import pointers, problem
from tests.server.serving import Client, HubUnderTest, InterHub
from vsmhub.server.credentials import hashed
from vsmhub.server.operator_key import mint_operator_key


def exchange(inter_hub: InterHub, key: str) -> Any:
    return inter_hub.anonymous().post("/token", {"apiKey": key})


def works(client: Client) -> bool:
    return client.get("/hub-registry").status_code == 200


def execute(inter_hub: InterHub, statement: str, *values: object) -> None:
    with psycopg.connect(inter_hub.dsn) as connection:
        connection.execute(statement.encode(), values)


def test_a_key_becomes_a_token(hub: HubUnderTest) -> None:
    key = hub.new_key("framework:read")
    answer = exchange(hub.inter_hub, key["key"])
    token = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert token["tokenType"] == "Bearer"
    assert 890 < token["expiresIn"] <= 900
    assert token["scopes"] == ["framework:read"]
    assert works(hub.inter_hub.with_token(token["accessToken"]))
    page = hub.inter_hub.operator.get(f"/api-consumers/{hub.consumer['id']}/api-keys").json()["data"]
    (listed,) = [one for one in page if one["id"] == key["id"]]
    assert listed["lastUsedAt"] is not None
    assert listed["revision"] == 1, "being used is no change to a key"
    assert "key" not in listed


def test_exchanging_twice_gives_two_tokens(hub: HubUnderTest) -> None:
    client = hub.inter_hub.anonymous()
    tokens = {
        client.post("/token", {"apiKey": hub.key["key"]}, Idempotency_Key="same").json()["accessToken"] for _ in "ab"
    }
    assert len(tokens) == 2, "a token is a secret and is never replayed"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: key.replace("ihk_", "ihk_0", 1),
        lambda key: key[:16],
        lambda key: "ihk_unknownprefi_" + "x" * 43,
        lambda key: "nonsense",
        lambda key: "\u00fc" * 50,
    ],
)
def test_a_wrong_key(spoil: Any, hub: HubUnderTest) -> None:
    answer = exchange(hub.inter_hub, spoil(hub.key["key"]))
    assert problem(answer, 401)["detail"] == "The API key is unknown."
    assert "Bearer" in answer.headers["www-authenticate"]


@pytest.mark.parametrize("body", [{}, {"apiKey": ""}, {"apiKey": 7}, {"apikey": "ihk_a_secret"}, {"apiKey": "s" * 201}])
def test_what_is_sent_in_place_of_a_key_is_not_shown(body: dict[str, Any], inter_hub: InterHub) -> None:
    answer = inter_hub.anonymous().post("/token", body)
    problem(answer, 422)
    for value in body.values():
        assert not value or str(value) not in answer.text


def test_a_revoked_key_takes_its_tokens_along(hub: HubUnderTest) -> None:
    key = hub.new_key("framework:read")
    client = hub.inter_hub.holder(key["key"])
    assert works(client)
    operator = hub.inter_hub.operator
    revoked = operator.made(f"/api-keys/{key['id']}/revoke")
    assert revoked["revokedAt"]
    problem(client.get("/hub-registry"), 401)
    assert "revoked" in problem(exchange(hub.inter_hub, key["key"]), 401)["detail"]
    assert operator.made(f"/api-keys/{key['id']}/revoke") == revoked, "again changes nothing"


def test_an_event_with_a_token_whose_key_was_revoked(hub: HubUnderTest) -> None:
    key = hub.new_key(f"hub:{hub.slug}:write")
    client = hub.inter_hub.holder(key["key"])
    body = hub.event_body(hub.widget()["id"])
    assert client.post("/interaction-events", body).status_code == 201
    assert client.post("/interaction-events", body).status_code == 201
    hub.inter_hub.operator.made(f"/api-keys/{key['id']}/revoke")
    problem(client.post("/interaction-events", body), 401)


def test_an_expired_key_takes_its_tokens_along(hub: HubUnderTest) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    key = hub.new_key("framework:read", expiresAt=soon)
    token = exchange(hub.inter_hub, key["key"]).json()
    assert token["expiresIn"] <= 300, "no token outlives its key"
    client = hub.inter_hub.with_token(token["accessToken"])
    assert works(client)
    execute(hub.inter_hub, "UPDATE api_keys SET expires_at = now() WHERE id = %s", key["id"])
    problem(client.get("/hub-registry"), 401)
    assert "expired" in problem(exchange(hub.inter_hub, key["key"]), 401)["detail"]


def test_an_expired_token(hub: HubUnderTest) -> None:
    token = exchange(hub.inter_hub, hub.key["key"]).json()["accessToken"]
    client = hub.inter_hub.with_token(token)
    assert works(client)
    execute(hub.inter_hub, "UPDATE access_tokens SET expires_at = now() WHERE token_hash = %s", hashed(token))
    problem(client.get("/hub-registry"), 401)


def test_a_key_not_claimed_in_time_opens_nothing(hub: HubUnderTest) -> None:
    late = hub.new_key("framework:read", claimWithin=60)
    assert late["claimBy"] > late["createdAt"]
    execute(hub.inter_hub, "UPDATE api_keys SET claim_by = now() WHERE id = %s", late["id"])
    assert "claimed in time" in problem(exchange(hub.inter_hub, late["key"]), 401)["detail"]
    claimed = hub.new_key("framework:read", claimWithin=60)
    assert exchange(hub.inter_hub, claimed["key"]).status_code == 200
    page = hub.inter_hub.operator.get(f"/api-consumers/{hub.consumer['id']}/api-keys", limit=1000).json()["data"]
    assert {one["id"]: one["claimBy"] for one in page}[claimed["id"]] is None


def test_the_keys_of_a_suspended_consumer(hub: HubUnderTest) -> None:
    operator = hub.inter_hub.operator
    consumer = operator.made(*examples.consumer(hub))
    body = {"name": "k", "scopes": ["framework:read"]}
    key = operator.made(f"/api-consumers/{consumer['id']}/api-keys", body)["key"]
    client = hub.inter_hub.holder(key)
    assert operator.patch(f"/api-consumers/{consumer['id']}", {"status": "suspended"}).status_code == 200
    problem(client.get("/hub-registry"), 401)
    assert "suspended" in problem(exchange(hub.inter_hub, key), 401)["detail"]
    assert operator.patch(f"/api-consumers/{consumer['id']}", {"status": "active"}).status_code == 200
    assert works(client)


def operators_consumer(inter_hub: InterHub) -> str:
    (consumer,) = inter_hub.operator.get("/api-consumers", name="operator").json()["data"]
    assert consumer["hubId"] is None
    return str(consumer["id"])


def test_the_operator_cannot_suspend_itself(inter_hub: InterHub) -> None:
    url = f"/api-consumers/{operators_consumer(inter_hub)}"
    problem(inter_hub.operator.patch(url, {"status": "suspended"}), 409)


@pytest.mark.parametrize(
    ("scopes", "wrong"),
    [
        (["framework:admin"], ["/scopes/0"]),
        (["framework:read", "hub:another:read"], ["/scopes/1"]),
        (["hub:another:write", "hub:other:write"], ["/scopes/0", "/scopes/1"]),
        (["hub:*:read"], ["/scopes/0"]),
        (["everything"], ["/scopes/0"]),
        ([], ["/scopes"]),
    ],
)
def test_scopes_that_a_hubs_consumer_cannot_get(scopes: list[str], wrong: list[str], hub: HubUnderTest) -> None:
    url = f"/api-consumers/{hub.consumer['id']}/api-keys"
    assert pointers(hub.inter_hub.operator.post(url, {"name": "k", "scopes": scopes}), 422) == wrong


def test_scopes_of_the_operators_consumer(hub: HubUnderTest) -> None:
    operator = hub.inter_hub.operator
    url = f"/api-consumers/{operators_consumer(hub.inter_hub)}/api-keys"
    refused = operator.post(url, {"name": "k", "scopes": [f"hub:{hub.slug}:read"]})
    assert pointers(refused, 422) == ["/scopes/0"]
    second = operator.made(url, {"name": "k", "scopes": ["framework:admin"]})
    assert hub.inter_hub.holder(second["key"]).get("/api-consumers").status_code == 200


def test_a_key_that_has_expired_before_it_is_made(hub: HubUnderTest) -> None:
    body = {"name": "k", "scopes": ["framework:read"], "expiresAt": "2020-01-01T00:00:00Z"}
    answer = hub.inter_hub.operator.post(f"/api-consumers/{hub.consumer['id']}/api-keys", body)
    assert pointers(answer, 422) == ["/expiresAt"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"claimWithin": 0}, "/claimWithin"),
        ({"claimWithin": "60"}, "/claimWithin"),
        ({"expiresAt": 4_102_444_800}, "/expiresAt"),
        ({"expiresAt": "2100-01-01"}, "/expiresAt"),
        ({"expiresAt": "2100-01-01T00:00:00"}, "/expiresAt"),
        ({"expiresAt": "9999-12-31T23:59:59-14:00"}, "/expiresAt"),
        ({"name": "two\nlines"}, "/name"),
        ({"name": ""}, "/name"),
    ],
)
def test_keys_that_are_not_made(change: dict[str, Any], pointer: str, hub: HubUnderTest) -> None:
    body = {"name": "k", "scopes": ["framework:read"], **change}
    answer = hub.inter_hub.operator.post(f"/api-consumers/{hub.consumer['id']}/api-keys", body)
    assert pointers(answer, 422) == [pointer]


@pytest.mark.parametrize("member", ["hubId", "manifestId"])
def test_a_consumer_of_nothing(member: str, hub: HubUnderTest) -> None:
    path, body = examples.consumer(hub)
    assert body is not None
    body[member] = hub.consumer["id"]
    assert pointers(hub.inter_hub.operator.post(path, body), 422) == [f"/{member}"]


def test_consumers_move_to_manifests_of_their_hub_alone(hub: HubUnderTest) -> None:
    operator = hub.inter_hub.operator
    consumer = operator.made(*examples.consumer(hub))
    draft = hub.draft("9.0.0")
    moved = operator.patch(f"/api-consumers/{consumer['id']}", {"manifestId": draft["id"]})
    assert moved.json()["manifestId"] == draft["id"]
    foreign = hub.inter_hub.hub().manifest["id"]
    refused = operator.patch(f"/api-consumers/{consumer['id']}", {"manifestId": foreign})
    assert pointers(refused, 422) == ["/manifestId"]


def test_consumers_have_names_of_their_own(hub: HubUnderTest) -> None:
    operator = hub.inter_hub.operator
    path, body = examples.consumer(hub)
    assert body is not None
    first = operator.made(path, body)
    (error,) = problem(operator.post(path, body), 409)["errors"]
    assert (error["pointer"], error["existingId"]) == ("/name", first["id"])
    second = operator.made(*examples.consumer(hub))
    refused = operator.patch(f"/api-consumers/{second['id']}", {"name": body["name"]})
    assert pointers(refused, 409) == ["/name"]


def test_no_secret_is_in_the_database(hub: HubUnderTest) -> None:
    inter_hub = hub.inter_hub
    key = inter_hub.operator.post(*examples.key(hub), Idempotency_Key="secrets").json()["key"]
    token = exchange(inter_hub, key).json()["accessToken"]
    subscription = hub.client.post(*examples.subscription(hub), Idempotency_Key="secrets").json()
    found: dict[str, list[str]] = {key: [], token: [], subscription["secret"]: []}
    with psycopg.connect(inter_hub.dsn) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            text = str(connection.execute(f"SELECT t::text, to_jsonb(t)::text FROM {table} t".encode()).fetchall())
            raw = str(
                connection.execute(
                    "SELECT convert_from(body, 'UTF8') FROM idempotency_records WHERE body IS NOT NULL"
                ).fetchall()
            )
            for secret, places in found.items():
                if secret[-40:] in text or secret[-40:] in raw:
                    places.append(table)
    assert found == {key: [], token: [], subscription["secret"]: ["webhook_subscriptions"]}


def test_the_operators_key(migrated: str, inter_hub: InterHub) -> None:
    first = mint_operator_key(migrated, name="first")
    assert first.secret not in repr(first)
    assert first.secret.startswith(f"{first.prefix}_")
    client = inter_hub.holder(first.secret)
    assert client.get("/api-consumers").status_code == 200
    second = mint_operator_key(migrated, name="first", replace=True)
    problem(client.get("/api-consumers"), 401)
    operator = inter_hub.holder(second.secret)
    rows = operator.get("/audit-records", objectId=str(first.id)).json()["data"]
    assert [(row["action"], row["keyId"]) for row in rows] == [
        ("create", None),
        ("exchange", str(first.id)),
        ("revoke", None),
    ]
    assert first.secret not in str(rows)
