"""Which way each change of a plan goes, and why. Pure.

The API where the target's surface has what it takes; otherwise the database where the operator gave one; otherwise a
person. What goes through the database is one transaction, so those changes stand together.
"""

from collections.abc import Collection, Iterable
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
    route = {(one.kind, one.action): _route(one, ways) for one in plan.steps}
    if all(way is Route.API for way, _ in route.values()):
        return plan
    keys = {change.id for change in plan.changes if change.kind is Kind.KEY}
    changes, events = (
        [_by(*route[change.kind, change.action], change, keys) for change in some]
        for some in (plan.changes, plan.events)
    )
    return plan.model_copy(update={"changes": tuple(_together(changes)), "events": tuple(events)})


def _route(change: Change, ways: Ways) -> tuple[Route, str]:
    """The way of all changes of this kind and action, and why it is not the API."""
    step = STEPS.get((change.kind.value, change.action.value))
    lack = step.by_api(ways.surface) if step else ""
    if step is None or not lack:
        return Route.API, ""
    if step.not_by_sql:
        return Route.RUNBOOK, f"{NOT_BY_API} {lack}; {step.not_by_sql}"
    if ways.sql:
        return Route.SQL, f"{NOT_BY_API} {lack}"
    return Route.RUNBOOK, f"{NOT_BY_API} {lack}; no database is given"


def _by(route: Route, reason: str, change: Change, keys: Collection[str] = ()) -> Change:
    """The change by that way. Widgets need the hub's key through the API alone, so the others do not wait for it."""
    if route is Route.API:
        return change
    depends_on = change.depends_on
    if change.kind is Kind.WIDGET:
        depends_on = tuple(one for one in depends_on if one not in keys)
    return change.model_copy(update={"route": route, "route_reason": reason, "depends_on": depends_on})


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
        changes = [_by(Route.SQL, why, change) if change.id in between else change for change in changes]


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
