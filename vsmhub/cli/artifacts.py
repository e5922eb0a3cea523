"""The artifacts of hubs put together and compared: what `render` makes, the SQL route's script, and their contracts."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from vsmhub.cli.second_process import SecondProcess, second_process

if TYPE_CHECKING:
    from vsmhub.render.generation import Difference
    from vsmhub.spec.folder import HubFolder
    from vsmhub.spec.model import HubSpec

NOBODY = str(UUID(int=0))
"""Stands for an id that a target gives, where a document is validated before there is one."""


class Compared(NamedTuple):
    """The artifacts of one hub: how many there should be, and which were not as they should be."""

    folder: Path
    wanted: int
    found: "tuple[Difference, ...]"


def artists() -> AbstractContextManager[SecondProcess]:
    """A second process that gets ready to make artifacts while this one reads specs."""
    # What both need is imported before there are two.
    import vsmhub.vocabulary.checking  # noqa: F401 - for the time that it takes

    return second_process(_ready)


def compared(folders: "Sequence[HubFolder]", other: SecondProcess) -> list[Compared]:
    """Make every artifact of each hub, and compare it with what is on disk.

    Raises ContractError when one breaks its contract, and FileError when one cannot be read.
    """
    from vsmhub.render.artifacts import BOOTSTRAP_SQL, artifacts
    from vsmhub.render.generation import differences

    specs = [folder.declared() for folder in folders]
    # SQLAlchemy and jsonschema take longer to import than the other artifacts take to make.
    scripts, proven = other.ask(_scripts, specs), other.ask(_demand_contracts, specs)
    made = [
        artifacts(spec, sql="", inventory=folder.inventory, gates=folder.gates)
        for folder, spec in zip(folders, specs, strict=True)
    ]
    wanted = [{**one, BOOTSTRAP_SQL: script} for one, script in zip(made, scripts(), strict=True)]
    found = [
        Compared(folder.path, len(texts), differences(folder.path, texts))
        for folder, texts in zip(folders, wanted, strict=True)
    ]
    proven()
    return found


def written(hubs: Sequence[Compared], other: SecondProcess) -> None:
    """Make the files of all hubs as they should be; FileError when one cannot be written."""
    half = len(hubs) // 2
    theirs = other.ask(_write, hubs[:half])
    _write(hubs[half:])
    theirs()


def _ready() -> None:
    """Import what the second process makes artifacts with, and looks at them with."""
    import vsmhub.interhub.contracts.validation
    import vsmhub.plan.routes.sql.script
    import vsmhub.render.documents
    import vsmhub.render.generation  # noqa: F401 - all of them for the time that it takes


def _scripts(specs: "Sequence[HubSpec]") -> list[str]:
    from vsmhub.plan.desired import desired
    from vsmhub.plan.routes.sql.script import script
    from vsmhub.render.notice import NOTICE

    return [script(desired(spec), notice=NOTICE) for spec in specs]


def _write(hubs: Sequence[Compared]) -> None:
    from vsmhub.render.generation import write

    for hub in hubs:
        write(hub.folder, hub.found)


def _demand_contracts(specs: "Sequence[HubSpec]") -> None:
    """ContractError unless the artifacts that Inter-Hub takes fulfil their contracts, as does a hub's first event."""
    from vsmhub.interhub.contracts.validation import demand
    from vsmhub.render.documents import manifest_document, registration_event, seeds_document

    for spec in specs:
        slug = spec.hub.slug
        demand("hub-capability-manifest-v1", manifest_document(spec), called=f"generated/manifest.json of {slug}")
        demand("widget-seeds-v1", seeds_document(spec), called=f"generated/widgets.seed.json of {slug}")
        event = {"widgetId": NOBODY, **registration_event(spec)}
        demand("interaction-event-v1", event, called=f"the registration event of {slug}")
