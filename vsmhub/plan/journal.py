"""The journal of one apply: what it is about to do, before it does it, and what it has done.

A file of JSON lines, of which each is on the disk before the target hears of what it says. It holds plans and ids, and
no secret. `vsmhub.plan.history` reads it back.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from vsmhub.errors import VsmhubError
from vsmhub.files import FileError, sync_folder
from vsmhub.plan.asked import Asked
from vsmhub.plan.desired import Desired
from vsmhub.plan.errors import ByHand
from vsmhub.plan.model import Change, Plan, PlanModel

Outcome = Literal["converged", "undone", "by-hand", "partly", "failed", "interrupted"]
"""How an apply ended: as declared; back where it was; a person's turn; without what was refused; with an error; by its
user."""

SUFFIX = ".jsonl"
STAMP = "%Y%m%dT%H%M%S.%fZ"
KEPT = 200
"""Journals of one hub that are kept; older ones go when a new one begins."""


class Begun(PlanModel):
    """The first line."""

    entry: Literal["begun"] = "begun"
    format: Literal["vsmhub/journal/v1"] = "vsmhub/journal/v1"
    hub: str
    target: str
    at: datetime
    by: str = Field(description="Account and machine.")
    version: str = Field(description="Of vsmhub.")
    undoes: str | None = Field(default=None, description="The journal whose apply this one takes back.")
    continues: str | None = Field(default=None, description="The journal of an unfinished apply that it goes on from.")
    asked: Asked = Field(default_factory=Asked, description="What was asked for besides what is declared.")


class Planned(PlanModel):
    """A plan that is going to be carried out; another one follows when the target moved."""

    entry: Literal["planned"] = "planned"
    plan: Plan
    declared: Desired | None = Field(default=None, description="Null where the plan does not lead to what is declared.")


class About(PlanModel):
    """Changes that are going to be made now, by their ids in the plan."""

    entry: Literal["about"] = "about"
    changes: tuple[str, ...]


class Done(PlanModel):
    """A change that was made; `object_id` and `revision` are the object's from then on."""

    entry: Literal["done"] = "done"
    change: str
    object_id: UUID | None = None
    revision: int | None = None


class Ended(PlanModel):
    """How it ended; where this line is missing, it was cut off."""

    entry: Literal["ended"] = "ended"
    at: datetime
    outcome: Outcome
    said: str = ""


class Recorded(PlanModel):
    """The target has been told of this apply."""

    entry: Literal["recorded"] = "recorded"
    event: UUID | None = None


class TakenUp(PlanModel):
    """A later apply has found this one unfinished, and said so."""

    entry: Literal["taken-up"] = "taken-up"
    at: datetime
    by: str


Entry = Annotated[Begun | Planned | About | Done | Ended | Recorded | TakenUp, Field(discriminator="entry")]


class Recorder(Protocol):
    """What carrying out a plan tells while it goes on."""

    def planned(self, plan: Plan, declared: Desired | None) -> None:
        """A plan is going to be carried out."""
        ...

    def about(self, changes: Sequence[Change]) -> None:
        """These changes are going to be made."""
        ...

    def done(self, change: Change) -> None:
        """A change was made, and this is its object now."""
        ...

    def ended(self, outcome: Outcome, said: str = "") -> None:
        """It is over."""
        ...


class Unrecorded:
    """A recorder that forgets, for those who keep no journal."""

    def planned(self, plan: Plan, declared: Desired | None) -> None: ...
    def about(self, changes: Sequence[Change]) -> None: ...
    def done(self, change: Change) -> None: ...
    def ended(self, outcome: Outcome, said: str = "") -> None: ...


class Journal:
    """A recorder that writes to a folder; the file begins with the first plan, so that no plan leaves no file.

    Every method raises FileError when the line cannot be written: what cannot be written down is not done.
    """

    def __init__(
        self,
        folder: Path,
        *,
        by: str,
        version: str,
        now: Callable[[], datetime],
        clean: Callable[[str], str] = str,
        undoes: str | None = None,
        continues: str | None = None,
        asked: Asked | None = None,
    ) -> None:
        self._folder = folder
        self._by = by
        self._version = version
        self._now = now
        self._clean = clean
        self._undoes = undoes
        self._continues = continues
        self._asked = asked or Asked()
        self.file: Path | None = None

    def planned(self, plan: Plan, declared: Desired | None) -> None:
        if self.file is None:
            self.file = self._begin(plan)
        append(self.file, Planned(plan=plan, declared=declared))

    def about(self, changes: Sequence[Change]) -> None:
        self._append(About(changes=tuple(change.id for change in changes)), durable=True)

    def done(self, change: Change) -> None:
        # On the disk with the next line that is waited for: a killed process loses nothing that it has written.
        self._append(Done(change=change.id, object_id=change.object_id, revision=change.revision))

    def ended(self, outcome: Outcome, said: str = "") -> None:
        self._append(Ended(at=self._now(), outcome=outcome, said=self._clean(said)), durable=True)

    def _append(self, entry: PlanModel, *, durable: bool = False) -> None:
        if self.file is not None:
            append(self.file, entry, durable=durable)

    def _begin(self, plan: Plan) -> Path:
        at = self._now()
        file = self._folder / f"{_after(self._folder, at):{STAMP}}-{plan.digest()[:8]}{SUFFIX}"
        begun = Begun(
            hub=plan.hub,
            target=plan.target,
            at=at,
            by=self._by,
            version=self._version,
            undoes=self._undoes,
            continues=self._continues,
            asked=self._asked,
        )
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            sync_folder(self._folder)
            for old in sorted(self._folder.glob(f"*{SUFFIX}"))[:-KEPT]:
                old.unlink()
        except OSError as error:
            raise _unwritten(file, error) from error
        append(file, begun)
        return file


def _after(folder: Path, at: datetime) -> datetime:
    """`at`, or a little later than the newest journal where the clock was put back: their names tell their order."""
    newest = max(folder.glob(f"*{SUFFIX}"), default=None)
    try:
        before = datetime.strptime(newest.name.partition("-")[0], STAMP).replace(tzinfo=UTC) if newest else None
    except ValueError:
        return at  # somebody else's file
    return at if before is None or before < at else before + timedelta(microseconds=1)


@contextmanager
def ending(recorder: Recorder) -> Iterator[None]:
    """Tell `recorder` how a block ended that did not come to its end."""
    try:
        yield
    except BaseException as error:
        outcome: Outcome = "by-hand" if isinstance(error, ByHand) else "failed"
        if isinstance(error, KeyboardInterrupt):
            outcome = "interrupted"
        # What made it end is what counts, also where that can no longer be written down.
        with suppress(FileError):
            recorder.ended(outcome, error.message if isinstance(error, VsmhubError) else "")
        raise


def append(file: Path, entry: PlanModel, *, durable: bool = False) -> None:
    """Add a line to a journal, with `durable` through to the disk; FileError when that fails."""
    left = memoryview(entry.model_dump_json(exclude_defaults=False).encode() + b"\n")
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                left = memoryview(b"\n" + bytes(left))  # after a line that was cut off
            while left:
                left = left[os.write(descriptor, left) :]
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unwritten(file, error) from error


def _unwritten(file: Path, error: OSError) -> FileError:
    return FileError(
        f"the journal {file} cannot be written: {error.strerror or error}",
        hint="nothing is done that is not written down first: make room there, or set VSMHUB_HOME to a folder of yours",
    )
