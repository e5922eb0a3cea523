"""Slots and what became of them: claimed by one worker, noted by who holds the claim, or missed.

Every method is one transaction.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from procrastinate import PsycopgConnector
from psycopg import AsyncConnection

from vsmhub.evidence.attempts import Result
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.settling import Standing, settle
from vsmhub.fleet.clock import Clock
from vsmhub.fleet.database import Row
from vsmhub.fleet.silence import Silence

Noted = tuple[Result, Standing]
Keep = Callable[[Sequence[Noted]], Awaitable[None]]
"""Keeps what comes of results on this machine, before the database is told to take them."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A slot that is this worker's to observe, unless its window has closed."""

    signal: str
    at: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A result, and the claim under which its slot was observed."""

    token: UUID
    result: Result


class Ledger:
    """The shared tables, as one worker writes into them."""

    def __init__(self, connector: PsycopgConnector, worker: str, clock: Clock) -> None:
        self._connector = connector
        self._worker = worker
        self._clock = clock

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection[Row]]:
        """A connection in a transaction."""
        async with self._connector.pool.connection() as connection:
            yield cast("AsyncConnection[Row]", connection)  # the connector's connections give such rows

    async def beat(self, hubs: Sequence[str]) -> None:
        """Say that this worker lives, and learn what time it is."""
        asked = datetime.now(UTC)
        async with self.transaction() as connection:
            found = await connection.execute(
                "INSERT INTO workers (name, hubs) VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET seen_at = now(), hubs = excluded.hubs, ended_at = NULL "
                "RETURNING clock_timestamp() AS now",
                [self._worker, list(hubs)],
            )
            row = await found.fetchone()
        if row is not None and isinstance(told := row["now"], datetime):
            self._clock.learn(told, asked, datetime.now(UTC))

    async def leave(self) -> None:
        """Say that this worker ends, and is not to be missed."""
        async with self.transaction() as connection:
            await connection.execute(
                "UPDATE workers SET seen_at = now(), ended_at = now() WHERE name = %s", [self._worker]
            )

    async def claim(self, shard: UUID, token: UUID) -> list[Claimed]:
        """Claim what is left of a shard whose job is this worker's now, in the order of its times.

        Whoever held a part of it before can note no result any more.
        """
        async with self.transaction() as connection:
            found = await connection.execute(
                "UPDATE slots SET state = 'claimed', claim = %s, claims = claims + 1, worker = %s "
                "WHERE shard = %s AND state IN ('due', 'claimed') AND closes_at > clock_timestamp() "
                "RETURNING signal, slot, closes_at",
                [token, self._worker, shard],
            )
            rows = [Claimed(str(row["signal"]), _time(row["slot"]), _time(row["closes_at"])) async for row in found]
        return sorted(rows, key=lambda one: (one.at, one.signal))

    async def hand_back(self, token: UUID) -> int:
        """Give up what is claimed under a token and was not observed; how many slots."""
        async with self.transaction() as connection:
            found = await connection.execute(
                "UPDATE slots SET state = 'due', claim = NULL, worker = NULL WHERE claim = %s AND state = 'claimed'",
                [token],
            )
        return found.rowcount

    async def note(self, hub: str, claims: Iterable[Claim], *, writer: UUID, receipt: UUID, keep: Keep) -> None:
        """Note results and where their signals stand now, and keep what comes of it, all or none.

        What is no longer this worker's is passed over. `keep` runs before the commit: see `vsmhub.fleet.held`.
        """
        async with self.transaction() as connection:
            own = await self._own(connection, hub, claims)
            noted = await self._settled(connection, hub, own)
            await keep(noted)
            await sign(connection, writer, receipt)

    async def _own(self, connection: AsyncConnection[Row], hub: str, claims: Iterable[Claim]) -> list[Result]:
        by_slot = {(one.result.signal.name, one.result.slot): one for one in claims}
        found = await connection.execute(
            "UPDATE slots SET state = 'observed', ended_at = clock_timestamp() "
            "FROM unnest(%s::text[], %s::timestamptz[], %s::uuid[]) AS done (signal, slot, claim) "
            "WHERE slots.hub = %s AND slots.signal = done.signal AND slots.slot = done.slot "
            "AND slots.claim = done.claim AND slots.state = 'claimed' RETURNING slots.signal, slots.slot",
            [
                [signal for signal, _ in by_slot],
                [slot for _, slot in by_slot],
                [one.token for one in by_slot.values()],
                hub,
            ],
        )
        own = [by_slot[str(row["signal"]), _time(row["slot"])].result async for row in found]
        return sorted(own, key=lambda one: (one.slot, one.signal.name))

    async def _settled(self, connection: AsyncConnection[Row], hub: str, results: Sequence[Result]) -> list[Noted]:
        found = await connection.execute(
            "SELECT signal, settled, streak, slot FROM standings WHERE hub = %s AND signal = ANY(%s) "
            "ORDER BY signal FOR UPDATE",
            [hub, [one.signal.name for one in results]],
        )
        before: dict[str, tuple[Standing, datetime]] = {}
        async for row in found:
            settled = Outcome(str(row["settled"])) if row["settled"] else None
            before[str(row["signal"])] = (Standing(settled, int(str(row["streak"]))), _time(row["slot"]))
        noted: list[Noted] = []
        last: dict[str, tuple[Standing, Result]] = {}
        for result in results:
            signal = result.signal
            standing, slot = before.get(signal.name, (Standing(), None))
            # A slot that was taken over may come after the next one; where the signal stands now is not its to say.
            if slot is None or result.slot > slot:
                standing = settle(
                    standing, result.judgement.outcome, fail_after=signal.fail_after, pass_after=signal.pass_after
                )
                before[signal.name] = (standing, result.slot)
                last[signal.name] = (standing, result)
            noted.append((result, standing))
        await connection.execute(
            "INSERT INTO standings (hub, signal, settled, streak, outcome, slot, worker) "
            "SELECT %s, one.*, %s FROM unnest(%s::text[], %s::text[], %s::int[], %s::text[], %s::timestamptz[]) AS one "
            "ON CONFLICT (hub, signal) DO UPDATE SET settled = excluded.settled, streak = excluded.streak, "
            "outcome = excluded.outcome, slot = excluded.slot, worker = excluded.worker "
            "WHERE standings.slot < excluded.slot",
            [hub, self._worker, *_columns(last)],
        )
        return noted

    async def untold(self, hub: str) -> list[Silence]:
        """Silences of which nobody has told yet."""
        async with self.transaction() as connection:
            found = await connection.execute(
                "SELECT since, until, last_by, noticed_by, missed FROM silences WHERE hub = %s AND NOT told", [hub]
            )
            return [
                Silence(
                    _time(row["since"]), _time(row["until"]), str(row["last_by"]), str(row["noticed_by"]), _counts(row)
                )
                async for row in found
            ]

    async def silent(self, hub: str, since: datetime) -> float:
        """For how many seconds nobody has planned; where nobody ever did, since that time."""
        async with self.transaction() as connection:
            found = await connection.execute(
                "SELECT extract(epoch FROM clock_timestamp() - coalesce(max(planned_at), %s))::float8 AS silent "
                "FROM schedules WHERE hub = %s",
                [since, hub],
            )
            row = await found.fetchone()
        return float(str(row["silent"])) if row else 0.0

    async def received(self, unsure: Iterable[tuple[UUID, UUID]]) -> dict[UUID, bool]:
        """Of tokens and their writers: whether the database has taken what was committed under them."""
        asked = list(unsure)
        async with self.transaction() as connection:
            found = await connection.execute(
                "SELECT writer, token FROM receipts WHERE writer = ANY(%s)", [[writer for writer, _ in asked]]
            )
            known = {(row["writer"], row["token"]) async for row in found}
        return {token: (writer, token) in known for writer, token in asked}


async def sign(connection: AsyncConnection[Row], writer: UUID, receipt: UUID) -> None:
    """Note what a writer commits with this transaction; it has no other that is under way."""
    await connection.execute(
        "INSERT INTO receipts (writer, token) VALUES (%s, %s) "
        "ON CONFLICT (writer) DO UPDATE SET token = excluded.token, at = now()",
        [writer, receipt],
    )


def _columns(last: Mapping[str, tuple[Standing, Result]]) -> list[list[object]]:
    rows = [
        (name, standing.settled, standing.streak, result.judgement.outcome.value, result.slot)
        for name, (standing, result) in sorted(last.items())
    ]
    return [[row[column] for row in rows] for column in range(5)]


def _counts(row: Row) -> dict[str, int]:
    missed = row["missed"]
    return {str(name): int(count) for name, count in missed.items()} if isinstance(missed, dict) else {}


def _time(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} is no time")
    return value.astimezone(UTC)
