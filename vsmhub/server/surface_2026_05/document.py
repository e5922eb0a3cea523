"""The OpenAPI document as it was: requests described by the schemas of their answers, no revisions."""

from collections.abc import Iterator
from typing import Any

from vsmhub.server.surface_2026_05.faults import COUNTER

VERSION = "2026-05"
DESCRIPTION = (
    "The generic hub framework, as it was served in May 2026.\n\n"
    "Exchange an API key at `POST /api/v2/token` for an access token and send that as `Authorization: Bearer …`. Hubs, "
    "manifests, consumers and keys are made in the pages for people. Lists give pages: `limit`, `cursor`, and filters."
)

Schema = dict[str, Any]


def aged(document: Schema) -> Schema:
    """The document of today's code for that API, as that API had it."""
    for path in document["paths"].values():
        for operation in path.values():
            _reuse(operation)
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        if schema.get("properties", {}).pop(COUNTER, None) is not None:
            schema["required"] = [name for name in schema["required"] if name != COUNTER]
    used = _used(document["paths"], schemas) | _used(document["webhooks"], schemas)
    used |= _used(document["components"]["responses"], schemas)
    document["components"]["schemas"] = {name: schema for name, schema in schemas.items() if name in used}
    return document


def _reuse(operation: Schema) -> None:
    made = operation["responses"].get("201", {}).get("content")
    if made is not None and "requestBody" in operation:
        operation["requestBody"]["content"] = made


def _used(node: object, schemas: Schema) -> set[str]:
    found: set[str] = set()
    waiting = [node]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(schemas[name])
    return found


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str) and "/schemas/" in node["$ref"]:
            yield node["$ref"].rpartition("/")[2]
        for child in node.values():
            yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)
