"""Questions that an inventory answers alone: what runs where, who owns it, how it is reached, what depends on it."""

from collections.abc import Sequence

from vsmhub.evidence.answers import Answer, Row, of, unknown
from vsmhub.evidence.catalog import Catalog
from vsmhub.evidence.errors import EvidenceError
from vsmhub.spec.inventory.document import Ref
from vsmhub.spec.inventory.entry import EntryKind, Owned
from vsmhub.spec.inventory.places import Environment, Host
from vsmhub.spec.inventory.services import Deployment
from vsmhub.spec.inventory.statements import statements_of

_PLACES = (EntryKind.ENVIRONMENT, EntryKind.HOST, EntryKind.CLUSTER)


def runs_on(catalog: Catalog, name: str) -> Answer:
    """What runs on a host, a cluster or in an environment; also what is there and was never listed.

    Raises EvidenceError for what nothing can run on.
    """
    refs = catalog.find(name, _PLACES)
    if not any(ref.kind in (*_PLACES, EntryKind.DEPLOYMENT) for ref in refs):
        hint = f"ask where {name}, or name a place"
        raise EvidenceError(f"nothing runs on {_names(refs)}: that is no environment, host or cluster", hint=hint)
    rows: list[Row] = []
    for step in catalog.on(refs):
        entry = catalog.entries[step.ref]
        service = entry.service if isinstance(entry, Deployment) else None
        rows.append(
            {
                "entry": str(step.ref),
                "name": entry.name,
                "service": service,
                "state": of(getattr(entry, "state", None)),
                "by_way_of": [str(ref) for ref in step.way[:-1]],
            }
        )
    for ref in refs:
        entry = catalog.entries[ref]
        remarks = entry.unlisted if isinstance(entry, (Environment, Host)) else ()
        missing = unknown("nobody has listed it")
        rows += [{"entry": None, "name": of(one), "state": missing, "by_way_of": [str(ref)]} for one in remarks]
    columns = ("entry", "name", "service", "state", "by_way_of")
    return Answer(question=f"What runs on {_names(refs)}?", columns=columns, rows=tuple(rows))


def where(catalog: Catalog, name: str | None) -> Answer:
    """Where services run, or whatever else is named: environment, place, addresses."""
    refs = _asked(catalog, name)
    rows: list[Row] = []
    for ref in refs:
        found = catalog.deployments(ref) if ref.kind is EntryKind.SERVICE else (ref,)
        rows += [_place(catalog, ref, one) for one in found]
        if not found:
            rows.append({"entry": str(ref), "environment": unknown("no deployment is listed")})
    columns = ("entry", "deployment", "environment", "runs_on", "addresses", "namespace", "helm_release", "state")
    return Answer(question=f"Where does {_names(refs)} run?", columns=columns, rows=tuple(rows))


def _place(catalog: Catalog, asked: Ref, ref: Ref) -> Row:
    entry = catalog.entries[ref]
    below = [step.ref for step in catalog.below(ref)]
    hosts = [one for one in map(catalog.entries.get, (ref, *below)) if isinstance(one, Host)]
    runs = getattr(entry, "runs_on", None)
    return {
        "entry": str(asked),
        "deployment": str(ref) if ref.kind is EntryKind.DEPLOYMENT else None,
        "environment": list(catalog.places[ref]) or unknown("nobody says which environment it is in"),
        "runs_on": [str(one) for one in below] or of(runs),
        "addresses": [address for host in hosts for address in host.addresses.or_else(())] or None,
        "namespace": of(getattr(entry, "namespace", None)),
        "helm_release": of(getattr(entry, "helm_release", None)),
        "state": of(getattr(entry, "state", None)),
    }


def owners(catalog: Catalog, name: str | None) -> Answer:
    """Who owns services, or whatever else is named, and who says so since when."""
    refs = _asked(catalog, name)
    rows: list[Row] = []
    for ref in refs:
        entry = catalog.entries[ref]
        if isinstance(entry, Owned):
            source = entry.owner.source or entry.source
            dated = str(catalog.inventory.sources[source].dated)
            rows.append(
                {
                    "entry": str(ref),
                    "owner": of(entry.owner),
                    "note": entry.owner.note or entry.owner.unknown or None,
                    "source": source,
                    "as_of": dated,
                }
            )
        else:
            rows.append({"entry": str(ref), "note": f"a {ref.kind} has no owner of its own"})
    columns = ("entry", "owner", "note", "source", "as_of")
    return Answer(question=f"Who owns {_names(refs)}?", columns=columns, rows=tuple(rows))


def reach(catalog: Catalog, name: str | None) -> Answer:
    """How services are reached: every endpoint of every deployment."""
    refs = _asked(catalog, name)
    rows: list[Row] = []
    for ref in refs:
        for own in catalog.endpoints(ref):
            endpoint = catalog.inventory.endpoints[own.key]
            rows.append(
                {
                    "entry": str(ref),
                    "endpoint": endpoint.name,
                    **{field: of(getattr(endpoint, field)) for field in _REACH},
                }
            )
        ports = [catalog.inventory.deployments[one.key].node_port for one in catalog.deployments(ref)]
        rows += [{"entry": str(ref), "endpoint": f"NodePort {one.value}"} for one in ports if one and one.value]
        if not any(row["entry"] == str(ref) for row in rows):
            rows.append({"entry": str(ref), "url": unknown("no endpoint is listed")})
    return Answer(question=f"How is {_names(refs)} reached?", columns=("entry", "endpoint", *_REACH), rows=tuple(rows))


_REACH = ("url", "protocol", "exposure", "authentication", "resolves_to", "tls_issuer", "dns_source")


def depends(catalog: Catalog, name: str) -> Answer:
    """What depends on something, directly or through others."""
    refs = catalog.find(name)
    rows: tuple[Row, ...] = tuple(
        {
            "entry": str(step.ref),
            "name": catalog.entries[step.ref].name,
            "steps": len(step.way) - 1,
            "by_way_of": [str(ref) for ref in step.way[:-1]],
        }
        for step in catalog.dependants(refs)
    )
    columns = ("entry", "name", "steps", "by_way_of")
    note = "What nobody has written down is not known here: see `gaps`."
    return Answer(question=f"What depends on {_names(refs)}?", columns=columns, rows=rows, notes=(note,))


def _asked(catalog: Catalog, name: str | None) -> tuple[Ref, ...]:
    return catalog.find(name, (EntryKind.SERVICE,)) if name else catalog.of_kind(EntryKind.SERVICE)


def _names(refs: Sequence[Ref]) -> str:
    return ", ".join(map(str, refs)) if len(refs) < 4 else "each of them"


def about(catalog: Catalog, name: str) -> Answer:
    """All that is stated about something, each fact with its source and the day as of which it holds."""
    refs = catalog.find(name)
    rows: tuple[Row, ...] = tuple(
        {
            "entry": str(ref),
            "what": one.field.replace("_", " ").replace(".", ", "),
            "is": one.text if one.known else unknown(one.text),
            "note": one.note or (None if one.known else one.text),
            "source": one.source,
            "as_of": str(one.dated),
        }
        for ref in refs
        for one in statements_of(catalog.inventory, ref, catalog.entries[ref])
    )
    return Answer(
        question=f"What is known of {_names(refs)}?",
        columns=("entry", "what", "is", "note", "source", "as_of"),
        rows=rows,
    )
