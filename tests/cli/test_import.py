"""`vsmhub import`: a spec from a live hub whose plan is empty."""

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from tests.cli.commands import ROOT
from tests.cli.reaching import Reached, written
from tests.plan.operators import Operator, fresh_spec
from vsmhub.interhub.messages.framework import HubCreate
from vsmhub.spec.capability import LATER, capability
from vsmhub.spec.folder import load_folder
from vsmhub.spec.load import load_hub
from vsmhub.spec.model import HubSpec

pytestmark = pytest.mark.server
HUBS = sorted(path.parent for path in (ROOT / "hubs").glob("*/hub.yaml"))


def test_every_hub_of_this_repository_comes_back(reached: Reached) -> None:
    assert reached.run("apply", *HUBS, "--yes").code == 0
    for hub in HUBS:
        spec = load_hub(hub)
        name = spec.hub.slug
        done = reached.run("import", name, "--out", f"imported/{hub.name}")
        assert (done.code, done.err) == (0, ""), done.text
        assert load_hub(Path("imported") / hub.name) == load_folder(hub).declared()
        again = reached.run("import", name, "--out", f"imported/{hub.name}")
        assert again.code == 1
        assert "exists already" in again.err
    done = reached.run("plan", *(Path("imported") / hub.name for hub in HUBS))
    assert done.code == 0, done.text
    assert reached.run("check", *(Path("imported") / hub.name for hub in HUBS)).code in {0, 1}


def without_later(spec: HubSpec) -> dict[str, JsonValue]:
    """The capability as versions before this one published it."""
    return {name: told for name, told in capability(spec).items() if name not in LATER}


def test_what_an_older_vsmhub_published_is_still_as_declared(reached: Reached, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = fresh_spec()
    hub, slug = written("hub", spec), spec.hub.slug
    with monkeypatch.context() as older:
        older.setattr("vsmhub.plan.desired.capability", without_later)
        assert reached.run("apply", hub, "--yes").code == 0
    assert reached.run("plan", hub).code == 0
    assert reached.run("drift", hub).code == 0
    done = reached.run("import", slug, "--out", "imported")
    assert done.code == 0
    assert "not told: registration: taken from the hub's first event" in done.err
    assert load_hub(Path("imported")) == spec
    assert list(load_hub(Path("imported")).vocabulary.event_types) == list(spec.vocabulary.event_types)
    assert reached.run("plan", "imported").code == 0


def test_what_cannot_be_imported_is_said(reached: Reached, operator: Operator) -> None:
    spec = fresh_spec()
    slug = spec.hub.slug
    assert f"there is no hub {slug}" in reached.run("import", slug).err
    operator.operator.create_hub(HubCreate(slug=slug, name="By hand", domain="by-hand.example.org"))
    done = reached.run("import", slug)
    assert (done.code, done.out) == (1, "")
    assert "has no active manifest" in done.err
    assert reached.run("apply", written("hub", spec), "--adopt", "--yes").code == 0
    assert json.loads(reached.run("import", slug, "--json").out)["spec"]["hub"]["slug"] == slug
    # The schema is the constellation's where that is, or the one that `vsmhub update --adopt` puts beside it.
    assert reached.run("import", slug).out.startswith("# yaml-language-server: $schema=hub.schema.json\n")
    Path("docs/schemas").mkdir(parents=True)
    Path("docs/schemas/hub.v1.schema.json").touch()
    schema = "$schema=../../docs/schemas/hub.v1.schema.json\n"
    assert reached.run("import", slug).out.startswith(f"# yaml-language-server: {schema}")
