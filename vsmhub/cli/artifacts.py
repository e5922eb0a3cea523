"""The artifacts of a hub put together: what `render` makes, the SQL route's script, and the contracts they fulfil."""

import json
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from vsmhub.spec.folder import HubFolder
    from vsmhub.spec.model import HubSpec

NOBODY = str(UUID(int=0))
"""Stands for an id that a target gives, where a document is validated before there is one."""


def artifacts_of(folder: "HubFolder") -> dict[str, str]:
    """Every artifact of a hub by its path from the hub's folder; ContractError when one breaks its contract."""
    from vsmhub.plan.desired import desired
    from vsmhub.plan.routes.sql.script import script
    from vsmhub.render.artifacts import artifacts
    from vsmhub.render.notice import NOTICE

    spec = folder.declared()
    made = artifacts(spec, sql=script(desired(spec), notice=NOTICE), inventory=folder.inventory, gates=folder.gates)
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
