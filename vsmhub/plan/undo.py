"""The way back: a plan that takes the last apply back as far as Inter-Hub allows, and says where it does not. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import JsonValue

from vsmhub.interhub.messages.access import Consumer, ConsumerStatus
from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.messages.framework import Hub, Manifest, ManifestStatus
from vsmhub.interhub.messages.widgets import Widget, WidgetStatus
from vsmhub.plan.desired import Desired
from vsmhub.plan.errors import NothingToUndo
from vsmhub.plan.evidence_changes import told
from vsmhub.plan.fields import differing_fields
from vsmhub.plan.history import Run, Step, moment, named, runs, whole
from vsmhub.plan.key_changes import revocation
from vsmhub.plan.live import Live, usable
from vsmhub.plan.model import Action, Change, FieldChange, Kind, Known, Plan
from vsmhub.plan.objects import updated

Named = tuple[Kind, str]

TAKEN_BACK = "the last apply changed it"
MADE = "the last apply made it"


def last_run(folder: Path, hub: str) -> Run:
    """The apply of which `folder` has the newest journal, or the one whose taking back did not finish.

    One that went on from where others were cut short is one with them. Raises NothingToUndo when there is none, and
    when it has been taken back already.
    """
    # One after another, newest first: all of them may be far more than fits into memory.
    for run in runs(folder):
        if not run.steps:
            continue
        if run.begun.undoes is None:
            return whole(run)
        if run.is_finished:
            raise NothingToUndo(
                f"the last apply of {hub} was taken back by {run.begun.by} at {moment(run.begun.at)}",
                hint="vsmhub apply goes forward again",
            )
        if (undone := named(folder, run.begun.undoes)) is not None:
            return whole(undone)
    raise NothingToUndo(
        f"no apply of {hub} is known here that changed anything",
        hint="an apply can be taken back where it was made; its journals are in the state folder there",
    )


def declared_by(run: Run) -> Desired:
    """What an apply led to."""
    found = [planned.declared for planned in run.plans if planned.declared is not None]
    if not found:
        raise NothingToUndo(f"the journal {run.file} does not tell what was declared")
    return found[-1]


@dataclass(slots=True)
class _Back:
    """The changes that lead back, and what stays."""

    changes: list[Change] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    revisions: dict[Named, int] = field(default_factory=dict)
    """At which the apply has left an object, by kind and name."""


def undo_plan(run: Run, live: Live, target: str) -> Plan:
    """The plan back from `live` to before `run`; its notes say what stays as it is and why.

    An object that somebody has changed since is left alone. What is back already needs no change.
    """
    declared, back = declared_by(run), _Back()
    back.revisions |= {_named(one.change): one.done.revision for one in run.steps if one.done and one.done.revision}
    made = {_named(one.change) for one in run.steps if one.change.action is Action.CREATE}
    for step in _newest(run.steps):
        # What it has made is ended, whatever it did to it later.
        if step.change.action is not Action.UPDATE or _named(step.change) not in made:
            _take_back(step, live, back)
    events = tuple(_told(declared, live, run)) if back.changes else ()
    return Plan(
        hub=run.begun.hub,
        target=target,
        changes=_ordered(back.changes, events),
        events=events,
        known=_known(declared, live),
        notes=tuple(dict.fromkeys(back.stays)),
    )


def _named(change: Change) -> Named:
    return change.kind, change.name


def _newest(steps: Iterable[Step]) -> list[Step]:
    """Newest first, each change once, from before the first time to after the last."""
    found: dict[str, Step] = {}
    for step in steps:
        earlier = found.get(step.change.id)
        found[step.change.id] = step if earlier is None else _joined(earlier, step)
    return list(found.values())[::-1]


def _joined(first: Step, second: Step) -> Step:
    """One change for two of one object; what was planned twice from one revision was refused the first time."""
    if first.done is None and first.change.revision == second.change.revision:
        return second
    fields = {one.field: one for one in first.change.fields}
    for one in second.change.fields:
        earlier = fields.get(one.field)
        fields[one.field] = one if earlier is None else replace(one, before=earlier.before)
    return replace(second, change=second.change.model_copy(update={"fields": tuple(fields.values())}))


def _take_back(step: Step, live: Live, back: _Back) -> None:
    change = step.change
    match change.kind, change.action:
        case Kind.EVIDENCE, _:
            back.stays += ["events stay: they tell what was"] if step.done else []
        case Kind.HUB, Action.CREATE if live.hub is None:
            pass
        case Kind.HUB, Action.CREATE:
            back.stays.append(f"hub {change.name} stays: Inter-Hub deletes no hub")
        case Kind.MANIFEST, _:
            _manifest(step, live, back)
        case Kind.KEY, _:
            _key(step, live, back)
        case Kind.WIDGET, Action.CREATE:
            _created(step, live.widgets.get(change.name), FieldChange(field="status", after=WidgetStatus.RETIRED), back)
        case Kind.CONSUMER, Action.CREATE:
            suspended = FieldChange(field="status", after=ConsumerStatus.SUSPENDED)
            _created(step, live.consumer(change.name), suspended, back)
        case _, Action.UPDATE:
            _updated(step, _object(change, live), back)
        case _:
            back.stays.append(f"{change.id} stays: there is no way back from it")


def _object(change: Change, live: Live) -> Hub | Consumer | Widget | None:
    if change.kind is Kind.HUB:
        return live.hub
    return live.consumer(change.name) if change.kind is Kind.CONSUMER else live.widgets.get(change.name)


def _updated(step: Step, existing: Hub | Consumer | Widget | None, back: _Back) -> None:
    change = step.change
    if existing is None:
        return
    fields = [one for one in change.fields if one.field != "manifest"]
    if len(fields) < len(change.fields):
        back.stays.append(f"consumer {change.name} stays with the manifest that is active")
    # Where it is not known whether it was done, the object itself tells: by its revision and by what it holds.
    known = back.revisions.get(_named(change))
    was_done = known is not None or existing.revision != change.revision
    before: dict[str, JsonValue] = {one.field: one.before for one in fields}
    if not was_done or not differing_fields(existing, before):
        return
    left_at = {known} if step.done else {known, (change.revision or 0) + 1}
    if existing.revision not in left_at:
        back.stays.append(_moved(change))
        return
    back.changes.append(updated(change.kind, change.name, existing, differing_fields(existing, before), TAKEN_BACK))


def _created(step: Step, existing: Consumer | Widget | None, end: FieldChange, back: _Back) -> None:
    change = step.change
    if existing is None or str(existing.status) == end.after:
        return
    revision = back.revisions.get(_named(change), 1)
    if (step.done and step.done.object_id != existing.id) or existing.revision != revision:
        back.stays.append(_moved(change))
        return
    fields = (replace(end, before=str(existing.status), after=str(end.after)),)
    back.changes.append(updated(change.kind, change.name, existing, fields, f"{MADE}, and it becomes {end.after}"))


def _moved(change: Change) -> str:
    return f"{change.kind} {change.name} stays: somebody has changed it since"


def _manifest(step: Step, live: Live, back: _Back) -> None:
    version = step.change.name.rpartition("@")[2]
    manifest: Manifest | None = live.manifest(version)
    if manifest is None:
        return
    if manifest.status is ManifestStatus.DRAFT:
        back.stays.append(f"manifest {step.change.name} stays as a draft, which nobody is under")
    else:
        back.stays.append(
            f"manifest {step.change.name} stays {manifest.status}: an activation is final; "
            "a higher version with the earlier names takes its place"
        )


def _key(step: Step, live: Live, back: _Back) -> None:
    change = step.change
    if change.action is Action.REVOKE:
        back.stays.append(f"key {change.name} stays revoked: no key comes back")
        return
    made = step.done.object_id if step.done else None
    key = next((one for one in live.keys if one.id == made), None)
    if key is None or not usable(key):
        return
    back.stays.append(f"key {key.prefix} is revoked for good; the next apply makes a new one")
    back.changes.append(revocation(key, MADE))


def _ordered(changes: list[Change], events: tuple[Change, ...]) -> tuple[Change, ...]:
    """The hub's key and its consumer end last, when there is nothing more that needs them."""
    rank = {Kind.HUB: 0, Kind.WIDGET: 2, Kind.KEY: 3, Kind.CONSUMER: 4}
    ordered = sorted(changes, key=lambda change: rank[change.kind])
    by_hub = tuple(change.id for change in (*events, *ordered) if change.kind in {Kind.WIDGET, Kind.EVIDENCE})
    keys = tuple(change.id for change in ordered if change.kind is Kind.KEY)
    needs = {Kind.KEY: by_hub, Kind.CONSUMER: keys}
    return tuple(change.model_copy(update={"depends_on": needs.get(change.kind, ())}) for change in ordered)


def _told(declared: Desired, live: Live, run: Run) -> Iterator[Change]:
    widget = live.widgets.get(declared.registration_widget)
    if widget is None or widget.status is not WidgetStatus.ACTIVE:
        return
    metadata: dict[str, JsonValue] = {"hub": declared.hub, "undoes": run.name}
    if run.goes_on_from:
        metadata["andBefore"] = list(run.goes_on_from)
    yield told(declared, declared.applied_event, metadata, "the hub tells that the apply is taken back")


def names_taken_back(event: Event) -> set[str]:
    """The applies that an event says are taken back."""
    before = event.metadata.get("andBefore")
    names = [event.metadata.get("undoes"), *(before if isinstance(before, list) else ())]
    return {name for name in names if isinstance(name, str)}


def _known(declared: Desired, live: Live) -> Known:
    manifest, consumer = live.active, live.consumer(declared.consumer)
    widget = live.widgets.get(declared.registration_widget)
    return Known(
        hub=live.hub.id if live.hub else None,
        manifest=manifest.id if manifest else None,
        consumer=consumer.id if consumer else None,
        widgets={declared.registration_widget: widget.id} if widget else {},
    )
