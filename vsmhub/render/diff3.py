"""Where three versions of a text agree and where they part: the comparison under a three-way merge."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that stand at the same place in all three versions. Agreed stretches are the same in all of them."""

    base: Lines
    ours: Lines
    theirs: Lines
    agreed: bool


def stretches(base: Lines, ours: Lines, theirs: Lines) -> Iterator[Stretch]:
    """The three versions cut at the same places, in order; agreed stretches and others take turns, none is empty.

    After S. Khanna, K. Kunal and B. C. Pierce, "A Formal Investigation of Diff3" (FSTTCS 2007): a line is stable where
    both other versions kept it, and all between two stable stretches belongs together.
    """
    at_base = at_ours = at_theirs = 0
    for in_base, in_ours, in_theirs, length in _stable(base, ours, theirs):
        if (at_base, at_ours, at_theirs) != (in_base, in_ours, in_theirs):
            yield Stretch(base[at_base:in_base], ours[at_ours:in_ours], theirs[at_theirs:in_theirs], agreed=False)
        at_base, at_ours, at_theirs = in_base + length, in_ours + length, in_theirs + length
        if length:
            kept = base[in_base:at_base]
            yield Stretch(kept, kept, kept, agreed=True)


def _stable(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[int, int, int, int]]:
    """Where lines of the base stand in both others, with how many; the last one is the end of all three."""
    kept_ours, kept_theirs = _kept(base, ours), _kept(base, theirs)
    left = right = 0
    while left < len(kept_ours) and right < len(kept_theirs):
        base_ours, in_ours, length_ours = kept_ours[left]
        base_theirs, in_theirs, length_theirs = kept_theirs[right]
        start = max(base_ours, base_theirs)
        end_ours, end_theirs = base_ours + length_ours, base_theirs + length_theirs
        end = min(end_ours, end_theirs)
        if start < end:
            yield start, in_ours + start - base_ours, in_theirs + start - base_theirs, end - start
        left, right = (left + 1, right) if end_ours < end_theirs else (left, right + 1)
    yield len(base), len(ours), len(theirs), 0


def _kept(base: Lines, other: Lines) -> list[tuple[int, int, int]]:
    """Which lines of the base are in `other` still: place in the base, place there, how many; in order, apart."""
    head = _common(base, other)
    tail = _common(base[head:][::-1], other[head:][::-1])
    matcher = SequenceMatcher(None, base[head : len(base) - tail], other[head : len(other) - tail])
    found = [(0, 0, head)]
    found += [(head + match.a, head + match.b, match.size) for match in matcher.get_matching_blocks()]
    found.append((len(base) - tail, len(other) - tail, tail))
    return [match for match in found if match[2]]


def _common(one: Lines, other: Lines) -> int:
    """How many lines both begin with."""
    shorter = min(len(one), len(other))
    return next((number for number in range(shorter) if one[number] != other[number]), shorter)
