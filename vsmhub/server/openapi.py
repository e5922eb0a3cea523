"""The OpenAPI document, from the code."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from vsmhub.server.operation import SCHEME

DESCRIPTION = (
    "The generic hub framework: a registry of hubs, the vocabularies they declare, governed widgets, and what is "
    "observed on them.\n\n"
    "Exchange an API key at `POST /api/v2/token` for an access token and send that as `Authorization: Bearer …`. "
    "A key's scopes say what it may do: `framework:read`, `framework:admin` (which includes `framework:read` and "
    "the reading of every hub, but no writing to any), `hub:<slug>:read`, `hub:<slug>:write`.\n\n"
    "Errors are `application/problem+json` (RFC 9457) with a pointer for each member that is wrong. Every POST but "
    "the token's takes an `Idempotency-Key`; PATCH and activation take `If-Match`. Lists give pages: `limit`, "
    "`cursor`, and filters."
)


def install(app: FastAPI) -> None:
    """Let the application serve its document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = build(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def build(app: FastAPI) -> dict[str, Any]:
    """The document as data."""
    schema = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, openapi_version="3.1.0"
    )
    schema.setdefault("components", {})["securitySchemes"] = {
        SCHEME: {"type": "http", "scheme": "bearer", "description": "An access token from `POST /api/v2/token`."}
    }
    return schema
