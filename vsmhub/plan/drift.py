"""Drift, three ways: what was applied last, what is live, and what is declared, field by field. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, JsonValue

from vsmhub.interhub.messages.audit import AuditRecord
from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.messages.widgets import WidgetStatus
from vsmhub.interhub.messages.wire import member
from vsmhub.plan.desired import Desired, Fields
from vsmhub.plan.fields import same
from vsmhub.plan.history import Run
from vsmhub.plan.live import Live, usable
from vsmhub.plan.model import Kind
from vsmhub.plan.trail import Trail
from vsmhub.spec.capability import as_published

Named = tuple[Kind, str]
Snapshot = Mapping[Named, Fields]
"""The fields of the objects of a hub. `exists` is one of them."""

EXISTS = "exists"

Sides = tuple[JsonValue, JsonValue, JsonValue]
"""What was applied last, what is live, what is declared."""


class Direction(StrEnum):
    """Who moved since the last apply."""

    LIVE = "live moved"
    DECLARED = "declared moved"
    BOTH = "both moved"
    ALIKE = "both moved alike"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Drift:
    """One field, or one member of a field that is an object: `metadata.role`, with `within` as ("role",).

    `by` and `at` tell who made it what it is live, where the target knows.
    """

    kind: Kind
    name: str
    field: str
    last: JsonValue
    live: JsonValue
    declared: JsonValue
    direction: Direction
    by: str = ""
    at: datetime | None = None
    within: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether declared and live differ."""
        return self.direction is not Direction.ALIKE


@dataclass(frozen=True, slots=True)
class Base:
    """What was applied last, when and by whom."""

    snapshot: Snapshot
    at: datetime
    by: str


def drifts(declared: Desired, live: Live, base: Snapshot | None) -> tuple[Drift, ...]:
    """The fields in which the three are not all the same, in the order of the spec."""
    wanted = _as_published(declared_snapshot(declared), live)
    base = None if base is None else _as_published(base, live)
    names = [*wanted, *(name for name in base or {} if name not in wanted)]
    is_live = live_snapshot(live, names)
    hidden = live.unseen
    found = (_of_object(name, base, is_live, wanted) for name in names if name[0] not in hidden)
    return tuple(one for many in found for one in many if one.field not in live.hub_lacks)


def _as_published(snapshot: Snapshot, live: Live) -> dict[Named, Fields]:
    """The snapshot without what the active manifest, made by an older vsmhub, does not tell and need not."""
    found = dict(snapshot)
    for name, fields in snapshot.items():
        if name[0] is Kind.MANIFEST and live.active is not None and "capability" in fields:
            found[name] = {**fields, "capability": as_published(fields["capability"], live.active.capability)}
    return found


def _of_object(name: Named, base: Snapshot | None, live: Snapshot, wanted: Snapshot) -> Iterator[Drift]:
    absent: Fields = {EXISTS: False}
    its = [side.get(name, absent) for side in (base or {}, live, wanted)]
    # Of what is not there on one side, nothing else can differ.
    fields = [EXISTS] if not all(one[EXISTS] for one in its[1:]) else [*its[2]]
    for field in fields:
        known = base is not None and (field == EXISTS or field in its[0])
        sides: Sides = (its[0].get(field), its[1].get(field), its[2].get(field))
        direction = _direction(*sides, known=known)
        if direction is None:
            continue
        parts = [(within, part, _direction(*part, known=known)) for within, part in _parts((), sides)]
        for within, (last, is_now, meant), which in [one for one in parts if one[2]] or [((), sides, direction)]:
            called = ".".join((field, *within))
            one = Drift(name[0], name[1], called, last if known else None, is_now, meant, which or direction)
            yield replace(one, within=within)


def _parts(within: tuple[str, ...], sides: Sides) -> Iterator[tuple[tuple[str, ...], Sides]]:
    """The members in which objects can differ, each with its path."""
    last, live, declared = sides
    if not isinstance(live, dict) or not isinstance(declared, dict):
        yield within, sides
        return
    before = last if isinstance(last, dict) else {}
    for key in dict.fromkeys((*before, *live, *declared)):
        yield from _parts((*within, key), (before.get(key), live.get(key), declared.get(key)))


def _direction(last: JsonValue, live: JsonValue, declared: JsonValue, *, known: bool) -> Direction | None:
    if same(live, declared):
        return Direction.ALIKE if known and not same(last, live) else None
    if not known:
        return Direction.UNKNOWN
    if same(last, live):
        return Direction.DECLARED
    return Direction.LIVE if same(last, declared) else Direction.BOTH


def declared_snapshot(declared: Desired) -> dict[Named, Fields]:
    """What is declared, as a snapshot."""
    widgets = {(Kind.WIDGET, slug): {EXISTS: True, **fields} for slug, fields in declared.widgets.items()}
    return {
        (Kind.HUB, declared.hub): {EXISTS: True, **declared.hub_fields},
        (Kind.MANIFEST, declared.hub): {
            EXISTS: True,
            "version": declared.manifest_version,
            **declared.manifest_fields,
        },
        (Kind.CONSUMER, declared.consumer): {EXISTS: True, "status": "active"},
        (Kind.KEY, declared.key): {EXISTS: True, "scopes": list(declared.key_scopes)},
        **widgets,
    }


