"""Adding, deprecating and renaming names in the text of a `hub.yaml`, of which nothing else changes.

A rename keeps the old name, deprecated and pointing at the new one, because others still emit and read it; what the hub
itself declares moves to the new name at once. `released` is the manifest version that others have; without it, the one
in the text counts as that.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from vsmhub.spec.complaint import Complaint, Pointer, path_text, quoted
from vsmhub.spec.document import Document
from vsmhub.spec.edits import Edit, Editor, Entry
from vsmhub.spec.errors import SpecError
from vsmhub.spec.load import Reading, read_hub_text
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.parts import mapping_at, value_at
from vsmhub.vocabulary.errors import NotPossible
from vsmhub.vocabulary.kinds import Kind
from vsmhub.vocabulary.rules import names, uses, vocabulary_findings
from vsmhub.vocabulary.version import SemanticVersion, Step

VERSION = ("manifest", "version")
# Deprecating a name for the next version is right before that version is written down.
_MAY_COME = frozenset({"deprecated-since"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The new text of a `hub.yaml`, what was done, and the lowest manifest version that the change asks for."""

    text: str
    done: tuple[str, ...]
    version: str
    needed: str


def add_term(
    text: str,
    file: Path,
    kind: Kind,
    name: str,
    description: str,
    *,
    after: str | None = None,
    released: str | None = None,
    bump: bool = False,
) -> Edited:
    """A new name, at the end of its vocabulary or `after` another; raises NotPossible or SpecError."""
    work = _Work(text, file, released)
    work.refuse_known(name)
    if after is None:
        work.edits.append(work.editor.add_last(kind.pointer, name, description))
    else:
        work.refuse_unknown(after, kind)
        work.edits.append(work.editor.add_after((*kind.pointer, after), name, description))
    work.expect(lambda data: _insert(data, kind, name, description, after=after))
    work.done.append(f"added the {kind.words} `{name}`")
    return work.finished(Step.MINOR, bump=bump)


def deprecate_term(
    text: str,
    file: Path,
    name: str,
    *,
    replaced_by: str | None = None,
    reason: str | None = None,
    since: str | None = None,
    released: str | None = None,
    bump: bool = False,
) -> Edited:
    """Say that a name should not be used any more, from the next manifest version or `since` another.

    What the hub itself declares must not use it; raises NotPossible or SpecError.
    """
    work = _Work(text, file, released)
    kind = work.kind_of(name)
    if replaced_by is not None:
        work.refuse_unknown(replaced_by, kind)
    work.deprecate(kind, name, replaced_by, reason, since or work.next_version(Step.MINOR))
    instead = f", replaced by `{replaced_by}`" if replaced_by else ""
    work.done.append(f"deprecated the {kind.words} `{name}`{instead}")
    return work.finished(Step.MINOR, bump=bump)


def rename_term(
    text: str,
    file: Path,
    name: str,
    new: str,
    *,
    description: str | None = None,
    reason: str | None = None,
    since: str | None = None,
    released: str | None = None,
    bump: bool = False,
) -> Edited:
    """Give a name's meaning to a `new` one; the old one stays, deprecated. Raises NotPossible or SpecError."""
    work = _Work(text, file, released)
    kind = work.kind_of(name)
    work.refuse_known(new)
    said = description or work.description(kind, name)
    work.edits.append(work.editor.add_before((*kind.pointer, name), new, said))
    work.expect(lambda data: _insert(data, kind, new, said, before=name))
    work.deprecate(kind, name, new, reason, since or work.next_version(Step.MINOR))
    work.done.append(f"renamed the {kind.words} `{name}` to `{new}`; `{name}` stays as a deprecated alias")
    for use in uses(work.data):
        if use.kind is kind and use.name == name:
            work.replace(use.pointer, new)
            work.done.append(f"moved `{path_text(use.pointer)}` to `{new}`")
    return work.finished(Step.MINOR, bump=bump)


