"""Merging three ways: what people made of a file and what a template made of it, from what both began with.

No line that a person wrote is lost: it is in the result, or it stands between conflict markers.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from vsmhub.render.diff3 import Lines, Stretch, stretches

OURS, BASE, THEIRS = b"<<<<<<< yours", b"||||||| the template before", b">>>>>>> the template now"
_DIVIDER = b"======="
_MARKER = re.compile(rb"^(<<<<<<<|>>>>>>>) ", re.MULTILINE)
# As Git does: a file with a zero byte near its beginning is not text.
_SNIFFED = 8000


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome of a merge; where `conflicts` is not 0, the content holds that many pairs of conflict markers."""

    content: bytes
    conflicts: int = 0


class NotText(Exception):
    """One of the versions is not text; there are no lines to merge."""


def merge(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    """What becomes of `base` when both changes are made; NotText when both made one and a version is binary.

    Line endings and the newline at the end of a file are merged as properties of the whole file, for an editor that
    changes them would otherwise have changed every line.
    """
    if theirs in (base, ours):
        return Merged(ours)
    if base == ours:
        return Merged(theirs)
    if any(map(is_binary, (base, ours, theirs))):
        raise NotText
    ending = _ending(base, ours, theirs)
    lines = [_lines(version, ending) for version in (base, ours, theirs)]
    merged: list[bytes] = []
    conflicts = 0
    for stretch in stretches(*lines):
        settled = _settled(stretch)
        if settled is None:
            conflicts += 1
            merged += _marked(stretch, ending)
        else:
            merged += settled
    content = b"".join(merged)
    if not _ends_with_newline(base, ours, theirs) and not content.endswith(THEIRS + ending):
        content = content.removesuffix(ending)
    return Merged(content, conflicts)


def has_markers(content: bytes) -> bool:
    """Whether a conflict, this module's or Git's, stands in it unsettled."""
    return bool(_MARKER.search(content))


def is_binary(content: bytes) -> bool:
    """Whether this is something else than text."""
    return b"\0" in content[:_SNIFFED]


def similarity(one: bytes, other: bytes) -> float:
    """How much of two texts is the same, from 0 to 1: the share of lines that stand in both, however ordered."""
    left, right = one.splitlines(), other.splitlines()
    if not left or not right:
        return 0.0
    return 2 * (Counter(left) & Counter(right)).total() / (len(left) + len(right))


def _settled(stretch: Stretch) -> Lines | None:
    """The lines of a stretch that one side alone changed, or both alike; None when both did, and differently."""
    if stretch.agreed or stretch.theirs in (stretch.base, stretch.ours):
        return stretch.ours
    return stretch.theirs if stretch.base == stretch.ours else None


def _marked(stretch: Stretch, ending: bytes) -> Iterator[bytes]:
    """A conflict for a person to settle; what both versions begin or end with alike stands outside of it."""
    ours, theirs = list(stretch.ours), list(stretch.theirs)
    head: list[bytes] = []
    tail: list[bytes] = []
    while ours and theirs and ours[0] == theirs[0]:
        head.append(ours.pop(0))
        theirs.pop(0)
    while ours and theirs and ours[-1] == theirs[-1]:
        tail.insert(0, ours.pop())
        theirs.pop()
    yield from head
    yield OURS + ending
    yield from ours
    yield BASE + ending
    yield from stretch.base
    yield _DIVIDER + ending
    yield from theirs
    yield THEIRS + ending
    yield from tail


def _ending(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    """The line ending of the result: a person's choice for the whole file, or else the template's."""
    chosen = _endings(ours)
    return chosen if chosen != _endings(base) else _endings(theirs)


def _endings(content: bytes) -> bytes:
    newlines = content.count(b"\n")
    return b"\r\n" if newlines and content.count(b"\r\n") == newlines else b"\n"


def _lines(content: bytes, ending: bytes) -> list[bytes]:
    """Its lines, each with its ending; those of a file with one kind of ending get the ending of the result."""
    if _endings(content) != ending:
        content = content.replace(b"\r\n", b"\n") if ending == b"\n" else re.sub(rb"(?<!\r)\n", b"\r\n", content)
    lines = content.split(b"\n")
    last = lines.pop()
    found = [line + b"\n" for line in lines]
    return [*found, last + ending] if last else found


def _ends_with_newline(base: bytes, ours: bytes, theirs: bytes) -> bool:
    """Whether the result ends with a newline: as with line endings, a person's change first."""
    ends = [not version or version.endswith(b"\n") for version in (base, ours, theirs)]
    return ends[1] if ends[1] != ends[0] else ends[2]
