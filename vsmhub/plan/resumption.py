"""A saved plan taken up again: what earlier applies of it, which did not come to their end, have begun. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vsmhub.plan.history import Run
from vsmhub.plan.model import Action, Change, Kind, Known, Plan, Route


@dataclass(frozen=True, slots=True)
class Begun:
    """The changes of a plan that its applies have begun, by id. Whether one was made, the target tells."""

    changes: Mapping[str, Change]

    @property
    def makes_a_key(self) -> bool:
        """Whether a key may have been made."""
        return any((one.kind, one.action) == (Kind.KEY, Action.CREATE) for one in self.changes.values())

    def touched(self, change: Change) -> bool:
        """Whether the object of `change` is one that they have begun to change."""
        return any((one.kind, one.name) == (change.kind, change.name) for one in self.changes.values())


def begun(plan: Plan, runs: Iterator[Run]) -> Begun:
    """What the newest applies in `runs` (newest first) have begun of this very plan, unless one has finished it."""
    found: dict[str, Change] = {}
    digest = plan.digest()
    for run in runs:
        by_hand = run.ended is not None and run.ended.outcome == "by-hand"
        is_same = run.begun.undoes is None and run.plan is not None and run.plan.digest() == digest
        if not is_same or (run.is_finished and not by_hand):
            break
        found |= {step.change.id: step.change for step in run.steps}
        if by_hand:
            # A person was told all of it at once.
            found |= {change.id: change for change in plan.steps if change.route is not Route.API}
    return Begun(found)


def from_here(plan: Plan, now: Plan, begun: Begun) -> Plan:
    """`plan`, to be carried out from where `now` was made: it refers to the objects that it has made itself."""
    if not begun.changes:
        return plan
    current = {change.id: change for change in now.steps}

    def rest(change: Change) -> Change:
        again = current.get(change.id)
        if again is None or not is_the_rest(change, again, begun):
            return change
        # By the route that was shown, whatever is open by now.
        return again.model_copy(update={"route": change.route, "route_reason": change.route_reason})

    known = Known(
        hub=plan.known.hub or now.known.hub,
        manifest=plan.known.manifest or now.known.manifest,
        consumer=plan.known.consumer or now.known.consumer,
        widgets=now.known.widgets | plan.known.widgets,
    )
    changes, events = (tuple(map(rest, some)) for some in (plan.changes, plan.events))
    return plan.model_copy(update={"changes": changes, "events": events, "known": known})


def is_the_rest(change: Change, now: Change, begun: Begun) -> bool:
    """Whether `now` is how `change` goes on, with an object that the plan itself has made or written meanwhile."""
    if change.kind is Kind.KEY:
        # By now the new key may be kept, which a revocation then waits for.
        return begun.makes_a_key and now.object_id == change.object_id
    is_new = change.object_id is None and now.object_id is not None
    return is_new and begun.touched(change) and now.fields == change.fields
