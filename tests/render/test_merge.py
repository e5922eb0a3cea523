"""Merging three ways: cases as people know them, and properties over random edits and template changes."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vsmhub.render.diff3 import stretches
from vsmhub.render.merge import BASE, OURS, THEIRS, Merged, NotText, has_markers, is_binary, merge, similarity

TEXT = b"one\ntwo\nthree\nfour\nfive\n"

CLEAN = {
    "nothing changed": (TEXT, TEXT, TEXT, TEXT),
    "only the template": (TEXT, TEXT, b"new\n" + TEXT, b"new\n" + TEXT),
    "only the person": (TEXT, TEXT + b"mine\n", TEXT, TEXT + b"mine\n"),
    "the same change": (TEXT, b"changed\n", b"changed\n", b"changed\n"),
    "apart": (TEXT, b"ONE\ntwo\nthree\nfour\nfive\n", TEXT + b"six\n", b"ONE\ntwo\nthree\nfour\nfive\nsix\n"),
    "a deletion and an addition": (
        TEXT,
        b"two\nthree\nfour\nfive\n",
        TEXT + b"six\n",
        b"two\nthree\nfour\nfive\nsix\n",
    ),
    "both delete": (TEXT, b"two\nthree\nfour\nfive\n", b"one\ntwo\nthree\nfour\n", b"two\nthree\nfour\n"),
    "the same insertion beside another": (TEXT, TEXT + b"x\n", b"0\n" + TEXT + b"x\n", b"0\n" + TEXT + b"x\n"),
    "emptied by a person": (TEXT, b"", TEXT, b""),
    "an editor's CRLF": (b"a\nb\nc\n", b"a\r\nb\r\nC\r\n", b"A\nb\nc\n", b"A\r\nb\r\nC\r\n"),
    "an editor's CRLF alone": (b"a\nb\n", b"a\r\nb\r\n", b"a\nb\nc\n", b"a\r\nb\r\nc\r\n"),
    "the template's CRLF": (b"a\nb\nc\n", b"a\nb\nC\n", b"A\r\nb\r\nc\r\n", b"A\r\nb\r\nC\r\n"),
    "no newline, a person's": (b"a\nb\nc\n", b"a\nb\nc", b"A\nb\nc\n", b"A\nb\nc"),
    "no newline, the template's": (b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nc", b"A\nb\nc"),
    "a newline at last": (b"a\nb\nc", b"A\nb\nc", b"a\nb\nc\n", b"A\nb\nc\n"),
    "an addition after no newline": (b"a\nb", b"A\nb", b"a\nb\nc", b"A\nb\nc"),
    "not UTF-8": (b"a\n\xff\nc\n", b"A\n\xff\nc\n", b"a\n\xff\nC\n", b"A\n\xff\nC\n"),
    "binary, changed by one": (b"\0\1", b"\0\2", b"\0\1", b"\0\2"),
}


@pytest.mark.parametrize("case", CLEAN)
def test_settled_without_a_person(case: str) -> None:
    base, ours, theirs, merged = CLEAN[case]
    assert merge(base, ours, theirs) == Merged(merged)


CONFLICTS = {
    "both change a line": (
        b"a\nb\nc\n",
        b"a\nours\nc\n",
        b"a\ntheirs\nc\n",
        b"a\n%s\nours\n%s\nb\n=======\ntheirs\n%s\nc\n",
    ),
    "deleted and changed": (b"a\nb\nc\n", b"a\nc\n", b"a\nB\nc\n", b"a\n%s\n%s\nb\n=======\nB\n%s\nc\n"),
    "changed and deleted": (b"a\nb\nc\n", b"a\nB\nc\n", b"a\nc\n", b"a\n%s\nB\n%s\nb\n=======\n%s\nc\n"),
    "nothing to begin with": (b"", b"x\nmine\n", b"x\nits\n", b"x\n%s\nmine\n%s\n=======\nits\n%s\n"),
    "no newline in a conflict": (b"a\nb", b"a\nours", b"a\ntheirs", b"a\n%s\nours\n%s\nb\n=======\ntheirs\n%s\n"),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_left_to_a_person(case: str) -> None:
    base, ours, theirs, marked = CONFLICTS[case]
    merged = merge(base, ours, theirs)
    assert merged == Merged(marked % (OURS, BASE, THEIRS), conflicts=1)
    assert has_markers(merged.content)


def test_markers_take_the_line_ending_of_the_file() -> None:
    merged = merge(b"a\r\nb\r\n", b"a\r\nours\r\n", b"a\r\ntheirs\r\n")
    assert merged.content.count(b"\n") == merged.content.count(b"\r\n") == 8


@pytest.mark.parametrize("content", [b"Title\n=======\n", b"a <<<<<<< b\n", b"<<<<<<<\n", b""])
def test_what_only_looks_like_a_conflict(content: bytes) -> None:
    assert not has_markers(content)


def test_a_binary_file_that_both_changed_has_no_lines_to_merge() -> None:
    assert is_binary(b"GIF89a\0")
    with pytest.raises(NotText):
        merge(b"\0\1", b"\0\2", b"\0\3")


def test_similarity_counts_lines() -> None:
    assert similarity(TEXT, TEXT) == 1
    assert similarity(TEXT, b"") == 0
    assert similarity(b"a\nb\n", b"b\nc\n") == 0.5


# Lines that are one of a kind say where each came from; repeated ones are what makes comparing hard.
def _edits(letter: str, alphabet: Sequence[str]) -> st.SearchStrategy[list[tuple[int, str, str]]]:
    """Edits as (where, what, with what); places are taken modulo the length of the text they meet."""
    line = st.one_of(st.sampled_from(alphabet), st.integers(0, 99).map(lambda number: f"{letter}{number}"))
    return st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["add", "delete", "change"]), line), max_size=8)


def _edited(lines: Sequence[str], edits: Sequence[tuple[int, str, str]]) -> list[str]:
    result = list(lines)
    for number, (where, what, line) in enumerate(edits):
        # Each added line is one of a kind, unless it is one of the repeated ones.
        text = f"{line}.{number}" if line[:1] in ("u", "v") else line
        place = where % (len(result) + 1)
        if what == "add":
            result.insert(place, text)
        elif place < len(result):
            result[place : place + 1] = [text] if what == "change" else []
    return result


def _joined(lines: Sequence[str], ending: str = "\n") -> bytes:
    return "".join(line + ending for line in lines).encode()


def _parts(content: bytes) -> tuple[list[str], list[str], list[str], list[str]]:
    """The lines of a merge that stand outside of markers, and those of yours, the base and theirs inside."""
    outside, ours, base, theirs = parts = ([], [], [], [])  # type: tuple[list[str], list[str], list[str], list[str]]
    here = outside
    for line in content.splitlines():
        moves = {OURS: ours, BASE: base, b"=======": theirs, THEIRS: outside}
        if line in moves:
            here = moves[line]
        else:
            here.append(line.decode())
    return parts


REPEATED = ["", "", "}", "    )"]
BASES = st.lists(st.one_of(st.sampled_from(REPEATED), st.integers(0, 30).map(lambda n: f"b{n}")), max_size=30)


@settings(max_examples=600, deadline=None)
@given(BASES, _edits("u", REPEATED), _edits("v", REPEATED), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_no_line_of_a_person_is_lost(
    base: list[str], mine: list[tuple[int, str, str]], its: list[tuple[int, str, str]], ending: str, cut: bool
) -> None:
    ours, theirs = _edited(base, mine), _edited(base, its)
    written = _joined(ours, ending)
    written = written.removesuffix(ending.encode()) if cut else written
    merged = merge(_joined(base), written, _joined(theirs))
    outside, in_ours, _, in_theirs = _parts(merged.content)

    # What a person added is there, in the order they wrote it, and once.
    added = [line for line in ours if line.startswith("u")]
    assert [line for line in _sequence(merged.content) if line.startswith("u")] == added
    # What the template added is there as well.
    assert {line for line in theirs if line.startswith("v")} <= {*outside, *in_ours, *in_theirs}
    # What a person took out does not come back by itself, and neither does what the template took out.
    for line in set(base):
        if base.count(line) == 1 and line.startswith("b"):
            assert not (line in outside and line not in ours), "a deletion was undone"
            assert not (line in outside and line not in theirs), "a deletion by the template was undone"
            if line in ours and line in theirs:
                assert line in outside or (line in in_ours and line in in_theirs)
    # Markers say where both changed the same place.
    assert merged.conflicts == merged.content.count(OURS)
    assert bool(merged.conflicts) == has_markers(merged.content)


def _sequence(content: bytes) -> list[str]:
    """The lines of a merge with the base's part of each conflict left out."""
    found: list[str] = []
    skipping = False
    for line in content.splitlines():
        skipping = line == BASE or (skipping and line != b"=======")
        if not skipping:
            found.append(line.decode())
    return found


@settings(max_examples=300, deadline=None)
@given(BASES, _edits("u", REPEATED), _edits("v", REPEATED))
def test_a_side_that_changed_nothing_decides_nothing(
    base: list[str], mine: list[tuple[int, str, str]], its: list[tuple[int, str, str]]
) -> None:
    before, ours, theirs = _joined(base), _joined(_edited(base, mine)), _joined(_edited(base, its))
    assert merge(before, ours, before) == Merged(ours)
    assert merge(before, before, theirs) == Merged(theirs)
    assert merge(before, ours, ours) == Merged(ours)


@settings(max_examples=300, deadline=None)
@given(BASES, BASES, BASES)
def test_stretches_hold_all_of_all_three(base: list[str], ours: list[str], theirs: list[str]) -> None:
    versions = [[line.encode() for line in version] for version in (base, ours, theirs)]
    found = list(stretches(*versions))
    for number, version in enumerate(versions):
        parts = [(stretch.base, stretch.ours, stretch.theirs)[number] for stretch in found]
        assert [line for part in parts for line in part] == version
    assert all(stretch.base == stretch.ours == stretch.theirs for stretch in found if stretch.agreed)
    assert all(one.agreed != two.agreed for one, two in pairwise(found) if not one.agreed)
