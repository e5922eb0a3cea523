"""An OpenAPI document as far as a surface is read from it: paths, parameters, and the members of messages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from vsmhub.interhub.address import API

Json = Mapping[str, JsonValue]

_METHODS = ("get", "post", "put", "patch", "delete")
_DEEPEST = 10


def squashed(name: str) -> str:
    """A name without what ways of writing differ in: `hub_id`, `hubId` and `hub-id` are the same."""
    return name.replace("_", "").replace("-", "").lower()


def generalised(path: str) -> str:
    """A path in the contract's way of writing: kebab-case, `{}` where an id goes, no slash at its end."""
    parts = []
    for part in path.strip("/").split("/"):
        kebab = re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", part).lower().replace("_", "-")
        parts.append("{}" if part.startswith("{") else kebab)
    return "/" + "/".join(parts)


@dataclass(frozen=True)
class Endpoint:
    """One method on one path; `path` is below the API's root, as the document spells it."""

    path: str
    method: str
    described: Json
    parameters: tuple[Json, ...]


@dataclass(frozen=True)
class Members:
    """An object's members with their schemas, and the names of those that must be there."""

    schemas: Mapping[str, JsonValue]
    required: frozenset[str]


class Document:
    """Reads one document. What is not as OpenAPI has it counts as not said."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._known: dict[tuple[str, int], Json] = {}

    @property
    def info(self) -> Json:
        return _object(self._document.get("info"))

    @cached_property
    def endpoints(self) -> Mapping[str, tuple[Endpoint, ...]]:
        """All of them, by generalised path."""
        found: dict[str, list[Endpoint]] = {}
        for path, item in _object(self._document.get("paths")).items():
            below = "/" + (path.partition(API)[2] if API in path else path).lstrip("/")
            for endpoint in self._endpoints(below, self.resolved(item)):
                found.setdefault(generalised(below), []).append(endpoint)
        return {path: tuple(endpoints) for path, endpoints in found.items()}

    def body(self, endpoint: Endpoint) -> JsonValue:
        """The schema of what it takes, unresolved; None where the document does not say."""
        return _content(self.resolved(endpoint.described.get("requestBody")))

    def answer(self, endpoint: Endpoint) -> JsonValue:
        """The schema of its success, unresolved; None where the document does not say."""
        responses = _object(endpoint.described.get("responses"))
        for status in sorted(responses):
            if status.startswith("2"):
                return _content(self.resolved(responses[status]))
        return None

    def resolved(self, node: JsonValue) -> Json:
        """What a node means: references followed, the one alternative to null taken, parts put together."""
        return self._resolved(node, _DEEPEST)

    def members(self, node: JsonValue) -> Members:
        """The members of an object's schema; none where it is not one."""
        schema = self.resolved(node)
        properties = _object(schema.get("properties"))
        required = frozenset(name for name in _list(schema.get("required")) if isinstance(name, str))
        return Members(properties, required)

    def items(self, node: JsonValue) -> JsonValue:
        """The schema of an array's items, None for what is no array."""
        schema = self.resolved(node)
        return schema.get("items", {}) if "items" in schema or schema.get("type") == "array" else None

    def _endpoints(self, path: str, item: Json) -> Iterator[Endpoint]:
        shared = _list(item.get("parameters"))
        for method in _METHODS:
            if method in item:
                described = self.resolved(item[method])
                own = _list(described.get("parameters"))
                parameters = tuple(self.resolved(one) for one in (*shared, *own))
                yield Endpoint(path, method.upper(), described, parameters)

    def _resolved(self, node: JsonValue, deep: int) -> Json:
        schema = _object(node)
        if not deep:
            return {}
        reference = schema.get("$ref")
        if isinstance(reference, str):
            # Once for each: parts that refer to each other would otherwise be gone through in every order.
            if (reference, deep) not in self._known:
                self._known[reference, deep] = self._resolved(self._referenced(reference), deep - 1)
            return self._known[reference, deep]
        for key in ("anyOf", "oneOf"):
            choices = [one for one in _list(schema.get(key)) if _object(one).get("type") != "null"]
            if len(choices) == 1:
                return {**self._resolved(choices[0], deep - 1), **{k: v for k, v in schema.items() if k != key}}
        parts = [self._resolved(one, deep - 1) for one in _list(schema.get("allOf"))]
        return _merged(schema, parts) if parts else schema

    def _referenced(self, reference: str) -> JsonValue:
        node: JsonValue = dict(self._document)
        for part in reference.removeprefix("#/").split("/"):
            node = _object(node).get(part.replace("~1", "/").replace("~0", "~"))
        return node


def _merged(schema: Json, parts: list[Json]) -> Json:
    properties: dict[str, JsonValue] = {}
    required: dict[str, None] = {}
    for part in (*parts, schema):
        properties |= _object(part.get("properties"))
        required |= dict.fromkeys(name for name in _list(part.get("required")) if isinstance(name, str))
    rest = {key: value for part in parts for key, value in part.items()}
    return {**rest, **schema, "properties": properties, "required": [*required]}


def _content(node: Json) -> JsonValue:
    for media, described in _object(node.get("content")).items():
        if media.endswith("json"):
            return _object(described).get("schema")
    return None


def _object(node: JsonValue) -> dict[str, JsonValue]:
    return node if isinstance(node, dict) else {}


def _list(node: JsonValue) -> list[JsonValue]:
    return node if isinstance(node, list) else []
