"""What a catalog lacks: owners, places, endpoints and checks of them, backups and restore tests. No I/O."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pydantic import JsonValue

from vsmhub.evidence.answers import Answer
from vsmhub.evidence.catalog import Catalog
from vsmhub.evidence.claim import Claim, rfc3339
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.logic import Status
from vsmhub.evidence.proof import AGES, BACKUP, HEALTH, RESTORE, Proofs
from vsmhub.spec.inventory.document import Ref
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.inventory.facts import Fact
from vsmhub.spec.inventory.links import RelationKind
from vsmhub.spec.inventory.places import Environment, Host
from vsmhub.spec.inventory.stores import Trial


class GapKind(StrEnum):
    """What is lacking."""

    UNLISTED = "not listed"
    OWNER = "no owner"
    PLACE = "no known place"
    ENDPOINT = "no known endpoint"
    ENDPOINT_CHECK = "no endpoint check"
    DATA = "no known data"
    BACKUP = "no backup"
    RESTORE_TEST = "no restore test"


CATEGORIES: Mapping[GapKind, str] = {
    GapKind.UNLISTED: "service-catalog-gap",
    GapKind.OWNER: "service-catalog-gap",
    GapKind.PLACE: "service-catalog-gap",
    GapKind.ENDPOINT: "routing-gap",
    GapKind.ENDPOINT_CHECK: "observability-gap",
    GapKind.DATA: "backup-gap",
    GapKind.BACKUP: "backup-gap",
    GapKind.RESTORE_TEST: "recovery-gap",
}
"""The annotation category of each, without the hub's prefix."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is lacking: of which entry, at what, and what is known of it."""

    entry: Ref
    kind: GapKind
    about: Ref
    said: str


def gaps(catalog: Catalog, proofs: Proofs | None, refs: Sequence[Ref] | None = None) -> tuple[Gap, ...]:
    """What services lack, and places where something was never listed; all of them, or those named.

    Without `proofs` nothing is said of what evidence would show: only what is declared counts, a check by its signal
    and a backup by its policy.
    """
    found: list[Gap] = []
    for ref in catalog.entries if refs is None else refs:
        if ref.kind is EntryKind.SERVICE:
            found += _of_service(catalog, ref, proofs)
        found += _unlisted(catalog, ref)
    return tuple(found)


def _unlisted(catalog: Catalog, ref: Ref) -> Iterator[Gap]:
    entry = catalog.entries[ref]
    for remark in entry.unlisted if isinstance(entry, (Environment, Host)) else ():
        yield Gap(ref, GapKind.UNLISTED, ref, remark.or_else(remark.unknown))


def _of_service(catalog: Catalog, ref: Ref, proofs: Proofs | None) -> Iterator[Gap]:
    service = catalog.inventory.services[ref.key]
    if not service.owner.is_known:
        yield Gap(ref, GapKind.OWNER, ref, service.owner.unknown)
    deployments = catalog.deployments(ref)
    if not deployments:
        yield Gap(ref, GapKind.PLACE, ref, "no deployment is listed")
    for own in deployments:
        deployment = catalog.inventory.deployments[own.key]
        if not deployment.runs_on.is_known:
            yield Gap(ref, GapKind.PLACE, own, deployment.runs_on.unknown)
        if not deployment.datastores.is_known:
            yield Gap(ref, GapKind.DATA, own, deployment.datastores.unknown)
        yield from _endpoints(catalog, ref, own, proofs)
    for store in catalog.datastores(ref):
        yield from _data(catalog, ref, store, proofs)


def _endpoints(catalog: Catalog, ref: Ref, deployment: Ref, proofs: Proofs | None) -> Iterator[Gap]:
    endpoints = catalog.endpoints(deployment)
    if not endpoints:
        yield Gap(ref, GapKind.ENDPOINT, deployment, "no endpoint is listed")
    for own in endpoints:
        url = catalog.inventory.endpoints[own.key].url
        if not url.is_known:
            yield Gap(ref, GapKind.ENDPOINT, own, url.unknown)
        elif said := _unproven(proofs, own, HEALTH, declared=catalog.is_watched(own), lacking="no signal looks at it"):
            yield Gap(ref, GapKind.ENDPOINT_CHECK, own, said)


def _data(catalog: Catalog, ref: Ref, store: Ref, proofs: Proofs | None) -> Iterator[Gap]:
    keys = catalog.subjects(store, RelationKind.PROTECTS)
    if not keys:
        yield Gap(ref, GapKind.BACKUP, store, "no backup is listed")
        yield Gap(ref, GapKind.RESTORE_TEST, store, "no backup is listed")
        return
    entries = [catalog.inventory.backups[key.key] for key in keys]
    # Several backups may protect one store; one that is proven is enough.
    for kind, types, trials in (
        (GapKind.BACKUP, BACKUP, [one.runs for one in entries]),
        (GapKind.RESTORE_TEST, RESTORE, [one.restore_tests for one in entries]),
    ):
        planned = kind is GapKind.BACKUP and any(one.policy.schedule.is_known for one in entries)
        said = [
            _unproven(proofs, key, types, declared=planned or _noted(trial), lacking=_lacking(trial))
            for key, trial in zip(keys, trials, strict=True)
            if not _recent(trial, proofs, types[0])
        ]
        if len(said) == len(keys) and all(said):
            yield Gap(ref, kind, store, said[0])


