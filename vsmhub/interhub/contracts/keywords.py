"""Keywords of JSON Schema as jsonschema has them, with two differences: patterns are ECMAScript's, and texts are quick.

jsonschema makes a validator for each value that it descends into, and most values of a contract's documents are texts
of some length and pattern, or one of some words. Those are looked at first; only what does not fit is left to
jsonschema, which knows how to say so.
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
# What says something and demands nothing; formats are not asserted.
_REMARKS = {"title", "description", "default", "examples", "format"}


def contract_validator(schema: dict[str, Any]) -> Validator:
    """What validates documents by a contract's schema, which is not looked at itself."""
    # The tests by the schemas they are of: all of them are parts of `schema`, so no other gets the same id.
    known: dict[int, Fits] = {}

    def fits(part: object) -> Fits:
        found = known.get(id(part))
        if found is None:
            found = known[id(part)] = _test(part)
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


def _test(schema: object) -> Fits:
    """Whether a value is a text, a word of some, or nothing, as `schema` asks for; of any other, that no value is."""
    if not isinstance(schema, dict):
        return _never
    asked = schema.keys() - _REMARKS
    if asked == {"anyOf"}:
        tests = [_test(one) for one in schema["anyOf"]]
        return lambda value: any(fits(value) for fits in tests)
    if schema.get("type") == "null" and asked == {"type"}:
        return lambda value: value is None
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
