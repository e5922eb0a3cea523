"""What there is to tell when gates have changed: events about gates and waves, made from what was told last."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.freshness import known_at
from vsmhub.evidence.gates import GateResult, Verdict
from vsmhub.evidence.record import Record, newer
from vsmhub.spec.folder import HubFolder
from vsmhub.spec.gates.widgets import gate_slugs
from vsmhub.spec.inventory.document import Ref
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.inventory.widgets import widget_slugs

UPDATED = "readiness-gate-updated"
PASSED = "migration-gate-passed"
FAILED = "migration-gate-failed"
"""Event types without the hub's prefix."""


def gate_changes(
    folder: HubFolder,
    results: Sequence[GateResult],
    verdicts: Iterable[Verdict],
    records: Iterable[Record],
    as_of: datetime,
) -> tuple[Envelope, ...]:
    """The events that tell what is not as it was told last; the same change makes the same event.

    `records` hold what was told before. Gates and waves without a widget, and types that the hub's vocabulary lacks,
    have nothing to tell it by.
    """
    told = _told(folder, records, as_of)
    return (*_gates(folder, results, told, as_of), *_waves(folder, verdicts, told, as_of))


def _told(folder: HubFolder, records: Iterable[Record], as_of: datetime) -> dict[tuple[str, str], Record]:
    """What was told last about each widget: of its gate's status, and of its wave's verdict."""
    prefix = folder.hub.hub.prefix
    about = {f"{prefix}-{UPDATED}": UPDATED, f"{prefix}-{PASSED}": PASSED, f"{prefix}-{FAILED}": PASSED}
    found: dict[tuple[str, str], Record] = {}
    for record in records:
        what = about.get(record.type)
        if what is None or not known_at(record, as_of):
            continue
        known = found.get((what, record.widget))
        found[what, record.widget] = record if known is None else newer(known, record)
    return found


def _gates(
    folder: HubFolder, results: Sequence[GateResult], told: Mapping[tuple[str, str], Record], as_of: datetime
) -> Iterator[Envelope]:
    slugs = gate_slugs(folder.gates, folder.hub) if folder.gates else {}
    for one in results:
        last = told.get((UPDATED, slugs[one.key]))
        before = last.metadata.get("shown") if last else None
        if before == one.shown:
            continue
        metadata: dict[str, JsonValue] = {
            "gate": one.key,
            "status": one.status.value,
            "shown": one.shown,
            "before": before,
            "reason": one.result.reason,
            "evidenceIds": list(one.result.evidence),
            "owner": one.gate.owner,
            "enforcement": one.gate.enforcement,
        }
        if one.set_aside is not None:
            metadata["setAside"] = one.set_aside.model_dump(mode="json")
        yield from _event(folder, UPDATED, slugs[one.key], metadata, last, as_of)


def _waves(
    folder: HubFolder, verdicts: Iterable[Verdict], told: Mapping[tuple[str, str], Record], as_of: datetime
) -> Iterator[Envelope]:
    slugs = widget_slugs(folder.inventory, folder.hub) if folder.inventory else {}
    for one in verdicts:
        slug = slugs.get(Ref(EntryKind.MIGRATION_WAVE, one.wave))
        if slug is None:
            continue
        last = told.get((PASSED, slug))
        what = PASSED if one.go else FAILED
        blockers: list[JsonValue] = [blocker.key for blocker in one.blockers]
        prefix = folder.hub.hub.prefix
        if last is not None and last.type == f"{prefix}-{what}" and last.metadata.get("blockers") == blockers:
            continue
        metadata: dict[str, JsonValue] = {
            "wave": one.wave,
            "blockers": blockers,
            "gates": {gate.key: gate.shown for gate in one.gates},
        }
        yield from _event(folder, what, slug, metadata, last, as_of)


def _event(
    folder: HubFolder,
    what: str,
    widget: str,
    metadata: Mapping[str, JsonValue],
    last: Record | None,
    as_of: datetime,
) -> Iterator[Envelope]:
    hub = folder.hub
    event_type = f"{hub.hub.prefix}-{what}"
    if event_type in hub.vocabulary.event_types:
        # Two who see the same change at once tell it once: it is named after what was told before.
        told = metadata.get("shown") or metadata.get("blockers")
        yield Envelope.event(
            hub.hub.slug,
            widget,
            event_type,
            source=f"urn:vsmhub:{hub.hub.slug}:gates",
            metadata={
                "vsmFunction": hub.vsm.vsm_function.value,
                "vsmSystem": hub.vsm.vsm_system.value,
                **metadata,
                "asOf": rfc3339(as_of),
            },
            at=as_of,
            name=f"{widget} {event_type} after {last.id if last else 'nothing'}: {told}",
        )
