"""A real Inter-Hub for the tests: uvicorn on a Unix socket in a thread, over a database of its own."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

from tests.databases import Databases
from vsmhub.server.app import create_app
from vsmhub.server.hosting import listener
from vsmhub.server.hosting.http import HttpServer
from vsmhub.server.operator_key import mint_operator_key
from vsmhub.server.settings import Settings
from vsmhub.server.surface import Surface

API = "http://inter-hub/api/v2"


class Client:
    """An HTTP client with an access token, or with none."""

    def __init__(self, path: Path, token: str | None = None) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self.http = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(path), verify=False), headers=headers, timeout=60
        )

    def ask(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        url = path if path.startswith("http") else API + path
        return self.http.request(method, url, json=body, headers=headers, params=query or None)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.ask("GET", path, **query)

    def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        return self.ask("POST", path, body, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def patch(self, path: str, body: object, **headers: str) -> httpx.Response:
        return self.ask("PATCH", path, body, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def made(self, path: str, body: object = None) -> dict[str, Any]:
        """What a POST made."""
        answer = self.post(path, body)
        assert answer.status_code in {200, 201}, answer.text
        document: dict[str, Any] = answer.json()
        return document


class InterHub:
    """A running Inter-Hub."""

    def __init__(self, dsn: str, path: Path, app: FastAPI) -> None:
        self.dsn = dsn
        self.socket = path
        self.app = app
        self._operator: Client | None = None
        self._clients: list[Client] = []

    @property
    def operator(self) -> Client:
        """With the operator's powers."""
        if self._operator is None:
            self._operator = self.holder(mint_operator_key(self.dsn).secret)
        return self._operator

    def anonymous(self) -> Client:
        return self._kept(Client(self.socket))

    def with_token(self, token: str) -> Client:
        return self._kept(Client(self.socket, token))

    def holder(self, key: str) -> Client:
        """With a token for an API key."""
        return self.with_token(self.anonymous().made("/token", {"apiKey": key})["accessToken"])

    def _kept(self, client: Client) -> Client:
        self._clients.append(client)
        return client

    def close(self) -> None:
        for client in self._clients:
            client.http.close()

    def hub(self, slug: str | None = None, **names: list[str]) -> "HubUnderTest":
        """A new hub with an active manifest, a consumer and a writing key. Names get the slug as their prefix."""
        slug = slug or f"h{uuid4().hex[:12]}"
        return HubUnderTest(self, slug, names)


DEFAULT_NAMES = {
    "widgetTypes": ["panel", "readiness-check", "inventory-list"],
    "eventTypes": ["seen", "endpoint-verified", "endpoint-failed"],
    "annotationCategories": ["remark", "risk"],
    "policyScopes": ["public", "internal"],
}


class HubUnderTest:
    """A hub made over the API, with what it takes to write to it."""

    def __init__(self, inter_hub: InterHub, slug: str, names: Mapping[str, list[str]]) -> None:
        operator = inter_hub.operator
        self.inter_hub = inter_hub
        self.slug = slug
        self.id: str = operator.made("/hubs", {"slug": slug, "name": slug, "domain": "tests"})["id"]
        self.names = {
            kind: [f"{slug}-{name}" for name in listed] for kind, listed in {**DEFAULT_NAMES, **names}.items()
        }
        self.manifest = self.activate("1.0.0", **self.names)
        consumer = {"hubId": self.id, "manifestId": self.manifest["id"], "name": f"{slug}-agent"}
        self.consumer = operator.made("/api-consumers", consumer)
        self.key = self.new_key("framework:read", f"hub:{slug}:read", f"hub:{slug}:write")
        self.client = inter_hub.holder(self.key["key"])

    def draft(self, version: str, **names: list[str]) -> dict[str, Any]:
        return self.inter_hub.operator.made(
            "/hub-capability-manifests", {"hubId": self.id, "version": version, **names}
        )

    def activate(self, version: str, **names: list[str]) -> dict[str, Any]:
        draft = self.draft(version, **names)
        return self.inter_hub.operator.made(f"/hub-capability-manifests/{draft['id']}/activate")

    def new_key(self, *scopes: str, **more: Any) -> dict[str, Any]:
        path = f"/api-consumers/{self.consumer['id']}/api-keys"
        return self.inter_hub.operator.made(path, {"name": "key", "scopes": list(scopes), **more})

    def holder(self, *scopes: str) -> Client:
        return self.inter_hub.holder(self.new_key(*scopes)["key"])

    def widget_body(self, slug: str | None = None, **more: Any) -> dict[str, Any]:
        return {
            "hubId": self.id,
            "slug": slug or f"w{uuid4().hex[:12]}",
            "name": "A widget",
            "widgetType": self.names["widgetTypes"][0],
            "policyScope": self.names["policyScopes"][0],
            "viewContext": "tests",
            **more,
        }

    def widget(self, **more: Any) -> dict[str, Any]:
        return self.client.made("/widgets", self.widget_body(**more))

    def event_body(self, widget_id: str, **more: Any) -> dict[str, Any]:
        return {"widgetId": widget_id, "eventType": self.names["eventTypes"][0], **more}


@contextlib.contextmanager
def serving(
    dsn: str,
    settings: Settings | None = None,
    also: socket.socket | None = None,
    surface: Surface = Surface.REFERENCE,
) -> Iterator[InterHub]:
    """Serve the migrated database `dsn` for as long as the block runs, on a socket of its own and on `also`."""
    app = create_app(settings or Settings(database=dsn), surface)
    ready = threading.Event()
    server = HttpServer(app, ready=ready.set)
    with listener.private() as listening:
        sockets = [listening] if also is None else [listening, also]
        thread = threading.Thread(target=server.run, args=(sockets,), name="inter-hub")
        thread.start()
        inter_hub = InterHub(dsn, Path(listening.getsockname()), app)
        try:
            while not ready.wait(0.1):
                assert thread.is_alive(), "the server did not start"
            yield inter_hub
        finally:
            inter_hub.close()
            server.stop()
            thread.join(timeout=30)


@contextlib.contextmanager
def serving_fresh(databases: Databases, **settings: Any) -> Iterator[InterHub]:
    """Serve a migrated database of its own, with what `settings` says otherwise than `Settings`."""
    with databases.migrated() as dsn, serving(dsn, Settings(database=dsn, **settings)) as running:
        yield running
