"""Carrying out a plan: its changes in order, neighbours of one kind together."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Protocol

from vsmhub.plan.model import Change, Plan

Progress = Callable[[Change], None]
"""Told of each change when it is done."""


class RouteOfChange(Protocol):
    """Something that can carry out changes of one kind and action."""

    def carry_out(self, changes: Sequence[Change]) -> Iterator[Change]:
        """Carry them out; yields each when it is done."""
        ...


def execute(plan: Plan, route: RouteOfChange, progress: Progress) -> None:
    """Carry out `plan`. What is done stays done when a later change fails; a new plan goes on from there.

    Raises what the route raises.
    """
    for _, group in groupby(plan.changes, key=lambda change: (change.kind, change.action)):
        for change in route.carry_out(list(group)):
            progress(change)
