"""The artifacts of a hub: which files there are, and what each holds. Pure: equal specs give equal bytes."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from vsmhub.render import client_package as client
from vsmhub.render.catalog_info import catalog_info
from vsmhub.render.documents import manifest, seeds
from vsmhub.render.gates_page import gates_page
from vsmhub.render.inventory_page import inventory_page
from vsmhub.render.runbook import runbook
from vsmhub.render.vocabulary_page import vocabulary_page
from vsmhub.spec.gates.document import Gates
from vsmhub.spec.inventory.document import Inventory
from vsmhub.spec.model import HubSpec

Artifact: TypeAlias = Callable[[HubSpec], str]
InventoryArtifact: TypeAlias = Callable[[HubSpec, Inventory], str]

GENERATED = "generated"
PACKAGES = "client/src"
OWNED = (GENERATED, PACKAGES)
"""Folders that hold artifacts and nothing else, from the hub's own."""

ARTIFACTS: Mapping[str, Artifact] = {
    f"{GENERATED}/manifest.json": manifest,
    f"{GENERATED}/widgets.seed.json": seeds,
    f"{GENERATED}/RUNBOOK.md": runbook,
    f"{GENERATED}/VOCABULARY.md": vocabulary_page,
    "client/pyproject.toml": client.pyproject,
    "client/README.md": client.readme,
    f"{PACKAGES}/{{package}}/__init__.py": client.package_init,
    f"{PACKAGES}/{{package}}/hub.json": client.packaged_spec,
    f"{PACKAGES}/{{package}}/py.typed": client.typed_marker,
    f"{PACKAGES}/{{package}}/vocabulary.py": client.vocabulary_module,
}
"""What makes each artifact, by its path from the hub's folder; `{package}` is the client's import name."""

INVENTORY_ARTIFACTS: Mapping[str, InventoryArtifact] = {
    f"{GENERATED}/INVENTORY.md": inventory_page,
    f"{GENERATED}/catalog-info.yaml": catalog_info,
}
"""What a hub has besides where it has an inventory."""

GATES_PAGE = f"{GENERATED}/GATES.md"
"""What a hub has besides where it has gates; they stand on the inventory."""

BOOTSTRAP_SQL = f"{GENERATED}/bootstrap.sql"
"""The one artifact that comes from elsewhere: its statements are the SQL route's own."""


def artifacts(
    spec: HubSpec, *, sql: str, inventory: Inventory | None = None, gates: Gates | None = None
) -> dict[str, str]:
    """Every artifact of a hub, by its path from the hub's folder, in order; `sql` is the text of `bootstrap.sql`."""
    package = client.package_name(spec)
    found = {path.format(package=package): make(spec) for path, make in ARTIFACTS.items()}
    if inventory is not None:
        found |= {path: make_of(spec, inventory) for path, make_of in INVENTORY_ARTIFACTS.items()}
        if gates is not None:
            found[GATES_PAGE] = gates_page(spec, gates, inventory)
    found[BOOTSTRAP_SQL] = sql
    return dict(sorted(found.items()))
