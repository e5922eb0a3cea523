"""Slots in a real database: planned by one, claimed by one, noted by who holds the claim."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.evidence.signals import result, signal
from tests.fleet.workers import Watched
from vsmhub.evidence.attempts import Prepared
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.lanes import Lanes
from vsmhub.evidence.outbox import Outbox, State
from vsmhub.evidence.probes.observation import Observation
from vsmhub.evidence.probes.probe import Context, Trust
from vsmhub.evidence.probes.resolver import Resolver
from vsmhub.fleet import held as held_module
from vsmhub.fleet import planner
from vsmhub.fleet.clock import Clock
from vsmhub.fleet.database import connector, prepare
from vsmhub.fleet.held import Held
from vsmhub.fleet.ledger import Claim, Ledger
from vsmhub.fleet.planner import Plan, Planner
from vsmhub.fleet.planning import Rhythm
from vsmhub.fleet.recorder import Recorder
from vsmhub.fleet.shards import Shards
from vsmhub.spec.folder import load_folder
from vsmhub.spec.signals import Signal
from vsmhub.spec.targets import Probe

pytestmark = pytest.mark.server
OPS = load_folder(Path(__file__).parents[2] / "hubs" / "ops")
HUB = "ops-hub"
CONTEXT = Context(Resolver(), Trust(None), lambda _: None, Path(), commands=False)
SIGNALS = [signal(f"s{number}", every="300d", fail_after=2) for number in range(5)]
"""So seldom that none has its next time while a test runs."""


@dataclass
class One:
    """One worker's hands on the database, and its outbox."""

    name: str
    ledger: Ledger
    outbox: Outbox
    recorder: Recorder
    held: Held

    async def plan(self, signals: Sequence[Signal] = SIGNALS) -> tuple[Plan, list[UUID]]:
        shards: list[UUID] = []

        async def defer(connection: Any, shard: UUID, at: datetime) -> None:
            shards.append(shard)

        rhythms = [Rhythm.of(one) for one in signals]
        return await Planner(self.ledger, HUB, rhythms, worker=self.name, shard=100).plan(defer), shards

    async def note(self, token: UUID, *claims: tuple[Signal, Outcome, datetime]) -> None:
        for one, outcome, slot in claims:
            await asyncio.wait_for(self.recorder.record(Claim(token, result(one, outcome, slot))), 10)

    @property
    def waiting(self) -> list[str]:
        return [str(entry.envelope.data["actor"]) for entry in self.outbox.entries(State.WAITING)]


@asynccontextmanager
async def working(dsn: str, folder: Path, name: str) -> AsyncIterator[One]:
    connecting = connector(dsn, 3)
    await connecting.open_async()
    ledger = Ledger(connecting, name, Clock())
    with Outbox(folder / f"{name}.sqlite3") as outbox:
        held = Held(outbox)
        recorder = Recorder(ledger, held, OPS, worker=f"worker {name}")
        writing = asyncio.create_task(recorder.run())
        try:
            yield One(name, ledger, outbox, recorder, held)
        finally:
            writing.cancel()
            await connecting.close_async()


@pytest.fixture
def two(database: str, tmp_path: Path) -> Callable[[Callable[[One, One], Awaitable[None]]], None]:
    """Runs something with two workers."""
    prepare(database)
    prepare(database)  # as every worker does

    async def run(what: Callable[[One, One], Awaitable[None]]) -> None:
        async with working(database, tmp_path, "a") as a, working(database, tmp_path, "b") as b:
            await what(a, b)

    return lambda what: asyncio.run(run(what))


Two = Callable[[Callable[[One, One], Awaitable[None]]], None]


def test_a_slot_is_planned_by_one(two: Two, database: str) -> None:
    async def both(a: One, b: One) -> None:
        plans = await asyncio.gather(*(one.plan() for one in (a, b, a, b)))
        assert sorted(plan.slots for plan, _ in plans) == [0, 0, 0, 5]
        assert sum(len(shards) for _, shards in plans) == 1

    two(both)
    assert Watched(database).rows("SELECT count(*) AS n FROM slots") == [{"n": 5}]


