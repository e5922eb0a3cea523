"""A hub's folder: `hub.yaml` and the files beside it, read together so that they are checked against each other.

Most hubs have nothing beside their `hub.yaml`; what reads such files is imported where there are any.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vsmhub.spec.complaint import Complaint
from vsmhub.spec.errors import SpecError
from vsmhub.spec.file_names import BESIDE_HUB
from vsmhub.spec.load import Reading, hub_file, read_hub
from vsmhub.spec.model import HubSpec

if TYPE_CHECKING:
    from vsmhub.spec.gates.document import Gates
    from vsmhub.spec.inventory.document import Inventory
    from vsmhub.spec.signals import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFolder:
    """All that is hand-written about a hub; None stands for a file that is not there."""

    path: Path
    hub: HubSpec
    inventory: "Inventory | None" = None
    gates: "Gates | None" = None
    signals: "Signals | None" = None

    def declared(self) -> HubSpec:
        """The hub with every widget that is declared: its own, those of its inventory, and those of its gates."""
        if self.inventory is None and self.gates is None:
            return self.hub
        from vsmhub.spec.beside import more_widgets

        more = more_widgets(self.hub, self.inventory, self.gates)
        return self.hub.model_copy(update={"widgets": (*self.hub.widgets, *more)}) if more else self.hub


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
    hub, within = read_hub(file), file.parent
    if not any((within / name).exists() for name in BESIDE_HUB):
        return FolderReading(hub=hub, folder=HubFolder(path=within, hub=hub.spec) if hub.spec else None, beside=())
    from vsmhub.spec.beside import read_beside

    found = read_beside(within, hub.spec)
    folder = None
    if hub.spec is not None and not any(complaint.severity == "error" for complaint in found.complaints):
        folder = HubFolder(
            path=within, hub=hub.spec, inventory=found.inventory, gates=found.gates, signals=found.signals
        )
    return FolderReading(hub=hub, folder=folder, beside=found.complaints)
