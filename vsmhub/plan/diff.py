"""The changes that lead from live to declared. Pure: decides, and does nothing."""

from collections.abc import Iterator

from vsmhub.interhub.messages.access import ConsumerStatus
from vsmhub.interhub.messages.framework import Manifest, ManifestStatus
from vsmhub.interhub.messages.widgets import WidgetStatus
from vsmhub.plan.desired import Desired, Fields
from vsmhub.plan.errors import NamesTaken, VersionInUse
from vsmhub.plan.evidence_changes import registration
from vsmhub.plan.fields import differing_fields
from vsmhub.plan.key_changes import Held, key_changes, key_notes
from vsmhub.plan.live import Live
from vsmhub.plan.model import Action, Change, FieldChange, Kind, Known, Plan, Unmanaged
from vsmhub.plan.objects import created, updated
from vsmhub.spec.capability import as_published


def plan(declared: Desired, live: Live, held: Held, target: str) -> Plan:
    """The plan for one hub at `target`.

    Raises NamesTaken, VersionInUse and KeyElsewhere where no plan can lead to what is declared.
    """
    # What is only brought up to date keeps nothing waiting, so that its refusal alone keeps nothing from being done.
    hub = tuple(_hub(declared, live))
    manifest = tuple(_manifest(declared, live, after=_made(hub)))
    if Kind.CONSUMER in live.unseen:
        consumer = tuple(_unseen_consumer(declared, live, after=_made(hub) + _ids(manifest)))
    else:
        consumer = tuple(_consumer(declared, live, after=_made(hub) + _ids(manifest)))
    key = tuple(key_changes(declared, live, held, after=_ids(consumer)))
    widgets = tuple(_widgets(declared, live, after=_made(hub) + _ids(manifest) + _made(key)))
    events = tuple(registration(declared, live, before=manifest + key + widgets))
    changes = hub + manifest + consumer + key + widgets
    notes = (*key_notes(declared, live, held, (*changes, *events)), *_unproven(live))
    return Plan(
        hub=declared.hub,
        target=target,
        changes=changes,
        events=events,
        known=_known(declared, live, (*changes, *events)),
        unchanged=_unchanged(declared, (*changes, *events)),
        unmanaged=_unmanaged(declared, live),
        unseen=tuple(kind for kind in Kind if kind in live.unseen),
        notes=notes,
    )


def _ids(changes: tuple[Change, ...]) -> tuple[str, ...]:
    return tuple(change.id for change in changes)


def _made(changes: tuple[Change, ...]) -> tuple[str, ...]:
    return tuple(change.id for change in changes if change.action is Action.CREATE)


def _hub(declared: Desired, live: Live) -> Iterator[Change]:
    if live.hub is None:
        fields = {"slug": declared.hub, "hub_kind": "domain", **declared.hub_fields}
        yield created(Kind.HUB, declared.hub, fields, "no hub has this slug")
    elif differing := differing_fields(live.hub, _held_by_hub(declared, live)):
        yield updated(Kind.HUB, declared.hub, live.hub, differing)


def _held_by_hub(declared: Desired, live: Live) -> Fields:
    """What a hub can be declared to be, at a target without columns for its classification."""
    return {name: value for name, value in declared.hub_fields.items() if name not in live.hub_lacks}


def _manifest(declared: Desired, live: Live, after: tuple[str, ...]) -> Iterator[Change]:
    version, name = declared.manifest_version, f"{declared.hub}@{declared.manifest_version}"
    existing = live.manifest(version)
    differing = differing_fields(existing, _published(declared, existing)) if existing else ()
    if existing and existing.status is ManifestStatus.ACTIVE and not differing:
        return
    if live.taken:
        raise _names_taken(declared, live)
    if existing and existing.status is not ManifestStatus.DRAFT:
        raise _version_in_use(declared, existing, differing)
    draft: Change | None = None
    if existing is None:
        fields = {"version": version, **declared.manifest_fields}
        draft = created(Kind.MANIFEST, name, fields, "the hub has no manifest of this version", after)
    elif differing:
        draft = updated(Kind.MANIFEST, name, existing, differing, after=after)
    if draft:
        yield draft
    yield Change(
        kind=Kind.MANIFEST,
        name=name,
        action=Action.ACTIVATE,
        reason=f"{live.active.version} is the active version" if live.active else "the hub has no active manifest",
        fields=(FieldChange(field="status", before="draft", after="active"),),
        depends_on=(draft.id,) if draft else after,
        object_id=existing.id if existing else None,
        # The draft's revision moves when this plan changes it first.
        revision=existing.revision if existing and not draft else None,
    )


def _published(declared: Desired, existing: Manifest) -> Fields:
    """The declared fields, without what a manifest of an older vsmhub does not tell and need not."""
    fields = declared.manifest_fields
    if existing.status is ManifestStatus.DRAFT:
        return fields
    return {**fields, "capability": as_published(fields["capability"], existing.capability)}