def test_a_worker_says_that_it_lives_and_that_it_ends_and_learns_the_time(two: Two, database: str) -> None:
    watched = Watched(database)

    def lives() -> dict[str, bool]:
        found = watched.rows("SELECT name, hubs, ended_at IS NULL AS lives FROM workers")
        assert all(row["hubs"] == [HUB] for row in found)
        return {row["name"]: row["lives"] for row in found}

    async def both(a: One, b: One) -> None:
        a.ledger._clock.ahead = timedelta(hours=1)
        for one in (a, b):
            await one.ledger.beat([HUB])
        assert abs(a.ledger._clock.ahead) < timedelta(minutes=1)
        await a.ledger.leave()
        assert lives() == {"a": False, "b": True}
        await a.ledger.beat([HUB])
        assert lives() == {"a": True, "b": True}
        hour_ago = datetime.now(UTC) - timedelta(hours=1)
        assert await a.ledger.silent(HUB, hour_ago) >= 3600
        await b.plan()
        assert await a.ledger.silent(HUB, hour_ago) < 1800

    two(both)


def test_only_who_holds_the_claim_can_note_a_result(two: Two, database: str) -> None:
    async def both(a: One, b: One) -> None:
        _, (shard,) = await a.plan()
        first, second = uuid4(), uuid4()
        before = await a.ledger.claim(shard, first)
        taken = await b.ledger.claim(shard, second)
        assert before == taken
        slot = taken[0].at
        one = next(each for each in SIGNALS if each.name == taken[0].signal)
        await a.note(first, (one, Outcome.FAIL, slot))  # it was thought dead, and comes too late
        assert a.waiting == []
        await b.note(second, (one, Outcome.PASS, slot))
        await b.note(second, (one, Outcome.FAIL, slot))
        assert b.waiting == ["worker b"]
        assert await b.ledger.hand_back(second) == 4
        assert len(await a.ledger.claim(shard, uuid4())) == 4

    two(both)
    (row,) = Watched(database).rows("SELECT worker, claims, ended_at FROM slots WHERE state = 'observed'")
    assert (row["worker"], row["claims"]) == ("b", 2)
    (standing,) = Watched(database).rows("SELECT settled, worker FROM standings")
    assert standing == {"settled": "pass", "worker": "b"}


def test_old_slots_go_at_least_as_fast_as_new_ones_come(
    two: Two, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "CLEARED", 1)

    async def both(a: One, _b: One) -> None:
        Watched(database).rows(
            "INSERT INTO slots (hub, signal, slot, shard, closes_at, lapses_at, state) SELECT %s, 'old', at, "
            "gen_random_uuid(), at, at, 'observed' FROM generate_series(now() - interval '8 hours', "
            "now() - interval '7 hours', interval '6 minutes') AS at",
            HUB,
        )
        plan, _ = await a.plan()
        assert plan.slots == 5

    two(both)
    assert Watched(database).rows("SELECT count(*) AS n FROM slots WHERE signal = 'old'") == [{"n": 11 - 5 - 1}]


def test_results_that_cannot_be_kept_hold_up_nothing_that_comes_after(two: Two, database: str) -> None:
    """Of a shard that ends with an error, no signal stays taken for one that is being looked at, and no place taken."""

    async def both(a: One, _b: One) -> None:
        _, (shard,) = await a.plan()
        looked: list[int] = []

        async def look(_probe: Probe, _context: Context) -> Observation:
            looked.append(1)
            if len(looked) == 2:
                await asyncio.sleep(60)
            return Observation(at=datetime.now(UTC), seconds=0.01, facts={})

        shards = Shards(
            {one.name: Prepared(one, CONTEXT) for one in SIGNALS},
            look,
            ledger=a.ledger,
            recorder=a.recorder,
            clock=Clock(),
            lanes=Lanes(quick=1, slow=0),
            stop=asyncio.Event(),
        )
        with a.outbox.transaction() as connection:
            connection.execute("DROP TABLE held")
        with pytest.raises(Exception, match="held"):
            await asyncio.wait_for(shards.carry_out(shard), 20)
        Held(a.outbox)
        await asyncio.wait_for(shards.carry_out(shard), 20)

    two(both)
    assert Watched(database).rows("SELECT state, count(*) AS n FROM slots GROUP BY 1") == [
        {"state": "observed", "n": 5}
    ]


