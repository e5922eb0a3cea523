"""Fields that change: all of a new object's, or those in which a live one differs from what is declared."""

from pydantic import BaseModel, JsonValue

from vsmhub.plan.desired import Fields
from vsmhub.plan.model import FieldChange


def all_new(fields: Fields) -> tuple[FieldChange, ...]:
    """Every field of an object that does not exist yet."""
    return tuple(FieldChange(field=name, after=value) for name, value in fields.items())


def differing_fields(existing: BaseModel, fields: Fields) -> tuple[FieldChange, ...]:
    """The fields in which a live object is not as declared."""
    found = []
    for name, wanted in fields.items():
        has = getattr(existing, name)
        if not same(has, wanted):
            found.append(FieldChange(field=name, before=has, after=wanted))
    return tuple(found)


def differs(fields: tuple[FieldChange, ...]) -> str:
    """Which fields differ, as a reason."""
    names = ", ".join(change.field.replace("_", " ") for change in fields)
    return f"{names} {'differs' if len(fields) == 1 else 'differ'}"


def same(has: JsonValue, wanted: JsonValue) -> bool:
    """Equality as Inter-Hub has it: the lists of a manifest are sets of names."""
    if isinstance(has, list) and isinstance(wanted, list):
        return sorted(map(str, has)) == sorted(map(str, wanted))
    return _equal(has, wanted)


def _equal(one: JsonValue, other: JsonValue) -> bool:
    """Equality as JSON has it: 1 is 1.0, and neither is true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return one == other
