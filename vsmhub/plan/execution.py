"""Carrying out a plan: its changes in order, neighbours of one route and kind together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from vsmhub.interhub.errors import Refused
from vsmhub.plan.errors import PlanError, TargetMoved
from vsmhub.plan.journal import Recorder, Unrecorded
from vsmhub.plan.model import Change, Plan, Route

Progress = Callable[[Change], None]
"""Told of each change when it is done."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that was not made. `by` says who moved its object, where the target knows.

    `unsure` marks one that the target may have done, the answer being lost.
    """

    change: Change
    why: str
    by: str = ""
    unsure: bool = False


class RouteOfChange(Protocol):
    """Something that can carry out changes of one kind and action."""

    def carry_out(self, changes: Sequence[Change]) -> Iterator[Change]:
        """Carry them out; yields each when it is done, with its object's id and revision where the route knows them."""
        ...


def execute(
    plan: Plan, routes: Mapping[Route, RouteOfChange], progress: Progress, recorder: Recorder | None = None
) -> None:
    """Carry out `plan`, telling `recorder` of each change before it is made and when it is done.

    What is done stays done when a later change fails; a new plan goes on from there. Raises PlanError for a change
    whose route is not among `routes`, and what the routes and the recorder raise.
    """
    recorder = recorder or Unrecorded()
    for _, group in groupby(plan.steps, key=together):
        changes = list(group)
        route = _open(routes, changes[0])
        recorder.about(changes)
        for change in route.carry_out(changes):
            recorder.done(change)
            progress(change)


def _open(routes: Mapping[Route, RouteOfChange], change: Change) -> RouteOfChange:
    if change.route not in routes:
        raise PlanError(
            f"{change.id} goes by {change.route}, and that way is not open here",
            hint="give the database with --dsn or VSMHUB_DSN, or a file for it with --sql-file",
        )
    return routes[change.route]


def together(change: Change) -> tuple[str, ...]:
    """Neighbours for which this is equal are carried out together: by `sql` all of them, in one transaction."""
    return (change.route,) if change.route is Route.SQL else (change.route, change.kind, change.action)


def execute_each(
    due: Sequence[Change], routes: Mapping[Route, RouteOfChange], refused: dict[str, Refusal], recorder: Recorder
) -> Iterator[Change]:
    """Carry out changes, yielding each that is done; those that the target refuses are put into `refused`.

    What depends on a refused one is not tried. Raises as `execute` does, but not TargetMoved.
    """
    stopped: set[str] = set()
    for _, group in groupby(due, key=together):
        changes: list[Change] = []
        for change in group:
            # What it needs may have been refused a moment ago.
            if any(name in refused or name in stopped for name in change.depends_on):
                stopped.add(change.id)
            else:
                changes.append(change)
        if not changes:
            continue
        route = _open(routes, changes[0])
        recorder.about(changes)
        for change in _one_by_one(changes, route, refused):
            recorder.done(change)
            yield change


def _one_by_one(changes: Sequence[Change], route: RouteOfChange, refused: dict[str, Refusal]) -> Iterator[Change]:
    """Carry out changes together, and of those that the target refuses together find the ones it means, by halving."""
    count = 0
    try:
        for change in route.carry_out(changes):
            count += 1
            yield change
        return
    except TargetMoved as moved:
        left = changes[count:]
        if len(left) == 1:
            unsure = isinstance(moved.__cause__, Refused) and moved.__cause__.unsure
            refused[left[0].id] = Refusal(left[0], moved.message, unsure=unsure)
            return
    middle = len(left) // 2
    yield from _one_by_one(left[:middle], route, refused)
    yield from _one_by_one(left[middle:], route, refused)
