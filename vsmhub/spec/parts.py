"""Picking parts out of plain data that may not be what its model asks for; what does not fit is passed over."""

from collections.abc import Iterable, Iterator
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
    found = [(at, data)]
    for step in path:
        found = [((*pointer, key), part) for pointer, whole in found for key, part in _step(whole, step)]
    return iter(found)


def _step(whole: JsonValue, step: str | int | Each) -> Iterable[tuple[str | int, JsonValue]]:
    if isinstance(whole, dict):
        if isinstance(step, Each):
            return whole.items()
        return ((step, whole[step]),) if isinstance(step, str) and step in whole else ()
    if isinstance(whole, list):
        if isinstance(step, Each):
            return enumerate(whole)
        return ((step, whole[step]),) if isinstance(step, int) and step < len(whole) else ()
    return ()


def texts(data: JsonValue, path: Path) -> Iterator[tuple[Pointer, str]]:
    """The texts that stand at `path`, with the pointer to each."""
    return ((pointer, value) for pointer, value in parts(data, path) if isinstance(value, str))


def value_at(data: JsonValue, pointer: Pointer) -> JsonValue:
    """What stands at `pointer`; None when nothing does."""
    for step in pointer:
        data = next((part for _, part in _step(data, step)), None)
    return data


def mapping_at(data: JsonValue, pointer: Pointer) -> dict[str, JsonValue] | None:
    """The mapping at `pointer`, an empty one when nothing is there; None when something else is."""
    found = value_at(data, pointer)
    if found is None:
        return {}
    return found if isinstance(found, dict) else None
