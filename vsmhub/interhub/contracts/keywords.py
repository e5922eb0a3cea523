"""Keywords of JSON Schema as jsonschema has them, with two differences: patterns are ECMAScript's, and texts are quick.

jsonschema makes a validator for each value that it descends into, and most values of a contract's documents are texts
of some length and pattern, words of some, and objects of these. Those are looked at first; only what does not fit is
left to jsonschema, which knows how to say so.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

Keyword: TypeAlias = Callable[[Validator, Any, Any, Any], Iterator[ValidationError]]
Fits: TypeAlias = Callable[[object], bool]

_ORIGINAL: Mapping[str, Keyword] = Draft202012Validator.VALIDATORS
_ABOUT_TEXTS = {"type", "minLength", "maxLength", "pattern"}
_ABOUT_OBJECTS = {"type", "properties", "required", "additionalProperties"}
# What says something and demands nothing; formats are not asserted.
_REMARKS = {"title", "description", "default", "examples", "format"}


def contract_validator(schema: dict[str, Any]) -> Validator:
    """What validates documents by a contract's schema, which is not looked at itself."""
    # The tests by the schemas they are of: all of them are parts of `schema`, so no other gets the same id.
    known: dict[int, Fits] = {}

    def fits(part: object) -> Fits:
        found = known.get(id(part))
        if found is None:
            found = known[id(part)] = _test(part, fits, schema.get("$defs", {}))
        return found

    made: type[Validator] = extend(Draft202012Validator, {"pattern": _pattern, **_keywords(fits)})  # type: ignore[no-untyped-call] # it has no types
    return made(schema)


def _keywords(fits: Callable[[object], Fits]) -> dict[str, Keyword]:
    def items(validator: Validator, part: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
        if not (isinstance(instance, list) and all(map(fits(part), instance))):
            yield from _ORIGINAL["items"](validator, part, instance, schema)

    def properties(validator: Validator, parts: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
        if isinstance(instance, dict):
            parts = {name: one for name, one in parts.items() if name in instance and not fits(one)(instance[name])}
            yield from _ORIGINAL["properties"](validator, parts, instance, schema)

    def names(validator: Validator, part: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
        if not (isinstance(instance, dict) and all(map(fits(part), instance))):
            yield from _ORIGINAL["propertyNames"](validator, part, instance, schema)

    def additional(validator: Validator, part: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
        if not (isinstance(instance, dict) and all(map(fits(part), instance.values()))):
            yield from _ORIGINAL["additionalProperties"](validator, part, instance, schema)

    return {"items": items, "properties": properties, "propertyNames": names, "additionalProperties": additional}


def _test(schema: object, fits: Callable[[object], Fits], definitions: Mapping[str, object]) -> Fits:
    """Whether a value is as `schema` asks for, where that can be said quickly: of any other schema, that no value is.

    These are texts, words of some, nothing, and objects of them.
    """
    if not isinstance(schema, dict):
        return _never
    asked = schema.keys() - _REMARKS
    if asked == {"$ref"}:
        # Found when a value is there to be looked at: a definition may refer to itself.
        definition = definitions.get(schema["$ref"].removeprefix("#/$defs/"))
        return lambda value: fits(definition)(value)  # noqa: PLW0108 - only then
    if asked == {"anyOf"}:
        ways = [fits(one) for one in schema["anyOf"]]
        return lambda value: any(way(value) for way in ways)
    if schema.get("type") == "null" and asked == {"type"}:
        return lambda value: value is None
    more = schema.get("additionalProperties", True)
    if schema.get("type") == "object" and asked <= _ABOUT_OBJECTS and isinstance(more, bool):
        parts = schema.get("properties", {})
        required = frozenset(schema.get("required", ()))
        return lambda value: (
            isinstance(value, dict)
            and required <= value.keys()
            and (more or value.keys() <= parts.keys())
            and all(fits(parts[name])(one) for name, one in value.items() if name in parts)
        )
    if schema.get("type") != "string":
        return _never
    if asked in ({"type", "enum"}, {"type", "const"}):
        words = schema.get("enum", [schema.get("const")])
        return lambda value: isinstance(value, str) and value in words
    if not asked <= _ABOUT_TEXTS:
        return _never
    least, most = schema.get("minLength", 0), schema.get("maxLength", float("inf"))
    found = _ecma(schema.get("pattern", "")).search
    return lambda value: isinstance(value, str) and least <= len(value) <= most and found(value) is not None


def _never(_value: object) -> bool:
    return False


def _pattern(
    _validator: Validator, pattern: str, instance: object, _schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not _ecma(pattern).search(instance):
        yield ValidationError(f"{instance!r} does not match {pattern}")


@functools.cache
def _ecma(pattern: str) -> re.Pattern[str]:
    # In a JSON Schema, `$` is the end of the text; Python's would allow a line break after it.
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern))
