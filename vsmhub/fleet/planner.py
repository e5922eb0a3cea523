"""Planning: what is due becomes slots and jobs for shards of them, and what nobody observed is counted."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from vsmhub.fleet.database import Row
from vsmhub.fleet.ledger import Ledger
from vsmhub.fleet.pace import LEAD, SILENT_AFTER
from vsmhub.fleet.planning import Due, Rhythm, Slot, due, shards

KEPT = timedelta(hours=6)
"""How long slots are kept after they closed."""

RECEIPTS_ARE_KEPT = timedelta(days=30)
CLEARED = 5000
EARLY = timedelta(seconds=1)
"""How long before its first slot a shard may be taken, so that nobody who asks now and then comes late."""

Defer = Callable[[AsyncConnection[Row], UUID, datetime], Awaitable[None]]
"""Puts the job for a shard into the queue, to be taken from a time on, within a transaction."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one planning did. `silent_since` is there when nobody had planned for too long."""

    slots: int = 0
    shards: int = 0
    missed: dict[str, int] = field(default_factory=dict)
    silent_since: datetime | None = None


class Planner:
    """Plans the slots of one hub. Any number of planners may plan at once; each slot is planned by one of them."""

    def __init__(self, ledger: Ledger, hub: str, rhythms: Sequence[Rhythm], *, worker: str, shard: int) -> None:
        self._ledger = ledger
        self._hub = hub
        self._rhythms = rhythms
        self._worker = worker
        self._shard = shard

    async def plan(self, defer: Defer) -> Plan:
        """Plan what is due up to a while from now; the slots, their jobs and all counts in one transaction."""
        async with self._ledger.transaction() as connection:
            now, before, last_by = await self._turn(connection)
            planned = await self._planned(connection)
            found = {
                one.signal: due(one, planned.get(one.signal), now, now + timedelta(seconds=LEAD))
                for one in self._rhythms
            }
            groups = shards((slot for one in found.values() for slot in one.slots), self._shard)
            for group in groups:
                await self._put(connection, group, defer)
            missed = {name: one.missed for name, one in found.items() if one.missed}
            for name in await self._lapsed(connection):
                missed[name] = missed.get(name, 0) + 1
            await self._remember(connection, found, missed)
            silent = before is not None and now - before > timedelta(seconds=SILENT_AFTER)
            if silent and missed:
                await connection.execute(
                    "INSERT INTO silences (hub, since, until, last_by, noticed_by, missed) "
                    "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                    [self._hub, before, now, last_by, self._worker, Jsonb(missed)],
                )
            await self._clear(connection, CLEARED + sum(map(len, groups)))
        return Plan(
            slots=sum(map(len, groups)), shards=len(groups), missed=missed, silent_since=before if silent else None
        )

    async def _turn(self, connection: AsyncConnection[Row]) -> tuple[datetime, datetime | None, str]:
        """The time now, and when and by whom it was planned last. Who else plans this hub waits until this is done."""
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('vsmhub plan'), hashtext(%s))", [self._hub])
        found = await connection.execute(
            "WITH before AS (SELECT * FROM schedules WHERE hub = %(hub)s), "
            "now AS (INSERT INTO schedules VALUES (%(hub)s, clock_timestamp(), %(worker)s) ON CONFLICT (hub) "
            "DO UPDATE SET planned_at = excluded.planned_at, planned_by = excluded.planned_by RETURNING planned_at) "
            "SELECT now.planned_at AS now, before.planned_at, before.planned_by FROM now LEFT JOIN before ON true",
            {"hub": self._hub, "worker": self._worker},
        )
        row = await found.fetchone()
        if row is None or not isinstance(now := row["now"], datetime):
            raise TypeError("the database gave no time")
        before = row["planned_at"]
        return now.astimezone(UTC), before if isinstance(before, datetime) else None, str(row["planned_by"] or "")

    async def _planned(self, connection: AsyncConnection[Row]) -> dict[str, datetime]:
        found = await connection.execute("SELECT signal, planned FROM plans WHERE hub = %s", [self._hub])
        return {
            str(row["signal"]): row["planned"].astimezone(UTC)
            async for row in found
            if isinstance(row["planned"], datetime)
        }

    async def _put(self, connection: AsyncConnection[Row], group: Sequence[Slot], defer: Defer) -> None:
        shard = uuid4()
        await connection.execute(
            "INSERT INTO slots (hub, shard, signal, slot, closes_at, lapses_at) SELECT %s, %s, one.* "
            "FROM unnest(%s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[]) AS one "
            "ON CONFLICT DO NOTHING",
            [
                self._hub,
                shard,
                [one.signal for one in group],
                [one.at for one in group],
                [one.closes for one in group],
                [one.lapses for one in group],
            ],
        )
        await defer(connection, shard, group[0].at - EARLY)

    async def _lapsed(self, connection: AsyncConnection[Row]) -> list[str]:
        """The signals of slots that nobody observed in time, once for each."""
        found = await connection.execute(
            "UPDATE slots SET state = 'missed', ended_at = clock_timestamp() WHERE (hub, signal, slot) IN ("
            "SELECT hub, signal, slot FROM slots WHERE hub = %s AND state IN ('due', 'claimed') "
            "AND closes_at <= clock_timestamp() AND (state = 'due' OR lapses_at <= clock_timestamp()) "
            "FOR UPDATE SKIP LOCKED) RETURNING signal",
            [self._hub],
        )
        return [str(row["signal"]) async for row in found]

    async def _remember(self, connection: AsyncConnection[Row], found: dict[str, Due], missed: dict[str, int]) -> None:
        rows = [(name, one.slots[-1].at, missed.get(name, 0)) for name, one in sorted(found.items()) if one.slots]
        await connection.execute(
            "INSERT INTO plans (hub, signal, planned, missed) "
            "SELECT %s, one.* FROM unnest(%s::text[], %s::timestamptz[], %s::bigint[]) AS one "
            "ON CONFLICT (hub, signal) "
            "DO UPDATE SET planned = excluded.planned, missed = plans.missed + excluded.missed",
            [self._hub, *([row[column] for row in rows] for column in range(3))],
        )
        others = {name: count for name, count in missed.items() if not (name in found and found[name].slots)}
        if others:
            await connection.execute(
                "UPDATE plans SET missed = missed + more.count FROM unnest(%s::text[], %s::bigint[]) "
                "AS more (signal, count) WHERE plans.hub = %s AND plans.signal = more.signal",
                [list(others), list(others.values()), self._hub],
            )

    async def _clear(self, connection: AsyncConnection[Row], most: int) -> None:
        """Forget so many old slots; more than were planned, so that however many come, as many go."""
        await connection.execute(
            "DELETE FROM slots WHERE ctid = ANY(ARRAY(SELECT ctid FROM slots "
            "WHERE closes_at < now() - %s AND state IN ('observed', 'missed') ORDER BY closes_at LIMIT %s))",
            [KEPT, most],
        )
        await connection.execute("DELETE FROM receipts WHERE at < now() - %s", [RECEIPTS_ARE_KEPT])
        await connection.execute("DELETE FROM workers WHERE seen_at < now() - %s", [RECEIPTS_ARE_KEPT])
