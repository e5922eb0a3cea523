"""The seven hubs of this repository: each is valid, they agree with each other, and the public validator agrees."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vsmhub.render.renewal import renewal
from vsmhub.spec.load import load_hub, read_hub
from vsmhub.spec.model import HubSpec, Term, VsmFunction
from vsmhub.vocabulary.ownership import Owners
from vsmhub.vocabulary.rules import ALGEDONIC, vocabulary_findings

ROOT = Path(__file__).parent.parent.parent
FOLDERS = sorted(path.parent for path in (ROOT / "hubs").glob("*/hub.yaml"))
NAMES = [folder.name for folder in FOLDERS]
SPECS = {f"{folder.name}-hub": load_hub(folder) for folder in FOLDERS}
# The operator's vocabulary stays as the workplan lists it.
MADE_HERE = [name for name in NAMES if name != "ops"]


def test_there_is_one_for_each_function() -> None:
    assert sorted(spec.vsm.vsm_function for spec in SPECS.values()) == sorted(VsmFunction)
    assert list(SPECS) == [spec.hub.slug for spec in SPECS.values()]


@pytest.mark.parametrize("name", NAMES)
def test_its_names_keep_the_rules(name: str) -> None:
    document = read_hub(ROOT / "hubs" / name).document
    assert document is not None
    assert vocabulary_findings(document.data) == ()


def test_no_name_has_two_owners() -> None:
    owners = Owners()
    assert [complaint for folder in FOLDERS for complaint in owners.claimed_by(read_hub(folder))] == []


@pytest.mark.parametrize("name", NAMES)
def test_its_scaffold_is_the_newest(name: str) -> None:
    """As `vsmhub update` sees it; run that when a template has changed."""
    now = renewal(ROOT / "hubs" / name)
    assert [str(path) for path in now.changes] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_it_leaves_to_others_has_an_owner_among_them(name: str) -> None:
    owners = {one.owner for one in load_hub(ROOT / "hubs" / name).scope.excludes if one.owner}
    assert owners == set(SPECS) - {f"{name}-hub"}


@pytest.mark.parametrize("name", MADE_HERE)
def test_each_event_is_heard_by_somebody(name: str) -> None:
    """An event that no channel carries changes nothing (rule V21); the top has nobody above it."""
    spec = load_hub(ROOT / "hubs" / name)
    carried = {event for channel in spec.channels for event in channel.carries}
    silent = set(spec.vocabulary.event_types) - carried
    assert silent == ({"pol-algedonic-raised"} if name == "pol" else set())


def ends(kind: str) -> set[tuple[str, str]]:
    return {(slug, one.to) for slug, spec in SPECS.items() for one in spec.channels if one.kind == kind}


def both_ways(one: str, other: str) -> set[tuple[str, str]]:
    return {(f"{one}-hub", f"{other}-hub"), (f"{other}-hub", f"{one}-hub")}


EXPECTED = {
    "command": both_ways("ctl", "ops"),
    "resource-bargain": both_ways("ctl", "ops"),
    "coordination": both_ways("syn", "ops") | both_ways("syn", "ctl"),
    "audit": both_ways("aud", "ops") | both_ways("aud", "ctl"),
    "homeostat": both_ways("ctl", "int") | both_ways("ctl", "pol") | both_ways("int", "pol"),
    "environmental": both_ways("env", "ops") | both_ways("env", "int"),
    "algedonic": {end for name in NAMES if name != "pol" for end in both_ways(name, "pol")},
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_channels_run_both_ways(kind: str) -> None:
    assert ends(kind) == EXPECTED[kind]


def test_alarms_go_to_policy_alone() -> None:
    for name in MADE_HERE:
        spec = SPECS[f"{name}-hub"]
        alarm = f"{name}-{ALGEDONIC}"
        assert alarm in spec.vocabulary.event_types
        assert {one.to for one in spec.channels if alarm in one.carries} == (set() if name == "pol" else {"pol-hub"})


# Verbs of authority, which coordination does not have (rule V4).
AUTHORITY = {
    "command",
    "allocate",
    "allocated",
    "decide",
    "decided",
    "order",
    "ordered",
    "approve",
    "approved",
    "issued",
}


def test_coordination_orders_nobody() -> None:
    for event in SPECS["syn-hub"].vocabulary.event_types:
        assert not AUTHORITY & set(event.split("-"))


def test_audit_is_nobody_elses() -> None:
    consumers = [(spec.consumer.name, spec.consumer.key.name) for spec in SPECS.values()]
    assert len({name for name, _ in consumers}) == len({key for _, key in consumers}) == len(SPECS)


def test_descriptions_differ() -> None:
    """A description that fits two names says too little about either."""
    told = [term.description for spec in SPECS.values() for term in _terms(spec)]
    assert len(told) == len(set(told))


def _terms(spec: HubSpec) -> list[Term]:
    vocabulary = spec.vocabulary
    return [
        *vocabulary.widget_types.values(),
        *vocabulary.event_types.values(),
        *vocabulary.annotation_categories.values(),
        *vocabulary.policy_scopes.values(),
    ]


def test_the_public_validator_finds_nothing() -> None:
    command = Path(sys.executable).parent / "check-jsonschema"
    schema = ROOT / "docs" / "schemas" / "hub.v1.schema.json"
    files = [folder / "hub.yaml" for folder in FOLDERS]
    result = subprocess.run(
        [command, "--schemafile", schema, "--output-format", "json", *files],
        capture_output=True,
        check=False,
        text=True,
    )
    assert json.loads(result.stdout)["status"] == "ok", result.stdout
