"""How planning and applying fail.

PlanError
├── VersionInUse      the manifest changed and its version did not
├── NamesTaken        another hub owns names that this hub declares
├── KeyElsewhere      the hub's key exists and is not in this store
├── TargetMoved       the target changed between the plan and its execution
├── Unreadable        the target does not show enough to plan from
├── DatabaseFailed    the database that the `sql` route should write cannot be used
├── ByHand            the next step is for a person
├── NotConverged      everything was carried out, and the target is still not as declared
├── JournalDamaged    a journal does not say what happened
├── PlanFileWrong     a file is no saved plan, or not one that can be applied here
├── NotAdopted        what exists was made by somebody else, and nobody has said to take it over
├── NotImportable     a live hub is not as a spec can say it
└── NothingToUndo     there is no apply that could be taken back
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from vsmhub.errors import VsmhubError

if TYPE_CHECKING:
    from vsmhub.plan.model import Change


class PlanError(VsmhubError):
    """What should be done cannot be done."""


class VersionInUse(PlanError):
    """The manifest changed and its version did not."""


class NamesTaken(PlanError):
    """Another hub owns names that this hub declares."""


class KeyElsewhere(PlanError):
    """The hub's key exists at the target and is not in this store."""


class TargetMoved(PlanError):
    """The target changed between the plan and its execution; a new plan may go on."""


class Unreadable(PlanError):
    """The target does not show enough to plan from."""


class DatabaseFailed(PlanError):
    """The database that the `sql` route reads or writes cannot be used; it has not been changed."""


class ByHand(PlanError):
    """The next step is for a person: what was carried out before it stays done, and a later apply goes on.

    `changes` are those that wait for the person, in order; `script` is the file for `psql` that holds the ones of the
    `sql` route.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, changes: "Sequence[Change]", script: Path | None = None) -> None:
        count = len(changes)
        super().__init__(
            f"{count} change{' is' if count == 1 else 's are'} for a person to make", hint="then apply again"
        )
        self.changes = tuple(changes)
        self.script = script


class NotConverged(PlanError):
    """Everything was carried out, and the target is still not as declared."""


class JournalDamaged(PlanError):
    """A journal does not say what happened."""


class PlanFileWrong(PlanError):
    """A file is no saved plan, or not one that can be applied here."""


class NotAdopted(PlanError):
    """What exists was made by somebody else, and nobody has said to take it over."""


class NothingToUndo(PlanError):
    """There is no apply that could be taken back."""


class NotImportable(PlanError):
    """A live hub is not as a spec can say it."""
