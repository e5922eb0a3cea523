"""Evidence that waits for the database's word."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.evidence.signals import NOW, OPS, result, signal
from vsmhub.evidence.emission import Emitter
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.observations import Observations
from vsmhub.evidence.outbox import Outbox, State
from vsmhub.fleet import held as held_module
from vsmhub.fleet.held import Held


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "outbox.sqlite3", secrets=lambda: ["hunter2-hunter2"]) as found:
        yield found


def evidence() -> tuple[Envelope, ...]:
    return Emitter(OPS, by="worker w").envelopes(result(signal(), Outcome.PASS))


def test_it_goes_when_it_is_let_go_and_not_before(outbox: Outbox) -> None:
    held, token = Held(outbox), uuid4()
    held.hold(token, evidence(), hub="ops-hub", results=[result(signal(), Outcome.PASS)])
    assert outbox.counts()[State.WAITING] == 0
    held.release(token)
    held.release(token)
    (entry,) = outbox.entries(State.WAITING)
    assert entry.envelope == evidence()[0]
    assert entry.envelope.data["actor"] == "worker w"
    assert len(Observations(outbox, OPS).attempts("s")) == 1


def test_what_the_database_did_not_take_is_dropped(outbox: Outbox) -> None:
    held, token = Held(outbox), uuid4()
    held.hold(token, evidence(), hub="ops-hub")
    held.drop(token)
    held.release(token)
    assert outbox.counts()[State.WAITING] == 0


def test_the_same_scheduled_time_may_be_looked_at_again(outbox: Outbox) -> None:
    held = Held(outbox)
    for outcome in (Outcome.FAIL, Outcome.PASS):
        held.hold(uuid4(), (), hub="ops-hub", results=[result(signal(), outcome, NOW)])
    (attempt,) = Observations(outbox, OPS).attempts("s")
    assert attempt["outcome"] == "pass"


def test_what_a_kill_leaves_is_found_by_the_next(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    killed, token = Held(outbox), uuid4()
    killed.hold(token, evidence(), hub="ops-hub")
    found = Held(outbox)
    assert found.unsure() == []  # its commit may still be under way
    monkeypatch.setattr(held_module, "UNSURE_FOR", timedelta(seconds=-1))
    assert found.unsure() == [(killed.writer, token)]
    before = killed.writer
    killed.renew()
    assert killed.writer != before
