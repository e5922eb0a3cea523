"""The published JSON Schema of each kind of file, made from its model, and validation by it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, JsonValue
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from vsmhub.spec.complaint import Pointer
from vsmhub.spec.load import HUB
from vsmhub.spec.reading import Kind

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

Model = TypeVar("Model", bound=BaseModel)

SCHEMA_FILE = "hub.v1.schema.json"


class _Generator(GenerateJsonSchema):
    """pydantic's own, except that a mapping's keys are held to their pattern as well as to their length."""

    schema_dialect = "https://json-schema.org/draft/2020-12/schema"

    def generate(self, schema: core_schema.CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        return {"$schema": self.schema_dialect, **super().generate(schema, mode)}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        # Which form a value has is told by its shape, and a word such as `unknown` has the shape of a text as well.
        made = super().tagged_union_schema(schema)
        return {"anyOf" if key == "oneOf" else key: value for key, value in made.items()}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        patterns = made.pop("patternProperties", None)
        if patterns:
            ((pattern, values),) = patterns.items()
            made["additionalProperties"] = values
            made["propertyNames"] = {**made.get("propertyNames", {}), "pattern": pattern}
        return made


def schema_file(kind: Kind[Model]) -> str:
    """What the schema's file in the repository is called, such as `hub.v1.schema.json`."""
    _, name, version = kind.format.split("/")
    return f"{name}.{version}.schema.json"


def schema(kind: Kind[Model]) -> dict[str, Any]:
    """JSON Schema 2020-12 of the structure of a kind of file; how its parts fit each other is beyond a schema."""
    made = kind.model.model_json_schema(schema_generator=_Generator)
    dialect = made.pop("$schema")
    title = f"{kind.file_name} ({kind.format})"
    return {"$schema": dialect, "$id": f"urn:{kind.format.replace('/', ':')}", **made, "title": title}


def schema_text(kind: Kind[Model]) -> str:
    """The schema as its file in the repository holds it."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def hub_schema() -> dict[str, Any]:
    """The schema of `hub.yaml`."""
    return schema(HUB)


def hub_schema_text() -> str:
    """The schema of `hub.yaml` as its file in the repository holds it."""
    return schema_text(HUB)


@cache
def _validator(kind: Kind[Any]) -> "Validator":
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def pattern(_: "Validator", wanted: str, value: object, __: object) -> "Iterator[ValidationError]":
        # In JSON Schema `$` is the end (ECMA-262); in Python it is also the place before a last line break.
        ending = wanted[:-1] + r"\Z" if wanted.endswith("$") else wanted
        if isinstance(value, str) and not re.search(ending, value):
            yield ValidationError(f"{value!r} does not match {wanted!r}")

    made: type[Validator] = extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]
    return made(schema(kind))


def validate_by_schema(data: JsonValue, kind: Kind[Any] = HUB) -> tuple[tuple[Pointer, str], ...]:
    """What the published schema says against `data`: pointers and the words of `jsonschema`; nothing when it fits."""
    return tuple((tuple(error.absolute_path), error.message) for error in _validator(kind).iter_errors(data))
