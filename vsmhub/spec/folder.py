"""A hub's folder: `hub.yaml` and the files beside it, read together so that they are checked against each other."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from vsmhub.spec import reading
from vsmhub.spec.complaint import Complaint
from vsmhub.spec.document import in_file_order
from vsmhub.spec.errors import SpecError
from vsmhub.spec.gates.document import Gates
from vsmhub.spec.gates.load import GATES
from vsmhub.spec.gates.surroundings import Surroundings, surrounding_findings
from vsmhub.spec.gates.widgets import gate_slugs, gate_widget_findings, gate_widgets
from vsmhub.spec.inventory.document import Inventory
from vsmhub.spec.inventory.load import INVENTORY
from vsmhub.spec.inventory.widgets import inventory_widgets, widget_findings
from vsmhub.spec.load import Reading, hub_file, read_hub
from vsmhub.spec.model import HubSpec, Widget
from vsmhub.spec.reading import Kind
from vsmhub.spec.signals import Signals
from vsmhub.spec.signals_file import SIGNALS_FILE, read_signals

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFolder:
    """All that is hand-written about a hub; None stands for a file that is not there."""

    path: Path
    hub: HubSpec
    inventory: Inventory | None = None
    gates: Gates | None = None
    signals: Signals | None = None

    def declared(self) -> HubSpec:
        """The hub with every widget that is declared: its own, those of its inventory, and those of its gates."""
        more = more_widgets(self.hub, self.inventory, self.gates)
        return self.hub.model_copy(update={"widgets": (*self.hub.widgets, *more)}) if more else self.hub


def more_widgets(hub: HubSpec, inventory: Inventory | None, gates: Gates | None) -> tuple[Widget, ...]:
    """The widgets that a hub has besides its own, in order."""
    return (
        *(inventory_widgets(inventory, hub) if inventory else ()),
        *(gate_widgets(gates, hub) if gates else ()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReading:
    """What came of reading a folder. `folder` is there when every file is right."""

    hub: Reading
    folder: HubFolder | None
    beside: tuple[Complaint, ...]
    """The complaints about the files beside `hub.yaml`, file by file."""

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """The complaints about all files, file by file."""
        return (*self.hub.complaints, *self.beside)


def load_folder(path: Path) -> HubFolder:
    """The hub in `path`, a folder or its `hub.yaml`; SpecError with the complaints about all of its files."""
    found = read_folder(path)
    errors = [complaint for complaint in found.complaints if complaint.severity == "error"]
    if errors or found.folder is None:
        raise SpecError(errors)
    return found.folder


def read_folder(path: Path) -> FolderReading:
    """The hub in `path`, a folder or its `hub.yaml`, complaints included; raises nothing on bad input."""
    file = hub_file(path)
    hub = read_hub(file)
    inventory, about_inventory = _inventory(file.parent, hub.spec)
    gates = _read(GATES, file.parent)
    # What is wrong in itself cannot be followed: its references may lead nowhere.
    right = gates.spec if gates and not gates.complaints else None
    more = frozenset(one.slug for one in more_widgets(hub.spec, inventory, right)) if hub.spec else frozenset()
    signals, about_signals = _signals(file.parent / SIGNALS_FILE, hub.spec, more)
    about_gates = gates.complaints if gates else ()
    if gates and right and hub.spec and not about_inventory:
        slugs = more | {one.slug for one in hub.spec.widgets} | set(gate_slugs(right, hub.spec).values())
        around = Surroundings(hub=hub.spec, inventory=inventory, signals=signals, widgets=slugs)
        about_gates = _about_gates(gates, right, around)
    if about_inventory or about_gates:
        # Widgets that would come of a file that is wrong may be the very ones that signals name.
        about_signals = tuple(complaint for complaint in about_signals if complaint.rule != "widget")
    beside = (*about_inventory, *about_gates, *about_signals)
    folder = None
    if hub.spec is not None and not any(complaint.severity == "error" for complaint in beside):
        folder = HubFolder(path=file.parent, hub=hub.spec, inventory=inventory, gates=right, signals=signals)
    return FolderReading(hub=hub, folder=folder, beside=beside)


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