def live_snapshot(live: Live, names: list[Named]) -> dict[Named, Fields]:
    """What is live of these objects, as a snapshot."""
    found: dict[Named, Fields] = {}
    for name in names:
        thing = live_object(live, name)
        if thing is not None:
            fields: Fields = thing.model_dump(mode="json")
            found[name] = {EXISTS: True, **fields}
    return found


def live_object(live: Live, name: Named) -> BaseModel | None:
    """The live object of that kind and name; of manifests the active one, of keys one that can be used."""
    match name:
        case Kind.KEY, key:
            # One that a person made may have another name.
            good = [one for one in live.keys if usable(one)]
            return next((one for one in good if one.name == key), next(iter(good), None))
        case Kind.HUB, _:
            return live.hub
        case Kind.MANIFEST, _:
            return live.active
        case Kind.CONSUMER, consumer:
            return live.consumer(consumer)
        case _, slug:
            return live.widgets.get(slug)


def last_object(live: Live, name: Named) -> BaseModel | None:
    """The same; of keys, where none can be used, the newest that could."""
    found = live_object(live, name)
    if found is None and name[0] is Kind.KEY:
        found = max((one for one in live.keys if one.name == name[1]), key=lambda one: one.created_at, default=None)
    return found


def without_retired(found: tuple[Drift, ...], live: Live) -> tuple[Drift, ...]:
    """Without what is no longer declared and has been retired already."""
    retired = {slug for slug, widget in live.widgets.items() if widget.status is WidgetStatus.RETIRED}
    return tuple(
        one for one in found if not (one.kind is Kind.WIDGET and one.declared is False and one.name in retired)
    )


def explained(found: tuple[Drift, ...], live: Live, trail: Trail) -> tuple[Drift, ...]:
    """The same, with who moved what is live."""
    return tuple(_explained(one, live, trail) for one in found)


def _explained(one: Drift, live: Live, trail: Trail) -> Drift:
    thing = last_object(live, (one.kind, one.name))
    if thing is None or one.direction is Direction.DECLARED:
        return one
    record = _maker(one, trail.of(getattr(thing, "id", None)))
    return replace(one, by=record.actor, at=record.at) if record else one


def _maker(one: Drift, records: tuple[AuditRecord, ...]) -> AuditRecord | None:
    """The newest write that made the field what it is; of a manifest its activation, since it does not change later."""
    name = member(one.field.removesuffix("".join(f".{key}" for key in one.within)))
    decisive = {Kind.MANIFEST: "activate", Kind.KEY: "revoke"}.get(one.kind)
    for record in reversed(records):
        if decisive is not None:
            if record.action == decisive:
                return record
        elif record.after is not None:
            before, after = ((side or {}).get(name) for side in (record.before, record.after))
            if not same(_inside(before, one.within), _inside(after, one.within)):
                return record
    return None


def _inside(value: JsonValue, within: tuple[str, ...]) -> JsonValue:
    for key in within:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def journal_base(runs: Iterator[Run]) -> Base | None:
    """What the journals tell of the last apply, with what later ones did that did not come to their end."""
    later: list[Run] = []
    taken_back: set[str] = set()
    for run in runs:
        if run.begun.undoes is not None:
            taken_back.add(run.begun.undoes)
        elif run.name in taken_back:
            taken_back.add(run.begun.continues or "")
        elif run.ended is not None and run.ended.outcome == "converged" and run.plans[-1].declared is not None:
            snapshot = declared_snapshot(run.plans[-1].declared)
            for one in reversed(later):
                _overlay(snapshot, one)
            newest = later[0] if later else run
            return Base(snapshot, newest.ended.at if newest.ended else newest.begun.at, newest.begun.by)
        elif run.done:
            later.append(run)
    return None


def _overlay(snapshot: dict[Named, Fields], run: Run) -> None:
    for step in run.done:
        name = (step.change.kind, step.change.name)
        if name in snapshot:
            snapshot[name] = {**snapshot[name], **step.change.after()}


def trail_base(found: tuple[Drift, ...], declared: Desired, live: Live, trail: Trail, told: Event) -> Base:
    """What the target's own trail tells of the objects that differ, as they were when an apply recorded itself.

    Those that do not differ are taken to have been then as they are now.
    """
    differing = {(one.kind, one.name) for one in found}
    snapshot = live_snapshot(live, [name for name in declared_snapshot(declared) if name not in differing])
    for name in differing:
        if name[0] is Kind.KEY:
            # With which the event was submitted, whatever has taken its place since.
            snapshot[name] = {EXISTS: True, "scopes": list(declared.key_scopes)}
            continue
        thing = last_object(live, name)
        records = [record for record in trail.of(getattr(thing, "id", None)) if record.at <= told.created_at]
        if thing is not None and records and (image := records[-1].after):
            fields = {field: image.get(member(field)) for field in type(thing).model_fields}
            snapshot[name] = {EXISTS: True, **fields}
    return Base(snapshot, told.occurred_at, told.actor)
