"""What proves that entries of a catalog are well, and how old the proof is. No I/O."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from vsmhub.evidence.answers import Answer, Row, unknown
from vsmhub.evidence.catalog import Catalog
from vsmhub.evidence.claim import rfc3339
from vsmhub.evidence.freshness import is_fresh, known_at, valid_until
from vsmhub.evidence.gates import STATUS_OF
from vsmhub.evidence.logic import Status, all_of
from vsmhub.evidence.record import Record, newer
from vsmhub.spec.gates.surroundings import COMPUTED
from vsmhub.spec.inventory.document import Ref
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.inventory.links import RelationKind
from vsmhub.spec.spans import age_text

HEALTH = ("health-checked", "endpoint-verified")
BACKUP = ("backup-verified",)
RESTORE = ("restore-tested",)
"""Event types without prefix: what each shows."""

AGES: Mapping[str, timedelta] = {
    "health-checked": timedelta(days=1),
    "endpoint-verified": timedelta(days=1),
    "backup-verified": timedelta(days=2),
    "restore-tested": timedelta(days=90),
}
OTHER_AGE = timedelta(days=30)
"""How old evidence may be that a catalog shows as proof; a gate says itself. What ends sooner by itself does."""


class Proof(NamedTuple):
    """The newest evidence of one sort about one entry: what it comes to, and until when."""

    about: Ref
    record: Record
    status: Status
    until: datetime | None


class Proofs:
    """All evidence about a catalog's entries at one time, each sort's newest."""

    def __init__(self, catalog: Catalog, records: Iterable[Record], as_of: datetime) -> None:
        self.catalog = catalog
        self.as_of = as_of
        self._prefix = f"{catalog.folder.hub.hub.prefix}-"
        computed = {f"{self._prefix}{one}" for one in COMPUTED}
        newest: dict[tuple[str, str, str | None], Record] = {}
        for one in records:
            if one.outcome is not None and one.type not in computed and known_at(one, as_of):
                key = (one.type, one.widget, one.signal)
                newest[key] = newer(newest[key], one) if key in newest else one
        subjects = _subjects(catalog)
        self._about: dict[Ref, list[Proof]] = defaultdict(list)
        for _, one in sorted(newest.items(), key=lambda item: (*item[0][:2], item[0][2] or "")):
            for ref in subjects.get((one.widget, one.signal)) or subjects.get((one.widget, None), ()):
                self._about[ref].append(self._judged(ref, one))

    def _judged(self, ref: Ref, record: Record) -> Proof:
        age = AGES.get(record.type.removeprefix(self._prefix), OTHER_AGE)
        status = STATUS_OF[record.outcome] if record.outcome else Status.UNKNOWN
        fresh = is_fresh(record, self.as_of, age)
        return Proof(ref, record, status if fresh else Status.STALE, valid_until(record, age))

    def about(self, ref: Ref, types: tuple[str, ...] = ()) -> tuple[Proof, ...]:
        """The newest evidence about an entry, of some types or of all."""
        return tuple(
            one for one in self._about[ref] if not types or one.record.type.removeprefix(self._prefix) in types
        )

    def status(self, refs: Iterable[Ref], types: tuple[str, ...]) -> Status:
        """Whether all evidence of these types about these entries is good."""
        return all_of([one.status for ref in refs for one in self.about(ref, types)])


def _subjects(catalog: Catalog) -> dict[tuple[str, str | None], tuple[Ref, ...]]:
    """What evidence is about, by its widget and its signal: the entry whose widget it is, or that its signal names."""
    found: dict[tuple[str, str | None], tuple[Ref, ...]] = {}
    own: dict[str, list[Ref]] = defaultdict(list)
    for ref, slug in catalog.slugs.items():
        own[slug].append(ref)
    found.update({(slug, None): tuple(refs) for slug, refs in own.items()})
    keyed: dict[str | None, list[Ref]] = defaultdict(list)
    for ref in catalog.entries:
        keyed[ref.key].append(ref)
    for signal in catalog.signals:
        named = keyed.get(signal.about, [])
        for emission in signal.emits:
            # Several kinds may have an entry of one name; the widget tells which is meant.
            meant = [ref for ref in named if catalog.slugs.get(ref) == emission.widget] or named
            if meant:
                found[emission.widget, signal.name] = tuple(dict.fromkeys([*meant, *own.get(emission.widget, ())]))
    return found


def related(catalog: Catalog, ref: Ref) -> tuple[Ref, ...]:
    """What a proof about an entry may be about: itself, its endpoints, and the backups of its data."""
    stores = (ref,) if ref.kind is EntryKind.DATASTORE else catalog.datastores(ref)
    backups = [one for store in stores for one in catalog.subjects(store, RelationKind.PROTECTS)]
    return tuple(dict.fromkeys([ref, *catalog.deployments(ref), *catalog.endpoints(ref), *backups]))


def proof(catalog: Catalog, name: str | None, proofs: Proofs) -> Answer:
    """What proves services healthy, or whatever else is named, and how old that is."""
    services = (EntryKind.SERVICE,)
    refs = catalog.find(name, services) if name else catalog.of_kind(EntryKind.SERVICE)
    rows: list[Row] = []
    for ref in refs:
        for own in related(catalog, ref):
            found = proofs.about(own)
            rows += [_row(ref, one, proofs.as_of) for one in sorted(found, key=lambda one: one.record.type)]
            if not found and own in catalog.slugs:
                rows.append({"entry": str(ref), "about": str(own), "status": unknown("there is no evidence")})
    columns = ("entry", "about", "status", "evidence", "by", "age", "until", "said", "id")
    question = f"What proves {', '.join(map(str, refs)) if len(refs) < 4 else 'each of them'} healthy?"
    return Answer(question=question, columns=columns, rows=tuple(rows), notes=(f"As of {rfc3339(proofs.as_of)}.",))


def _row(ref: Ref, one: Proof, as_of: datetime) -> Row:
    record = one.record
    return {
        "entry": str(ref),
        "about": str(one.about),
        "status": one.status.value,
        "evidence": record.type,
        "by": f"signal {record.signal}" if record.signal else record.by or unknown("nobody is named"),
        "age": age_text((as_of - record.collected).total_seconds()),
        "until": rfc3339(one.until) if one.until else None,
        "said": record.said or None,
        "id": record.id,
    }
