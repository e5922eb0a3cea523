"""The inventory as a page: the picture, what is known of each entry and since when, and what is not."""

from dataclasses import dataclass

from vsmhub.render.inventory_diagram import diagram
from vsmhub.render.notice import notice
from vsmhub.render.pages import page
from vsmhub.spec.inventory.document import SECTIONS, Inventory, Ref
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.inventory.load import INVENTORY_FILE
from vsmhub.spec.inventory.relations import environments
from vsmhub.spec.inventory.services import Deployment, Endpoint, Service
from vsmhub.spec.inventory.statements import Statement, statements
from vsmhub.spec.inventory.widgets import widget_slugs
from vsmhub.spec.model import HubSpec


@dataclass(frozen=True, slots=True)
class Part:
    """The entries of one kind."""

    title: str
    entries: tuple["Shown", ...]
    known: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry with all that is stated about it."""

    ref: Ref
    name: str
    widget: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One deployment of a service, at a glance; an empty text stands for what nobody knows."""

    service: str
    owner: str
    environments: tuple[str, ...]
    runs_on: str
    reached_at: tuple[str, ...]


def inventory_page(spec: HubSpec, inventory: Inventory) -> str:
    """`INVENTORY.md`."""
    parts = _parts(spec, inventory)
    values = {
        "spec": spec,
        "notice": notice(INVENTORY_FILE),
        "inventory": inventory,
        "diagram": diagram(inventory),
        "lines": _lines(inventory),
        "parts": parts,
        "entries": sum(len(part.entries) for part in parts),
        "known": sum(part.known for part in parts),
        "unknown": sum(part.unknown for part in parts),
    }
    return page("INVENTORY.md.jinja", values)


def _parts(spec: HubSpec, inventory: Inventory) -> tuple[Part, ...]:
    slugs = widget_slugs(inventory, spec)
    about: dict[Ref, list[Statement]] = {ref: [] for ref, _ in inventory.entries()}
    for one in statements(inventory):
        about[one.ref].append(one)
    found = []
    for kind, section in SECTIONS.items():
        entries = tuple(
            Shown(ref, entry.name, slugs.get(ref, ""), tuple(about[ref]))
            for ref, entry in inventory.entries()
            if ref.kind is kind
        )
        known = sum(one.known for shown in entries for one in shown.statements)
        total = sum(len(shown.statements) for shown in entries)
        found.append(Part(section.replace("_", " ").capitalize(), entries, known, total - known))
    return tuple(part for part in found if part.entries)


def _lines(inventory: Inventory) -> tuple[Line, ...]:
    places = environments(inventory)
    return tuple(
        _line(service, deployment, key, inventory, places[Ref(EntryKind.DEPLOYMENT, key)])
        for name, service in inventory.services.items()
        for key, deployment in inventory.deployments.items()
        if deployment.service == name
    )


def _line(service: Service, deployment: Deployment, key: str, inventory: Inventory, places: tuple[str, ...]) -> Line:
    endpoints = (one for one in inventory.endpoints.values() if one.deployment == key)
    return Line(
        service=service.name,
        owner=service.owner.or_else(""),
        environments=tuple(inventory.environments[place].name for place in places),
        runs_on=_name(inventory, deployment.runs_on.value),
        reached_at=tuple(map(_address, endpoints)),
    )


def _address(endpoint: Endpoint) -> str:
    return endpoint.url.or_else("")


def _name(inventory: Inventory, ref: str | None) -> str:
    entries = dict(inventory.entries())
    return entries[Ref.parse(ref)].name if ref else ""
