"""Inter-Hubs that name things a little differently: the real one behind an ASGI application that renames.

Each variant serves an OpenAPI document that says how it is, and refuses what that document does not have.
"""

import contextlib
import json
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vsmhub.server.app import create_app
from vsmhub.server.hosting.http import HttpServer
from vsmhub.server.settings import Settings

API = "/api/v2"
FREE = {"metadata", "capability", "before", "after"}
PROBLEMS = {"Problem", "FieldProblem", "WebhookPayload"}
METHODS = ["GET", "POST", "PATCH", "DELETE"]
Json = Any


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def same(name: str) -> str:
    return name


@dataclass(frozen=True)
class Variant:
    """How it differs. `named` writes members and parameters, `ids` what `id` is called in a schema of that name.

    `paging` is `cursor`, `offset` or `page`; `items` the member that holds a list, empty for bare arrays. `without` are
    members that answers do not have, nor requests take.
    """

    named: Callable[[str], str] = same
    ids: dict[str, str] = field(default_factory=dict)
    placed: Callable[[str], str] = same
    items: str = "data"
    following: str = "nextCursor"
    paging: str = "cursor"
    most: int = 1000
    batches: bool = True
    headers: bool = True
    unfiltered: bool = False
    without: frozenset[str] = frozenset()

    def member(self, name: str, schema: str = "") -> str:
        return self.ids.get(schema, self.ids.get("*", name)) if name == "id" else self.named(name)


