"""Where the values of a YAML document stand in its text."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from vsmhub.spec.complaint import Pointer

Stretch = int
"""A piece of a text, from one character up to another, packed into one number.

A large spec has tens of thousands of them. As objects they would keep the garbage collector busy for longer than
reading takes: as numbers they halve the time (measured with 1,000 widgets).
"""
_BITS = 32


def stretch(start: int, end: int) -> Stretch:
    """The piece of a text from the character `start` up to `end`, counted from 0."""
    return start << _BITS | end


class Position(NamedTuple):
    """A point in a file as people count, from 1."""

    line: int
    column: int


class Spot:
    """Where a mapping or a list stands, and where its parts do. `flow` says whether it is written in brackets.

    `start` is where it begins: of one without brackets, its first key or its first hyphen. `end` is where it was seen
    to be over.
    """

    __slots__ = ("end", "flow", "keys", "parts", "start")

    def __init__(
        self,
        start: int,
        end: int,
        keys: Mapping[str, Stretch],
        parts: "Mapping[str, Stretch | Spot] | Sequence[Stretch | Spot]",
        *,
        flow: bool,
    ) -> None:
        self.start = start
        self.end = end
        self.keys = keys
        self.parts = parts
        self.flow = flow


def start_of(value: Stretch | Spot) -> int:
    """The index of the first character of a value."""
    return value.start if isinstance(value, Spot) else value >> _BITS


def end_of(value: Stretch | Spot) -> int:
    """The index after the last character of a value; of a collection without brackets, where it was seen to be over."""
    return value.end if isinstance(value, Spot) else value & ((1 << _BITS) - 1)


class Places:
    """Positions by pointer. What is not in the file has the position of the nearest collection that is."""

    def __init__(self, text: str, root: Stretch | Spot) -> None:
        self.text = text
        self._root = root

    def value(self, pointer: Pointer) -> Position:
        """Where the value at `pointer` begins."""
        return self.position(start_of(self._path(pointer)[-1]))

    def key(self, pointer: Pointer) -> Position:
        """Where the key stands that holds the value at `pointer`; of an item in a list, where the item begins."""
        path = self._path(pointer)
        # The key of what is not there is the key of the nearest collection that is.
        part = pointer[len(path) - 2] if len(path) > 1 else None
        parent = path[-2] if len(path) > 1 else None
        if isinstance(part, str) and isinstance(parent, Spot):
            return self.position(start_of(parent.keys[part]))
        return self.position(start_of(path[-1]))

    def find(self, pointer: Pointer) -> Stretch | Spot | None:
        """What stands at `pointer`, or None when nothing does."""
        path = self._path(pointer)
        return path[-1] if len(path) == len(pointer) + 1 else None

    def position(self, index: int) -> Position:
        """Line and column of the character at `index`."""
        line = bisect_right(self._lines, index)
        return Position(line, index - self._lines[line - 1] + 1)

    @cached_property
    def _lines(self) -> list[int]:
        """The index at which each line begins."""
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def _path(self, pointer: Pointer) -> list[Stretch | Spot]:
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
