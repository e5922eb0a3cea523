"""The artifacts that a hub has besides where it has an inventory: which files there are, and what each holds."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from vsmhub.render.catalog_info import catalog_info
from vsmhub.render.gates_page import gates_page
from vsmhub.render.inventory_page import inventory_page
from vsmhub.render.owned import GENERATED
from vsmhub.spec.gates.document import Gates
from vsmhub.spec.inventory.document import Inventory
from vsmhub.spec.model import HubSpec

InventoryArtifact: TypeAlias = Callable[[HubSpec, Inventory], str]

INVENTORY_ARTIFACTS: Mapping[str, InventoryArtifact] = {
    f"{GENERATED}/INVENTORY.md": inventory_page,
    f"{GENERATED}/catalog-info.yaml": catalog_info,
}
"""What makes each, by its path from the hub's folder."""

GATES_PAGE = f"{GENERATED}/GATES.md"
"""What a hub has as well where it has gates; they stand on the inventory."""


def inventory_artifacts(spec: HubSpec, inventory: Inventory, gates: Gates | None) -> dict[str, str]:
    """These artifacts, by their paths from the hub's folder."""
    found = {path: make_of(spec, inventory) for path, make_of in INVENTORY_ARTIFACTS.items()}
    if gates is not None:
        found[GATES_PAGE] = gates_page(spec, gates, inventory)
    return found
