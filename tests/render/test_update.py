"""What becomes of each file of a scaffold: cases, and properties over random edits and template changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vsmhub.render.merge import THEIRS, has_markers
from vsmhub.render.record import Rendered, rendered_file
from vsmhub.render.tree import File, Owner
from vsmhub.render.update import Fate, Obstacle, Step, steps, unsettled


def text(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def file(*lines: str, owner: Owner = Owner.SCAFFOLD, executable: bool = False) -> File:
    return File(content=text(*lines), owner=owner, executable=executable)


def recorded(files: Mapping[str, File]) -> dict[str, Rendered]:
    return {path: rendered_file(one) for path, one in files.items()}


OLD, NEW = file("one", "two", "three"), file("one", "two", "three", "four")
MINE = file("zero", "one", "two", "three")


@dataclass(frozen=True, kw_only=True)
class Case:
    """Files by version, and (fate, content afterwards) by path; what is gone afterwards is None."""

    base: dict[str, File] = field(default_factory=dict)
    new: dict[str, File] = field(default_factory=dict)
    here: dict[str, File | Obstacle] = field(default_factory=dict)
    becomes: dict[str, tuple[Fate, File | None]]
    conflicts: int = 0


def owned(one: File, owner: Owner) -> File:
    return File(content=one.content, executable=one.executable, owner=owner)


CASES = {
    "nothing changed": Case(base={"a": OLD}, new={"a": OLD}, here={"a": MINE}, becomes={"a": (Fate.LEFT, MINE)}),
    "the template changed": Case(base={"a": OLD}, new={"a": NEW}, here={"a": OLD}, becomes={"a": (Fate.MERGED, NEW)}),
    "both changed": Case(
        base={"a": OLD},
        new={"a": NEW},
        here={"a": MINE},
        becomes={"a": (Fate.MERGED, file("zero", "one", "two", "three", "four"))},
    ),
    "both changed the same way": Case(
        base={"a": OLD}, new={"a": NEW}, here={"a": NEW}, becomes={"a": (Fate.LEFT, NEW)}
    ),
    "deleted by hand": Case(base={"a": OLD}, new={"a": NEW}, becomes={"a": (Fate.LEFT, None)}),
    "added by the template": Case(new={"a": NEW}, becomes={"a": (Fate.CREATED, NEW)}),
    "added by both alike": Case(new={"a": NEW}, here={"a": NEW}, becomes={"a": (Fate.LEFT, NEW)}),
    "dropped": Case(base={"a": OLD}, here={"a": OLD}, becomes={"a": (Fate.REMOVED, None)}),
    "dropped, but edited": Case(base={"a": OLD}, here={"a": MINE}, becomes={"a": (Fate.LEFT, MINE)}),
    "dropped, and deleted": Case(base={"a": OLD}, becomes={"a": (Fate.LEFT, None)}),
    "renamed": Case(
        base={"a": OLD},
        new={"b": NEW},
        here={"a": OLD},
        becomes={"a": (Fate.REMOVED, None), "b": (Fate.RENAMED, NEW)},
    ),
    "renamed, and edited": Case(
        base={"a": OLD},
        new={"b": NEW},
        here={"a": MINE},
        becomes={"a": (Fate.REMOVED, None), "b": (Fate.RENAMED, file("zero", "one", "two", "three", "four"))},
    ),
    "renamed, and deleted": Case(base={"a": OLD}, new={"b": NEW}, becomes={"b": (Fate.LEFT, None)}),
    "renamed to where something stands": Case(
        base={"a": OLD},
        new={"b": OLD},
        here={"a": MINE, "b": OLD},
        becomes={"a": (Fate.LEFT, MINE), "b": (Fate.LEFT, OLD)},
    ),
    "not alike enough for a renaming": Case(
        base={"a": OLD},
        new={"b": file("other")},
        here={"a": MINE},
        becomes={"a": (Fate.LEFT, MINE), "b": (Fate.CREATED, file("other"))},
    ),
    "a person's own": Case(
        base={"a": owned(OLD, Owner.USER)},
        new={"a": owned(NEW, Owner.USER)},
        here={"a": OLD},
        becomes={"a": (Fate.LEFT, OLD)},
    ),
    "a person's own, dropped": Case(
        base={"a": owned(OLD, Owner.USER)}, here={"a": OLD}, becomes={"a": (Fate.LEFT, OLD)}
    ),
    "a person's own, deleted": Case(
        base={"a": owned(OLD, Owner.USER)}, new={"a": owned(NEW, Owner.USER)}, becomes={"a": (Fate.LEFT, None)}
    ),
    "generated": Case(
        base={"a": owned(OLD, Owner.GENERATED)},
        new={"a": owned(NEW, Owner.GENERATED)},
        here={"a": OLD},
        becomes={"a": (Fate.REWRITTEN, NEW)},
    ),
    "generated, but deleted": Case(
        base={"a": owned(OLD, Owner.GENERATED)},
        new={"a": owned(NEW, Owner.GENERATED)},
        becomes={"a": (Fate.LEFT, None)},
    ),
    "an executable bit of the template's": Case(
        base={"a": OLD},
        new={"a": file("one", "two", "three", executable=True)},
        here={"a": MINE},
        becomes={"a": (Fate.MERGED, file("zero", "one", "two", "three", executable=True))},
    ),
    "an executable bit of a person's": Case(
        base={"a": OLD},
        new={"a": NEW},
        here={"a": file("one", "two", "three", executable=True)},
        becomes={"a": (Fate.MERGED, file("one", "two", "three", "four", executable=True))},
    ),
    "a binary file that the template changed": Case(
        base={"a": File(content=b"\0")},
        new={"a": File(content=b"\0\1")},
        here={"a": File(content=b"\0")},
        becomes={"a": (Fate.MERGED, File(content=b"\0\1"))},
    ),
    "something else in its place": Case(
        base={"a": OLD}, new={"a": OLD}, here={"a": Obstacle(what="a folder")}, becomes={"a": (Fate.LEFT, None)}
    ),
    "something else in the place of a change": Case(
        base={"a": OLD},
        new={"a": NEW},
        here={"a": Obstacle(what="a folder")},
        becomes={"a": (Fate.CONFLICT, None)},
        conflicts=1,
    ),
    "dropped, with something else in its place": Case(
        base={"a": OLD}, here={"a": Obstacle(what="a folder")}, becomes={"a": (Fate.LEFT, None)}
    ),
    "from generated to a person's": Case(
        base={"a": owned(OLD, Owner.GENERATED)}, new={"a": NEW}, here={"a": OLD}, becomes={"a": (Fate.LEFT, OLD)}
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_becomes_of_a_file(name: str) -> None:
    case = CASES[name]
    told = steps(recorded(case.base), case.new, case.here)
    assert {step.path: (step.fate, step.after) for step in told} == case.becomes
    assert sum(step.conflicts for step in told) == case.conflicts


def by_path(told: Sequence[Step]) -> dict[str, Step]:
    return {step.path: step for step in told}


def test_both_change_a_line() -> None:
    told = by_path(steps(recorded({"a": OLD}), {"a": file("1", "two", "three")}, {"a": file("I", "two", "three")}))
    after = told["a"].after
    assert (told["a"].fate, told["a"].conflicts) == (Fate.CONFLICT, 1)
    assert after is not None
    assert unsettled({"a": after, "b": OLD, "c": Obstacle(what="a folder")}) == ("a",)


def test_the_template_adds_a_file_that_a_person_added() -> None:
    told = by_path(steps({}, {"a": NEW}, {"a": file("mine")}))
    after = told["a"].after
    assert after is not None
    assert b"mine\n" in after.content
    assert b"four\n" + THEIRS in after.content
    assert "the template adds a file of this name" in told["a"].why


def test_an_edit_of_a_generated_file_is_kept_beside_it() -> None:
    base = {"ci.yml": owned(OLD, Owner.GENERATED)}
    told = by_path(steps(recorded(base), {"ci.yml": owned(NEW, Owner.GENERATED)}, {"ci.yml": MINE}))
    assert told["ci.yml"].after == NEW
    (beside,) = (step for path, step in told.items() if path.startswith("ci.yml.old-"))
    assert beside.after == MINE


def test_a_binary_file_that_both_changed_is_left_with_the_templates_beside_it() -> None:
    base, mine, new = (File(content=b"\0" + end) for end in (b"", b"mine", b"new"))
    told = by_path(steps(recorded({"a.png": base}), {"a.png": new}, {"a.png": mine}))
    assert (told["a.png"].fate, told["a.png"].after) == (Fate.CONFLICT, mine)
    (beside,) = (step for path, step in told.items() if path.startswith("a.png.new-"))
    assert beside.after == new


def test_without_a_base_all_that_is_there_stays() -> None:
    told = by_path(steps(None, {"a": NEW, "b": NEW, "c": NEW}, {"a": MINE, "c": Obstacle(what="a folder")}))
    assert {path: (step.fate, step.after) for path, step in told.items()} == {
        "a": (Fate.LEFT, MINE),
        "b": (Fate.CREATED, NEW),
        "c": (Fate.LEFT, None),
    }


# A world: files of a template, and what the template and a person each do to them. Lines are one of a kind, named
# after who wrote them: t the template at first, v the template later, u the person.
PATHS = ["a", "b", "c/d", "c/e"]
Edit = tuple[int, str]
EDITS: st.SearchStrategy[list[Edit]] = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from(["add", "delete", "change"])), max_size=4
)


@dataclass(frozen=True, kw_only=True)
class Life:
    """What happens to one file: what the template makes of it later, and what a person makes of it."""

    size: int
    owner: Owner
    fate: str
    its_edits: list[Edit]
    habit: str
    my_edits: list[Edit]


LIVES = st.builds(
    Life,
    size=st.integers(0, 9),
    owner=st.sampled_from([Owner.SCAFFOLD, Owner.SCAFFOLD, Owner.USER, Owner.GENERATED]),
    fate=st.sampled_from(["keep", "keep", "keep", "drop", "rename"]),
    its_edits=EDITS,
    habit=st.sampled_from(["keep", "keep", "keep", "delete", "crlf", "cut"]),
    my_edits=EDITS,
)
ADDED = st.lists(st.sampled_from(["new", "a.new", "c/mine"]), max_size=2, unique=True)


def edited(lines: Sequence[str], edits: Sequence[Edit], name: str) -> list[str]:
    result = list(lines)
    for number, (where, what) in enumerate(edits):
        place = where % (len(result) + 1)
        if what == "add":
            result.insert(place, f"{name} {number}")
        elif place < len(result):
            result[place : place + 1] = [f"{name} {number}"] if what == "change" else []
    return result


def lines_of(files: Mapping[str, File], first: str) -> list[str]:
    """The lines that one party wrote, wherever they stand, markers' base parts aside."""
    found = []
    for one in files.values():
        skipping = False
        for line in one.content.decode().splitlines():
            skipping = line.startswith("|||||||") or (skipping and line != "=======")
            if line.startswith(first) and not skipping:
                found.append(line)
    return sorted(found)


