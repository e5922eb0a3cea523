"""The catalog at a glance: each service with where it runs, why, who owns it, how it is reached, and what proves it."""

from vsmhub.evidence.answers import Answer, Cell, Row, of, unknown
from vsmhub.evidence.catalog import Catalog
from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.gaps import gaps
from vsmhub.evidence.proof import HEALTH, Proofs
from vsmhub.spec.inventory.document import Ref
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.spans import age_text

QUESTION = "What runs where, why, who owns it, how is it reached, and what proves it healthy?"
COLUMNS = ("service", "why", "owner", "environment", "runs_on", "reached_at", "proof", "age", "gaps")


def overview(catalog: Catalog, proofs: Proofs | None) -> Answer:
    """One row for each service; without `proofs` nothing is said of what evidence shows."""
    rows = tuple(_row(catalog, ref, proofs) for ref in catalog.of_kind(EntryKind.SERVICE))
    note = f"As of {rfc3339(proofs.as_of)}." if proofs else "Evidence was not read."
    return Answer(question=QUESTION, columns=COLUMNS, rows=rows, notes=(note,))


def _row(catalog: Catalog, ref: Ref, proofs: Proofs | None) -> Row:
    service = catalog.inventory.services[ref.key]
    deployments = [catalog.inventory.deployments[one.key] for one in catalog.deployments(ref)]
    endpoints = [catalog.inventory.endpoints[one.key] for one in catalog.endpoints(ref)]
    places = [one.runs_on.value for one in deployments if one.runs_on.value]
    urls = [one.url.value for one in endpoints if one.url.value]
    proof, age = _proof(catalog, ref, proofs)
    return {
        "service": ref.key,
        "why": of(service.rationale),
        "owner": of(service.owner),
        "environment": list(catalog.places[ref]) or unknown("nobody says which environment it is in"),
        "runs_on": places or unknown("nobody says what it runs on"),
        "reached_at": urls or (unknown("its address is not known") if endpoints else None),
        "proof": proof,
        "age": age,
        "gaps": len(gaps(catalog, proofs, [ref])),
    }


def _proof(catalog: Catalog, ref: Ref, proofs: Proofs | None) -> tuple[Cell, Cell]:
    """Whether the evidence of its health is good, and the age of the oldest of it."""
    if proofs is None:
        return unknown("evidence was not read"), None
    subjects = [ref, *catalog.endpoints(ref)]
    found = [one for subject in subjects for one in proofs.about(subject, HEALTH)]
    if not found:
        return unknown("there is no evidence"), None
    oldest = min(one.record.collected for one in found)
    return proofs.status(subjects, HEALTH).value, age_text((proofs.as_of - oldest).total_seconds())
