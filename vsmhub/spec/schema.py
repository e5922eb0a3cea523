"""The published JSON Schema of each kind of file, made from its model."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from vsmhub.spec.reading import Kind

Model = TypeVar("Model", bound=BaseModel)


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
