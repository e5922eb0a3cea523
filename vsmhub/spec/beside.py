"""The files beside a hub's `hub.yaml`: its inventory, its signals and its gates, each checked against the others."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from vsmhub.spec import reading
from vsmhub.spec.complaint import Complaint
from vsmhub.spec.document import in_file_order
from vsmhub.spec.file_names import SIGNALS_FILE
from vsmhub.spec.gates.document import Gates
from vsmhub.spec.gates.load import GATES
from vsmhub.spec.gates.surroundings import Surroundings, surrounding_findings
from vsmhub.spec.gates.widgets import gate_slugs, gate_widget_findings, gate_widgets
from vsmhub.spec.inventory.document import Inventory
from vsmhub.spec.inventory.load import INVENTORY
from vsmhub.spec.inventory.widgets import inventory_widgets, widget_findings
from vsmhub.spec.model import HubSpec, Widget
from vsmhub.spec.reading import Kind
from vsmhub.spec.signals import Signals
from vsmhub.spec.signals_file import read_signals

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What came of reading them: each that is right, None for one that is not there, and the complaints by file."""

    inventory: Inventory | None
    gates: Gates | None
    signals: Signals | None
    complaints: tuple[Complaint, ...]


def more_widgets(hub: HubSpec, inventory: Inventory | None, gates: Gates | None) -> tuple[Widget, ...]:
    """The widgets that a hub has besides its own, in order."""
    return (
        *(inventory_widgets(inventory, hub) if inventory else ()),
        *(gate_widgets(gates, hub) if gates else ()),
    )


def read_beside(folder: Path, hub: HubSpec | None) -> Beside:
    """The files beside the `hub.yaml` in `folder`, which says `hub` where it is right; raises nothing on bad input."""
    inventory, about_inventory = _inventory(folder, hub)
    gates = _read(GATES, folder)
    # What is wrong in itself cannot be followed: its references may lead nowhere.
    right = gates.spec if gates and not gates.complaints else None
    more = frozenset(one.slug for one in more_widgets(hub, inventory, right)) if hub else frozenset()
    signals, about_signals = _signals(folder / SIGNALS_FILE, hub, more)
    about_gates = gates.complaints if gates else ()
    if gates and right and hub and not about_inventory:
        slugs = more | {one.slug for one in hub.widgets} | set(gate_slugs(right, hub).values())
        around = Surroundings(hub=hub, inventory=inventory, signals=signals, widgets=slugs)
        about_gates = _about_gates(gates, right, around)
    if signals is None and about_signals:
        # Which signals a file has that is wrong in itself is not known.
        about_gates = tuple(complaint for complaint in about_gates if complaint.rule != "signal")
    if about_inventory or about_gates:
        # Widgets that would come of a file that is wrong may be the very ones that signals name.
        about_signals = tuple(complaint for complaint in about_signals if complaint.rule != "widget")
    complaints = (*about_inventory, *about_gates, *about_signals)
    return Beside(inventory=inventory, gates=right, signals=signals, complaints=complaints)


def _read(kind: Kind[Model], folder: Path) -> reading.Reading[Model] | None:
    file = folder / kind.file_name
    return reading.read(kind, file) if file.exists() else None


def _inventory(folder: Path, hub: HubSpec | None) -> tuple[Inventory | None, tuple[Complaint, ...]]:
    found = _read(INVENTORY, folder)
    if found is None:
        return None, ()
    complaints = found.complaints
    if hub is not None and found.spec is not None and not complaints:
        complaints = found.located(widget_findings(found.spec, hub))
    return (None if complaints else found.spec), complaints


def _signals(file: Path, hub: HubSpec | None, widgets: frozenset[str]) -> tuple[Signals | None, tuple[Complaint, ...]]:
    if not file.exists():
        return None, ()
    found = read_signals(file, hub, more_widgets=widgets)
    return found.spec, found.complaints


def _about_gates(found: reading.Reading[Gates], gates: Gates, around: Surroundings) -> tuple[Complaint, ...]:
    taken = (
        frozenset(one.slug for one in inventory_widgets(around.inventory, around.hub))
        if around.inventory
        else frozenset()
    )
    data = found.document.data if found.document else None
    findings = (*gate_widget_findings(gates, around.hub, taken), *surrounding_findings(data, around))
    return in_file_order((*found.complaints, *found.located(findings)))
