"""The artifacts of a hub: which files there are, and what each holds. Pure: equal specs give equal bytes."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from vsmhub.render import client_package as client
from vsmhub.render.documents import manifest, seeds
from vsmhub.render.owned import GENERATED, PACKAGES
from vsmhub.render.runbook import runbook
from vsmhub.render.vocabulary_page import vocabulary_page
from vsmhub.spec.model import HubSpec

if TYPE_CHECKING:
    from vsmhub.spec.gates.document import Gates
    from vsmhub.spec.inventory.document import Inventory

Artifact: TypeAlias = Callable[[HubSpec], str]

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

BOOTSTRAP_SQL = f"{GENERATED}/bootstrap.sql"
"""The one artifact that comes from elsewhere: its statements are the SQL route's own."""


def artifacts(
    spec: HubSpec, *, sql: str, inventory: "Inventory | None" = None, gates: "Gates | None" = None
) -> dict[str, str]:
    """Every artifact of a hub, by its path from the hub's folder, in order; `sql` is the text of `bootstrap.sql`."""
    package = client.package_name(spec)
    found = {path.format(package=package): make(spec) for path, make in ARTIFACTS.items()}
    if inventory is not None:
        # Most hubs have none, and what makes these pages takes its time to import.
        from vsmhub.render.inventory_artifacts import inventory_artifacts

        found |= inventory_artifacts(spec, inventory, gates)
    found[BOOTSTRAP_SQL] = sql
    return dict(sorted(found.items()))