def _noted(trials: Fact[tuple[Trial, ...]]) -> bool:
    return any(one.outcome == "pass" for one in trials.or_else(()))


def _lacking(trials: Fact[tuple[Trial, ...]]) -> str:
    return "none was ever made" if trials.value == () else trials.unknown or "none of them went well"


def _recent(trials: Fact[tuple[Trial, ...]], proofs: Proofs | None, event: str) -> bool:
    """Whether the inventory itself notes one that went well and is young enough."""
    if proofs is None:
        return _noted(trials)
    newest = max(trials.or_else(()), key=lambda one: one.at, default=None)
    return (
        newest is not None
        and newest.outcome == "pass"
        and timedelta(0) <= proofs.as_of.date() - newest.at < AGES[event]
    )


def _unproven(proofs: Proofs | None, ref: Ref, types: tuple[str, ...], *, declared: bool, lacking: str) -> str:
    """What keeps something from being proven; empty when nothing does."""
    if proofs is None:
        return "" if declared else lacking
    found = proofs.about(ref, types)
    status = proofs.status([ref], types)
    if status is Status.PASS:
        return ""
    if not found:
        return "there is no evidence" if declared else lacking
    worst = next(one for one in found if one.status is status)
    return f"the evidence is {status}" + (f": {worst.record.said}" if worst.record.said else "")


def gap_answer(found: Sequence[Gap], *, with_evidence: bool) -> Answer:
    """The gaps as a table."""
    rows = tuple(
        {"entry": str(one.entry), "gap": one.kind.value, "about": str(one.about), "said": one.said} for one in found
    )
    note = "" if with_evidence else "Evidence was not asked for: a check that is declared counts, whatever came of it."
    return Answer(
        question="What is missing?", columns=("entry", "gap", "about", "said"), rows=rows, notes=(note,) if note else ()
    )


def gap_annotations(catalog: Catalog, found: Sequence[Gap]) -> Iterator[Envelope]:
    """A remark for each gap, of the fitting category; the same gap makes the same remark.

    It is made about the widget of what lacks something, or of the entry it belongs to. Categories that the hub's
    vocabulary lacks, and entries without a widget, are passed over.
    """
    hub = catalog.folder.hub
    for one in found:
        category = f"{hub.hub.prefix}-{CATEGORIES[one.kind]}"
        widget = catalog.slugs.get(one.about) or catalog.slugs.get(one.entry)
        if category not in hub.vocabulary.annotation_categories or widget is None:
            continue
        metadata: dict[str, JsonValue] = {"gap": one.kind.value, "entry": str(one.entry), "about": str(one.about)}
        yield Envelope.annotation(
            hub.hub.slug,
            widget,
            category,
            f"{catalog.entries[one.about].name}: {one.kind}. {one.said}",
            source=_source(catalog),
            metadata=metadata,
            name=f"{one.kind} {one.entry} {one.about} {one.said}",
        )


def gap_evidence(catalog: Catalog, found: Sequence[Gap], proofs: Proofs) -> Envelope | None:
    """The event that says how complete the catalog is, for gates to rest on; it counts for a day.

    None where the hub has no widget for its catalog, or no type of event for it.
    """
    hub = catalog.folder.hub
    prefix = hub.hub.prefix
    widget = next((one.slug for one in hub.widgets if one.type == f"{prefix}-service-catalog"), None)
    event_type = f"{prefix}-inventory-updated"
    if widget is None or event_type not in hub.vocabulary.event_types:
        return None
    counts: dict[str, JsonValue] = {kind.value: sum(one.kind is kind for one in found) for kind in GapKind}
    claim = Claim(
        outcome=Outcome.FAIL if found else Outcome.PASS,
        collected_at=proofs.as_of,
        expires_at=proofs.as_of + timedelta(days=1),
        by="vsmhub catalog",
        said=f"{len(found)} gaps" if found else "",
    )
    return Envelope.event(
        hub.hub.slug,
        widget,
        event_type,
        source=_source(catalog),
        metadata={"check": "catalog-gaps", "gaps": counts, **claim.metadata()},
        at=proofs.as_of,
        name=f"catalog-gaps {rfc3339(proofs.as_of)}",
    )


def _source(catalog: Catalog) -> str:
    return f"urn:vsmhub:{catalog.folder.hub.hub.slug}:catalog"
