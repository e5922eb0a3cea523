"""Observing a hub's signals: all once, or each at its times until told to stop."""

import asyncio
import contextlib
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime

from vsmhub.evidence.attempts import Look, Prepared, Result
from vsmhub.evidence.errors import EvidenceError
from vsmhub.evidence.lanes import Lanes, Place
from vsmhub.evidence.observations import Observations, Recorded
from vsmhub.evidence.schedule import following

BATCH = 500
LINGER = 0.1
"""Seconds that a result waits for others, so that one write to disk serves many; at the end none waits."""

Told = Callable[[Recorded], None]


class Observer:
    """Looks at signals through `look`, and writes what came of it into `observations`.

    A signal is never observed twice at once; where one takes longer than its interval, the times in between are left
    out and counted in `missed`.
    """

    def __init__(
        self,
        signals: Sequence[Prepared],
        observations: Observations,
        look: Look,
        *,
        lanes: Lanes | None = None,
        told: Told | None = None,
    ) -> None:
        self.missed = 0
        self._signals = signals
        self._observations = observations
        self._look = look
        self._lanes = lanes or Lanes()
        self._told = told
        self._results: asyncio.Queue[Result] = asyncio.Queue(maxsize=4 * BATCH)

    async def once(self) -> None:
        """Observe every signal once, now; returns when all is written."""
        now = datetime.now(UTC)
        async with self._writing(), asyncio.TaskGroup() as group:
            for one in self._signals:
                # A task is made when there is a place for it: thousands that wait would slow down the few that run.
                group.create_task(self._observe(one, now, await self._lanes.take()))

    async def watch(self, stop: asyncio.Event) -> None:
        """Observe each signal at its times until `stop` is set; what is under way then is finished and written."""
        now = datetime.now(UTC)
        due = [(following(one.signal.name, one.every, now), number) for number, one in enumerate(self._signals)]
        heapq.heapify(due)
        running: dict[int, asyncio.Task[None]] = {}
        async with self._writing(), _finished(running):
            while due:
                slot, number = due[0]
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(0.0, (slot - datetime.now(UTC)).total_seconds())):
                        await stop.wait()
                # It may be set in the very moment in which the time is up.
                if stop.is_set():
                    return
                one = self._signals[number]
                if number in running and not running[number].done():
                    self.missed += 1
                else:
                    if number in running:
                        running.pop(number).result()
                    running[number] = asyncio.create_task(self._observe(one, slot))
                # Times that passed while this process slept are not made up for: they would say nothing new.
                later = max(slot, datetime.now(UTC))
                heapq.heapreplace(due, (following(one.signal.name, one.every, later), number))

    async def _observe(self, one: Prepared, slot: datetime, place: Place | None = None) -> None:
        with place or await self._lanes.take():
            result = await one.observed(slot, self._look)
        await self._results.put(result)

    @contextlib.asynccontextmanager
    async def _writing(self) -> AsyncIterator[None]:
        """Results are written while the block runs, and all of them are when it ends; a failure to write ends it."""
        done = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._write(done))
                yield
                done.set()
        except BaseExceptionGroup as found:
            first: BaseException = found
            while isinstance(first, BaseExceptionGroup):
                first = first.exceptions[0]
            raise first from found

    async def _write(self, done: asyncio.Event) -> None:
        ended = asyncio.create_task(done.wait())
        try:
            while True:
                first = asyncio.create_task(self._results.get())
                await asyncio.wait({first, ended}, return_when=asyncio.FIRST_COMPLETED)
                if not first.done() and self._results.empty():
                    first.cancel()
                    return
                batch = [await first]
                if self._results.qsize() < BATCH:
                    await asyncio.wait({ended}, timeout=LINGER)
                while len(batch) < BATCH and not self._results.empty():
                    batch.append(self._results.get_nowait())
                for recorded in await asyncio.to_thread(self._observations.record, batch):
                    if self._told is not None:
                        self._told(recorded)
        finally:
            ended.cancel()


@contextlib.asynccontextmanager
async def _finished(running: dict[int, asyncio.Task[None]]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await asyncio.gather(*running.values())


async def repeat(every: float, stop: asyncio.Event, what: Callable[[], Awaitable[None]]) -> None:
    """Do something now and again until `stop` is set, and once more then."""
    while True:
        await what()
        if stop.is_set():
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(every):
                await stop.wait()


def demand_signals(signals: Sequence[object], hub: str) -> None:
    """EvidenceError when there is nothing to observe."""
    if not signals:
        raise EvidenceError(f"{hub} has no signals", hint="write some into signals.yaml; see docs/signals.md")
