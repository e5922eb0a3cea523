"""Picking parts out of plain data that may not be what its model asks for; what does not fit is passed over."""

from collections.abc import Iterator
from enum import Enum
from typing import Final

from pydantic import JsonValue

from vsmhub.spec.complaint import Pointer


class Each(Enum):
    """Stands in a path for every key of a mapping, or every item of a list."""

    EACH = "each"


EACH: Final = Each.EACH
Path = tuple[str | int | Each, ...]


def parts(data: JsonValue, path: Path, at: Pointer = ()) -> Iterator[tuple[Pointer, JsonValue]]:
    """All that stands at `path`, with the pointer to each."""
    if not path:
        yield at, data
        return
    step, rest = path[0], path[1:]
    if isinstance(data, dict):
        keys = list(data) if isinstance(step, Each) else [step] if step in data else []
        for key in keys:
            yield from parts(data[str(key)], rest, (*at, key))
    elif isinstance(data, list):
        indexes = range(len(data)) if isinstance(step, Each) else [step] if isinstance(step, int) else []
        for index in indexes:
            if index < len(data):
                yield from parts(data[index], rest, (*at, index))


def texts(data: JsonValue, path: Path) -> Iterator[tuple[Pointer, str]]:
    """The texts that stand at `path`, with the pointer to each."""
    return ((pointer, value) for pointer, value in parts(data, path) if isinstance(value, str))


def value_at(data: JsonValue, pointer: Pointer) -> JsonValue:
    """What stands at `pointer`; None when nothing does."""
    return next((value for _, value in parts(data, pointer)), None)


def mapping_at(data: JsonValue, pointer: Pointer) -> dict[str, JsonValue] | None:
    """The mapping at `pointer`, an empty one when nothing is there; None when something else is."""
    found = value_at(data, pointer)
    if found is None:
        return {}
    return found if isinstance(found, dict) else None
