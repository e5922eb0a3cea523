"""The gates' page says who owns each, what it asks for and who set one aside."""

from pathlib import Path

from tests.spec.gates.examples import HUB, WITH_WAVE, gates_text
from vsmhub.render.artifacts import artifacts
from vsmhub.render.gates_page import gates_page
from vsmhub.spec.folder import load_folder
from vsmhub.spec.gates.load import parse_gates
from vsmhub.spec.inventory.load import parse_inventory
from vsmhub.spec.load import parse_hub

ROOT = Path(__file__).parents[2]


def test_it_says_what_each_gate_needs() -> None:
    page = gates_page(parse_hub(HUB), parse_gates(gates_text()), parse_inventory(WITH_WAVE))
    assert "What must be proven before Move may go." in page
    assert "| [All is well](#well) | tools | blocking | 1d old | The book |" in page
    assert "| [It is nice](#nice) | tools (proposed) | advisory | 1h old | A call |" in page
    assert (
        """\
- all of:
  - The web is well: `xyz-claimed` about `xyz-service-web`, at most 1d old
  - any of:
    - Somebody says so: `xyz-claimed` about `xyz-main`, stated by a named person, at most 1d old
    - 1 of:
      - It was seen: `xyz-registered` about `xyz-main`, where `ok` is `true`, at most 1d old
"""
        in page
    )
    assert "- `well`, waived from 2026-03-01 until 2026-04-01: It can wait. Asked for by tools, approved by" in page
    assert "; the risk is `loss`." in page


def test_no_status_is_written_on_it() -> None:
    folder = load_folder(ROOT / "hubs" / "ops")
    assert folder.gates is not None
    assert folder.inventory is not None
    page = gates_page(folder.hub, folder.gates, folder.inventory)
    for gate in folder.gates.gates.values():
        assert gate.name in page
        assert gate.requirement in page
    assert "None." in page.partition("## Set aside")[2]
    assert "generated/GATES.md" in artifacts(folder.hub, sql="", inventory=folder.inventory, gates=folder.gates)
