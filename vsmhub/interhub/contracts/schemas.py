"""The JSON Schemas of the contracts, made from the messages, so that the two cannot disagree.

A schema adds to its message what the message's type cannot say: that each name is listed once, what the capability of
a VSM hub holds, and that ids and times have one spelling only.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from vsmhub.interhub.contracts.capability import Capability
from vsmhub.interhub.messages.evidence import AnnotationCreate, EventCreate
from vsmhub.interhub.messages.framework import ManifestCreate
from vsmhub.interhub.messages.widgets import WidgetCreate

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
UUID_PATTERN = r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
MOMENT_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
VOCABULARIES = ("widgetTypes", "eventTypes", "annotationCategories", "policyScopes")
COMMENT: Schema = {"type": "string", "description": "Where a file says how it was made. Never sent to Inter-Hub."}


class _Plain(GenerateJsonSchema):
    """Pydantic's schema with one spelling for ids and times, and without titles that only repeat the member's name."""

    def uuid_schema(self, schema: core_schema.UuidSchema) -> JsonSchemaValue:
        return {**super().uuid_schema(schema), "pattern": UUID_PATTERN}

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        return {**super().datetime_schema(schema), "pattern": MOMENT_PATTERN}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        # Pydantic's own, made of `patternProperties`, lets keys through that the model refuses.
        found: JsonSchemaValue = {"type": "object"}
        keys = self.generate_inner(schema["keys_schema"]) if "keys_schema" in schema else {}
        if keys != {"type": "string"}:
            found["propertyNames"] = keys
        if "values_schema" in schema and not _is_any(schema["values_schema"]):
            found["additionalProperties"] = self.generate_inner(schema["values_schema"])
        return found

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic's own signature
        return False


def _is_any(schema: core_schema.CoreSchema) -> bool:
    """Whether it is pydantic's JsonValue, which any JSON is."""
    return schema["type"] == "definition-ref" and "JsonValue" in schema["schema_ref"]


def capability_manifest() -> Schema:
    """A hub's capability manifest, v1: what `POST /hub-capability-manifests` takes, for a hub of the VSM family.

    `hubId` is what an Inter-Hub calls the hub; a file in a hub's repository leaves it out, and may hold `$comment`.
    """
    schema = _schema(
        "hub-capability-manifest-v1", "Hub capability manifest, v1", ManifestCreate, _doc(capability_manifest)
    )
    capability = Capability.model_json_schema(schema_generator=_Plain)
    definitions = {**schema.get("$defs", {}), **capability.pop("$defs", {}), "Capability": capability}
    members = schema["properties"]
    for vocabulary in VOCABULARIES:
        members[vocabulary]["uniqueItems"] = True
    members["capability"] = {"$ref": "#/$defs/Capability"}
    return {
        **schema,
        "properties": {"$comment": COMMENT, **members},
        "required": ["version", "capability"],
        "$defs": dict(sorted(definitions.items())),
    }


def widget_seeds() -> Schema:
    """The widgets that a hub has from the start, v1: each what `POST /widgets` takes, but for `hubId`."""
    widget = WidgetCreate.model_json_schema(schema_generator=_Plain)
    definitions = {**widget.pop("$defs", {}), "Widget": widget}
    del widget["properties"]["hubId"]
    widget["required"].remove("hubId")
    return {
        "$schema": DIALECT,
        "$id": "urn:vsmhub:contract:widget-seeds-v1",
        "title": "Widget seeds, v1",
        "description": _doc(widget_seeds),
        "type": "object",
        "properties": {
            "$comment": COMMENT,
            "hub": {**widget["properties"]["slug"], "description": "Slug of the hub that the widgets belong to."},
            "items": {"type": "array", "items": {"$ref": "#/$defs/Widget"}, "uniqueItems": True},
        },
        "required": ["hub", "items"],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def interaction_event() -> Schema:
    """One interaction event, v1: what `POST /interaction-events` takes."""
    return _schema("interaction-event-v1", "Interaction event, v1", EventCreate, _doc(interaction_event))


def annotation() -> Schema:
    """One annotation, v1: what `POST /annotations` takes."""
    return _schema("annotation-v1", "Annotation, v1", AnnotationCreate, _doc(annotation))


CONTRACTS: Mapping[str, Callable[[], Schema]] = {
    "hub-capability-manifest-v1": capability_manifest,
    "widget-seeds-v1": widget_seeds,
    "interaction-event-v1": interaction_event,
    "annotation-v1": annotation,
}
"""The contracts by name. A schema is published as `docs/contracts/<name>.schema.json`."""


def schema_text(name: str) -> str:
    """The schema of this name as it is published."""
    return json.dumps(CONTRACTS[name](), indent=2, ensure_ascii=False) + "\n"


def _schema(name: str, title: str, message: type[BaseModel], description: str) -> Schema:
    schema = message.model_json_schema(schema_generator=_Plain)
    head = {"$schema": DIALECT, "$id": f"urn:vsmhub:contract:{name}", "title": title, "description": description}
    return {**head, **{key: value for key, value in schema.items() if key not in head}}


def _doc(function: Callable[[], Schema]) -> str:
    return " ".join((function.__doc__ or "").split())
