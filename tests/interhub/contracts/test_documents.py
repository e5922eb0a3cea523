"""The contracts' documents show what their schemas allow, and leave no member out."""

import json
import re
from pathlib import Path

import pytest

from vsmhub.interhub.contracts.schemas import CONTRACTS
from vsmhub.interhub.contracts.validation import faults

DOCUMENTS = Path(__file__).parents[3] / "docs" / "contracts"
EXAMPLE = re.compile(r"<!-- contract: (\S+) -->\n```json\n(.*?)```", re.DOTALL)
DESCRIBED_IN = {
    "hub-capability-manifest-v1": "hub-capability-manifest-v1.md",
    "widget-seeds-v1": "hub-capability-manifest-v1.md",
    "interaction-event-v1": "interaction-reporting-v1.md",
    "annotation-v1": "interaction-reporting-v1.md",
}


def examples() -> list[tuple[str, str]]:
    return [found for path in sorted(DOCUMENTS.glob("*.md")) for found in EXAMPLE.findall(path.read_text())]


def test_every_contract_has_an_example() -> None:
    assert sorted(contract for contract, _ in examples()) == sorted(CONTRACTS)


@pytest.mark.parametrize(("contract", "example"), examples())
def test_examples_fulfil_their_contract(contract: str, example: str) -> None:
    assert faults(contract, json.loads(example)) == ()


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_member_is_described(contract: str) -> None:
    text = (DOCUMENTS / DESCRIBED_IN[contract]).read_text()
    for member in CONTRACTS[contract]()["properties"]:
        assert f"`{member}`" in text, member


@pytest.mark.parametrize("document", sorted(path.name for path in DOCUMENTS.glob("*.md")))
def test_links_lead_somewhere(document: str) -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", (DOCUMENTS / document).read_text()):
        assert (DOCUMENTS / link).exists(), link
