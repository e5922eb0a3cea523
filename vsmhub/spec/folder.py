"""A hub's folder: `hub.yaml` and the files beside it, read together so that they are checked against each other."""

from dataclasses import dataclass
from pathlib import Path

from vsmhub.spec.complaint import Complaint
from vsmhub.spec.errors import SpecError
from vsmhub.spec.inventory.document import Inventory
from vsmhub.spec.inventory.load import INVENTORY_FILE, read_inventory
from vsmhub.spec.inventory.widgets import inventory_widgets, widget_findings
from vsmhub.spec.load import Reading, hub_file, read_hub
from vsmhub.spec.model import HubSpec
from vsmhub.spec.signals import Signals
from vsmhub.spec.signals_file import SIGNALS_FILE, read_signals


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFolder:
    """All that is hand-written about a hub; None stands for a file that is not there."""

    path: Path
    hub: HubSpec
    inventory: Inventory | None = None
    signals: Signals | None = None

    def declared(self) -> HubSpec:
        """The hub with every widget that is declared: its own, then those of its inventory."""
        more = inventory_widgets(self.inventory, self.hub) if self.inventory else ()
        return self.hub.model_copy(update={"widgets": (*self.hub.widgets, *more)}) if more else self.hub


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReading:
    """What came of reading a folder. `folder` is there when the structure of every file is right."""

    hub: Reading
    folder: HubFolder | None
    beside: tuple[Complaint, ...]
    """The complaints about the files beside `hub.yaml`."""

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """The complaints about all files, file by file."""
        return (*self.hub.complaints, *self.beside)


def load_folder(path: Path) -> HubFolder:
    """The hub in `path`, a folder or its `hub.yaml`; SpecError with the complaints about all of its files."""
    reading = read_folder(path)
    errors = [complaint for complaint in reading.complaints if complaint.severity == "error"]
    if errors or reading.folder is None:
        raise SpecError(errors)
    return reading.folder


def read_folder(path: Path) -> FolderReading:
    """The hub in `path`, a folder or its `hub.yaml`, complaints included; raises nothing on bad input."""
    file = hub_file(path)
    hub = read_hub(file)
    inventory, about_inventory = _inventory(file.parent / INVENTORY_FILE, hub.spec)
    more = (
        frozenset(one.slug for one in inventory_widgets(inventory, hub.spec)) if inventory and hub.spec else frozenset()
    )
    signals, about_signals = _signals(file.parent / SIGNALS_FILE, hub.spec, more)
    beside = (*about_inventory, *about_signals)
    folder = None
    if hub.spec is not None and not any(complaint.severity == "error" for complaint in beside):
        folder = HubFolder(path=file.parent, hub=hub.spec, inventory=inventory, signals=signals)
    return FolderReading(hub=hub, folder=folder, beside=beside)


def _inventory(file: Path, hub: HubSpec | None) -> tuple[Inventory | None, tuple[Complaint, ...]]:
    if not file.exists():
        return None, ()
    reading = read_inventory(file)
    complaints = reading.complaints
    if hub is not None and reading.spec is not None and not complaints:
        complaints = reading.located(widget_findings(reading.spec, hub))
    # What does not fit cannot be followed: its references may lead nowhere.
    return (None if complaints else reading.spec), complaints


def _signals(file: Path, hub: HubSpec | None, widgets: frozenset[str]) -> tuple[Signals | None, tuple[Complaint, ...]]:
    if not file.exists():
        return None, ()
    reading = read_signals(file, hub, more_widgets=widgets)
    return reading.spec, reading.complaints
