"""The commands in the documents, as they stand there, against an Inter-Hub that `vsmhub serve` serves."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.commands import Home
from tests.docs.documents import REPOSITORY, Block, blocks, needs, programs, run
from vsmhub.spec.load import load_hub

pytestmark = [pytest.mark.server, needs("bash", "curl", "jq")]
SLUGS = ("syn-hub", "ctl-hub", "aud-hub", "int-hub", "pol-hub", "env-hub")


@dataclass(frozen=True)
class Served:
    """An Inter-Hub as `vsmhub serve` announces it."""

    base: str
    operator_key: Path
    environment: dict[str, str]


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    home = Home(folder, {})
    process = home.start("serve", "--port", "0")
    try:
        said = ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if "operator's key" in line:
                break
        base = re.search(r"serves at (http://\S+)", said)
        key = re.search(r"operator's key +file (\S+)", said)
        assert base is not None, said
        assert key is not None, said
        path = f"{programs(folder / 'bin')}:/usr/bin:/bin"
        yield Served(base[1], Path(key[1]), {**home.environment, "PATH": path})
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_the_quickstart(served: Served, tmp_path: Path) -> None:
    outputs = run(
        blocks(REPOSITORY / "docs/quickstart-new-hub.md"),
        tmp_path,
        {**served.environment, "IHUB_BASE": served.base, "OPERATOR_KEY_FILE": str(served.operator_key)},
    )
    assert any("xyz-hub is in Inter-Hub" in output or "is as declared" in output for output in outputs)


def operator_key(served: Served) -> str:
    done = subprocess.run(["jq", "-r", ".secret", served.operator_key], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.timeout(600)
def test_the_recipe_for_each_of_the_six_hubs(served: Served, tmp_path: Path) -> None:
    for slug in SLUGS:
        outputs = run(
            blocks(REPOSITORY / "docs/bootstrap-recipe.md"),
            tmp_path,
            {**served.environment, "IHUB_BASE": served.base, "IHUB_OPERATOR_KEY": operator_key(served), "SLUG": slug},
        )
        prefix = slug.removesuffix("-hub")
        assert re.search(rf"^[0-9a-f-]{{36}} {prefix}-register-opened ", outputs[-1], re.MULTILINE), outputs[-1]


def test_the_checks_of_a_runbook(served: Served, tmp_path: Path) -> None:
    """Nobody can click through the pages here, so the hub is made by `apply`, and looked at as the runbook says."""
    environ = {**served.environment, "IHUB_BASE": served.base, "IHUB_OPERATOR_KEY": operator_key(served)}
    hub = REPOSITORY / "hubs" / "ops"
    run([Block(f"vsmhub apply {hub} --yes", None)], tmp_path, environ)
    (kept,) = served.operator_key.parent.parent.glob("*/ops-hub.json")
    key = json.loads(kept.read_text())["secret"]
    seeds = [item["slug"] for item in json.loads((hub / "generated/widgets.seed.json").read_text())["items"]]
    setup, names, token, widgets, event, plan = blocks(hub / "generated/RUNBOOK.md")
    outputs = run([setup, token, names, widgets, event, plan], hub, environ, typed=f"{key}\n")
    assert outputs[1] == '"ops-hub"\n'
    declared = [str(len(terms)) for _, terms in load_hub(hub).vocabulary]
    assert outputs[2].split() == re.findall(r"# (\d+)$", names.commands, re.MULTILINE) == declared
    assert outputs[3].split("\n")[:-1] == [f"ok {slug}" for slug in seeds]
    assert json.loads(outputs[4])["eventType"] == "ops-inventory-registered"
    assert key not in "".join(outputs)


def test_the_recipe_names_all_six() -> None:
    text = (REPOSITORY / "docs/bootstrap-recipe.md").read_text()
    assert re.findall(r"^\| `(\w+-hub)` \|", text, re.MULTILINE) == list(SLUGS)
