"""Reading YAML into plain data: the part of YAML 1.2 that is JSON with comments and without brackets.

Anchors, aliases, tags, merge keys and several documents in one file are refused: they make a file mean something else
than it shows, and none of them survives the way to JSON. All such complaints come together; only where the text is no
YAML at all does reading end.
"""

import functools
from pathlib import Path
from typing import Any

import yaml
from pydantic import JsonValue
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from vsmhub.spec.complaint import Complaint, Pointer, quoted
from vsmhub.spec.document import Document, in_file_order
from vsmhub.spec.errors import SpecError
from vsmhub.spec.places import Places, Spot, Stretch, stretch
from vsmhub.spec.scalars import NotTakenError, resolve
from vsmhub.spec.source import read_source
from vsmhub.spec.syntax import syntax_complaint

DEPTH_LIMIT = 32
"""How many collections may lie inside each other."""

READ_AS_NULL = frozenset({"yaml-alias", "yaml-number", "yaml-depth"})
"""The rules about values that stand in the data as null, because they cannot be taken."""

# The parser in C is some ten times as fast; a PyYAML built without libyaml lacks it.
_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_document(file: Path) -> Document:
    """What the YAML file holds; SpecError when it cannot be read, or is no YAML."""
    return parse_document(file, read_source(file))


def parse_document(file: Path, text: str) -> Document:
    """What `text` says as YAML; `file` is for the complaints. SpecError when it is no YAML."""
    try:
        return _Reader(file, text).document()
    except yaml.YAMLError as error:
        raise SpecError([syntax_complaint(file, text, error)]) from error


class _TooDeep(Exception):
    pass