@settings(max_examples=600, deadline=None)
@given(st.lists(LIVES, min_size=len(PATHS), max_size=len(PATHS)), ADDED, ADDED)
def test_no_line_of_a_person_is_lost(lives: list[Life], added: list[str], added_by_hand: list[str]) -> None:
    base, new, here = _world(lives)
    new |= {path: file(f"v {path}", "v more") for path in added}
    here |= {path: file(f"u {path}", "u more") for path in added_by_hand}
    told = steps(recorded(base), new, here)
    after = dict(here)
    for step in told:
        assert after.get(step.path) == step.before, "a step starts from what is there"
        if step.after is None:
            after.pop(step.path, None)
        else:
            after[step.path] = step.after

    # Each line that a person wrote is still there, and once.
    assert lines_of(after, "u") == lines_of(here, "u")
    # What a person deleted stays deleted.
    for path in set(base) - set(here):
        assert path not in after
    # What a person added of their own stays.
    assert set(here) - set(base) - set(new) <= set(after)
    # What a person left alone is the template's now, and gone where the template dropped it.
    for path in set(base) & set(here):
        if base[path] == here[path] and base[path].owner is not Owner.USER:
            assert after.get(path) == new.get(path)
    # Nothing that both sides kept is lost.
    for path in set(base) & set(here) & set(new):
        kept = set(_telling(base[path])) & set(_telling(here[path])) & set(_telling(new[path]))
        assert kept <= set(_telling(after[path]))
    # Conflicts are told, and only they leave markers.
    marked = {path for path, one in after.items() if has_markers(one.content)}
    assert marked == {step.path for step in told if step.conflicts}
    # Once more there is nothing to do, but for what a person must settle.
    again = steps(recorded(new), new, after)
    assert not any(step.changes for step in again)


def _telling(one: File) -> list[str]:
    return one.content.decode().splitlines()


def _world(lives: Sequence[Life]) -> tuple[dict[str, File], dict[str, File], dict[str, File]]:
    """The template's older version, its newer one, and what a person made of the older."""
    base, new, here = {}, {}, {}
    for path, life in zip(PATHS, lives, strict=True):
        lines = [f"t {path} {number}" for number in range(life.size)]
        base[path] = file(*lines, owner=life.owner)
        if life.fate != "drop":
            place = f"{path}.moved" if life.fate == "rename" else path
            new[place] = file(*edited(lines, life.its_edits, f"v {path}"), owner=life.owner)
        if life.habit != "delete":
            content = text(*edited(lines, life.my_edits, f"u {path}"))
            content = content.replace(b"\n", b"\r\n") if life.habit == "crlf" else content
            here[path] = File(content=content.removesuffix(b"\n") if life.habit == "cut" else content)
    return base, new, here
