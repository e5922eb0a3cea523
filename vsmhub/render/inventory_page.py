"""The inventory as a page: the picture, what is known of each entry and since when, and what is not."""

from collections import defaultdict
from dataclasses import dataclass

from vsmhub.render.inventory_diagram import diagram
from vsmhub.render.notice import notice
from vsmhub.render.pages import page
from vsmhub.spec.file_names import INVENTORY_FILE
from vsmhub.spec.inventory.document import SECTIONS, Inventory, Ref
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.inventory.relations import environments
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
    names = {str(ref): entry.name for ref, entry in inventory.entries()}
    deployed: dict[str, list[str]] = defaultdict(list)
    for key, deployment in inventory.deployments.items():
        deployed[deployment.service].append(key)
    reached: dict[str, list[str]] = defaultdict(list)
    for endpoint in inventory.endpoints.values():
        reached[endpoint.deployment].append(endpoint.url.or_else(""))
    return tuple(
        Line(
            service=service.name,
            owner=service.owner.or_else(""),
            environments=tuple(inventory.environments[one].name for one in places[Ref(EntryKind.DEPLOYMENT, key)]),
            runs_on=names.get(inventory.deployments[key].runs_on.or_else(""), ""),
            reached_at=tuple(reached[key]),
        )
        for name, service in inventory.services.items()
        for key in deployed[name]
    )
