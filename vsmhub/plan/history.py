"""What the journals of one hub at one target tell about its applies."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from vsmhub.plan.errors import JournalDamaged
from vsmhub.plan.journal import (
    SUFFIX,
    About,
    Begun,
    Done,
    Ended,
    Entry,
    Planned,
    Recorded,
    TakenUp,
    append,
)
from vsmhub.plan.model import Change, Plan

FINISHED = frozenset({"converged", "undone", "by-hand"})
"""The ends that leave nothing for another apply to explain."""

TAIL = 8192
"""Bytes at the end of a journal that hold its last lines, which are short."""

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


@dataclass(frozen=True, slots=True)
class Step:
    """A change that an apply was about to make. `change` is as it was planned; `done` tells what came of it.

    Without `done` it is not known whether the target did it.
    """

    change: Change
    done: Done | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One apply, as its journal tells it."""

    file: Path
    begun: Begun
    plans: tuple[Planned, ...] = ()
    steps: tuple[Step, ...] = ()
    ended: Ended | None = None
    is_recorded: bool = False
    is_taken_up: bool = False
    goes_on_from: tuple[str, ...] = ()
    """The applies whose plans and steps are among these, by name, newest first."""

    @property
    def name(self) -> str:
        """The journal's name, by which others refer to this apply."""
        return self.file.stem

    @property
    def plan(self) -> Plan | None:
        """The first plan."""
        return self.plans[0].plan if self.plans else None

    @property
    def done(self) -> tuple[Step, ...]:
        """What was done for certain."""
        return tuple(step for step in self.steps if step.done is not None)

    @property
    def is_finished(self) -> bool:
        """Whether it came to the end that was meant, with nothing left for another apply to explain."""
        return self.ended is not None and self.ended.outcome in FINISHED

    @property
    def needs_telling(self) -> bool:
        """Whether the target has not been told of something that was done; what takes back tells that by itself."""
        return bool(self.done) and not self.is_recorded and self.begun.undoes is None

    def counts(self) -> dict[str, int]:
        """How much was done, such as `{"create widget": 14}`."""
        return dict(Counter(f"{step.change.action} {step.change.kind}" for step in self.done))

    def explained(self) -> str:
        """How an apply ended that did not finish, in one line."""
        what = f"the undoing of {self.begun.undoes}" if self.begun.undoes else f"an apply of {self.begun.hub}"
        planned = {change.id: change for change in self.plans[-1].plan.steps} if self.plans else {}
        count = sum(1 for step in self.done if step.change == planned.get(step.change.id))
        after = f"after {count} of {len(planned)} changes" if planned else "before its first change"
        how = {"failed": "failed", "interrupted": "was interrupted", "partly": "was refused in part"}
        ended = how.get(self.ended.outcome, "ended") if self.ended else "was cut off"
        said = f" ({self.ended.said})" if self.ended and self.ended.said else ""
        return f"{what} by {self.begun.by} at {moment(self.begun.at)} {ended} {after}{said}"


