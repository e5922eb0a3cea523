"""A saved plan carried out as it is: what has moved since is refused alone, and the rest is done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from vsmhub.plan.bootstrap import Seen, Target, look
from vsmhub.plan.errors import NotConverged
from vsmhub.plan.execution import Progress, Refusal, execute_each
from vsmhub.plan.journal import Recorder, ending
from vsmhub.plan.live import Live, usable
from vsmhub.plan.model import Action, Change, Kind, Plan
from vsmhub.plan.planning import Journals, planned
from vsmhub.plan.resumption import Begun, begun, from_here
from vsmhub.plan.rotation import leads_to_a_new_key
from vsmhub.plan.routes.means import open_routes
from vsmhub.plan.saved import SavedPlan
from vsmhub.plan.trail import read_trail, who


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a saved plan: what was done, what was refused, and what is there now.

    `done_before` was done by earlier applies of the plan, which did not come to their end.
    """

    done: tuple[Change, ...]
    done_before: tuple[Change, ...]
    refused: tuple[Refusal, ...]
    after: Seen


def carry_out_exactly(
    saved: SavedPlan,
    target: Target,
    since: datetime,
    *,
    journals: Journals,
    progress: Progress,
    recorder: Recorder,
) -> Result:
    """Carry out a plan that was made at `since`, and nothing else.

    A change is refused when its live object is not the one that it was computed from, or when another change that it
    depends on was refused. Where an apply of this plan was cut short, this one does the rest of it. Raises NotConverged
    when the target does not keep what was done, and what planning, the routes and the recorder raise.
    """
    declared, earlier = saved.declared, begun(saved.plan, journals())
    before = _seen(saved, target, journals, earlier)
    plan = from_here(saved.plan, before.plan, earlier)
    left_to_do = {change.id for change in before.plan.steps}
    done_before = {one.id: one for one in plan.steps if one.id in earlier.changes and one.id not in left_to_do}
    refused = {one.change.id: one for one in _moved(plan, before.plan, earlier) if one.change.id not in done_before}
    with ending(recorder):
        if _due(plan, done_before, refused):
            recorder.planned(saved.plan, declared)
        done: dict[str, Change] = {}
        while True:
            due = _due(plan, done_before | done, refused)
            with open_routes(plan, declared, target) as routes:
                for change in execute_each(due, routes, refused, recorder):
                    done[change.id] = change
                    progress(change)
            after = look(declared, target)
            left = {change.id for change in after.plan.steps}
            # Asked again after a lost answer, the target says that the object moved: by the first asking, it turns out.
            settled = [one.change for one in refused.values() if one.unsure and one.change.id not in left]
            for change in settled:
                recorder.done(change)
                done[change.id] = change
                del refused[change.id]
            if not settled:
                break
        _held(done, after)
        all_refused = [*refused.values(), *_blocked(plan, done_before | done, refused)]
    recorder.ended("partly" if all_refused else "converged", _summed(all_refused))
    said = _explained(all_refused, target, after.live, since)
    return Result(tuple(done.values()), tuple(done_before.values()), said, after)


def _seen(saved: SavedPlan, target: Target, journals: Journals, earlier: Begun) -> Seen:
    """What is there, and the plan from there as it would be made now."""
    # Whose the objects are was judged when the plan was made.
    asked = saved.asked.model_copy(update={"adopt": True})
    if not (asked.replace_key and earlier.makes_a_key):
        return planned(saved.declared, target, asked, journals)
    # A new key that was made already is not replaced by yet another one.
    seen = planned(saved.declared, target, asked.model_copy(update={"replace_key": False}), journals)
    if any(map(leads_to_a_new_key, seen.plan.steps)) or _is_replaced(saved.plan, seen.live):
        return seen
    return planned(saved.declared, target, asked, journals)


def _is_replaced(plan: Plan, live: Live) -> bool:
    """Whether the keys that the plan revokes, once there is a new one, open nothing any more."""
    old = {change.object_id for change in plan.steps if (change.kind, change.action) == (Kind.KEY, Action.REVOKE)}
    return bool(old) and not any(key.id in old and usable(key) for key in live.keys)


def _moved(plan: Plan, now: Plan, earlier: Begun) -> Iterator[Refusal]:
    """The changes that a plan made now would not make in the same way."""
    current = {change.id: change for change in now.steps}
    # A key is made in place of others, all in one: never a second one beside one that is used elsewhere by now.
    keys_moved = _keys(plan) != _keys(now) and not earlier.makes_a_key
    for change in plan.steps:
        if change.kind is Kind.KEY and keys_moved:
            yield Refusal(change, "the hub's keys are not those that the plan was made for")
            continue
        again = current.get(change.id)
        if again is None:
            yield Refusal(change, "the target is not as it was: this has been done, or is no longer needed")
        elif again.object_id != change.object_id:
            yield Refusal(change, "it would now be about another object")
        elif again.revision != change.revision:
            yield Refusal(change, f"it was at revision {change.revision} and is at {again.revision}")
        elif again.fields != change.fields:
            yield Refusal(change, "what it would change is not the same any more")


def _keys(plan: Plan) -> set[tuple[str, UUID | None]]:
    return {(change.id, change.object_id) for change in plan.steps if change.kind is Kind.KEY}


def _due(plan: Plan, done: Mapping[str, Change], refused: Mapping[str, Refusal]) -> list[Change]:
    blocked = {one.change.id for one in _blocked(plan, done, refused)}
    return [one for one in plan.steps if one.id not in done and one.id not in refused and one.id not in blocked]


def _blocked(plan: Plan, done: Mapping[str, Change], refused: Mapping[str, Refusal]) -> Iterator[Refusal]:
    """The changes that need one that was refused."""
    stopped = {name: name for name in refused}
    for change in plan.steps:
        cause = next((stopped[name] for name in change.depends_on if name in stopped), None)
        if cause is not None and change.id not in done and change.id not in refused:
            stopped[change.id] = cause
            yield Refusal(change, f"it needs {cause}, which was refused")


def _held(done: Mapping[str, Change], after: Seen) -> None:
    left = [change for change in after.plan.steps if change.id in done]
    if left:
        raise NotConverged(
            f"{after.plan.hub} is not as the plan left it: {'; '.join(f'{one.id} ({one.reason})' for one in left[:5])}",
            hint="somebody else may be changing it, or the target does not keep what it is given",
        )


def _summed(refused: Sequence[Refusal]) -> str:
    return f"refused: {', '.join(one.change.id for one in refused[:5])}" if refused else ""


def _explained(refused: Sequence[Refusal], target: Target, live: Live, since: datetime) -> tuple[Refusal, ...]:
    """The refusals with who did it, as far as the target's trail tells."""
    objects = {one.change.id: _object(one.change, live) for one in refused}
    known = [found for found in objects.values() if found is not None]
    trail = read_trail(target.operator, known, hub=live.hub.id if live.hub else None, since=since)
    return tuple(replace(one, by=who(trail.last(objects[one.change.id]))) for one in refused)


def _object(change: Change, live: Live) -> UUID | None:
    """The live object that a change is about, also one that somebody else made meanwhile."""
    if change.object_id is not None:
        return change.object_id
    found = {
        Kind.HUB: live.hub,
        Kind.MANIFEST: live.manifest(change.name.rpartition("@")[2]),
        Kind.CONSUMER: live.consumer(change.name),
        Kind.WIDGET: live.widgets.get(change.name),
    }.get(change.kind)
    return found.id if found is not None else None
