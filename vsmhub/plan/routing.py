"""Which way each change of a plan goes, and why. Pure.

The API where the target's surface has what it takes; otherwise the database where the operator gave one; otherwise a
person. What goes through the database is one transaction, so those changes stand together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from vsmhub.interhub.surface.model import Surface
from vsmhub.interhub.surface.steps import STEPS
from vsmhub.plan.model import Change, Kind, Plan, Route

NOT_BY_API = "not by the API:"


@dataclass(frozen=True, slots=True)
class Ways:
    """What is open: the surface, and whether the operator gave the database, or a file to fill for it."""

    surface: Surface
    sql: bool = False


def routed(plan: Plan, ways: Ways) -> Plan:
    """The plan with the route of each change, in an order in which every change comes after what it depends on."""
    changes = [_routed(change, ways) for change in plan.changes]
    changes = _without_key(changes)
    changes = _together(changes)
    if changes == list(plan.changes):
        return plan
    return plan.model_copy(update={"changes": tuple(changes)})


def _routed(change: Change, ways: Ways) -> Change:
    step = STEPS.get((change.kind.value, change.action.value))
    lack = step.by_api(ways.surface) if step else ""
    if step is None or not lack:
        return change
    if step.not_by_sql:
        return _by(Route.RUNBOOK, change, f"{NOT_BY_API} {lack}; {step.not_by_sql}")
    if ways.sql:
        return _by(Route.SQL, change, f"{NOT_BY_API} {lack}")
    return _by(Route.RUNBOOK, change, f"{NOT_BY_API} {lack}; no database is given")


def _by(route: Route, change: Change, reason: str) -> Change:
    return change.model_copy(update={"route": route, "route_reason": reason})


def _without_key(changes: list[Change]) -> list[Change]:
    """Widgets are written with the hub's key through the API alone."""
    keys = {change.id for change in changes if change.kind is Kind.KEY}
    return [
        change.model_copy(update={"depends_on": tuple(one for one in change.depends_on if one not in keys)})
        if change.kind is Kind.WIDGET and change.route is not Route.API and keys.intersection(change.depends_on)
        else change
        for change in changes
    ]


def _together(changes: list[Change]) -> list[Change]:
    """Those of the `sql` route side by side: before them what they depend on, after them the rest."""
    while True:
        through = {change.id for change in changes if change.route is Route.SQL}
        if not through:
            return changes
        before = _depended_on(changes, through) - through
        # What stands between two of them goes with them, for there is only one transaction.
        between = {
            change.id for change in changes if change.id in before and through & _depended_on(changes, {change.id})
        }
        if not between:
            first = [change for change in changes if change.id in before]
            middle = [change for change in changes if change.id in through]
            return [*first, *middle, *(change for change in changes if change.id not in before | through)]
        why = "between two changes that go by sql, which is one transaction"
        changes = [_by(Route.SQL, change, why) if change.id in between else change for change in changes]


def _depended_on(changes: Iterable[Change], of: set[str]) -> set[str]:
    """All that these changes come after, near and far, themselves left out unless one comes after another."""
    needs = {change.id: change.depends_on for change in changes}
    found: set[str] = set()
    waiting = [one for name in of for one in needs[name]]
    while waiting:
        one = waiting.pop()
        if one in needs and one not in found:
            found.add(one)
            waiting += needs[one]
    return found
