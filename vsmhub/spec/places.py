"""Where the values of a YAML document stand in its file."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from vsmhub.spec.complaint import Pointer


class Mark(Protocol):
    """A point in a file as a YAML parser gives it, counting from 0."""

    line: int
    column: int


class Position(NamedTuple):
    """A point in a file as people count, from 1."""

    line: int
    column: int


class Spot:
    """Where one value stands, and where its parts do.

    Not a frozen value as elsewhere: the reader fills one for each collection while it walks the file.
    """

    __slots__ = ("keys", "mark", "parts")

    def __init__(
        self, mark: Mark, keys: Mapping[str, Mark], parts: "Mapping[str, Mark | Spot] | Sequence[Mark | Spot]"
    ) -> None:
        self.mark = mark
        self.keys = keys
        self.parts = parts


class Places:
    """Positions by pointer. What is not in the file has the position of the nearest collection that is."""

    def __init__(self, root: Mark | Spot) -> None:
        self._root = root

    def value(self, pointer: Pointer) -> Position:
        """Where the value at `pointer` begins."""
        return self._walk(pointer)[0]

    def key(self, pointer: Pointer) -> Position:
        """Where the key stands that holds the value at `pointer`; of an item in a list, where the item begins."""
        return self._walk(pointer)[1]

    def _walk(self, pointer: Pointer) -> tuple[Position, Position]:
        spot = self._root
        value = key = _position(spot)
        for part in pointer:
            if not isinstance(spot, Spot):
                break
            try:
                # A text never indexes a list and a number never a mapping; both end the walk.
                found = spot.parts[part]  # type: ignore[index,call-overload,unused-ignore]
            except (KeyError, IndexError, TypeError):
                break
            value = _position(found)
            key = _position(spot.keys[part]) if isinstance(part, str) else value
            spot = found
        return value, key


def _position(spot: Mark | Spot) -> Position:
    mark = spot.mark if isinstance(spot, Spot) else spot
    return Position(mark.line + 1, mark.column + 1)
