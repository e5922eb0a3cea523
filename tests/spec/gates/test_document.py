"""The published schema of gates is current, and the gates of ops-hub are the eight that its workplan names."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.spec.gates.examples import gates_text
from vsmhub.spec.folder import load_folder
from vsmhub.spec.gates.load import GATES
from vsmhub.spec.reader import parse_document, read_document
from vsmhub.spec.schema import schema, schema_file, schema_text, validate_by_schema

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "docs" / "schemas" / schema_file(GATES)


def test_the_published_file_is_current() -> None:
    assert SCHEMA.read_text() == schema_text(GATES), f"run `vsmhub schema gates --out {SCHEMA}`"


def test_it_is_a_schema_that_says_what_everything_is() -> None:
    made = schema(GATES)
    Draft202012Validator.check_schema(made)
    for name, part in {"": made, **made["$defs"]}.items():
        for key, value in part.get("properties", {}).items():
            assert "description" in value, f"{name}.{key}"


WRONG = [
    ("at_least: 1", "at_least: 0"),
    ("waves: [move]", "waves: []"),
    ("all_of:", "all_off:"),
    ("    risk: loss\n", ""),
    ("max_age: 1d", "max_age: 1y"),
]


@pytest.mark.parametrize(("old", "new"), WRONG)
def test_it_refuses_what_the_model_refuses(old: str, new: str) -> None:
    assert validate_by_schema(parse_document(Path("x"), gates_text()).data, GATES) == ()
    assert validate_by_schema(parse_document(Path("x"), gates_text((old, new))).data, GATES)


@pytest.mark.parametrize("file", sorted((ROOT / "hubs").glob("*/gates.yaml")), ids=lambda file: file.parent.name)
def test_every_file_of_gates_in_the_repository_fits_and_points_editors_at_it(file: Path) -> None:
    assert validate_by_schema(read_document(file).data, GATES) == ()
    pointer = file.read_text().splitlines()[0].partition("$schema=")[2]
    assert (file.parent / pointer).resolve() == SCHEMA


def test_ops_has_the_eight_gates_of_its_workplan() -> None:
    gates = load_folder(ROOT / "hubs" / "ops").gates
    assert gates is not None
    assert list(gates.gates) == [
        "dns-and-tls",
        "service-catalog",
        "git-and-registry",
        "backup-and-restore",
        "secrets",
        "cluster-and-platform",
        "rollback",
        "runbooks",
    ]
    for gate in gates.gates.values():
        assert (gate.source, gate.enforcement, gate.owner_is) == ("t08", "blocking", "proposed")
        assert gate.waves == ("coulombcore-to-threephoenix",)
    assert gates.gates["git-and-registry"].widget == "ops-readiness-gitea-registry"
    assert not gates.waivers + gates.not_applicable
