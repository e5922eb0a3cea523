"""Carrying out a plan: its changes in order, neighbours of one route and kind together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Protocol

from vsmhub.plan.errors import PlanError
from vsmhub.plan.journal import Recorder, Unrecorded
from vsmhub.plan.model import Change, Plan, Route

Progress = Callable[[Change], None]
"""Told of each change when it is done."""


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
    for _, group in groupby(plan.changes, key=together):
        changes = list(group)
        route = changes[0].route
        if route not in routes:
            raise PlanError(f"{changes[0].id} goes by {route}, and that way is not open here")
        recorder.about(changes)
        for change in routes[route].carry_out(changes):
            recorder.done(change)
            progress(change)


def together(change: Change) -> tuple[str, ...]:
    """Neighbours for which this is equal are carried out together: by `sql` all of them, in one transaction."""
    return (change.route,) if change.route is Route.SQL else (change.route, change.kind, change.action)
