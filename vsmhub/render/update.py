"""Bringing a scaffold to its newest template: what becomes of each file, decided before any of them is touched.

Three versions meet: what the template rendered last (the record), what it renders now, and what stands on the disk.
Nothing a person did is undone: what they wrote stays or stands in a conflict, what they deleted stays deleted, and a
file that the template drops stays when it was edited.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from vsmhub.render.merge import NotText, has_markers, merge, similarity
from vsmhub.render.record import Rendered
from vsmhub.render.tree import File, Owner, Tree

# Above this share of common lines a file that is new is taken for one that was dropped; Git's threshold is the same.
_RENAMED = 0.5


class Fate(StrEnum):
    """What becomes of a file."""

    CREATED = "created"
    REWRITTEN = "rewritten"
    MERGED = "merged"
    REMOVED = "removed"
    RENAMED = "renamed"
    MIGRATED = "migrated"
    CONFLICT = "conflict"
    LEFT = "left as it is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What becomes of one file. `before` and `after` are its contents; None is: not there.

    `why` says for people what is not plain from the fate. `conflicts` counts what they must settle.
    """

    path: str
    fate: Fate
    before: File | None = None
    after: File | None = None
    why: str = ""
    conflicts: int = 0

    @property
    def changes(self) -> bool:
        """Whether anything on the disk changes."""
        return self.before != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Something on the disk where a file could be that is not a plain file inside of the scaffold."""

    what: str


Found = Mapping[str, File | Obstacle]
"""What stands on the disk, by path; what is not there is missing here."""


def steps(base: Mapping[str, Rendered] | None, new: Tree, found: Found) -> tuple[Step, ...]:
    """What becomes of each file of the template, its older version's included, in the order of their paths.

    Without a base nothing is known of what the template once rendered; then whatever stands on the disk counts as a
    person's, and stays.
    """
    if base is None:
        return tuple(_adopted(path, file, found.get(path)) for path, file in new.items())
    renames = _renames(base, new, found)
    told: list[Step] = []
    for path in sorted({*base, *new}):
        if path in renames.values():
            continue
        if path in renames:
            told += _renamed(path, renames[path], base, new, found)
        elif path in new:
            told += _kept(path, base.get(path), new[path], found.get(path))
        else:
            told.append(_dropped(path, base[path], found.get(path)))
    return tuple(sorted(told, key=lambda step: step.path))


def unsettled(paths: Mapping[str, File | Obstacle]) -> tuple[str, ...]:
    """The files in which conflict markers stand."""
    return tuple(path for path, file in paths.items() if isinstance(file, File) and has_markers(file.content))


def _adopted(path: str, new: File, here: File | Obstacle | None) -> Step:
    if here is None:
        return Step(path=path, fate=Fate.CREATED, after=new)
    if isinstance(here, Obstacle):
        return Step(path=path, fate=Fate.LEFT, why=f"{here.what} is in its place")
    told = new.owner is not Owner.USER and here.content != new.content
    why = "what it differs in counts as edited by hand" if told else ""
    return Step(path=path, fate=Fate.LEFT, before=here, after=here, why=why)


def _kept(path: str, base: Rendered | None, new: File, here: File | Obstacle | None) -> Iterator[Step]:
    """A file that the template has now."""
    if isinstance(here, Obstacle):
        changed = base is None or not base.is_content(new.content)
        why = f"{here.what} is in its place"
        yield Step(path=path, fate=Fate.CONFLICT if changed else Fate.LEFT, why=why, conflicts=int(changed))
    elif here is None:
        yield _missing(path, base, new)
    elif new.owner is Owner.USER:
        yield Step(path=path, fate=Fate.LEFT, before=here, after=here)
    elif new.owner is Owner.GENERATED:
        yield from _rewritten(path, base, new, here)
    else:
        yield from _merged(path, base, new, here)


def _missing(path: str, base: Rendered | None, new: File) -> Step:
    """A file that is not on the disk: new in the template, or deleted by a person."""
    if base is None:
        return Step(path=path, fate=Fate.CREATED, after=new)
    changed = new.owner is not Owner.USER and not base.is_content(new.content)
    return Step(path=path, fate=Fate.LEFT, why="deleted by hand; the template changed it" if changed else "")


def _rewritten(path: str, base: Rendered | None, new: File, here: File) -> Iterator[Step]:
    """A generated file: it becomes what the template renders; what a person wrote into it is kept beside it."""
    edited = here.content != new.content and not (base and base.is_content(here.content))
    yield _stepped(path, Fate.REWRITTEN, here, new, "edited by hand, although it is generated" if edited else "")
    if edited:
        beside = _beside(path, "old", here)
        yield Step(path=beside, fate=Fate.CREATED, after=here, why=f"what was in {path}")


def _merged(path: str, base: Rendered | None, new: File, here: File) -> Iterator[Step]:
    """A file for people to edit."""
    executable = here.executable
    if base is not None and executable == base.executable:
        executable = new.executable
    before = base.content if base and base.content is not None else b""
    if base is not None and base.content is None:
        # It was never merged before, so what it was is not known: it is a person's.
        yield Step(path=path, fate=Fate.LEFT, before=here, after=here)
        return
    try:
        merged = merge(before, here.content, new.content)
    except NotText:
        yield Step(path=path, fate=Fate.CONFLICT, before=here, after=here, why="it is not text", conflicts=1)
        beside = _beside(path, "new", new)
        yield Step(path=beside, fate=Fate.CREATED, after=new, why=f"the template's version of {path}")
        return
    after = File(content=merged.content, executable=executable)
    if merged.conflicts:
        why = "the template adds a file of this name" if base is None else ""
        yield Step(path=path, fate=Fate.CONFLICT, before=here, after=after, why=why, conflicts=merged.conflicts)
    else:
        yield _stepped(path, Fate.MERGED, here, after)


def _dropped(path: str, base: Rendered, here: File | Obstacle | None) -> Step:
    """A file that the template no longer has."""
    if not isinstance(here, File):
        return Step(path=path, fate=Fate.LEFT)
    if base.is_content(here.content) and base.owner is not Owner.USER:
        return Step(path=path, fate=Fate.REMOVED, before=here)
    return Step(path=path, fate=Fate.LEFT, before=here, after=here, why="no longer in the template; now all yours")


def _renamed(old: str, path: str, base: Mapping[str, Rendered], new: Tree, found: Found) -> Iterator[Step]:
    """A file that the template has under another name now: edits go with it, and so does a deletion."""
    here = found.get(old)
    if not isinstance(here, File):
        yield Step(path=path, fate=Fate.LEFT, why=f"deleted by hand as {old}")
        return
    moved = list(_kept(path, base[old], new[path], here))
    yield Step(path=old, fate=Fate.REMOVED, before=here, why=f"renamed to {path}")
    for step in moved:
        if step.path != path:
            yield step
            continue
        fate = Fate.CONFLICT if step.conflicts else Fate.RENAMED
        why = step.why or f"from {old}"
        yield Step(path=path, fate=fate, after=step.after, why=why, conflicts=step.conflicts)


def _renames(base: Mapping[str, Rendered], new: Tree, found: Found) -> dict[str, str]:
    """Which dropped files are most likely which new ones, by what they hold; each at most once."""
    dropped = {
        path: file.content
        for path, file in base.items()
        if path not in new and file.content is not None and not isinstance(found.get(path), Obstacle)
    }
    added = {
        path: file.content
        for path, file in new.items()
        if path not in base and path not in found and file.owner is Owner.SCAFFOLD
    }
    pairs = [
        (similarity(content, other), old, path) for old, content in dropped.items() for path, other in added.items()
    ]
    renames: dict[str, str] = {}
    for share, old, path in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if share > _RENAMED and old not in renames and path not in renames.values():
            renames[old] = path
    return renames


def _stepped(path: str, fate: Fate, before: File, after: File, why: str = "") -> Step:
    return Step(path=path, fate=Fate.LEFT if before == after else fate, before=before, after=after, why=why)


def _beside(path: str, which: str, file: File) -> str:
    """A name beside `path` for another version of it; two that are equal are the same content."""
    return f"{path}.{which}-{hashlib.sha256(file.content).hexdigest()[:8]}"
