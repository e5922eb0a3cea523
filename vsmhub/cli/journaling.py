"""The journals of what a command applies: those that are there already, and the one that it writes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vsmhub.cli.output import tell

if TYPE_CHECKING:
    from vsmhub.plan.asked import Asked
    from vsmhub.plan.bootstrap import Seen
    from vsmhub.plan.desired import Desired
    from vsmhub.plan.history import Run
    from vsmhub.plan.planning import Journals
    from vsmhub.plan.verification import Proof
    from vsmhub.targets.opening import Opened


def folder_at(at: "Opened", hub: str) -> Path:
    """Where the journals of a hub at an open target are."""
    from vsmhub.targets.journals import journals_of

    return journals_of(at.paths, at.name, hub)


def journals_at(at: "Opened", hub: str) -> "Journals":
    """The applies of a hub that are known here, read when they are asked for."""
    from vsmhub.plan.history import runs

    return lambda: runs(folder_at(at, hub))


def explain(at: "Opened", hub: str, asked: "Asked | None" = None) -> None:
    """Say how earlier applies ended that did not finish, once; raises JournalDamaged and FileError.

    With what is `asked` for now, also what one was asked for besides.
    """
    from vsmhub.plan.history import open_runs, take_up
    from vsmhub.targets.author import author

    for run in open_runs(folder_at(at, hub)):
        if not run.is_finished and not run.is_taken_up:
            left = set(run.begun.asked.options()) - set(asked.options()) if asked else ()
            more = f"; it was asked for with {' '.join(sorted(left))}, as --continue does again" if left else ""
            tell(f"{run.explained()}; going on from what is live{more}", "warn")
            take_up(run, author(), datetime.now(UTC))


def resumed(at: "Opened", hub: str, asked: "Asked") -> "Asked":
    """What is asked for, and what was for an apply that did not come to its end."""
    from vsmhub.plan.history import unfinished
    from vsmhub.plan.model import Action, Kind

    run = unfinished(folder_at(at, hub), by_hand=True)
    if run is None:
        return asked
    # A key that was made is kept with what it takes the place of; another one is not wanted.
    has_key = any((one.change.kind, one.change.action) == (Kind.KEY, Action.CREATE) for one in run.steps)
    then = {name for name, value in run.begun.asked if value and not (name == "replace_key" and has_key)}
    return asked.model_copy(update=dict.fromkeys(then, True))


def proven(one: "Desired", at: "Opened", after: "Seen") -> "Proof | None":
    """What the hub's own key opens; the target is told of the applies that it was not told of yet."""
    from vsmhub.plan.bootstrap import proof

    return proof(one, at, after.live, untold(at, one.hub))


def untold(at: "Opened", hub: str) -> "tuple[Run, ...]":
    """The applies that changed something of which the target has not been told."""
    from vsmhub.plan.history import open_runs

    return tuple(run for run in open_runs(folder_at(at, hub)) if run.needs_telling)
