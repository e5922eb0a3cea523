"""An apply taken back at its target."""

from dataclasses import dataclass
from itertools import islice

from vsmhub.interhub.surface.steps import STEPS
from vsmhub.plan.applied import LOOKED_AT
from vsmhub.plan.bootstrap import Target
from vsmhub.plan.errors import KeyElsewhere, NotConverged
from vsmhub.plan.execution import Progress, Refusal, execute_each
from vsmhub.plan.history import Run
from vsmhub.plan.journal import Recorder, ending
from vsmhub.plan.live import Live
from vsmhub.plan.model import Change, Kind, Plan
from vsmhub.plan.reading import read
from vsmhub.plan.routes.means import open_routes
from vsmhub.plan.undo import declared_by, undo_plan


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and what was refused because somebody changed it meanwhile."""

    done: tuple[Change, ...]
    refused: tuple[Refusal, ...]


def look_back(run: Run, target: Target) -> Plan:
    """The plan that takes `run` back from what is live now; what the API cannot do is among its notes.

    Raises KeyElsewhere where it takes the hub's key and that is not here, and InterHubError.
    """
    declared = declared_by(run)
    held = target.key_of(declared.hub).held()
    surface = target.operator.surface()
    plan = undo_plan(run, _live(run, target), target.name)
    lacks = {one.id: STEPS[one.kind.value, one.action.value].by_api(surface) for one in plan.steps}
    changes, events = ([one for one in some if not lacks[one.id]] for some in (plan.changes, plan.events))
    notes = [*plan.notes, *(f"{name} is not done: {lack}" for name, lack in lacks.items() if lack)]
    if not changes or (events and _is_told(run, plan, target)):
        events = []
    if held is None and (events or any(change.kind is Kind.WIDGET for change in changes)):
        raise KeyElsewhere(
            f"the key of {declared.hub} is not in this store, and taking the apply back needs it",
            hint="run this where the key is kept",
        )
    left = {one.id for one in (*events, *changes)}
    changes = [
        one.model_copy(update={"depends_on": tuple(name for name in one.depends_on if name in left)}) for one in changes
    ]
    return plan.model_copy(update={"changes": tuple(changes), "events": tuple(events), "notes": tuple(notes)})


def _is_told(run: Run, plan: Plan, target: Target) -> bool:
    """Whether an undoing that was cut short has told of itself."""
    declared = declared_by(run)
    events = target.operator.events(
        widget=plan.known.widgets[declared.registration_widget],
        event_type=declared.applied_event,
        newest_first=True,
        limit=LOOKED_AT,
    )
    return any(event.metadata.get("undoes") == run.name for event in islice(events, LOOKED_AT))


def take_back(run: Run, plan: Plan, target: Target, *, progress: Progress, recorder: Recorder) -> Undone:
    """Carry out the plan back; raises NotConverged when the target does not keep it, and what the routes raise."""
    refused: dict[str, Refusal] = {}
    done: list[Change] = []
    with ending(recorder):
        recorder.planned(plan, None)
        with open_routes(plan, declared_by(run), target) as routes:
            # The hub tells of it first, while it still can.
            for change in execute_each((*plan.events, *plan.changes), routes, refused, recorder):
                done.append(change)
                progress(change)
        made = {change.id for change in done}
        left = [change.id for change in look_back(run, target).changes if change.id in made]
        if left:
            raise NotConverged(f"{plan.hub} is not back: {', '.join(left[:5])}")
    said = f"refused: {', '.join(refused)}" if refused else ""
    recorder.ended("partly" if refused else "undone", said)
    return Undone(tuple(done), tuple(refused.values()))


def _live(run: Run, target: Target) -> Live:
    declared = declared_by(run)
    return read(target.operator, declared, target.operator.surface(), target.key_of(declared.hub).held())
