"""Carrying out a shard: its slots are claimed, each is observed at its time, and what was not begun is handed back."""

import asyncio
import contextlib
from collections.abc import Mapping
from functools import partial
from uuid import UUID, uuid4

from vsmhub.evidence.attempts import Look, Prepared
from vsmhub.evidence.lanes import Lanes, Place
from vsmhub.fleet.clock import Clock
from vsmhub.fleet.errors import FleetError
from vsmhub.fleet.ledger import Claim, Claimed, Ledger
from vsmhub.fleet.recorder import Recorder


class HandedBack(FleetError):
    """A part of a shard was not observed, because its worker was told to stop; another takes it."""


class Shards:
    """The shards of one hub, as one worker carries them out until `stop` is set."""

    def __init__(
        self,
        signals: Mapping[str, Prepared],
        look: Look,
        *,
        ledger: Ledger,
        recorder: Recorder,
        clock: Clock,
        lanes: Lanes,
        stop: asyncio.Event,
    ) -> None:
        self._signals = signals
        self._look = look
        self._ledger = ledger
        self._recorder = recorder
        self._clock = clock
        self._lanes = lanes
        self._stop = stop
        self._running: set[str] = set()

    async def carry_out(self, shard: UUID) -> None:
        """Observe what is left of a shard. HandedBack when it was stopped before the end."""
        token = uuid4()
        begun = True
        try:
            try:
                async with asyncio.TaskGroup() as group:
                    for one in await self._ledger.claim(shard, token):
                        if await self._stopped_before(one):
                            begun = False
                            break
                        if self._clock.now() >= one.closes:
                            continue  # whoever plans next counts it
                        if one.signal in self._running or one.signal not in self._signals:
                            continue  # still being looked at, or nothing that this worker knows of
                        place = await self._taken(one.signal)
                        observing = group.create_task(self._observe(one, token, place))
                        observing.add_done_callback(partial(self._never_begun, one.signal, place))
            except BaseExceptionGroup as found:
                raise _first(found) from found
        except asyncio.CancelledError:
            begun = False
        if not begun:
            left = await self._ledger.hand_back(token)
            if left:
                raise HandedBack(f"{left} slots are handed back")

    async def _stopped_before(self, one: Claimed) -> bool:
        """Wait for a slot's time; whether there is no time left for it."""
        if left := self._clock.until(one.at):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._stop.wait()
        return self._stop.is_set()

    async def _taken(self, signal: str) -> Place:
        """A place for a signal, which from now on is being looked at."""
        self._running.add(signal)
        try:
            return await self._lanes.take()
        except BaseException:
            self._running.discard(signal)
            raise

    def _never_begun(self, signal: str, place: Place, _task: "asyncio.Task[None]") -> None:
        """Give back what was taken for an observation that was cancelled before its first step."""
        if not place.given_back:
            with place:
                self._running.discard(signal)

    async def _observe(self, one: Claimed, token: UUID, place: Place) -> None:
        try:
            with place:
                result = await self._signals[one.signal].observed(one.at, self._look)
        finally:
            self._running.discard(one.signal)
        await self._recorder.record(Claim(token, result))


def _first(found: BaseExceptionGroup[BaseException]) -> BaseException:
    first: BaseException = found
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
