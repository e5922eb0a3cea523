"""Signals observed, written, and turned into evidence: with targets and looks that do what they are told."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid5

import pytest

from tests.evidence.signals import NOW, OPS, context, result, signal
from tests.evidence.speaking import answering, free_port, http
from vsmhub.evidence.attempts import Prepared
from vsmhub.evidence.claim import Claim
from vsmhub.evidence.emission import Emitter
from vsmhub.evidence.envelope import NAMESPACE, Envelope, identity
from vsmhub.evidence.errors import EvidenceError
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.lanes import Lanes
from vsmhub.evidence.observations import Observations, Recorded
from vsmhub.evidence.observer import Observer
from vsmhub.evidence.outbox import Outbox, State
from vsmhub.evidence.probes.kinds import observe
from vsmhub.evidence.probes.observation import Observation, Reason
from vsmhub.evidence.probes.probe import Context
from vsmhub.evidence.settling import Standing
from vsmhub.spec.signals import Signal


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "outbox.sqlite3", secrets=lambda: ["hunter2-hunter2"]) as found:
        yield found


def claim(envelope: Envelope) -> Claim:
    metadata = envelope.data["metadata"]
    assert isinstance(metadata, dict)
    found = Claim.read(metadata)
    assert found is not None
    return found


def test_the_first_signal_becomes_the_event_of_the_workplan() -> None:
    from vsmhub.spec.signals_file import load_signals

    first = load_signals(Path(__file__).parents[2] / "hubs" / "ops").signals[0]
    facts: dict[str, Any] = {"status": 401, "header": {"docker-distribution-api-version": "registry/2.0"}}
    (made,) = Emitter(OPS).envelopes(result(first, Outcome.PASS, **facts))
    assert (made.type, made.subject) == ("ops-endpoint-verified", "ops-readiness-gitea-registry")
    assert made.data["viewContext"] == "railiance-apps/workplans/RAIL-AP-WP-0001"
    metadata = made.data["metadata"]
    assert isinstance(metadata, dict)
    assert (
        metadata.items()
        >= {
            "vsmFunction": "OPS",
            "vsmSystem": "S1",
            "endpoint": "https://gitea.coulomb.social/v2/",
            "expectedStatus": 401,
            "observedHeader": "Docker-Distribution-Api-Version: registry/2.0",
            "observedStatus": 401,
        }.items()
    )
    assert claim(made).outcome is Outcome.PASS
    assert claim(made).expires_at == NOW + timedelta(hours=1)
    assert claim(made).signal == first.name


def test_an_envelope_is_known_by_what_uuid5_makes_of_its_name() -> None:
    assert identity("urn:vsmhub:ä", "2026 ü") == uuid5(NAMESPACE, "urn:vsmhub:ä\n2026 ü")


PLACES = [
    ("plain", "plain"),
    ("{status}", 401),
    ("is {status}!", "is 401!"),
    ("{{status}}", "{status}"),
    ("{header['Server']}", "nginx"),
    ("{header['Missing']}", None),
    ("a {header['Missing']} b", None),
    ("{latency}", "250ms"),
    ("took {latency}", "took 250ms"),
    ("{certificate.names}", ["a", "b"]),
    ("{certificate.trusted}", True),
    ("{json.$.x}", {"y": [1]}),
    (["{status}", {"deep": "{status}"}], [401, {"deep": 401}]),
    ("{body}", "x" * 1000),
]


@pytest.mark.parametrize(("written", "becomes"), PLACES, ids=[str(one) for one, _ in PLACES])
def test_what_was_observed_is_filled_in(written: Any, becomes: Any) -> None:
    facts: dict[str, Any] = {
        "status": 401,
        "header": {"server": "nginx"},
        "latency": 0.25,
        "certificate.names": ("a", "b"),
        "certificate.trusted": True,
        "json": {"x": {"y": [1]}},
        "body": "x" * 5000,
    }
    one = signal(emission={"metadata": {"it": written}})
    (made,) = Emitter(OPS).envelopes(result(one, Outcome.PASS, **facts))
    metadata = made.data["metadata"]
    assert isinstance(metadata, dict)
    assert metadata["it"] == becomes


def test_evidence_waits_with_its_observation_and_its_standing(outbox: Outbox) -> None:
    observations = Observations(outbox, OPS)
    (recorded,) = observations.record([result(signal(), Outcome.FAIL, status=200)])
    assert recorded.standing == Standing(Outcome.FAIL)
    (entry,) = outbox.entries(State.WAITING)
    assert entry.envelope == recorded.evidence[0]
    assert (claim(entry.envelope).outcome, claim(entry.envelope).reason) == (Outcome.FAIL, Reason.STATUS)
    assert claim(entry.envelope).said == "so it is"
    (attempt,) = observations.attempts("s")
    assert (attempt["outcome"], attempt["facts"]) == ("fail", {"status": 200})
    assert observations.standings() == {"s": Standing(Outcome.FAIL)}


def test_a_scheduled_time_is_observed_once(outbox: Outbox) -> None:
    observations = Observations(outbox, OPS)
    assert len(observations.record([result(signal(), Outcome.PASS), result(signal(), Outcome.FAIL)])) == 1
    assert observations.record([result(signal(), Outcome.FAIL)]) == []
    assert outbox.counts()[State.WAITING] == 1
    assert observations.standings() == {"s": Standing(Outcome.PASS)}


def test_what_flaps_is_kept_but_is_no_evidence(outbox: Outbox) -> None:
    observations = Observations(outbox, OPS)
    one = signal(fail_after=2)
    verdicts = [Outcome.PASS, Outcome.FAIL, Outcome.PASS, Outcome.ERROR, Outcome.FAIL, Outcome.FAIL]
    for number, outcome in enumerate(verdicts):
        observations.record([result(one, outcome, NOW + timedelta(minutes=number))])
    emitted = [claim(entry.envelope).outcome.value for entry in outbox.entries()]
    assert emitted == ["pass", "pass", "error", "fail"]
    assert [one["outcome"] for one in reversed(observations.attempts("s"))] == [one.value for one in verdicts]
    assert observations.forget(older_than=timedelta(days=1)) == 0
    assert observations.forget(older_than=timedelta(days=-36500)) == 6


def test_secrets_are_in_neither(outbox: Outbox) -> None:
    observations = Observations(outbox, OPS)
    one = signal(emission={"metadata": {"cookie": "{header['Set-Cookie']}", "server": "{header['Server']}"}})
    header = {"set-cookie": "session=abc", "server": "hunter2-hunter2"}
    observations.record([result(one, Outcome.PASS, header=header)])
    outbox.close()
    for file in outbox.path.parent.iterdir():
        assert b"hunter2" not in file.read_bytes()
        assert b"session=abc" not in file.read_bytes()


def run(signals: list[Signal], outbox: Outbox, look: Any = observe, lanes: Lanes | None = None) -> list[Recorded]:
    told: list[Recorded] = []
    prepared = [Prepared(one, context()) for one in signals]
    observer = Observer(prepared, Observations(outbox, OPS), look, lanes=lanes, told=told.append)
    asyncio.run(observer.once())
    return told


def test_signals_are_observed_and_written(outbox: Outbox) -> None:
    with answering(http(401)) as server:
        told = run([signal("well", url=server.url()), signal("bad", url=f"http://127.0.0.1:{free_port()}/")], outbox)
    outcomes = {one.result.signal.name: one.result.judgement.outcome for one in told}
    assert outcomes == {"well": Outcome.PASS, "bad": Outcome.FAIL}
    assert outbox.counts()[State.WAITING] == 2


def test_a_failure_is_looked_at_again_and_every_attempt_is_kept(outbox: Outbox) -> None:
    with answering(http(500), http(401)) as server:
        (told,) = run([signal(url=server.url(), retries=2)], outbox)
    assert [one.judgement.outcome for one in told.result.attempts] == [Outcome.FAIL, Outcome.PASS]
    assert told.result.judgement.outcome is Outcome.PASS
    assert len(Observations(outbox, OPS).attempts("s")) == 2


class Slow:
    """Looks that are done at once, but for those at /slow, which take until it is `over`."""

    def __init__(self, over: Callable[["Slow"], bool]) -> None:
        self.seen: list[str] = []
        self._over = over
        self._more = asyncio.Condition()

    async def __call__(self, probe: Any, context: Context) -> Observation:
        path = urlsplit(probe.target.url).path
        async with self._more:
            if path == "/slow":
                await self._more.wait_for(lambda: self._over(self))
            self.seen.append(path)
            self._more.notify_all()
        return Observation(at=datetime.now(UTC), seconds=0.0, facts={"status": 401})


def test_many_slow_signals_do_not_starve_the_others(outbox: Outbox) -> None:
    # None of the slow ones ends before all others have: they would wait for ever where they held those up.
    look = Slow(lambda one: one.seen.count("/quick") == 30)
    signals = [signal(f"slow-{n}", url="http://127.0.0.1/slow") for n in range(30)]
    signals += [signal(f"quick-{n}", url="http://127.0.0.1/quick") for n in range(30)]
    run(signals, outbox, look, Lanes(quick=4, slow=100, patience=0.02))
    assert look.seen == ["/quick"] * 30 + ["/slow"] * 30


def test_each_is_observed_at_its_times_until_it_is_told_to_stop(outbox: Outbox) -> None:
    signals = [
        signal("often", every="1s", url="http://127.0.0.1/quick"),
        signal("lame", every="1s", url="http://127.0.0.1/slow"),
    ]
    prepared = [Prepared(one, context()) for one in signals]
    told: list[Recorded] = []
    stop = asyncio.Event()

    def over(one: Slow) -> bool:
        """The lame one is under way from its first time on, for at least two more; then that is enough."""
        if one.seen.count("/quick") >= 4 and observer.missed >= 2:
            stop.set()
        return stop.is_set()

    async def main() -> None:
        await asyncio.wait_for(observer.watch(stop), 60)

    observer = Observer(prepared, Observations(outbox, OPS), Slow(over), told=told.append)
    asyncio.run(main())
    often = [one.result.slot for one in told if one.result.signal.name == "often"]
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(often)]
    # A machine that is busy may let a time pass by, and observes at none in between.
    assert len(often) >= 4
    assert all(gap > 0.5 and abs(gap - round(gap)) < 0.01 for gap in gaps)
    assert len([one for one in told if one.result.signal.name == "lame"]) == 1


def test_nothing_begins_once_it_is_told_to_stop(outbox: Outbox) -> None:
    signals = [signal(name, every="1s", url="http://127.0.0.1/quick") for name in ("one", "other")]
    looks = 0

    async def look(probe: Any, context: Context) -> Observation:
        nonlocal looks
        looks += 1
        if looks == 1:
            # The machine stalls, and both are due at once: while the next is begun, this one tells to stop.
            time.sleep(1.1)  # noqa: ASYNC251
        else:
            stop.set()
        return Observation(at=datetime.now(UTC), seconds=0.0, facts={"status": 401})

    stop = asyncio.Event()
    observer = Observer([Prepared(one, context()) for one in signals], Observations(outbox, OPS), look)
    asyncio.run(observer.watch(stop))
    assert looks == 2


def test_a_disk_that_is_full_ends_it_with_one_message(outbox: Outbox) -> None:
    observations = Observations(outbox, OPS)
    pages = outbox._connection.execute("PRAGMA page_count").fetchone()[0]
    outbox._connection.execute(f"PRAGMA max_page_count = {pages}")
    signals = [signal(f"s{n}", emission={"metadata": {"x": "y" * 5000}}) for n in range(50)]
    observer = Observer([Prepared(one, context()) for one in signals], observations, Slow(lambda _: True))
    with pytest.raises(EvidenceError, match="disk is full") as caught:
        asyncio.run(observer.once())
    assert caught.value.hint == "free some space, then try again"


def test_facts_of_any_kind_can_be_kept(outbox: Outbox) -> None:
    observations = Observations(outbox, OPS)
    facts: dict[str, Any] = {
        "certificate.names": ("a",),
        "header": {"a": "b"},
        "row": {"x": None},
        "json": {"left": "out"},
    }
    observations.record([result(signal(), Outcome.PASS, **facts)])
    (attempt,) = observations.attempts("s")
    assert json.loads(json.dumps(attempt["facts"])) == {
        "certificate.names": ["a"],
        "header": {"a": "b"},
        "row": {"x": None},
    }
