"""Reading YAML into plain data: the part of YAML 1.2 that is JSON with comments and without brackets.

Anchors, aliases, tags, merge keys and several documents in one file are refused: they make a file mean something else
than it shows, and none of them survives the way to JSON. All such complaints come together; only where the text is no
YAML at all does reading end.
"""

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
from vsmhub.spec.places import Mark, Places, Spot, Token
from vsmhub.spec.scalars import NotTakenError, resolve
from vsmhub.spec.source import read_source
from vsmhub.spec.syntax import syntax_complaint

DEPTH_LIMIT = 32
"""How many collections may lie inside each other."""

READ_AS_NULL = frozenset({"yaml-alias", "yaml-number", "yaml-depth"})
"""The rules about values that stand in the data as null, because they cannot be taken."""

# The parser in C is some ten times as fast; a PyYAML built without libyaml lacks it.
_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Events have no types worth the name in PyYAML's stubs: every mark of theirs may be None, which none is.
_MAPPING_END: Any = MappingEndEvent
_SEQUENCE_END: Any = SequenceEndEvent


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
        self._next = _Parser(text).get_event
        self._complaints: list[Complaint] = []

    def document(self) -> Document:
        self._next()  # the stream's start
        event: Any = self._next()
        if type(event) is not DocumentStartEvent:
            raise SpecError([self._complaint("yaml-empty", "the file holds nothing", None)])
        event = self._next()
        try:
            data, spot = self._value(event, ())
            self._next()  # the document's end
            event = self._next()
            if type(event) is not StreamEndEvent:
                self._complain("yaml-documents", "a second document begins here; one file holds one", event.start_mark)
        except _TooDeep:
            data, spot = None, event
        complaints = in_file_order(self._complaints)
        return Document(file=self._file, data=data, places=Places(spot), complaints=complaints)

    def _value(self, event: Any, pointer: Pointer) -> tuple[JsonValue, Token | Spot]:  # noqa: ANN401 - PyYAML's
        kind = type(event)
        if kind is AliasEvent:
            message = f"aliases are not taken (`*{event.anchor}`)"
            hint = "write the value out, or put a text that begins with * in quotes"
            self._complain("yaml-alias", message, event.start_mark, pointer, hint)
            return None, event
        if event.anchor is not None:
            hint = "leave it out, or put a text that begins with & in quotes"
            self._complain("yaml-anchor", f"anchors are not taken (`&{event.anchor}`)", event.start_mark, pointer, hint)
        if event.tag is not None:
            hint = "leave it out, or put a text that begins with ! in quotes"
            self._complain("yaml-tag", f"tags are not taken ({quoted(event.tag)})", event.start_mark, pointer, hint)
        if kind is ScalarEvent:
            return self._scalar(event, pointer), event
        if len(pointer) >= DEPTH_LIMIT:
            self._complain("yaml-depth", f"more than {DEPTH_LIMIT} levels are not taken", event.start_mark, pointer)
            raise _TooDeep
        return self._mapping(event, pointer) if kind is MappingStartEvent else self._sequence(event, pointer)

    def _mapping(self, start: Any, pointer: Pointer) -> tuple[JsonValue, Spot]:  # noqa: ANN401 - PyYAML's
        data: dict[str, JsonValue] = {}
        keys: dict[str, Token] = {}
        parts: dict[str, Token | Spot] = {}
        following = self._next
        event: Any
        while type(event := following()) is not _MAPPING_END:
            key = self._key(event, keys, pointer)
            token = event
            event = following()
            value_token: Token = event
            # Most values are plain texts: the short way for them is what makes large specs quick.
            if type(event) is ScalarEvent and event.anchor is None and event.tag is None and key is not None:
                keys[key], parts[key] = token, value_token
                data[key] = self._scalar(event, (*pointer, key)) if event.implicit[0] else event.value
                continue
            value, spot = self._value(event, (*pointer, "?" if key is None else key))
            if key is not None:
                keys[key], parts[key], data[key] = token, spot, value
        return data, Spot(start, event, keys, parts, flow=start.flow_style)

    def _sequence(self, start: Any, pointer: Pointer) -> tuple[JsonValue, Spot]:  # noqa: ANN401 - PyYAML's
        data: list[JsonValue] = []
        parts: list[Token | Spot] = []
        event: Any
        while type(event := self._next()) is not _SEQUENCE_END:
            value, spot = self._value(event, (*pointer, len(data)))
            data.append(value)
            parts.append(spot)
        return data, Spot(start, event, {}, parts, flow=start.flow_style)

    def _key(self, event: Any, known: dict[str, Token], pointer: Pointer) -> str | None:  # noqa: ANN401 - PyYAML's
        """The key's text, or None when it is not one that can be taken; the complaint is made then."""
        mark = event.start_mark
        if type(event) is not ScalarEvent or event.anchor is not None or event.tag is not None:
            self._value(event, (*pointer, "?"))
            if type(event) is not AliasEvent and getattr(event, "anchor", None) is None and event.tag is None:
                self._complain("yaml-key", "a key is a text, not a list or a mapping", mark, pointer)
            return None
        key: str = event.value
        if event.implicit[0] and key == "<<":
            self._complain("yaml-merge", "merge keys (`<<`) are not taken", mark, pointer, "write the keys out")
            return None
        if event.implicit[0] and not isinstance(self._resolved(key), str):
            self._complain("yaml-key", f"the key {quoted(key)} is no text", mark, pointer, "put it in quotes")
            return None
        if key in known:
            first = known[key].start_mark.line + 1
            message = f"the key {quoted(key)} is here twice; it is on line {first} already"
            self._complain("yaml-duplicate", message, mark, (*pointer, key))
            return None
        return key

    def _scalar(self, event: Any, pointer: Pointer) -> JsonValue:  # noqa: ANN401 - PyYAML's
        text: str = event.value
        if not event.implicit[0]:
            return text
        try:
            return resolve(text)
        except NotTakenError as error:
            hint = "put it in quotes if it is a text"
            self._complain("yaml-number", f"{quoted(text)} is not taken: {error}", event.start_mark, pointer, hint)
            return None

    @staticmethod
    def _resolved(text: str) -> JsonValue:
        try:
            return resolve(text)
        except NotTakenError:
            return None

    def _complain(self, rule: str, message: str, mark: Mark, pointer: Pointer = (), hint: str = "") -> None:
        self._complaints.append(self._complaint(rule, message, mark, pointer, hint))

    def _complaint(
        self, rule: str, message: str, mark: Mark | None, pointer: Pointer = (), hint: str = ""
    ) -> Complaint:
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        return Complaint(
            rule=rule, message=message, file=self._file, line=line, column=column, pointer=pointer, hint=hint
        )