def moment(at: datetime) -> str:
    """A time for people."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def runs(folder: Path) -> Iterator[Run]:
    """The applies of which the journals in `folder` tell, newest first; JournalDamaged for one that cannot be read."""
    for file in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        run = read_run(file)
        if run is not None:
            yield run


def open_runs(folder: Path) -> tuple[Run, ...]:
    """The newest applies, oldest first, of which something is left to be said, here or to the target."""
    found: list[Run] = []
    newest = max(folder.glob(f"*{SUFFIX}"), default=None)
    if newest is not None and _is_closed(newest):
        return ()
    for run in runs(folder):
        if (run.is_finished or run.is_taken_up) and not run.needs_telling:
            break
        found.append(run)
    return tuple(reversed(found))


def unfinished(folder: Path, *, by_hand: bool = False) -> Run | None:
    """The newest apply that has begun to change something, where it did not come to its end; JournalDamaged.

    With `by_hand` also one that left something for a person to do.
    """
    newest = max(folder.glob(f"*{SUFFIX}"), default=None)
    if newest is None or (not by_hand and _is_closed(newest)):
        return None
    run = next((one for one in runs(folder) if one.steps), None)
    if run is None or run.begun.undoes is not None:
        return None
    waits = run.ended is not None and run.ended.outcome == "by-hand"
    return run if not run.is_finished or (by_hand and waits) else None


def named(folder: Path, name: str | None) -> Run | None:
    """The apply of this name, where it has begun to change something; JournalDamaged for one that cannot be read."""
    file = folder / f"{name}{SUFFIX}"
    run = read_run(file) if file.stem == name and file.is_file() else None
    return run if run is not None and run.steps else None


def whole(run: Run) -> Run:
    """`run` with the applies that it went on from, as one. Raises JournalDamaged."""
    plans, steps, earliest, names = run.plans, run.steps, run, list[str]()
    # Names begin with their time.
    while (before := named(run.file.parent, earliest.begun.continues)) is not None and before.name < earliest.name:
        plans, steps, earliest = (*before.plans, *plans), (*before.steps, *steps), before
        names.append(before.name)
    return replace(run, plans=plans, steps=steps, goes_on_from=tuple(names))


def _is_closed(file: Path) -> bool:
    """Whether the end of a journal says that nothing is left to be said: a big one is not read whole for that."""
    try:
        with file.open("rb") as opened:
            opened.seek(0, os.SEEK_END)
            opened.seek(max(0, opened.tell() - TAIL))
            lines = opened.read().splitlines()
        entries = [_ENTRY.validate_json(line) for line in lines[-3:]]
    except (OSError, ValidationError):
        return False  # whoever reads the whole of it says what is wrong
    finished = any(isinstance(one, Ended) and one.outcome in FINISHED for one in entries)
    return finished and any(isinstance(one, Recorded) for one in entries)


def take_up(run: Run, by: str, now: datetime) -> None:
    """Note that somebody has been told of an unfinished apply; FileError when that cannot be written."""
    append(run.file, TakenUp(at=now, by=by))


def recorded(run: Run, event: Recorded) -> None:
    """Note that the target has been told; FileError when that cannot be written."""
    append(run.file, event, durable=True)


def read_run(file: Path) -> Run | None:
    """What one journal tells; None for one that was cut off before it said anything. Raises JournalDamaged."""
    entries = list(_entries(file))
    if not entries:
        return None
    begun = entries[0]
    if not isinstance(begun, Begun):
        raise _damaged(file, 1)
    plans: list[Planned] = []
    planned: dict[str, Change] = {}
    steps: dict[tuple[int, str], Step] = {}
    ended: Ended | None = None
    for number, entry in enumerate(entries[1:], 2):
        match entry:
            case Planned():
                plans.append(entry)
                planned = {change.id: change for change in entry.plan.steps}
            case About(changes=ids):
                if not planned.keys() >= set(ids):
                    raise _damaged(file, number)
                steps |= {(len(plans), change): Step(planned[change]) for change in ids}
            case Done(change=change):
                if (len(plans), change) not in steps:
                    raise _damaged(file, number)
                steps[len(plans), change] = Step(planned[change], entry)
            case Ended():
                ended = entry
            case _:
                pass
    return Run(
        file=file,
        begun=begun,
        plans=tuple(plans),
        steps=tuple(steps.values()),
        ended=ended,
        is_recorded=any(isinstance(entry, Recorded) for entry in entries),
        is_taken_up=any(isinstance(entry, TakenUp) for entry in entries),
    )


def _entries(file: Path) -> Iterator[Entry]:
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise JournalDamaged(f"the journal {file} cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            yield _ENTRY.validate_json(line)
        except ValidationError as error:
            if "EOF while parsing" in str(error):  # cut off while it was written
                continue
            raise _damaged(file, number) from error


def _damaged(file: Path, line: int) -> JournalDamaged:
    return JournalDamaged(
        f"{file}:{line}: the journal does not say what vsmhub writes",
        hint="it may be of a newer vsmhub, or have been edited; move it away to go on without it",
    )
