"""The artifacts of hubs put together and compared: what `render` makes, the SQL route's script, and their contracts."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from uuid import UUID

from vsmhub.cli.second_process import SecondProcess, second_process

if TYPE_CHECKING:
    from vsmhub.render.generation import Difference
    from vsmhub.spec.folder import HubFolder
    from vsmhub.spec.model import HubSpec

Look: TypeAlias = "Callable[[Path, Mapping[str, str]], tuple[Difference, ...]]"
"""What is done about the artifacts of the hub in a folder: `render.generation.differences`, or `write`."""

CONTRACTS = {
    "generated/manifest.json": "hub-capability-manifest-v1",
    "generated/widgets.seed.json": "widget-seeds-v1",
}
"""The contract of each artifact that has one."""
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


def compared(folders: "Sequence[HubFolder]", look: Look, other: SecondProcess) -> list[Compared]:
    """Make every artifact of each hub, then look at those on disk; ContractError when one breaks its contract.

    All are made before the first is looked at, which may be to write it. Raises FileError as `look` does.
    """
    from vsmhub.render.artifacts import BOOTSTRAP_SQL

    specs = [folder.declared() for folder in folders]
    # SQLAlchemy and jsonschema take longer to import than the other artifacts take to make.
    scripts, proven = other.ask(_scripts, specs), other.ask(_demand_contracts, specs)
    made = [_but_for_the_script(folder, spec) for folder, spec in zip(folders, specs, strict=True)]
    hubs = [
        (folder.path, {**one, BOOTSTRAP_SQL: script})
        for folder, one, script in zip(folders, made, scripts(), strict=True)
    ]
    proven()
    half = len(hubs) // 2
    theirs = other.ask(_looked, look, hubs[:half])
    mine = _looked(look, hubs[half:])
    return [*theirs(), *mine]


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


def _but_for_the_script(folder: "HubFolder", spec: "HubSpec") -> dict[str, str]:
    """The artifacts, in order, with an empty script in the place of the script."""
    from vsmhub.render.artifacts import artifacts

    return artifacts(spec, sql="", inventory=folder.inventory, gates=folder.gates)


def _looked(look: Look, hubs: Sequence[tuple[Path, Mapping[str, str]]]) -> list[Compared]:
    return [Compared(folder, len(texts), look(folder, texts)) for folder, texts in hubs]


def _demand_contracts(specs: "Sequence[HubSpec]") -> None:
    """ContractError unless the artifacts that Inter-Hub takes fulfil their contracts, as does a hub's first event."""
    from vsmhub.interhub.contracts.validation import demand
    from vsmhub.render.artifacts import ARTIFACTS
    from vsmhub.render.documents import registration_event

    for spec in specs:
        slug = spec.hub.slug
        for name, contract in CONTRACTS.items():
            demand(contract, json.loads(ARTIFACTS[name](spec)), called=f"{name} of {slug}")
        event = {"widgetId": NOBODY, **registration_event(spec)}
        demand("interaction-event-v1", event, called=f"the registration event of {slug}")
