"""All that can be said of hubs without asking anybody: their specs, their names, and what two of them claim."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from vsmhub.spec.complaint import Complaint
from vsmhub.spec.document import in_file_order
from vsmhub.spec.errors import SpecError
from vsmhub.spec.folder import FolderReading, HubFolder, read_folder
from vsmhub.vocabulary.ownership import Owners
from vsmhub.vocabulary.rules import vocabulary_findings


def checked(hubs: Iterable[Path]) -> Iterator[tuple[FolderReading, tuple[Complaint, ...]]]:
    """Each hub's folder as it was read, with all complaints about its files, file by file; raises nothing."""
    owners = Owners()
    for hub in hubs:
        folder = read_folder(hub)
        reading = folder.hub
        data = reading.document.data if reading.document else None
        found = (*reading.complaints, *reading.located(vocabulary_findings(data)), *owners.claimed_by(reading))
        yield folder, (*in_file_order(found), *folder.beside)


def load_checked(hubs: Iterable[Path]) -> tuple[HubFolder, ...]:
    """The folders of hubs that keep all rules, each and together; SpecError with all complaints when they do not."""
    folders: list[HubFolder] = []
    complaints: list[Complaint] = []
    for reading, found in checked(hubs):
        complaints += [complaint for complaint in found if complaint.severity == "error"]
        if reading.folder is not None:
            folders.append(reading.folder)
    if complaints:
        raise SpecError(complaints)
    return tuple(folders)
