"""Where the values of a YAML document stand in its file."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from vsmhub.spec.complaint import Pointer


class Mark(Protocol):
    """A point in a text as a YAML parser gives it, counting from 0; `index` counts characters."""

    index: int
    line: int
    column: int


class Token(Protocol):
    """A piece of a text that a YAML parser made an event of."""

    start_mark: Mark
    end_mark: Mark


class Position(NamedTuple):
    """A point in a file as people count, from 1."""

    line: int
    column: int


class Spot:
    """Where a mapping or a list stands, and where its parts do. `end` is where it was seen to be over."""

    __slots__ = ("end", "flow", "keys", "parts", "start")

    def __init__(
        self,
        start: Token,
        end: Token,
        keys: Mapping[str, Token],
        parts: "Mapping[str, Token | Spot] | Sequence[Token | Spot]",
        *,
        flow: bool,
    ) -> None:
        self.start = start
        self.end = end
        self.keys = keys
        self.parts = parts
        self.flow = flow


class Places:
    """Positions by pointer. What is not in the file has the position of the nearest collection that is."""

    def __init__(self, root: Token | Spot) -> None:
        self._root = root

    def value(self, pointer: Pointer) -> Position:
        """Where the value at `pointer` begins."""
        return _position(self._path(pointer)[-1])

    def key(self, pointer: Pointer) -> Position:
        """Where the key stands that holds the value at `pointer`; of an item in a list, where the item begins."""
        path = self._path(pointer)
        # The key of what is not there is the key of the nearest collection that is.
        part = pointer[len(path) - 2] if len(path) > 1 else None
        parent = path[-2] if len(path) > 1 else None
        if isinstance(part, str) and isinstance(parent, Spot):
            return _position(parent.keys[part])
        return _position(path[-1])

    def find(self, pointer: Pointer) -> Token | Spot | None:
        """What stands at `pointer`, or None when nothing does."""
        path = self._path(pointer)
        return path[-1] if len(path) == len(pointer) + 1 else None

    def _path(self, pointer: Pointer) -> list[Token | Spot]:
        """All from the root to what stands at `pointer`, as far as there is something."""
        path = [self._root]
        for part in pointer:
            spot = path[-1]
            if not isinstance(spot, Spot):
                break
            try:
                # A text never indexes a list and a number never a mapping; both end the walk.
                path.append(spot.parts[part])  # type: ignore[index,call-overload,unused-ignore]
            except (KeyError, IndexError, TypeError):
                break
        return path


def _position(spot: Token | Spot) -> Position:
    mark = (spot.start if isinstance(spot, Spot) else spot).start_mark
    return Position(mark.line + 1, mark.column + 1)
