"""`catalog-info.yaml`: the inventory as entities of a Backstage software catalog.

Backstage has no kinds of its own for environments, deployments and the like; they are resources with a type. Runbooks,
risks and migration waves are no entities there and become annotations of what they are about.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

import yaml
from pydantic import JsonValue

from vsmhub.render.notice import notice
from vsmhub.spec.file_names import INVENTORY_FILE
from vsmhub.spec.inventory.document import Inventory, Ref
from vsmhub.spec.inventory.entry import Entry, EntryKind, Owned
from vsmhub.spec.inventory.links import RelationKind
from vsmhub.spec.inventory.places import Repository
from vsmhub.spec.inventory.relations import Relation, relations
from vsmhub.spec.inventory.services import Endpoint, Service
from vsmhub.spec.inventory.widgets import widget_slugs
from vsmhub.spec.model import HubSpec

Entity: TypeAlias = dict[str, JsonValue]

API_VERSION = "backstage.io/v1alpha1"
UNOWNED = "owner-unknown"
"""The group that owns what nobody is known to own: Backstage demands an owner of everything."""

_TYPES: Mapping[EntryKind, str] = {
    EntryKind.ENVIRONMENT: "environment",
    EntryKind.HOST: "host",
    EntryKind.CLUSTER: "kubernetes-cluster",
    EntryKind.DEPLOYMENT: "deployment",
    EntryKind.ENDPOINT: "endpoint",
    EntryKind.DATASTORE: "datastore",
    EntryKind.BACKUP: "backup",
    EntryKind.SECRET_SET: "secret-set",
}
"""The type of resource that each kind becomes."""

_ASIDE: Mapping[EntryKind, str] = {
    EntryKind.RUNBOOK: "runbooks",
    EntryKind.RISK: "risks",
    EntryKind.MIGRATION_WAVE: "migration-waves",
}
"""Kinds that become annotations of what they are about."""


def catalog_info(spec: HubSpec, inventory: Inventory) -> str:
    """`catalog-info.yaml`, one document for each entity."""
    documents = (
        yaml.safe_dump(entity, sort_keys=False, allow_unicode=True, width=10_000)
        for entity in entities(spec, inventory)
    )
    return f"# {notice(INVENTORY_FILE)}\n" + "---\n".join(documents)


def entities(spec: HubSpec, inventory: Inventory) -> Iterator[Entity]:
    """Every entity, owners first."""
    by_subject: dict[Ref, list[Relation]] = defaultdict(list)
    aside: dict[Ref, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in relations(inventory):
        if one.subject.kind in _ASIDE:
            aside[one.target][_ASIDE[one.subject.kind]].append(one.subject.key)
        elif one.kind not in {RelationKind.OWNED_BY, RelationKind.HAS_RUNBOOK}:
            by_subject[one.subject].append(one)
        if one.kind is RelationKind.HAS_RUNBOOK:
            aside[one.subject][_ASIDE[EntryKind.RUNBOOK]].append(one.target.key)
    slugs = widget_slugs(inventory, spec)
    for key, repository in inventory.repositories.items():
        yield _group(key, repository.name, _description(repository))
    yield _group(UNOWNED, "Owner unknown", "Owns what nobody is known to own; each entry here is a gap to close.")
    for ref, entry in inventory.entries():
        if ref.kind is EntryKind.SERVICE or ref.kind in _TYPES:
            found: dict[str, JsonValue] = {
                f"{spec.hub.domain}/{name}": ",".join(sorted(set(keys))) for name, keys in aside[ref].items()
            }
            if ref in slugs:
                found[f"{spec.hub.domain}/widget"] = slugs[ref]
            yield _entity(ref, entry, found, by_subject[ref], inventory)


def _entity(
    ref: Ref, entry: Entry, annotations: dict[str, JsonValue], related: list[Relation], inventory: Inventory
) -> Entity:
    metadata: dict[str, JsonValue] = {"name": _name(ref), "title": entry.name}
    if description := _description(entry):
        metadata["description"] = description
    if annotations:
        metadata["annotations"] = annotations
    if links := _links(ref, entry, inventory):
        metadata["links"] = links
    owner = entry.owner.value if isinstance(entry, Owned) else None
    details: dict[str, JsonValue] = {"type": _TYPES.get(ref.kind, "service"), "owner": f"group:{owner or UNOWNED}"}
    if isinstance(entry, Service):
        details["lifecycle"] = _lifecycle(ref, inventory)
    if depends := list(dict.fromkeys(_ref(one.target) for one in related)):
        details["dependsOn"] = [*depends]
    kind = "Component" if isinstance(entry, Service) else "Resource"
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata, "spec": details}


def _group(name: str, title: str, description: str) -> Entity:
    metadata: dict[str, JsonValue] = {"name": name, "title": title}
    if description:
        metadata["description"] = description
    return {
        "apiVersion": API_VERSION,
        "kind": "Group",
        "metadata": metadata,
        "spec": {"type": "repository", "children": []},
    }


def _description(entry: Entry) -> str:
    match entry:
        case Repository():
            return entry.holds.or_else("")
        case Service():
            return entry.rationale.or_else("")
        case _:
            purpose = getattr(entry, "purpose", None)
            return purpose.or_else("") if purpose else ""


def _links(ref: Ref, entry: Entry, inventory: Inventory) -> list[JsonValue]:
    """Where an endpoint answers, and where the deployments of a service do."""
    match entry:
        case Endpoint():
            endpoints = [entry]
        case Service():
            own = {key for key, deployment in inventory.deployments.items() if deployment.service == ref.key}
            endpoints = [one for one in inventory.endpoints.values() if one.deployment in own]
        case _:
            endpoints = []
    return [{"url": one.url.value, "title": one.name} for one in endpoints if one.url.value]


def _lifecycle(ref: Ref, inventory: Inventory) -> str:
    """The state of the deployment that has come furthest, in the inventory's own words."""
    states = {one.state.value for one in inventory.deployments.values() if one.service == ref.key}
    return next((state for state in ("live", "planned", "retired") if state in states), "unknown")


def _ref(ref: Ref) -> str:
    return f"{'component' if ref.kind is EntryKind.SERVICE else 'resource'}:{_name(ref)}"


def _name(ref: Ref) -> str:
    """Names are unique among the entities of a kind, so what becomes a resource carries its kind."""
    return ref.key if ref.kind is EntryKind.SERVICE else f"{ref.kind}-{ref.key}"