class _Reader:
    """Walks the parser's events once. What it refuses reads as null, so that the walk can go on."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._text = text
        self._next = _Parser(text).get_event
        self._found: list[tuple[int, str, str, Pointer, str]] = []

    def document(self) -> Document:
        self._next()  # the stream's start
        if type(self._next()) is not DocumentStartEvent:
            complaint = Complaint(
                rule="yaml-empty", message="the file holds nothing", file=self._file, line=0, column=0
            )
            raise SpecError([complaint])
        event = self._next()
        try:
            data, spot = self._value(event, (), None)
            self._next()  # the document's end
            event = self._next()
            if type(event) is not StreamEndEvent:
                self._complain("yaml-documents", "a second document begins here; one file holds one", event)
        except _TooDeep:
            data, spot = None, 0
        places = Places(self._text, spot)
        return Document(file=self._file, data=data, places=places, complaints=self._complaints(places))

    def _complaints(self, places: Places) -> tuple[Complaint, ...]:
        return in_file_order(
            Complaint(
                rule=rule,
                message=message,
                file=self._file,
                line=places.position(index).line,
                column=places.position(index).column,
                pointer=pointer,
                hint=hint,
            )
            for index, rule, message, pointer, hint in self._found
        )

    def _value(self, event: Any, within: Pointer, part: str | int | None) -> tuple[JsonValue, Stretch | Spot]:  # noqa: ANN401 - PyYAML's
        """The value of `part` (None for all) of what stands at `within`, with its place."""
        kind = type(event)
        # What nearly all values are; its pointer is made only where there is something to say.
        if kind is ScalarEvent and event.anchor is None and event.tag is None:
            value = self._resolved(event, within, part) if event.implicit[0] else event.value
            return value, stretch(event.start_mark.index, event.end_mark.index)
        pointer = _pointer(within, part)
        if kind is AliasEvent:
            message = f"aliases are not taken (`*{event.anchor}`)"
            hint = "write the value out, or put a text that begins with * in quotes"
            self._complain("yaml-alias", message, event, pointer, hint)
            return None, _stretch(event)
        if event.anchor is not None:
            hint = "leave it out, or put a text that begins with & in quotes"
            self._complain("yaml-anchor", f"anchors are not taken (`&{event.anchor}`)", event, pointer, hint)
        if event.tag is not None:
            hint = "leave it out, or put a text that begins with ! in quotes"
            self._complain("yaml-tag", f"tags are not taken ({quoted(event.tag)})", event, pointer, hint)
        if kind is ScalarEvent:
            return (self._resolved(event, within, part) if event.implicit[0] else event.value), _stretch(event)
        if len(pointer) >= DEPTH_LIMIT:
            self._complain("yaml-depth", f"more than {DEPTH_LIMIT} levels are not taken", event, pointer)
            raise _TooDeep
        return self._mapping(event, pointer) if kind is MappingStartEvent else self._sequence(event, pointer)

    def _mapping(self, start: Any, pointer: Pointer) -> tuple[JsonValue, Spot]:  # noqa: ANN401 - PyYAML's
        data: dict[str, JsonValue] = {}
        keys: dict[str, Stretch] = {}
        parts: dict[str, Stretch | Spot] = {}
        following = self._next
        while type(event := following()) is not MappingEndEvent:
            key = self._key(event, keys, pointer)
            place = _stretch(event)
            value, spot = self._value(following(), pointer, "?" if key is None else key)
            if key is not None:
                keys[key], parts[key], data[key] = place, spot, value
        return data, Spot(*_ends(start, event), keys, parts, flow=start.flow_style)

    def _sequence(self, start: Any, pointer: Pointer) -> tuple[JsonValue, Spot]:  # noqa: ANN401 - PyYAML's
        data: list[JsonValue] = []
        parts: list[Stretch | Spot] = []
        while type(event := self._next()) is not SequenceEndEvent:
            value, spot = self._value(event, pointer, len(data))
            data.append(value)
            parts.append(spot)
        return data, Spot(*_ends(start, event), {}, parts, flow=start.flow_style)

    def _key(self, event: Any, known: dict[str, Stretch], pointer: Pointer) -> str | None:  # noqa: ANN401 - PyYAML's
        """The key's text, or None when it is not one that can be taken; the complaint is made then."""
        if type(event) is not ScalarEvent or event.anchor is not None or event.tag is not None:
            self._value(event, pointer, "?")
            if type(event) is not AliasEvent and getattr(event, "anchor", None) is None and event.tag is None:
                self._complain("yaml-key", "a key is a text, not a list or a mapping", event, pointer)
            return None
        key: str = event.value
        if event.implicit[0]:
            if key == "<<":
                self._complain("yaml-merge", "merge keys (`<<`) are not taken", event, pointer, "write the keys out")
                return None
            if not _is_text(key):
                self._complain("yaml-key", f"the key {quoted(key)} is no text", event, pointer, "put it in quotes")
                return None
        if key in known:
            line = Places(self._text, known[key]).value(()).line
            message = f"the key {quoted(key)} is here twice; it is on line {line} already"
            self._complain("yaml-duplicate", message, event, (*pointer, key))
            return None
        return key

    def _resolved(self, event: Any, within: Pointer, part: str | int | None) -> JsonValue:  # noqa: ANN401 - PyYAML's
        try:
            return resolve(event.value)
        except NotTakenError as error:
            message = f"{quoted(event.value)} is not taken: {error}"
            pointer = _pointer(within, part)
            self._complain("yaml-number", message, event, pointer, "put it in quotes if it is a text")
            return None

    def _complain(self, rule: str, message: str, event: Any, pointer: Pointer = (), hint: str = "") -> None:  # noqa: ANN401
        self._found.append((event.start_mark.index, rule, message, pointer, hint))


def _pointer(within: Pointer, part: str | int | None) -> Pointer:
    return within if part is None else (*within, part)


def _stretch(event: Any) -> Stretch:  # noqa: ANN401 - PyYAML's
    return stretch(event.start_mark.index, event.end_mark.index)


def _ends(start: Any, end: Any) -> tuple[int, int]:  # noqa: ANN401 - PyYAML's
    return start.start_mark.index, end.end_mark.index


@functools.lru_cache(maxsize=1024)  # the same keys stand in a spec again and again
def _is_text(plain: str) -> bool:
    try:
        return isinstance(resolve(plain), str)
    except NotTakenError:
        return False
