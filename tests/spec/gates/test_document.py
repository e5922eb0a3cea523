"""The schema of gates refuses what the model refuses; the gates of ops-hub are the eight that its workplan names."""

from pathlib import Path

import pytest

from tests.spec.gates.examples import gates_text
from tests.spec.schemas import fits_schema
from vsmhub.spec.folder import load_folder
from vsmhub.spec.gates.load import GATES
from vsmhub.spec.reader import parse_document

ROOT = Path(__file__).parents[3]


WRONG = [
    ("at_least: 1", "at_least: 0"),
    ("waves: [move]", "waves: []"),
    ("all_of:", "all_off:"),
    ("    risk: loss\n", ""),
    ("max_age: 1d", "max_age: 1y"),
]


@pytest.mark.parametrize(("old", "new"), WRONG)
def test_it_refuses_what_the_model_refuses(old: str, new: str) -> None:
    assert fits_schema(parse_document(Path("x"), gates_text()).data, GATES)
    assert not fits_schema(parse_document(Path("x"), gates_text((old, new))).data, GATES)


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
