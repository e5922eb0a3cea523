"""Hubs of any size for measuring: ops-hub's own spec with as many seed widgets as asked for."""

import shutil
from pathlib import Path

from ruamel.yaml import YAML

from benchmarks.programs import ROOT

OPS = ROOT / "hubs" / "ops" / "hub.yaml"
SYN = ROOT / "hubs" / "syn" / "hub.yaml"


def write_hub(folder: Path, *, widgets: int) -> Path:
    """A hub with `widgets` seed widgets in `folder`, ops-hub's own among them; its path."""
    yaml = YAML()
    spec = yaml.load(OPS.read_text())
    spec["widgets"] += [
        {
            "slug": f"ops-bench-{number:05}",
            "name": f"Widget {number}",
            "type": "ops-service",
            "policy_scope": "ops-local",
            "view_context": f"bench/{number}",
            "metadata": {"number": number},
        }
        for number in range(widgets - len(spec["widgets"]))
    ]
    folder.mkdir(parents=True, exist_ok=True)
    yaml.dump(spec, folder / "hub.yaml")
    return folder


def write_hubs(folder: Path, *, count: int) -> Path:
    """As many hubs of the size of syn-hub, each with names of its own, in place of what was in `folder`; its path."""
    shutil.rmtree(folder, ignore_errors=True)
    text = SYN.read_text()
    for number in range(count):
        hub = folder / f"h{number}"
        hub.mkdir(parents=True)
        named = text.replace("syn-", f"h{number}-").replace("prefix: syn", f"prefix: h{number}")
        (hub / "hub.yaml").write_text(named)
    return folder


def write_terraform(folder: Path, *, resources: int) -> Path:
    """As many `terraform_data`, each declared by itself as a widget is; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks = (
        f'resource "terraform_data" "bench_{number:05}" {{\n'
        f'  input = {{ name = "Widget {number}", type = "ops-service", scope = "ops-local", number = {number} }}\n}}\n'
        for number in range(resources)
    )
    (folder / "main.tf").write_text("\n".join(blocks))
    return folder
