"""`vsmhub catalog`: questions in every form, with and without evidence, and gaps told to a running Inter-Hub."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli import reaching
from tests.cli.commands import Home
from tests.cli.typed import Typed
from tests.evidence.world import HUB_TEXT, MORE
from tests.plan.conftest import operator
from tests.plan.operators import Operator
from tests.spec.gates.examples import WITH_WAVE

__all__ = ["operator"]

NOWHERE = ("--base", "http://127.0.0.1:9")


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    folder = tmp_path / "hub"
    folder.mkdir()
    (folder / "hub.yaml").write_text(HUB_TEXT.replace("[framework:read, ", "[framework:read, hub:xyz-hub:read, "))
    (folder / "inventory.yaml").write_text(WITH_WAVE + MORE)
    return folder


QUESTIONS = [
    ((), "web      unknown    tools    prod         host/one"),
    (("on", "one"), "deployment/web-prod  Web in production  web      live   host/one"),
    (("where", "web"), "192.0.2.1, 2001:db8::1"),
    (("where",), "service/store"),
    (("owner", "web"), "service/web  tools  book    2026-01-02"),
    (("reach", "web"), "https://web.example.org/"),
    (("depends", "one"), "migration-wave/move  Move               3"),
    (("about", "host", "one"), "nothing called host one"),
    (
        ("about", "host/one"),
        "host/one  os            Debian                     Said by the caller  call    2026-02-03",
    ),
    (("gaps",), "service/web    no backup          datastore/data  nobody has recorded it"),
    (("gaps", "store"), "service/store  no owner"),
]


@pytest.mark.parametrize(("question", "said"), QUESTIONS, ids=lambda value: str(value)[:30])
def test_questions_are_answered_without_inter_hub(
    typed: Typed, hub: Path, question: tuple[str, ...], said: str
) -> None:
    done = typed.run("catalog", hub, *question, "--offline")
    assert " ".join(said.split()) in " ".join(done.text.split()), done.text


def test_the_same_facts_in_every_form(typed: Typed, hub: Path) -> None:
    asked = ("catalog", hub, "owner", "--format")
    facts = json.loads(typed.run(*asked, "json").out)
    assert facts["rows"][1]["owner"] == {"unknown": "nobody has recorded it"}
    assert facts == json.loads(typed.run("catalog", hub, "owner", "--json").out)
    table = list(csv.DictReader(io.StringIO(typed.run(*asked, "csv").out)))
    assert [(row["entry"], row["owner"]) for row in table] == [("service/web", "tools"), ("service/store", "unknown")]
    page = typed.run(*asked, "markdown").out
    assert "| service/web | tools | - | book | 2026-01-02 |" in page


def test_a_terminal_that_is_too_narrow_gets_blocks(typed: Typed, hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    typed.set(NO_COLOR="1", COLUMNS="200")
    assert "SERVICE  WHY" in typed.run("catalog", hub, "--offline").out
    typed.set(COLUMNS="60")
    done = typed.run("catalog", hub, "--offline")
    assert "\nweb\n  why          unknown\n" in done.out
    assert "  reached at   https://web.example.org/\n" in done.out


MISTAKES = [
    (("wher", "web"), 64, "did you mean `where`?"),
    (("web",), 64, "on, where, owner, reach, depends, about, proof, gaps; such as about web"),
    (("on",), 64, "on needs a name"),
    (("on", "web"), 1, "nothing runs on service/web, endpoint/web: that is no environment, host or cluster"),
    (("where", "stor"), 1, "did you mean `store`?"),
    (("proof", "--offline"), 64, "--offline reads no evidence"),
    (("owner", "--emit"), 64, "go with gaps"),
    (("gaps", "--emit", "--offline"), 64, "go with gaps"),
    (("proof", *NOWHERE), 1, "127.0.0.1:9"),
]


@pytest.mark.parametrize(("question", "code", "said"), MISTAKES, ids=lambda value: str(value)[:40])
def test_mistakes_end_as_one_message(typed: Typed, hub: Path, question: tuple[str, ...], code: int, said: str) -> None:
    typed.set(IHUB_OPERATOR_KEY="ihk_" + "0" * 40)
    done = typed.run("catalog", hub, *question)
    assert done.code == code, done.text
    assert said in done.err
    assert "Traceback" not in done.err


def test_the_list_of_services_does_without_an_inter_hub_that_is_down(typed: Typed, hub: Path) -> None:
    typed.set(IHUB_OPERATOR_KEY="ihk_" + "0" * 40)
    done = typed.run("catalog", hub, *NOWHERE)
    assert done.code == 0
    assert "evidence could not be read" in done.err
    assert "host/one" in done.out


def test_a_hub_without_an_inventory_says_so(typed: Typed, hub: Path) -> None:
    (hub / "inventory.yaml").unlink()
    done = typed.run("catalog", hub, "--offline")
    assert (done.code, "xyz-hub has no inventory" in done.err) == (1, True)


@pytest.fixture
def applied(operator: Operator, tmp_path: Path, hub: Path) -> Iterator[Home]:
    with reaching.applied(operator, tmp_path, hub) as (home, _):
        yield home


@pytest.mark.server
def test_proof_comes_from_inter_hub_and_gaps_go_there(applied: Home, operator: Operator, hub: Path) -> None:
    emitted = applied.run("emit", hub, "xyz-backup-verified", "xyz-backup-data", "--outcome", "pass")
    assert emitted.code == 0, emitted.text
    proof = json.loads(applied.run("catalog", hub, "proof", "web", "--json").out)
    backup = next(row for row in proof["rows"] if row["about"] == "backup/data")
    live = {str(one.id) for one in operator.operator.events(event_type="xyz-backup-verified")}
    assert (backup["status"], {backup["id"]}) == ("pass", live)
    gaps = json.loads(applied.run("catalog", hub, "gaps", "web", "--json").out)
    assert [row["gap"] for row in gaps["rows"]] == ["no endpoint check", "no restore test"]
    told = applied.run("catalog", hub, "gaps", "--annotate")
    assert "0 refused, 0 waiting" in told.err
    before = [one.body for one in operator.operator.annotations()]
    assert "Data: no restore test. nobody has recorded it" in before
    assert applied.run("catalog", hub, "gaps", "--annotate").code == 0
    assert [one.body for one in operator.operator.annotations()] == before