def _names_taken(declared: Desired, live: Live) -> NamesTaken:
    lines = [f"{name} ({vocabulary.replace('_', ' ')}) belongs to {owner}" for vocabulary, name, owner in live.taken]
    return NamesTaken(
        f"{declared.hub} cannot declare names of another hub: " + "; ".join(lines),
        hint="rename them in hub.yaml, or let the other hub's maintainers rename theirs",
    )


def _version_in_use(declared: Desired, existing: Manifest, differing: tuple[FieldChange, ...]) -> VersionInUse:
    if not differing:
        return VersionInUse(
            f"version {existing.version} of {declared.hub}'s manifest has been superseded",
            hint="a superseded manifest cannot come back: raise manifest.version in hub.yaml",
        )
    what = ", ".join(change.field.replace("_", " ") for change in differing)
    return VersionInUse(
        f"version {existing.version} of {declared.hub}'s manifest is {existing.status} and differs in: {what}",
        hint="a published version does not change: raise manifest.version in hub.yaml",
    )


def _consumer(declared: Desired, live: Live, after: tuple[str, ...]) -> Iterator[Change]:
    existing = live.consumer(declared.consumer)
    wanted = live.manifest(declared.manifest_version)
    if existing is None:
        yield _new_consumer(declared, "the hub has no consumer of this name", after)
        return
    differing = []
    if wanted is None or existing.manifest_id != wanted.id:
        before = next((one.version for one in live.manifests if one.id == existing.manifest_id), None)
        differing.append(FieldChange(field="manifest", before=before, after=declared.manifest_version))
    if existing.status != "active":
        differing.append(FieldChange(field="status", before=existing.status, after="active"))
    if differing:
        yield updated(Kind.CONSUMER, declared.consumer, existing, tuple(differing), after=after)


def _unseen_consumer(declared: Desired, live: Live, after: tuple[str, ...]) -> Iterator[Change]:
    """The consumer where none are shown: a key that opens something is proof of it, unless its manifest changes."""
    if live.opened is not None and not after:
        return
    yield _new_consumer(declared, "consumers are not shown here; where it exists already, nothing changes", after)


def _new_consumer(declared: Desired, reason: str, after: tuple[str, ...]) -> Change:
    fields: Fields = {"name": declared.consumer, "manifest": declared.manifest_version}
    return created(Kind.CONSUMER, declared.consumer, fields, reason, after)


def _unproven(live: Live) -> tuple[str, ...]:
    hidden = [f"{kind}s" for kind in Kind if kind in live.unseen]
    if not hidden:
        return ()
    proof = "; the key held here opens what it should, which is taken as proof" if live.opened is not None else ""
    return (f"{' and '.join(hidden)} are not shown by this target, so nothing about them is proven{proof}",)


def _widgets(declared: Desired, live: Live, after: tuple[str, ...]) -> Iterator[Change]:
    for slug, fields in declared.widgets.items():
        existing = live.widgets.get(slug)
        if existing is None:
            new = {"slug": slug, **{name: fields[name] for name in fields if name != "status"}}
            yield created(Kind.WIDGET, slug, new, "the hub has no widget of this slug", after)
        elif differing := differing_fields(existing, fields):
            yield updated(Kind.WIDGET, slug, existing, differing, after=after)


def _known(declared: Desired, live: Live, changes: tuple[Change, ...]) -> Known:
    if not changes:
        return Known()
    manifest, consumer = live.manifest(declared.manifest_version), live.consumer(declared.consumer)
    widget = live.widgets.get(declared.registration_widget)
    return Known(
        hub=live.hub.id if live.hub else None,
        manifest=manifest.id if manifest else None,
        consumer=consumer.id if consumer else None,
        widgets={declared.registration_widget: widget.id} if widget else {},
    )


def _unchanged(declared: Desired, changes: tuple[Change, ...]) -> dict[Kind, int]:
    changing = {change.kind for change in changes}
    widgets = {change.name for change in changes if change.kind is Kind.WIDGET}
    found = {kind: 1 for kind in Kind if kind not in changing}
    found[Kind.WIDGET] = sum(slug not in widgets for slug in declared.widgets)
    return {kind: count for kind, count in found.items() if count}


def _unmanaged(declared: Desired, live: Live) -> tuple[Unmanaged, ...]:
    widgets = [
        Unmanaged(kind=Kind.WIDGET, name=slug, object_id=widget.id)
        for slug, widget in live.widgets.items()
        if slug not in declared.widgets and widget.status is WidgetStatus.ACTIVE
    ]
    consumers = [
        Unmanaged(kind=Kind.CONSUMER, name=consumer.name, object_id=consumer.id)
        for consumer in live.consumers
        if consumer.name != declared.consumer and consumer.status is ConsumerStatus.ACTIVE
    ]
    return (*consumers, *widgets)
