"""Carrying out a plan: its changes in order, neighbours of one route and kind together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Protocol

from vsmhub.plan.errors import PlanError
from vsmhub.plan.model import Change, Plan, Route

Progress = Callable[[Change], None]
"""Told of each change when it is done."""


class RouteOfChange(Protocol):
    """Something that can carry out changes of one kind and action."""

    def carry_out(self, changes: Sequence[Change]) -> Iterator[Change]:
        """Carry them out; yields each when it is done, with its object's id and revision where the route knows them."""
        ...


def execute(plan: Plan, routes: Mapping[Route, RouteOfChange], progress: Progress) -> None:
    """Carry out `plan`. What is done stays done when a later change fails; a new plan goes on from there.

    Raises PlanError for a change whose route is not among `routes`, and what the routes raise.
    """
    for _, group in groupby(plan.changes, key=_together):
        changes = list(group)
        route = changes[0].route
        if route not in routes:
            raise PlanError(f"{changes[0].id} goes by {route}, and that way is not open here")
        for change in routes[route].carry_out(changes):
            progress(change)


def _together(change: Change) -> tuple[str, ...]:
    """Neighbours for which this is equal are carried out together: by `sql` all of them, in one transaction."""
    return (change.route,) if change.route is Route.SQL else (change.route, change.kind, change.action)
