"""The published JSON Schema of `hub.yaml`, made from the model, and validation by it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from vsmhub.spec.complaint import Pointer
from vsmhub.spec.model import SPEC_FORMAT, HubSpec

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

SCHEMA_ID = "urn:vsmhub:hub:v1"
SCHEMA_FILE = "hub.v1.schema.json"


class _Generator(GenerateJsonSchema):
    """pydantic's own, except that a mapping's keys are held to their pattern as well as to their length."""

    schema_dialect = "https://json-schema.org/draft/2020-12/schema"

    def generate(self, schema: core_schema.CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        made = super().generate(schema, mode)
        return {
            "$schema": self.schema_dialect,
            "$id": SCHEMA_ID,
            **made,
            "title": f"hub.yaml ({SPEC_FORMAT})",
        }

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        patterns = made.pop("patternProperties", None)
        if patterns:
            ((pattern, values),) = patterns.items()
            made["additionalProperties"] = values
            made["propertyNames"] = {**made.get("propertyNames", {}), "pattern": pattern}
        return made


def hub_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the structure of `hub.yaml`; how its parts fit each other is beyond a schema."""
    return HubSpec.model_json_schema(schema_generator=_Generator)


def hub_schema_text() -> str:
    """The schema as its file in the repository holds it."""
    return json.dumps(hub_schema(), indent=2, ensure_ascii=False) + "\n"


@cache
def _validator() -> "Validator":
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def pattern(_: "Validator", wanted: str, value: object, __: object) -> "Iterator[ValidationError]":
        # In JSON Schema `$` is the end (ECMA-262); in Python it is also the place before a last line break.
        ending = wanted[:-1] + r"\Z" if wanted.endswith("$") else wanted
        if isinstance(value, str) and not re.search(ending, value):
            yield ValidationError(f"{value!r} does not match {wanted!r}")

    kind: type[Validator] = extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]
    return kind(hub_schema())


def validate_by_schema(data: JsonValue) -> tuple[tuple[Pointer, str], ...]:
    """What the published schema says against `data`: pointers and the words of `jsonschema`; nothing when it fits."""
    return tuple((tuple(error.absolute_path), error.message) for error in _validator().iter_errors(data))
