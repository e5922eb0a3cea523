"""The OpenAPI document, from the code."""

import json
import re
import threading
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from vsmhub.interhub.messages.webhooks import WebhookPayload
from vsmhub.interhub.messages.wire import Problem
from vsmhub.server.operation import REASONS, SCHEME
from vsmhub.server.problems import PROBLEM_JSON, TITLES

DESCRIPTION = (
    "The generic hub framework: a registry of hubs, the vocabularies they declare, governed widgets, and what is "
    "observed on them.\n\n"
    "Exchange an API key at `POST /api/v2/token` for an access token and send that as `Authorization: Bearer …`. "
    "A key's scopes say what it may do: `framework:read`, `framework:admin` (which includes `framework:read` and "
    "the reading of every hub, but no writing to any), `hub:<slug>:read`, `hub:<slug>:write`.\n\n"
    "Errors are `application/problem+json` (RFC 9457) with a pointer for each member that is wrong. Every POST but "
    "the token's takes an `Idempotency-Key`: repeated with the same key and body it gives the first answer again, "
    "except that a secret is never shown twice; a request that was refused may be sent again. Keys are remembered "
    "for a day. PATCH and activation take `If-Match`. Lists give pages: `limit`, `cursor`, `order`, and filters; a "
    "parameter that is not known is refused."
)

_REFERENCE = "#/components/schemas/{model}"
_METHODS = ("get", "post", "patch", "delete")
# Generic messages by names that generators of clients can use.
_NAMES = ((r"Page_(\w+)_", r"\1Page"), (r"BatchAnswer_(\w+)_", r"\1BatchAnswer"), (r"Batch_(\w+)_", r"\1Batch"))


def install(app: FastAPI, edit: Callable[[dict[str, Any]], dict[str, Any]] | None = None) -> None:
    """Let the application serve its document, as `edit` makes it where that is given.

    It is made once, whoever asks: FastAPI keeps what it knows of parameters between calls, so that two who make it at
    the same time take each other's fields for their own and find them missing.
    """
    turn = threading.Lock()

    def document() -> dict[str, Any]:
        with turn:
            if app.openapi_schema is None:
                built = build(app)
                app.openapi_schema = edit(built) if edit else built
            return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def text(schema: dict[str, Any]) -> str:
    """The document as a file: the same for the same code."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def build(app: FastAPI) -> dict[str, Any]:
    """The document as data."""
    schema = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, openapi_version="3.1.0"
    )
    schema = _renamed(schema)
    components = schema["components"]
    _, own = models_json_schema(
        [(Problem, "serialization"), (WebhookPayload, "serialization")], ref_template=_REFERENCE
    )
    components["schemas"] = dict(sorted({**components["schemas"], **own["$defs"]}.items()))
    components["responses"] = {_name(status): _problem(reason) for status, reason in REASONS.items()}
    components["securitySchemes"] = {
        SCHEME: {"type": "http", "scheme": "bearer", "description": "An access token from `POST /api/v2/token`."}
    }
    for path in schema["paths"].values():
        for method in _METHODS:
            if method in path:
                _tidy(path[method])
    _untitle(schema["paths"])
    _untitle(components["schemas"])
    schema["webhooks"] = {"interactionEvent": {"post": _webhook()}}
    return schema


def _renamed(schema: dict[str, Any]) -> dict[str, Any]:
    spelt = json.dumps(schema)
    for pattern, name in _NAMES:
        spelt = re.sub(pattern, name, spelt)
    renamed: dict[str, Any] = json.loads(spelt)
    return renamed


def _name(status: int) -> str:
    return TITLES[status].replace(" ", "")


def _problem(reason: str) -> dict[str, Any]:
    return {"description": reason, "content": {PROBLEM_JSON: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}}


def _tidy(operation: dict[str, Any]) -> None:
    for status in operation["responses"]:
        if int(status) in REASONS:
            operation["responses"][status] = {"$ref": f"#/components/responses/{_name(int(status))}"}
    for parameter in operation.get("parameters", ()):
        # A parameter that is not sent is absent; there is no way to send null.
        kinds = parameter["schema"].pop("anyOf", None)
        if kinds is not None:
            (kind,) = (one for one in kinds if one != {"type": "null"})
            parameter["schema"] = {**kind, **parameter["schema"]}
        parameter["schema"].pop("description", None)


def _untitle(node: object) -> None:
    """Take out the titles that repeat a member's name."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for child in node.values():
            _untitle(child)
    elif isinstance(node, list):
        for child in node:
            _untitle(child)


def _webhook() -> dict[str, Any]:
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "summary": "An interaction event of a subscribed hub",
        "description": "Signed as Standard Webhooks has it. Answer 2xx; anything else is tried again, 410 excepted.",
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in headers
        ],
        "requestBody": {
            "content": {"application/json": {"schema": {"$ref": _REFERENCE.format(model="WebhookPayload")}}}
        },
        "responses": {"2XX": {"description": "Taken."}},
    }
