"""The artifacts of a hub put together: what `render` makes, the SQL route's script, and the contracts they fulfil."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from vsmhub.cli.meanwhile import meanwhile

if TYPE_CHECKING:
    from vsmhub.spec.folder import HubFolder
    from vsmhub.spec.model import HubSpec

NOBODY = str(UUID(int=0))
"""Stands for an id that a target gives, where a document is validated before there is one."""


def artifacts_of(folders: "Sequence[HubFolder]") -> list[dict[str, str]]:
    """Every artifact of each hub by its path from the hub's folder; ContractError when one breaks its contract."""
    from vsmhub.render.artifacts import BOOTSTRAP_SQL

    specs = [folder.declared() for folder in folders]
    # SQLAlchemy takes longer to import than one hub's other artifacts take to make.
    with meanwhile(lambda: _scripts(specs)) as scripts:
        made = [_but_for_the_script(folder, spec) for folder, spec in zip(folders, specs, strict=True)]
        return [{**one, BOOTSTRAP_SQL: script} for one, script in zip(made, scripts(), strict=True)]


def _scripts(specs: "Sequence[HubSpec]") -> list[str]:
    from vsmhub.plan.desired import desired
    from vsmhub.plan.routes.sql.script import script
    from vsmhub.render.notice import NOTICE

    return [script(desired(spec), notice=NOTICE) for spec in specs]


def _but_for_the_script(folder: "HubFolder", spec: "HubSpec") -> dict[str, str]:
    """The artifacts, in order, with an empty script in the place of the script."""
    from vsmhub.render.artifacts import artifacts

    made = artifacts(spec, sql="", inventory=folder.inventory, gates=folder.gates)
    _demand_contracts(spec, made)
    return made


def _demand_contracts(spec: "HubSpec", made: dict[str, str]) -> None:
    from vsmhub.interhub.contracts.validation import demand
    from vsmhub.render.documents import registration_event

    for name, contract in (
        ("generated/manifest.json", "hub-capability-manifest-v1"),
        ("generated/widgets.seed.json", "widget-seeds-v1"),
    ):
        demand(contract, json.loads(made[name]), called=f"{name} of {spec.hub.slug}")
    event = {"widgetId": NOBODY, **registration_event(spec)}
    demand("interaction-event-v1", event, called=f"the registration event of {spec.hub.slug}")
