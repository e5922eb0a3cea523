"""What Backstage is given is what Backstage takes: its own validator says so."""

import fcntl
import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.render.specs import ops
from tests.spec.inventory.examples import INVENTORY
from vsmhub.render.catalog_info import UNOWNED, catalog_info
from vsmhub.spec.folder import load_folder
from vsmhub.spec.inventory.document import Inventory
from vsmhub.spec.inventory.load import parse_inventory

ROOT = Path(__file__).parents[2]
VERSION = "1.10.1"
# Installed once for all runs on this machine; one that was interrupted is finished by the next.
CACHE = Path(tempfile.gettempdir()) / f"vsmhub-backstage-catalog-model-{VERSION}"


def entities(inventory: Inventory) -> list[Any]:
    return list(yaml.safe_load_all(catalog_info(ops(), inventory)))


def ops_inventory() -> Inventory:
    inventory = load_folder(ROOT / "hubs" / "ops").inventory
    assert inventory is not None
    return inventory


@cache
def validator() -> tuple[str, str]:
    """The commands to run; the test is skipped where Node or the package cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("needs node and npm")
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (CACHE / "installed").exists():
            package = f"@backstage/catalog-model@{VERSION}"
            command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(CACHE), package]
            try:
                subprocess.run(command, check=True, capture_output=True, timeout=120)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                pytest.skip(f"{package} cannot be installed: {error}")
            (CACHE / "installed").touch()
    return node, str(CACHE)


def faults(found: list[Any]) -> list[str | None]:
    node, folder = validator()
    command = [node, str(Path(__file__).with_name("backstage.cjs")), folder]
    done = subprocess.run(command, input=json.dumps(found), capture_output=True, text=True, check=True, timeout=60)
    said: list[str | None] = json.loads(done.stdout)
    return said


@pytest.mark.parametrize("inventory", [ops_inventory(), parse_inventory(INVENTORY)], ids=["ops", "example"])
def test_backstage_takes_every_entity(inventory: Inventory) -> None:
    found = entities(inventory)
    assert faults(found) == [None] * len(found)


def test_the_validator_can_refuse() -> None:
    broken = entities(parse_inventory(INVENTORY))[-1]
    del broken["spec"]["owner"]
    (said,) = faults([broken])
    assert said is not None
    assert "owner" in said


def test_every_reference_leads_to_an_entity() -> None:
    found = entities(ops_inventory())
    known = {f"{one['kind'].lower()}:{one['metadata']['name']}" for one in found}
    assert len(known) == len(found)
    for one in found:
        for ref in (*one["spec"].get("dependsOn", ()), *filter(None, [one["spec"].get("owner")])):
            assert ref in known, (one["metadata"]["name"], ref)


def test_an_entity_says_what_the_inventory_says() -> None:
    found = {one["metadata"]["name"]: one for one in entities(ops_inventory())}
    gitea = found["gitea"]
    assert (gitea["kind"], gitea["spec"]["type"], gitea["spec"]["lifecycle"]) == ("Component", "service", "live")
    assert gitea["spec"]["owner"] == f"group:{UNOWNED}"
    assert gitea["metadata"]["annotations"]["ops.coulomb.social/widget"] == "ops-service-gitea"
    assert gitea["metadata"]["links"] == [
        {"url": "https://gitea.coulomb.social/v2/", "title": "Gitea OCI registry endpoint"}
    ]
    assert "resource:cluster-coulombcore" in found["deployment-gitea-coulombcore"]["spec"]["dependsOn"]
    assert found["endpoint-inter-hub-api"]["spec"]["owner"] == "group:inter-hub"