class _Work:
    """One change of one text: the edits, and beside them what the data must be once they are made."""

    def __init__(self, text: str, file: Path, released: str | None) -> None:
        reading = read_hub_text(text, file)
        if reading.document is None or reading.spec is None:
            raise SpecError(reading.complaints)
        self._before = _complaints(reading, reading.document)
        self._text = text
        self._file = file
        self.data: JsonValue = reading.document.data
        self._expected = deepcopy(self.data)
        self.editor = Editor(text, reading.document)
        self.edits: list[Edit] = []
        self.done: list[str] = []
        self._version = reading.spec.manifest.version
        self._released = released or self._version

    def next_version(self, step: Step) -> str:
        """The version that will do: the one that is written down, when it has moved far enough already."""
        released, written = SemanticVersion(self._released), SemanticVersion(self._version)
        return str(written if released.allows(written, step) else max(released.after(step), written.after(step)))

    def refuse_known(self, name: str) -> None:
        for use in names(self.data):
            if use.name == name:
                raise NotPossible(f"`{name}` is {use.kind.one} of this hub already")

    def refuse_unknown(self, name: str, kind: Kind) -> None:
        known = mapping_at(self.data, kind.pointer) or {}
        if name not in known:
            raise NotPossible(f"there is no {kind.words} {quoted(name)}", hint=did_you_mean(name, known))

    def kind_of(self, name: str) -> Kind:
        known = {use.name: use.kind for use in names(self.data)}
        if name not in known:
            raise NotPossible(f"this hub has no name {quoted(name)}", hint=did_you_mean(name, known))
        return known[name]

    def description(self, kind: Kind, name: str) -> str:
        term = value_at(self.data, (*kind.pointer, name))
        return str(term["description"] if isinstance(term, dict) else term)

    def deprecate(self, kind: Kind, name: str, replaced_by: str | None, reason: str | None, since: str) -> None:
        pointer = (*kind.pointer, name)
        term = value_at(self.data, pointer)
        if isinstance(term, dict) and term.get("deprecated") is not None:
            raise NotPossible(f"`{name}` is deprecated already", hint="edit its entry to say something else about it")
        deprecated: dict[str, str] = {"since": since}
        if replaced_by:
            deprecated["replaced_by"] = replaced_by
        if reason:
            deprecated["reason"] = reason
        if isinstance(term, dict) and "deprecated" in term:
            raise NotPossible(f"`{name}` has an empty `deprecated`", hint="take it out first")
        more: Entry = {"deprecated": deprecated}
        if isinstance(term, dict):
            self.edits.append(self.editor.add_last(pointer, "deprecated", deprecated))
        else:
            self.edits += self.editor.wrap(pointer, "description", more)
        found: dict[str, JsonValue] = dict(term) if isinstance(term, dict) else {"description": term}
        found["deprecated"] = cast("JsonValue", deprecated)
        self.expect(lambda data: _put(data, pointer, found))

    def replace(self, pointer: Pointer, new: str) -> None:
        self.edits.append(self.editor.replace_text(pointer, new))
        self.expect(lambda data: _put(data, pointer, new))

    def expect(self, change: Callable[[JsonValue], None]) -> None:
        change(self._expected)

    def finished(self, step: Step, *, bump: bool) -> Edited:
        needed = self.next_version(step)
        if bump and needed != self._version:
            self.replace(VERSION, needed)
            self.done.append(f"raised the manifest's version from {self._version} to {needed}")
        text = self.editor.apply(self.edits)
        self._prove(text)
        version = needed if bump else self._version
        return Edited(text=text, done=tuple(self.done), version=version, needed=needed)

    def _prove(self, text: str) -> None:
        """The new text must say exactly what was meant, and break no rule that it kept before."""
        reading = read_hub_text(text, self._file)
        if reading.document is None or list(_flat(reading.document.data)) != list(_flat(self._expected)):
            raise NotPossible(
                f"{self._file} is written in a way that cannot be edited without a person",
                hint="make the change by hand; vsmhub check says whether it is right",
            )
        known = {(complaint.rule, complaint.message) for complaint in self._before}
        news = [
            complaint
            for complaint in _complaints(reading, reading.document)
            if (complaint.rule, complaint.message) not in known and complaint.rule not in _MAY_COME
        ]
        if news:
            raise NotPossible(
                "\n".join(
                    f"{complaint.message}{f' ({complaint.hint})' if complaint.hint else ''}" for complaint in news
                ),
                hint="nothing was changed",
            )


def _complaints(reading: Reading, document: Document) -> tuple[Complaint, ...]:
    return (*reading.complaints, *document.located(vocabulary_findings(document.data)))


def _insert(
    data: JsonValue, kind: Kind, name: str, description: str, *, before: str | None = None, after: str | None = None
) -> None:
    """Put a name into its vocabulary, where the order counts too."""
    vocabulary = cast("dict[str, JsonValue]", value_at(data, ("vocabulary",)))
    terms = mapping_at(data, kind.pointer) or {}
    rebuilt: dict[str, JsonValue] = {}
    for known, term in terms.items():
        if known == before:
            rebuilt[name] = description
        rebuilt[known] = term
        if known == after:
            rebuilt[name] = description
    rebuilt.setdefault(name, description)
    vocabulary[kind.key] = rebuilt


def _put(data: JsonValue, pointer: Pointer, value: JsonValue) -> None:
    parent = value_at(data, pointer[:-1])
    if isinstance(parent, dict):
        parent[str(pointer[-1])] = value
    elif isinstance(parent, list):
        parent[int(pointer[-1])] = value


def _flat(value: JsonValue) -> list[object]:
    """Everything in a value in its order, so that two mappings with other orders differ."""
    if isinstance(value, dict):
        return ["{", *(part for key, inner in value.items() for part in (key, *_flat(inner))), "}"]
    if isinstance(value, list):
        return ["[", *(part for inner in value for part in _flat(inner)), "]"]
    return [type(value).__name__, value]
