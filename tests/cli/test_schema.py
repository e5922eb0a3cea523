"""`vsmhub schema`, as it is typed."""

from pathlib import Path

import pytest

from vsmhub.cli.app import run
from vsmhub.interhub.contracts.schemas import CONTRACTS

Captured = pytest.CaptureFixture[str]
DOCS = Path(__file__).parents[2] / "docs"


def test_the_schema_of_a_hub(capsys: Captured) -> None:
    assert run(["schema"]) == 0
    assert capsys.readouterr().out == (DOCS / "schemas/hub.v1.schema.json").read_text()


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_schema_of_a_contract(contract: str, tmp_path: Path) -> None:
    assert run(["schema", contract, "--out", str(tmp_path / "x.json")]) == 0
    assert (tmp_path / "x.json").read_text() == (DOCS / f"contracts/{contract}.schema.json").read_text()


def test_another_schema_is_wrong_usage(capsys: Captured) -> None:
    assert run(["schema", "nothing"]) == 64
    assert "there is no schema nothing" in capsys.readouterr().err
