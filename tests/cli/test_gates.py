"""`vsmhub gates`: what gates come to, in every form, from a file of events and from a running Inter-Hub."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import Home
from tests.cli.reaching import reaching
from tests.cli.typed import Typed
from tests.plan.conftest import operator
from tests.plan.operators import Operator
from tests.spec.gates.examples import HUB, WITH_WAVE, gates_text
from vsmhub.evidence.claim import Claim
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.judgement import Outcome

__all__ = ["operator"]

HUB_TEXT = HUB.replace("[framework:read, ", "[framework:read, hub:xyz-hub:read, ")
SEEN = datetime(2026, 6, 14, 12, tzinfo=UTC)


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    folder = tmp_path / "hub"
    folder.mkdir()
    for name, text in {"hub": HUB_TEXT, "inventory": WITH_WAVE, "gates": gates_text()}.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def event(widget: str, event_type: str = "xyz-claimed", outcome: str = "pass", **metadata: Any) -> Envelope:
    claim = Claim(outcome=Outcome(outcome), collected_at=SEEN, by="a signal", signal="web", said="it said so")
    return Envelope.event(
        "xyz-hub", widget, event_type, source="test", metadata={**metadata, **claim.metadata()}, at=SEEN
    )


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """All that the blocking gate asks for, a failure that the other one finds, and an event of another hub."""
    found = [
        event("xyz-service-web"),
        event("xyz-main", "xyz-registered", ok=True),
        event("xyz-readiness-well", outcome="fail"),
        event("xyz-service-web", outcome="fail").model_copy(update={"hub": "abc-hub"}),
    ]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps(one.document()) for one in found) + "\n\n")
    return file


def test_the_wave_may_go_when_its_gates_let_it(typed: Typed, hub: Path, events: Path) -> None:
    done = typed.run("gates", hub, "--evidence", events, "--as-of", "2026-06-14T12:30:00Z")
    assert done.code == 0, done.text
    assert "move may go: 1 of 2 gates let it, as of 2026-06-14T12:30:00.000Z" in done.out
    assert "pass  All is well (well, tools)" in done.out
    assert "until 2026-06-15T12:00:00.000Z if nothing changes" in done.out
    assert "fail  It is nice (nice, tools, advisory)" in done.out
    assert "fail 30m ago by signal web: it said so [" in done.out


def test_what_evidence_says_moves_no_cursor_and_forges_no_line(typed: Typed, hub: Path, tmp_path: Path) -> None:
    """Whoever holds a hub's key may write evidence: a terminal shows it as text, and a page as one line of a table."""
    odd = "a\x1b[2J\x1b]0;b\x07c\u2028d\x9b1me\u202ef\n## Well | <b>"
    claim = Claim(outcome=Outcome.FAIL, collected_at=SEEN, by="a signal", signal="web", said=odd)
    one = event("xyz-readiness-well").model_copy(update={"data": {"metadata": claim.metadata()}})
    file = tmp_path / "odd.jsonl"
    file.write_text(json.dumps(one.document(), ensure_ascii=False) + "\n", encoding="utf-8")
    asked = ("gates", hub, "--evidence", file, "--as-of", "2026-06-14T12:30:00Z", "--every")
    done = typed.run(*asked)
    assert "web: a [2J ]0;b c\u2028d 1me f ## Well | <b> [" in done.out, done.text
    plain = typed.run(*asked, "--json").out
    assert any(odd in one["reason"] for one in json.loads(plain)["gates"])
    assert "\\u009b1me\\u202e" in plain
    page = typed.run(*asked, "--format", "markdown").out
    assert "f ## Well \\| &lt;b>" in page
    assert "\n## Well" not in page


def test_later_the_same_evidence_is_stale(typed: Typed, hub: Path, events: Path) -> None:
    done = typed.run("gates", hub, "--evidence", events, "--as-of", "2026-06-16", "--json")
    assert done.code == 2
    facts = json.loads(done.out)
    assert [(one["gate"], one["status"], one["letsGo"]) for one in facts["gates"]] == [
        ("well", "stale", False),
        ("nice", "stale", False),
    ]
    (wave,) = facts["waves"]
    assert (wave["go"], wave["blockers"]) == (False, ["well"])
    ids = [json.loads(line)["id"] for line in events.read_text().splitlines() if line]
    assert facts["gates"][0]["evidenceIds"] == ids[:2]


def test_without_evidence_nothing_passes(typed: Typed, hub: Path, tmp_path: Path) -> None:
    (tmp_path / "none").write_text("")
    done = typed.run("gates", hub, "--evidence", tmp_path / "none", "--wave", "move", "--every")
    assert done.code == 2
    assert "unknown  All is well" in done.out
    assert "no evidence: xyz-claimed about xyz-service-web" in done.out
    assert "why: Otherwise it is not" in done.out
    assert "Make it well" in done.out


def test_a_waived_gate_shows_both(typed: Typed, hub: Path, events: Path) -> None:
    done = typed.run("gates", hub, "--evidence", events, "--as-of", "2026-03-02")
    assert done.code == 0
    assert "waived (unknown)  All is well" in done.out
    assert "until 2026-04-01: It can wait; asked by tools, approved by somebody else" in done.out


