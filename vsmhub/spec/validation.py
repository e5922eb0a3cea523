"""A document against its model: pydantic's errors as findings that a person can act on."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from vsmhub.spec.complaint import Finding, Pointer, path_text, quoted
from vsmhub.spec.names import MEANING
from vsmhub.spec.near import did_you_mean, nearest
from vsmhub.spec.parts import value_at

Model = TypeVar("Model", bound=BaseModel)
_KEY = "[key]"
"""What pydantic adds to the location of a mapping's key."""

FORMS = ("[value]", "[word]", "[stated]", "[unknown]", "[evidence]", "[all]", "[any]", "[some]")
"""What a location calls the forms in which one value may be written; none of them stands in a file."""


def validate(model: type[Model], data: JsonValue) -> tuple[Model | None, tuple[Finding, ...]]:
    """The model's value, or all that keeps `data` from being one."""
    try:
        # As JSON, because only there does strictness let a list be a tuple and a text be a member of an enum.
        return model.model_validate_json(json.dumps(data, ensure_ascii=False, allow_nan=False)), ()
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        return None, _findings(model, data, [{**one, "loc": _written(one["loc"])} for one in errors])


def _written(location: Pointer) -> Pointer:
    return tuple(part for part in location if part not in FORMS)


def _findings(model: type[BaseModel], data: JsonValue, errors: Sequence[ErrorDetails]) -> tuple[Finding, ...]:
    meant = _misspelt(model, errors)
    broken = {error["loc"][:end] for error in errors for end in range(1, len(error["loc"]))}
    return tuple(
        _finding(error, data, meant)
        for error in errors
        # A key that is there but misspelt is one mistake, and so is a list whose only item is wrong.
        if not (error["type"] == "missing" and error["loc"] in meant.values())
        and not (error["type"] == "too_short" and error["loc"] in broken)
    )


def _misspelt(model: type[BaseModel], errors: Sequence[ErrorDetails]) -> dict[Pointer, Pointer]:
    """For each key that is not known the key that was meant, as pointers; a key that is missing is meant sooner."""
    missing = {error["loc"] for error in errors if error["type"] == "missing"}
    meant: dict[Pointer, Pointer] = {}
    for error in errors:
        if error["type"] != "extra_forbidden":
            continue
        *parents, key = error["loc"]
        fields = _fields(model, tuple(parents))
        absent = [field for field in fields if (*parents, field) in missing]
        if found := nearest(str(key), absent) or nearest(str(key), fields):
            meant[error["loc"]] = (*parents, found)
    return meant


def _fields(model: type[BaseModel], pointer: Pointer) -> tuple[str, ...]:
    """The keys that the mapping at `pointer` may have, by its model."""
    found: Any = model
    for part in pointer:
        known = _model_in(found)
        if known is not None and isinstance(part, str) and part in known.model_fields:
            found = known.model_fields[part].annotation
        elif isinstance(part, str) and (values := get_args(found)):
            found = values[-1]
    known = _model_in(found)
    return tuple(known.model_fields) if known else ()


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - annotations have no type of their own
    """The model that an annotation such as `tuple[Widget, ...]` or `Deprecation | None` is about."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _finding(error: ErrorDetails, data: JsonValue, meant: dict[Pointer, Pointer]) -> Finding:
    pointer = error["loc"]
    kind = error["type"]
    if kind == "missing":
        return Finding(rule="missing-key", message=f"`{path_text(pointer)}` is missing", pointer=pointer)
    if kind == "extra_forbidden":
        where = f" in `{path_text(pointer[:-1])}`" if pointer[:-1] else ""
        hint = f"did you mean `{meant[pointer][-1]}`?" if pointer in meant else ""
        message = f"unknown key {quoted(str(pointer[-1]))}{where}"
        return Finding(rule="unknown-key", message=message, pointer=pointer, hint=hint, at_key=True)
    if pointer[-1:] == (_KEY,):
        key = str(pointer[-2])
        rule, message, hint = _refusal(error, key)
        hint = hint or f"it {message}"
        message = f"`{path_text(pointer[:-2])}` cannot have the key {quoted(key)}"
        return Finding(rule=rule, message=message, pointer=pointer[:-1], hint=hint, at_key=True)
    rule, message, hint = _refusal(error, value_at(data, _existing(data, pointer)))
    return Finding(rule=rule, message=f"`{path_text(pointer)}` {message}", pointer=pointer, hint=hint)


def _existing(data: JsonValue, pointer: Pointer) -> Pointer:
    """`pointer`, or the text it leads into: a term's description may stand in the place of the term."""
    return pointer[:-1] if isinstance(value_at(data, pointer[:-1]), str) else pointer


def _refusal(error: ErrorDetails, value: JsonValue) -> tuple[str, str, str]:
    """Rule, message and hint for a value that is there and wrong."""
    context = error.get("ctx", {})
    match error["type"]:
        case "string_pattern_mismatch":
            return "wrong-text", f"cannot be {quoted(str(value))}", MEANING.get(context["pattern"], "")
        case "string_too_short" if not value:
            return "wrong-text", "is empty", ""
        case "string_too_short":
            return "wrong-text", f"is too short; it takes {context['min_length']} characters or more", ""
        case "string_too_long":
            length = len(value) if isinstance(value, str) else 0
            return "wrong-text", f"is {length} characters long; it takes at most {context['max_length']}", ""
        case "too_short":
            return "wrong-count", f"needs at least {context['min_length']}", ""
        case "too_long":
            # pydantic does not count on when a mapping has too many entries.
            held = len(value) if isinstance(value, (dict, list)) else context["actual_length"]
            return "wrong-count", f"holds {held}; it takes at most {context['max_length']}", ""
        case "enum" | "literal_error":
            return _not_among(context["expected"], value)
        case kind if kind in _KINDS:
            # A term of a vocabulary may be its description alone.
            wanted = "a text or a mapping" if context.get("class_name") == "Term" else _KINDS[kind]
            hint = "put it in quotes" if "text" in wanted and isinstance(value, (int, float)) else ""
            return "wrong-kind", f"must be {wanted}, {_but(value)}", hint
        case _:
            return "wrong-value", f"is not taken: {error['msg']}", ""


_KINDS = {
    "string_type": "a text",
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
}


def _not_among(expected: str, value: JsonValue) -> tuple[str, str, str]:
    # pydantic lists what it would take as `'a', 'b' or 'c'`.
    choices = [choice for choice in expected.split("'")[1::2] if choice]
    wanted = f"`{choices[0]}`" if len(choices) == 1 else f"one of {', '.join(choices)}"
    if not isinstance(value, str):
        return "wrong-kind", f"must be {wanted}, {_but(value)}", ""
    hint = did_you_mean(value, choices) if len(choices) > 1 else ""
    return "wrong-choice", f"must be {wanted}, not {quoted(value)}", hint


def _but(value: JsonValue) -> str:
    match value:
        case None:
            return "but is empty"
        case bool():
            return f"not {str(value).lower()}"
        case int() | float():
            return f"not the number {value}"
        case str():
            return "not a text"
        case dict():
            return "not a mapping"
        case _:
            return "not a list"
