"""What holds of every operation that the OpenAPI document names, asked of a running server."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.server import examples
from tests.server.answers import problem
from tests.server.serving import API, Client, HubUnderTest, InterHub
from vsmhub.interhub.messages.limits import BODY_LIMIT
from vsmhub.server.app import openapi_text

DOCUMENT: dict[str, Any] = json.loads(openapi_text())
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
PUBLIC = {"exchangeKey"}
WITH_BODY = sorted(name for name, (_, _, operation) in OPERATIONS.items() if "requestBody" in operation)
POSTS = sorted(name for name, (method, _, _) in OPERATIONS.items() if method == "POST")

every = pytest.mark.parametrize("name", sorted(OPERATIONS))
every_closed = pytest.mark.parametrize("name", sorted(set(OPERATIONS) - PUBLIC))
every_post = pytest.mark.parametrize("name", sorted(set(POSTS) - PUBLIC))


def request(client: Client, name: str, **more: Any) -> httpx.Response:
    method, _, operation = OPERATIONS[name]
    if "requestBody" in operation and "content" not in more:
        more.setdefault("json", {})
    return client.http.request(method, url_of(name), **more)


def url_of(name: str, some_id: str = "") -> str:
    path: str = OPERATIONS[name][1]
    for parameter in ("{id}", "{hubId}"):
        path = path.replace(parameter, some_id or str(uuid4()))
    return API.removesuffix("/api/v2") + path


def test_the_examples_cover_every_operation_that_writes() -> None:
    assert set(POSTS) - PUBLIC == set(examples.POSTS)
    assert {name for name, (method, _, _) in OPERATIONS.items() if method == "PATCH"} == set(examples.PATCHES)


@every_closed
def test_without_a_token(name: str, inter_hub: InterHub) -> None:
    answer = request(inter_hub.anonymous(), name)
    problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@every_closed
@pytest.mark.parametrize("token", ["x y", "nonsense", "iht_unknown", "\xff"])
def test_with_a_token_that_opens_nothing(name: str, token: str, inter_hub: InterHub) -> None:
    headers = {b"Authorization": f"Bearer {token}".encode("latin-1")}
    answer = request(inter_hub.anonymous(), name, headers=headers)
    problem(answer, 401)
    assert "Bearer" in answer.headers["www-authenticate"]


@every_closed
def test_with_an_api_key_in_place_of_a_token(name: str, hub: HubUnderTest) -> None:
    client = hub.inter_hub.anonymous()
    answer = request(client, name, headers={"Authorization": f"Bearer {hub.key['key']}"})
    assert "exchange" in problem(answer, 401)["detail"]


@every_closed
def test_with_a_key_that_lacks_the_scope(name: str, hub: HubUnderTest) -> None:
    scope = OPERATIONS[name][2]["x-required-scope"]
    lacking = {
        "framework:read": [f"hub:{hub.slug}:read", f"hub:{hub.slug}:write"],
        "framework:admin": ["framework:read", f"hub:{hub.slug}:read", f"hub:{hub.slug}:write"],
        "hub:{slug}:read": ["framework:read", f"hub:{hub.slug}:write"],
        "hub:{slug}:write": ["framework:read", f"hub:{hub.slug}:read"],
    }
    told = problem(request(hub.holder(*lacking[scope]), name), 403)
    assert scope in told["detail"]


@every_closed
def test_an_unknown_parameter(name: str, hub: HubUnderTest) -> None:
    told = problem(request(examples.doer(hub, name), name, params={"slugg": "x"}), 422)
    assert told["errors"][0]["pointer"] == "query/slugg"


@pytest.mark.parametrize("name", WITH_BODY)
def test_a_body_of_another_type(name: str, hub: HubUnderTest) -> None:
    headers = {"content-type": "text/plain"}
    problem(request(examples.doer(hub, name), name, content=b"{}", headers=headers), 415)


@pytest.mark.parametrize("name", WITH_BODY)
@pytest.mark.parametrize("body", [b"{", b'{"a": NaN}', b"[" * 5000 + b"]" * 5000, b"\xff"])
def test_a_body_that_is_not_json(name: str, body: bytes, hub: HubUnderTest) -> None:
    headers = {"content-type": "application/json"}
    problem(request(examples.doer(hub, name), name, content=body, headers=headers), 400)


@pytest.mark.parametrize("name", WITH_BODY)
@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"null", b'"text"', b'{"unheardOf": 1}', b'{"\\ud800": "\\udfff"}'])
def test_a_body_of_another_shape(name: str, body: bytes, hub: HubUnderTest) -> None:
    headers = {"content-type": "application/json"}
    answer = request(examples.doer(hub, name), name, content=body, headers=headers)
    if answer.status_code == 400:
        return  # a lone surrogate is no JSON that can be read
    told = problem(answer, 404 if OPERATIONS[name][0] == "PATCH" and answer.status_code == 404 else 422)
    assert told.get("errors") or answer.status_code == 404


@pytest.mark.parametrize("name", WITH_BODY)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large(name: str, chunked: bool, hub: HubUnderTest) -> None:
    parts = [b'{"a": "'] + [b"x" * 65_536] * (BODY_LIMIT // 65_536) + [b'"}']
    content = iter(parts) if chunked else b"".join(parts)
    headers = {"content-type": "application/json"}
    problem(request(examples.doer(hub, name), name, content=content, headers=headers), 413)


@pytest.mark.parametrize("name", sorted(name for name, (_, path, _) in OPERATIONS.items() if "{" in path))
def test_an_id_of_nothing(name: str, hub: HubUnderTest) -> None:
    body: examples.Body = examples.POSTS[name](hub)[1] if name in examples.POSTS else None
    if name in examples.PATCHES:
        body = examples.PATCHES[name][1]
    problem(request(either(hub, name), name, json=body), 404)


@pytest.mark.parametrize("name", sorted(name for name, (_, path, _) in OPERATIONS.items() if "{" in path))
def test_an_id_that_is_none(name: str, hub: HubUnderTest) -> None:
    problem(either(hub, name).http.request(OPERATIONS[name][0], url_of(name, "17")), 404)


def either(hub: HubUnderTest, name: str) -> Client:
    admin = "framework:" in OPERATIONS[name][2]["x-required-scope"]
    return hub.inter_hub.operator if admin else hub.client


@every_post
def test_a_post_is_done_once(name: str, hub: HubUnderTest) -> None:
    path, body = examples.POSTS[name](hub)
    client = examples.doer(hub, name)
    idempotency = str(uuid4())
    first = client.post(path, body, Idempotency_Key=idempotency)
    assert first.status_code in {200, 201}, first.text
    assert "idempotency-replayed" not in first.headers
    again = client.post(path, body, Idempotency_Key=idempotency)
    assert again.status_code == first.status_code
    assert again.headers["idempotency-replayed"] == "true"
    for header in ("etag", "location"):
        assert again.headers.get(header) == first.headers.get(header)
    shown, repeated = first.json(), again.json()
    for secret in ("key", "secret"):
        if secret in shown:
            assert shown.pop(secret)
            assert shown.pop("secretAlreadyShown") is False
            assert repeated.pop(secret) is None
            assert repeated.pop("secretAlreadyShown") is True
    assert repeated == shown
    other = client.post(path, {"other": 1}, Idempotency_Key=idempotency)
    assert problem(other, 422)["errors"][0]["pointer"] == "header/Idempotency-Key"


@every_post
def test_a_post_asked_for_many_times_at_once_is_done_once(name: str, hub: HubUnderTest) -> None:
    path, body = examples.POSTS[name](hub)
    client = examples.doer(hub, name)
    idempotency = str(uuid4())
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: client.post(path, body, Idempotency_Key=idempotency), range(6)))
    assert {answer.status_code for answer in answers} <= {200, 201}, [answer.text for answer in answers]
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert len({answer.json().get("id") or json.dumps(answer.json()) for answer in answers}) == 1


@every_post
def test_a_refused_post_may_be_sent_again(name: str, hub: HubUnderTest) -> None:
    path, body = examples.POSTS[name](hub)
    client = examples.doer(hub, name)
    idempotency = str(uuid4())
    refused = client.post(path + "/nowhere" if body is None else path, {"nonsense": True}, Idempotency_Key=idempotency)
    assert refused.status_code in {404, 422}
    assert client.post(path, body, Idempotency_Key=idempotency).status_code in {200, 201}


def test_an_idempotency_key_that_is_none(hub: HubUnderTest) -> None:
    path, body = examples.event(hub)
    told = problem(hub.client.post(path, body, Idempotency_Key="x" * 256), 422)
    assert told["errors"][0]["pointer"] == "header/Idempotency-Key"


def test_an_idempotency_key_is_the_api_keys_own(hub: HubUnderTest) -> None:
    idempotency = str(uuid4())
    ids = set()
    for _ in range(2):
        client = hub.holder(f"hub:{hub.slug}:write")
        ids.add(client.post(*examples.widget(hub), Idempotency_Key=idempotency).json()["id"])
    assert len(ids) == 2


@pytest.mark.parametrize("name", sorted(set(examples.POSTS) - {"createWidgets", "createEvents"}))
def test_what_was_made_has_an_etag_and_can_be_read(name: str, hub: HubUnderTest) -> None:
    path, body = examples.POSTS[name](hub)
    made = examples.doer(hub, name).post(path, body)
    tag = made.headers["etag"]
    assert tag == f'"{made.json().get("revision", 1)}"'
    location = made.headers.get("location")
    if location is None:
        return
    reader = hub.inter_hub.operator if name in examples.OPERATORS else hub.client
    url = location.removeprefix("/api/v2")
    read = reader.get(url)
    assert read.status_code == 200
    assert read.headers["etag"] == tag
    assert read.json().items() <= made.json().items()
    same = reader.ask("GET", url, headers={"If-None-Match": tag})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert reader.ask("GET", url, headers={"If-None-Match": '"77"'}).status_code == 200


@pytest.mark.parametrize("name", sorted(examples.PATCHES))
def test_a_change_only_to_what_was_seen(name: str, hub: HubUnderTest) -> None:
    make, change = examples.PATCHES[name]
    path, body = make(hub)
    client = examples.doer(hub, name)
    made = client.made(path, body)
    url = f"{path}/{made['id']}"
    for stale in ('"2"', 'W/"1"', '"0", "3"'):
        answer = client.patch(url, change, If_Match=stale)
        problem(answer, 412)
        assert answer.headers["etag"] == '"1"'
    changed = client.patch(url, change, If_Match='"1"')
    assert changed.status_code == 200, changed.text
    assert changed.headers["etag"] == '"2"'
    assert changed.json()["revision"] == 2
    assert changed.json()["updatedAt"] > made["updatedAt"]
    assert changed.json() == {**made, **change, "revision": 2, "updatedAt": changed.json()["updatedAt"]}
    assert client.patch(url, change, If_Match="*").json()["revision"] == 2, "nothing changed, so nothing was written"
    assert client.patch(url, dict.fromkeys(change)).json()["revision"] == 2, "null leaves what cannot be empty"


def test_an_activation_only_of_what_was_seen(hub: HubUnderTest) -> None:
    path, _ = examples.activation(hub)
    operator = hub.inter_hub.operator
    problem(operator.post(path, If_Match='"9"'), 412)
    assert operator.post(path, If_Match='"1"').headers["etag"] == '"2"'


def trail(dsn: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        columns = "id, actor, action, kind, object_id::text, hub_id::text, before, after, key_id, consumer_id"
        return connection.execute(f"SELECT {columns} FROM audit_records ORDER BY id").fetchall()


@every_post
def test_every_write_leaves_a_trail_without_secrets(name: str, hub: HubUnderTest) -> None:
    path, body = examples.POSTS[name](hub)
    seen = len(trail(hub.inter_hub.dsn))
    made = examples.doer(hub, name).post(path, body).json()
    rows = trail(hub.inter_hub.dsn)[seen:]
    ids = [one["id"] for one in made["data"]] if "data" in made else [made["id"]]
    assert [row[4] for row in rows] == ids
    for _, actor, action, kind, _, hub_id, before, after, key_id, consumer_id in rows:
        assert actor
        assert key_id
        assert consumer_id
        assert hub_id
        assert action in {"create", "activate", "revoke"}
        assert (before is None) == (action == "create")
        assert after["id"] in ids
        assert not {"secret", "secret_hash", "key"} & set(after)
        assert "whsec_" not in json.dumps(after)
        assert kind == path.split("/")[1] or kind in {"api-keys", "widgets"}


@pytest.mark.parametrize("name", sorted(examples.PATCHES))
def test_every_change_leaves_a_trail(name: str, hub: HubUnderTest) -> None:
    make, change = examples.PATCHES[name]
    path, body = make(hub)
    client = examples.doer(hub, name)
    made = client.made(path, body)
    client.patch(f"{path}/{made['id']}", change)
    member = next(iter(change))
    page = hub.inter_hub.operator.get("/audit-records", objectId=made["id"], kind=path[1:]).json()["data"]
    assert [(row["action"], (row["before"] or {}).get(member), row["after"][member]) for row in page] == [
        ("create", None, made[member]),
        ("update", made[member], change[member]),
    ]


@every
def test_other_methods_are_refused_with_those_that_work(name: str, inter_hub: InterHub) -> None:
    _, path, _ = OPERATIONS[name]
    answer = inter_hub.anonymous().http.put(url_of(name))
    problem(answer, 405)
    methods = {method for method, other, _ in OPERATIONS.values() if other == path}
    assert set(answer.headers["allow"].split(", ")) == methods


@pytest.mark.parametrize("path", ["", "/", "/nowhere", "/hubs/", "/hubs/a/b", "/../../etc/passwd", "/%00", "/\xe9"])
def test_an_unknown_path(path: str, hub: HubUnderTest) -> None:
    for client in (hub.client, hub.inter_hub.anonymous()):
        problem(client.get(path), 404)