def test_as_a_page(typed: Typed, hub: Path, events: Path) -> None:
    done = typed.run("gates", hub, "--evidence", events, "--as-of", "2026-06-14T12:30:00Z", "--format", "markdown")
    assert done.out.startswith("# Gates of xyz-hub\n\nAs of 2026-06-14T12:30:00.000Z.\n\n**move may go.**\n")
    assert "| It is nice | fail | tools | fail 30m ago by signal web: it said so | `" in done.out
    assert "## It is nice" in done.out


MISTAKES = [
    (("--as-of", "soon"), 64, "soon is no time"),
    (("--as-of", "0001-01-01T00:00:00+14:00"), 64, "is no time"),
    (("--wave", "mov"), 64, "did you mean `move`?"),
    (("--evidence", "EVENTS", "--target", "t"), 64, "give one of them"),
    (("--evidence", "EVENTS", "--emit"), 64, "--emit tells what is so now"),
    (("--evidence", "nothing"), 64, "No such file"),
    (("--evidence", "hub/hub.yaml"), 1, "hub/hub.yaml:1: this is no event"),
    (("--base", "http://127.0.0.1:9"), 1, "127.0.0.1:9"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), MISTAKES, ids=lambda value: str(value)[:40])
def test_mistakes_end_as_one_message(
    typed: Typed, hub: Path, events: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    typed.set(IHUB_OPERATOR_KEY="ihk_" + "0" * 40)
    done = typed.run("gates", hub, *[str(events) if one == "EVENTS" else one for one in arguments])
    assert done.code == code, done.text
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_file_of_events_that_is_no_text(typed: Typed, hub: Path, tmp_path: Path) -> None:
    (tmp_path / "events").write_bytes(b"\xff\n")
    for file in (tmp_path / "events", tmp_path / "none"):
        done = typed.run("gates", hub, "--evidence", file)
        assert (done.code, done.out) == (64, "")
        assert f"{file} cannot be read: " in done.err


def test_a_hub_without_gates_says_so(typed: Typed, hub: Path) -> None:
    (hub / "gates.yaml").unlink()
    done = typed.run("gates", hub)
    assert (done.code, "xyz-hub has no gates" in done.err) == (1, True)


@pytest.fixture
def applied(operator: Operator, tmp_path: Path, hub: Path) -> Iterator[Home]:
    """A home whose target is a running Inter-Hub that has the hub, with no decision in force."""
    with reaching(operator, tmp_path) as (home, _):
        before = home.run("gates", hub)
        assert (before.code, "there is no evidence yet" in before.err) == (2, True)
        done = home.run("apply", hub, "--yes")
        assert done.code == 0, done.text
        yield home


@pytest.mark.server
def test_gates_turn_with_what_arrives_at_inter_hub(applied: Home, operator: Operator, hub: Path) -> None:
    assert applied.run("gates", hub).code == 2
    for widget, more in {"xyz-service-web": (), "xyz-main": ("-m", "ok:=true")}.items():
        kind = "xyz-registered" if more else "xyz-claimed"
        done = applied.run("emit", hub, kind, widget, "--outcome", "pass", *more)
        assert done.code == 0, done.text
    told = applied.run("gates", hub, "--emit", "--json")
    assert told.code == 0, told.text
    assert "3 delivered, 0 refused, 0 waiting" in told.err
    ids = json.loads(told.out)["gates"][0]["evidenceIds"]
    live = {str(one.id): one for one in operator.operator.events()}
    assert {live[one].event_type for one in ids} == {"xyz-claimed", "xyz-registered"}
    updated = [one for one in live.values() if one.event_type == "xyz-readiness-gate-updated"]
    assert sorted(str(one.metadata["shown"]) for one in updated) == ["pass", "unknown"]
    assert [one.event_type for one in live.values() if "migration" in one.event_type] == ["xyz-migration-gate-passed"]
    # What proves nothing changes nothing.
    assert applied.run("emit", hub, "xyz-claimed", "xyz-service-web", "-m", "note=seen").code == 0
    again = applied.run("gates", hub, "--emit")
    assert again.code == 0
    assert "nothing changed since it was told last" in again.err
    assert applied.run("emit", hub, "xyz-claimed", "xyz-service-web", "--outcome", "fail").code == 0
    failed = applied.run("gates", hub, "--emit")
    assert (failed.code, "2 delivered" in failed.err) == (2, True)
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    stale = applied.run("gates", hub, "--as-of", later, "--json")
    assert [one["status"] for one in json.loads(stale.out)["gates"]] == ["stale", "unknown"]
    # Who holds the hub's key alone sees the same.
    on_duty = Home(applied.folder, {})
    asked = ("gates", hub, "--as-of", later, "--json")
    assert on_duty.run(*asked) == stale
    # A key that may not read would see no evidence where there is some.
    (hub / "hub.yaml").write_text(HUB_TEXT.replace("hub:xyz-hub:read, ", ""))
    refused = on_duty.run(*asked)
    assert (refused.code, "there is no operator's key" in refused.err) == (1, True)