def test_thresholds_count_over_all_workers(two: Two, database: str) -> None:
    async def both(a: One, b: One) -> None:
        one = SIGNALS[0]
        verdicts = [(a, Outcome.PASS), (b, Outcome.FAIL), (a, Outcome.FAIL), (b, Outcome.PASS)]
        start = datetime.now(UTC)
        slots = [start + timedelta(minutes=number) for number in (0, 1, 3, 2)]  # the last was taken over, and late
        for (worker, outcome), slot in zip(verdicts, slots, strict=True):
            token, shard = uuid4(), uuid4()
            Watched(database).rows(
                "INSERT INTO slots (hub, signal, slot, shard, closes_at, lapses_at) "
                "VALUES (%s, %s, %s, %s, now() + interval '1 h', now() + interval '1 h')",
                HUB,
                one.name,
                slot,
                shard,
            )
            await worker.ledger.claim(shard, token)
            await worker.note(token, (one, outcome, slot))
        # One failure after a pass is no evidence yet; the second is, whoever saw the first.
        assert (a.waiting, b.waiting) == (["worker a", "worker a"], [])

    two(both)
    (standing,) = Watched(database).rows("SELECT settled, streak, worker FROM standings")
    assert standing == {"settled": "fail", "streak": 0, "worker": "a"}


def test_what_nobody_observed_is_counted_and_the_next_to_plan_tells(two: Two, database: str) -> None:
    watched = Watched(database)

    async def both(a: One, b: One) -> None:
        await a.plan()
        for statement in (
            "UPDATE slots SET slot = slot - interval '1500 d', closes_at = now() - interval '1 s'",
            "UPDATE plans SET planned = planned - interval '1500 d'",
            "UPDATE schedules SET planned_at = planned_at - interval '5 h'",
        ):
            watched.rows(statement)
        plan, _ = await b.plan()
        assert plan.silent_since is not None
        assert set(plan.missed) == {one.name for one in SIGNALS}
        assert set(plan.missed.values()) == {5}
        (silence,) = await a.ledger.untold(HUB)
        assert (silence.last_by, silence.noticed_by) == ("a", "b")
        # These signals are none of ops-hub's own, so that there is no widget to tell it about.
        told = await asyncio.gather(a.recorder.tell(silence), b.recorder.tell(silence))
        assert not any(told)
        assert await b.ledger.untold(HUB) == []
        again, _ = await b.plan()
        assert (again.missed, again.silent_since) == ({}, None)

    two(both)
    assert {row["state"] for row in watched.rows("SELECT state FROM slots WHERE closes_at < now()")} == {"missed"}


@pytest.mark.parametrize("taken", [True, False])
def test_what_a_broken_commit_leaves_goes_only_if_the_database_took_it(
    two: Two, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    """The connection breaks when the database has been told to commit, before or after it did."""
    monkeypatch.setattr(held_module, "UNSURE_FOR", timedelta(seconds=-1))

    async def both(a: One, b: One) -> None:
        _, (shard,) = await a.plan()
        token = uuid4()
        (first, *_) = await a.ledger.claim(shard, token)
        one = next(each for each in SIGNALS if each.name == first.signal)
        note = a.ledger.note

        async def broken(*arguments: Any, keep: Any, **more: Any) -> None:
            async def kept(noted: Any) -> None:
                await keep(noted)
                if not taken:
                    raise psycopg.OperationalError("gone")

            await note(*arguments, keep=kept, **more)
            raise psycopg.OperationalError("gone")

        monkeypatch.setattr(a.ledger, "note", broken)
        with pytest.raises(psycopg.OperationalError):
            await a.note(token, (one, Outcome.PASS, first.at))
        assert a.waiting == []
        monkeypatch.setattr(a.ledger, "note", note)
        await a.recorder.settle()
        assert a.waiting == (["worker a"] if taken else [])
        assert a.held.unsure() == []
        # Not taken: the slot is another's to observe.
        left = await b.ledger.claim(shard, uuid4())
        assert (first.signal in {each.signal for each in left}) is not taken

    two(both)