class Renaming:
    """The application: one variant around the real one."""

    def __init__(self, inner: FastAPI, variant: Variant) -> None:
        self.variant = variant
        self._inner = inner
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(inner), base_url="http://inner")
        self.document = self._described(deepcopy(inner.openapi()))
        self.requests: list[tuple[str, str]] = []
        self.app = Starlette(routes=[Route("/{path:path}", self._answer, methods=METHODS)], lifespan=self._lifespan)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with self._inner.router.lifespan_context(self._inner), self._client:
            yield

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        self.requests.append((request.method, path))
        if path == f"{API}/openapi.json":
            return JSONResponse(self.document)
        inner = self._inner_path(path)
        if inner is None:
            return _refused(404, "There is no such path.")
        headers = {name: request.headers[name] for name in ("authorization", "content-type") if name in request.headers}
        for name in ("idempotency-key", "if-match"):
            if name in request.headers and inner != f"{API}/token":
                if not self.variant.headers:
                    return _refused(400, f"{name} is not known here")
                headers[name] = request.headers[name]
        body = await request.body()
        content = json.dumps(self._inwards(json.loads(body), inner)).encode() if body else None
        query = {self._parameter(name): value for name, value in request.query_params.items()}
        if request.method == "GET" and not re.search("[0-9a-f]{8}-", inner.rpartition("/")[2]):
            return await self._listed(inner, query, headers)
        answer = await self._client.request(request.method, inner, params=query, headers=headers, content=content)
        document = answer.json()
        if answer.status_code < 300:
            document = self._outwards(document, _schema_of(inner))
        return JSONResponse(document, answer.status_code, _kept(answer))

    async def _listed(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Response:
        variant = self.variant
        if int(query.get("limit", "1")) > variant.most:
            return _refused(422, f"limit may be {variant.most} at most")
        place = query.pop("cursor", None)
        if variant.paging != "cursor":
            wanted = int(query.pop("limit", variant.most))
            everything = await self._everything(path, query, headers)
            start = int(place or 0) if variant.paging == "offset" else (int(place or 1) - 1) * wanted
            if isinstance(everything, Response):
                return everything
            return self._wrapped(everything[start : start + wanted], None, path)
        asked = {**query, **({"cursor": place} if place else {})}
        answer = await self._client.get(path, params=asked, headers=headers)
        if answer.status_code >= 300:
            return JSONResponse(answer.json(), answer.status_code, _kept(answer))
        found = answer.json()
        return self._wrapped(found["data"], found["nextCursor"], path)

    async def _everything(self, path: str, query: dict[str, str], headers: dict[str, str]) -> "list[Json] | Response":
        found: list[Json] = []
        cursor: dict[str, str] = {}
        while True:
            answer = await self._client.get(path, params={**query, **cursor, "limit": "1000"}, headers=headers)
            if answer.status_code >= 300:
                return JSONResponse(answer.json(), answer.status_code, _kept(answer))
            found += answer.json()["data"]
            if answer.json()["nextCursor"] is None:
                return found
            cursor = {"cursor": answer.json()["nextCursor"]}

    def _wrapped(self, items: list[Json], following: str | None, path: str) -> Response:
        told = [self._outwards(one, _schema_of(path)) for one in items]
        if not self.variant.items:
            return JSONResponse(told)
        more = {self.variant.following: following} if self.variant.paging == "cursor" else {}
        return JSONResponse({self.variant.items: told, **more})

    def _inner_path(self, path: str) -> str | None:
        parts = path.split("/")
        inner = "/".join(part.replace("_", "-") for part in parts)
        if not self.variant.batches and inner.endswith("/batch"):
            return None
        spelt = "/".join(
            part if re.match("[0-9a-f]{8}-", part) else self.variant.placed(part) for part in inner.split("/")
        )
        return inner if spelt == path else None

    def _parameter(self, name: str) -> str:
        for known in (
            "limit",
            "cursor",
            "order",
            "slug",
            "hubId",
            "widgetId",
            "eventType",
            "category",
            "objectId",
            "since",
        ):
            if name == self._outer_parameter(known):
                return known
        return f"unknown-{name}"

    def _outer_parameter(self, name: str) -> str:
        return self.variant.paging if name == "cursor" else self.variant.named(name)

    def _outwards(self, value: Json, schema: str) -> Json:
        if isinstance(value, list):
            return [self._outwards(one, schema) for one in value]
        if not isinstance(value, dict):
            return value
        return {
            self.variant.member(name, schema): one if name in FREE else self._outwards(one, _nested(name, schema))
            for name, one in value.items()
            if name not in self.variant.without
        }

    def _inwards(self, value: Json, path: str) -> Json:
        if isinstance(value, list):
            return [self._inwards(one, path) for one in value]
        if not isinstance(value, dict):
            return value
        known = {self.variant.member(name): name for name in _members(self._inner)}
        # What is not spelt as the document has it stays as it is, and is refused by the real one as unknown.
        wrong = "-as-it-is-not-spelt-here"
        return {
            known.get(name, name + wrong): one if known.get(name) in FREE else self._inwards(one, path)
            for name, one in value.items()
        }

    def _described(self, document: Json) -> Json:
        variant = self.variant
        for name, schema in document["components"]["schemas"].items():
            if name not in PROBLEMS:
                self._describe_message(name, schema)
        paths = {}
        for path, item in document["paths"].items():
            if variant.batches or not path.endswith("/batch"):
                for operation in item.values():
                    self._describe_operation(operation, document)
                spelt = [part if part.startswith("{") else variant.placed(part) for part in path.split("/")]
                paths["/".join(spelt)] = item
        document["paths"] = paths
        return document

    def _describe_message(self, name: str, schema: Json) -> None:
        variant = self.variant
        properties = schema.get("properties", {})
        for gone in variant.without & set(properties):
            del properties[gone]
        schema["required"] = [one for one in schema.get("required", ()) if one in properties]
        if name.endswith("Page"):
            names = {"data": variant.items, "nextCursor": variant.following}
            if variant.paging != "cursor":
                del properties["nextCursor"]
        else:
            names = {one: variant.member(one, name) for one in properties}
        schema["properties"] = {names.get(one, one): its for one, its in properties.items()}
        schema["required"] = [names.get(one, one) for one in schema["required"]]

    def _describe_operation(self, operation: Json, document: Json) -> None:
        kept = []
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "header" and not self.variant.headers:
                continue
            if parameter["in"] == "query":
                if self.variant.unfiltered and parameter["name"] not in ("limit", "cursor", "order"):
                    continue
                if parameter["name"] == "limit":
                    parameter["schema"]["maximum"] = self.variant.most
                if parameter["name"] == "cursor" and self.variant.paging != "cursor":
                    parameter["schema"] = {"type": "integer", "minimum": 1 if self.variant.paging == "page" else 0}
                parameter["name"] = self._outer_parameter(parameter["name"])
            kept.append(parameter)
        operation["parameters"] = kept
        if self.variant.items:
            return
        content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
        message = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        if message.endswith("Page"):
            content["schema"] = document["components"]["schemas"][message]["properties"][""]


def _schema_of(path: str) -> str:
    """The name of the schema of what a path answers."""
    if "/api-keys" in path:
        return "KeyCreated" if path.endswith("/api-keys") else "Key"
    names = {"hubs": "Hub", "hub-capability-manifests": "Manifest", "api-consumers": "Consumer", "widgets": "Widget"}
    return names.get(path.removeprefix(API + "/").partition("/")[0], "")


def _nested(name: str, schema: str) -> str:
    return {"hub": "Hub", "manifest": "Manifest"}.get(name, schema)


def _members(inner: FastAPI) -> set[str]:
    schemas = inner.openapi()["components"]["schemas"].values()
    return {name for schema in schemas for name in schema.get("properties", {})}


def _refused(status: int, detail: str) -> Response:
    return JSONResponse({"title": "Refused", "status": status, "detail": detail}, status)


def _kept(answer: httpx.Response) -> dict[str, str]:
    return {name: answer.headers[name] for name in ("www-authenticate", "retry-after") if name in answer.headers}


@contextlib.contextmanager
def served(dsn: str, variant: Variant) -> Iterator[tuple[str, Renaming]]:
    """Serve a variant over the migrated database `dsn` on a port of this machine; its URL."""
    renaming = Renaming(create_app(Settings(database=dsn)), variant)
    listening = socket.create_server(("127.0.0.1", 0))
    ready = threading.Event()
    server = HttpServer(renaming.app, ready=ready.set)
    thread = threading.Thread(target=server.serve_on, args=(listening,), name="variant")
    thread.start()
    try:
        assert ready.wait(30)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", renaming
    finally:
        server.stop()
        thread.join(30)


SNAKE = Variant(
    named=snake,
    placed=lambda part: part.replace("-", "_"),
    ids={"*": "uuid"},
    items="items",
    following="next",
    most=7,
    batches=False,
    headers=False,
)
