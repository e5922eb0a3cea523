"""Changing the text of a YAML document at single places, so that every other character stays as it was.

A round trip through a YAML library folds lines, moves comments and quotes anew wherever a person wrote otherwise than
it would have. Here the places that reading found are cut and filled instead.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from vsmhub.spec.complaint import Pointer, path_text
from vsmhub.spec.document import Document
from vsmhub.spec.errors import SpecError
from vsmhub.spec.places import Spot, Stretch, end_of, start_of
from vsmhub.spec.reader import parse_document

Entry = Mapping[str, "str | Entry"]
"""What can be written: texts, and mappings of them."""

STEP = 2
"""Columns that a new mapping is indented by."""


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in the place of what stands from `start` up to `end`, counted in characters."""

    start: int
    end: int
    text: str


class Editor:
    """Makes edits to one text. Nothing is changed before `apply`."""

    def __init__(self, text: str, document: Document) -> None:
        self._text = text
        self._places = document.places
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def apply(self, edits: Iterable[Edit]) -> str:
        """The text with all edits made; those that begin at one place follow each other."""
        text = self._text
        for edit in sorted(edits, key=lambda one: (one.start, one.end), reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text

    def replace_text(self, pointer: Pointer, new: str) -> Edit:
        """Another text in the place of the one at `pointer`, quoted as that was."""
        token = self._token(pointer)
        start, end = start_of(token), end_of(token)
        quote = self._text[start]
        if quote == "'":
            return Edit(start, end, f"'{new.replace(quote, quote * 2)}'")
        return Edit(start, end, _quoted(new) if quote == '"' else _scalar(new, flow=True))

    def add_last(self, pointer: Pointer, key: str, value: str | Entry) -> Edit:
        """A new last entry of the mapping at `pointer`, which is made when it is empty or missing."""
        spot = self._places.find(pointer)
        if spot is None:
            return self.add_last(pointer[:-1], str(pointer[-1]), {key: value})
        if isinstance(spot, Spot) and spot.parts:
            return self._append(spot, key, value)
        return self._fill(pointer, spot, {key: value})

    def add_after(self, pointer: Pointer, key: str, value: str | Entry) -> Edit:
        """A new entry after the one at `pointer`."""
        parent, last = self._spot(pointer[:-1]), self._places.find(pointer)
        if last is None:
            raise KeyError(path_text(pointer))
        return self._append(parent, key, value, last)

    def add_before(self, pointer: Pointer, key: str, value: str | Entry) -> Edit:
        """A new entry before the one at `pointer`; a comment above that one comes to stand above the new one."""
        parent = self._spot(pointer[:-1])
        token = parent.keys[str(pointer[-1])]
        start = start_of(token)
        if parent.flow:
            return Edit(start, start, f"{_flow(key, value)}, ")
        indent = self._column(token)
        lines = self._newline.join(_block(key, value, indent)).lstrip()
        return Edit(start, start, f"{lines}{self._newline}{' ' * indent}")

    def wrap(self, pointer: Pointer, key: str, more: Entry) -> list[Edit]:
        """The text at `pointer` as the value of `key` in a mapping that takes its place, followed by `more`."""
        parent, token = self._spot(pointer[:-1]), self._token(pointer)
        start, end = start_of(token), self._end(token)
        if parent.flow:
            rest = "".join(f", {_flow(name, value)}" for name, value in more.items())
            return [Edit(start, start, f"{{{key}: "), Edit(end, end, f"{rest}}}")]
        name = parent.keys[str(pointer[-1])]
        own_line = self._line(start) > self._line(end_of(name))
        indent = self._column(token if own_line else name) + (0 if own_line else STEP)
        # What stands between is a colon and blanks; a comment can only be there when the text has a line of its own.
        gap = start if own_line else end_of(name) + self._text[end_of(name) : start].index(":") + 1
        opening = f"{key}: " if own_line else f"{self._newline}{' ' * indent}{key}: "
        inner = re.sub(r"\n(?=[^\r\n])", "\n" + " " * STEP, self._text[start:end])
        return [Edit(gap, end, opening + inner), self._lines_after(end, more, indent)]

    def _append(self, spot: Spot, key: str, value: str | Entry, last: Stretch | Spot | None = None) -> Edit:
        last = last if last is not None else _parts(spot)[-1]
        end = self._end(last)
        if spot.flow:
            return Edit(end, end, f", {_flow(key, value)}")
        return self._lines_after(end, {key: value}, self._column(spot))

    def _fill(self, pointer: Pointer, empty: Stretch | Spot, entries: Entry) -> Edit:
        """Entries in the place of nothing, or of a mapping without any."""
        parent = self._spot(pointer[:-1])
        name = parent.keys[str(pointer[-1])]
        ((key, value),) = entries.items()
        start = end_of(name) + self._text[end_of(name) :].index(":") + 1
        end = max(start, self._end(empty))
        if parent.flow:
            return Edit(start, end, f" {{{_flow(key, value)}}}")
        comment = self._text[end : self._line_end(end)]
        lines = self._newline.join(["", *_block(key, value, self._column(name) + STEP)])
        return Edit(start, self._line_end(end), f"{comment}{lines}")

    def _lines_after(self, index: int, entries: Entry, indent: int) -> Edit:
        lines = [line for key, value in entries.items() for line in _block(key, value, indent)]
        end = self._line_end(index)
        return Edit(end, end, self._newline + self._newline.join(lines))

    def _line_end(self, index: int) -> int:
        end = self._text.find("\n", index)
        if end < 0:
            return len(self._text)
        return end - 1 if end > index and self._text[end - 1] == "\r" else end

    def _end(self, spot: Stretch | Spot) -> int:
        """The index after the last character of a value, comments and line ends behind it not counted."""
        if isinstance(spot, Spot):
            parts = _parts(spot)
            return spot.end if spot.flow or not parts else self._end(parts[-1])
        start, end = start_of(spot), end_of(spot)
        return start + len(self._text[start:end].rstrip())

    def _column(self, spot: Stretch | Spot) -> int:
        return self._places.position(start_of(spot)).column - 1

    def _line(self, index: int) -> int:
        return self._places.position(index).line

    def _spot(self, pointer: Pointer) -> Spot:
        found = self._places.find(pointer)
        if not isinstance(found, Spot):
            raise KeyError(path_text(pointer))
        return found

    def _token(self, pointer: Pointer) -> Stretch:
        found = self._places.find(pointer)
        if found is None or isinstance(found, Spot):
            raise KeyError(path_text(pointer))
        return found


def _parts(spot: Spot) -> list[Stretch | Spot]:
    return list(spot.parts.values() if isinstance(spot.parts, Mapping) else spot.parts)


def _block(key: str, value: str | Entry, indent: int) -> list[str]:
    head = f"{' ' * indent}{_scalar(key)}:"
    if isinstance(value, str):
        return [f"{head} {_scalar(value)}"]
    return [head, *(line for name, inner in value.items() for line in _block(name, inner, indent + STEP))]


def _flow(key: str, value: str | Entry) -> str:
    if isinstance(value, str):
        return f"{_scalar(key, flow=True)}: {_scalar(value, flow=True)}"
    inner = ", ".join(_flow(name, one) for name, one in value.items())
    return f"{_scalar(key, flow=True)}: {{{inner}}}"


def _scalar(text: str, *, flow: bool = False) -> str:
    """`text` without quotes where it reads as itself, otherwise in double quotes."""
    return text if _reads_as(f"[{text}]" if flow else f"k: {text}", [text] if flow else {"k": text}) else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _reads_as(text: str, value: JsonValue) -> bool:
    try:
        document = parse_document(Path(), text)
    except SpecError:
        return False
    return not document.complaints and document.data == value
