"""Where three versions of a text agree and where they part: the comparison under a three-way merge."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

Lines = Sequence[bytes]
# A letter, a digit, or a byte of a character beyond ASCII.
_TELLING = re.compile(rb"[0-9A-Za-z\x80-\xff]")


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
    """Which lines of the base are in `other` still: place in the base, place there, how many; in order, apart.

    Lines that stand once in each are held on to first, as in B. Cohen's patience diff, but for blank lines and lone
    brackets: matching these with one another would take a line that stayed for one that went and came.
    """
    pairs: list[tuple[int, int]] = []
    gaps = [(0, len(base), 0, len(other))]
    while gaps:
        start, end, start_other, end_other = gaps.pop()
        while start < end and start_other < end_other and base[start] == other[start_other]:
            pairs.append((start, start_other))
            start, start_other = start + 1, start_other + 1
        while start < end and start_other < end_other and base[end - 1] == other[end_other - 1]:
            end, end_other = end - 1, end_other - 1
            pairs.append((end, end_other))
        anchors = _anchors(base, other, range(start, end), range(start_other, end_other))
        if anchors:
            fences = [(start - 1, start_other - 1), *anchors, (end, end_other)]
            gaps += [
                (one + 1, two, one_other + 1, two_other) for (one, one_other), (two, two_other) in pairwise(fences)
            ]
            pairs += anchors
        elif start < end and start_other < end_other:
            matcher = SequenceMatcher(None, base[start:end], other[start_other:end_other])
            for match in matcher.get_matching_blocks():
                pairs += [(start + match.a + step, start_other + match.b + step) for step in range(match.size)]
    return _joined(sorted(pairs))


def _anchors(base: Lines, other: Lines, here: range, there: range) -> list[tuple[int, int]]:
    """The most lines that stand once in each part and in the same order in both: their places."""
    once = _once(base, here)
    once_other = _once(other, there)
    tops: list[int] = []
    chains: list[tuple[int, int, int]] = []
    heads: list[int] = []
    for line, place in once.items():
        if line not in once_other:
            continue
        # The longest increasing subsequence, by patience sorting.
        pile = bisect_left(tops, once_other[line])
        chains.append((place, once_other[line], heads[pile - 1] if pile else -1))
        tops[pile : pile + 1] = [once_other[line]]
        heads[pile : pile + 1] = [len(chains) - 1]
    found = []
    chain = heads[-1] if heads else -1
    while chain >= 0:
        place, place_other, chain = chains[chain]
        found.append((place, place_other))
    return found[::-1]


def _once(lines: Lines, part: range) -> dict[bytes, int]:
    """The lines that stand once in a part and say something, with their places, in order."""
    count = Counter(lines[place] for place in part)
    return {lines[place]: place for place in part if count[lines[place]] == 1 and _TELLING.search(lines[place])}


def _joined(pairs: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Pairs of places that follow each other in both, as runs."""
    runs: list[tuple[int, int, int]] = []
    for place, place_other in pairs:
        if runs and (place, place_other) == (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]):
            runs[-1] = (*runs[-1][:2], runs[-1][2] + 1)
        else:
            runs.append((place, place_other, 1))
    return runs
