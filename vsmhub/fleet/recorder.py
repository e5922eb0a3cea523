"""Results on their way from probes into the database and the outbox: several at once, in one transaction of each."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from vsmhub.evidence.emission import Emitter
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.observations import Recorded
from vsmhub.evidence.observer import BATCH
from vsmhub.evidence.settling import counts
from vsmhub.fleet.held import Held
from vsmhub.fleet.ledger import Claim, Ledger, Noted, sign
from vsmhub.fleet.silence import Silence, annotations
from vsmhub.spec.folder import HubFolder

LINGER = 0.02
"""Seconds that a result waits for others: a shard's job ends when the last of its results is noted."""

Told = Callable[[Recorded], None]


@dataclass(frozen=True, slots=True)
class _Waiting:
    claim: Claim
    done: "asyncio.Future[None]"


class Recorder:
    """Writes the results of one hub. `worker` is who the evidence is by."""

    def __init__(self, ledger: Ledger, held: Held, hub: HubFolder, *, worker: str, told: Told | None = None) -> None:
        self._ledger = ledger
        self._held = held
        self._hub = hub
        self._slug = hub.hub.hub.slug
        self._emitter = Emitter(hub.declared(), by=worker)
        self._told = told
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(maxsize=4 * BATCH)
        self._turn = asyncio.Lock()

    async def record(self, claim: Claim) -> None:
        """Return when the result is noted, or another's; raises what kept it from being noted."""
        waiting = _Waiting(claim, asyncio.get_running_loop().create_future())
        await self._queue.put(waiting)
        await waiting.done

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            batch = [await self._queue.get()]
            await asyncio.sleep(LINGER)
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                await self._write([one.claim for one in batch])
            except Exception as error:  # noqa: BLE001 - who waits for the result hears of it
                _end(batch, error)
            else:
                _end(batch, None)

    async def _write(self, claims: Sequence[Claim]) -> None:
        token, recorded = uuid4(), list[Recorded]()

        async def keep(noted: Sequence[Noted]) -> None:
            recorded.extend(self._recorded(noted))
            evidence = [envelope for one in recorded for envelope in one.evidence]
            results = [one.result for one in recorded]
            hold = partial(self._held.hold, token, evidence, hub=self._slug, results=results)
            await asyncio.to_thread(hold)

        async with self._turn:
            try:
                await self._ledger.note(self._slug, claims, writer=self._held.writer, receipt=token, keep=keep)
            except BaseException:
                # Whether it was committed is not known; who looks for it later finds it under this writer's name.
                self._held.renew()
                raise
            await asyncio.to_thread(self._held.release, token)
        for one in recorded:
            if self._told is not None:
                self._told(one)

    def _recorded(self, noted: Sequence[Noted]) -> list[Recorded]:
        found = []
        for result, standing in noted:
            counted = counts(standing, result.judgement.outcome)
            evidence = self._emitter.envelopes(result) if counted else ()
            found.append(Recorded(result, standing, evidence))
        return found

    async def tell(self, silence: Silence) -> tuple[Envelope, ...]:
        """Make a silence known, once for all workers; what is told of it, nothing where another did."""
        token = uuid4()
        made = annotations(silence, self._hub)
        slug = self._slug
        async with self._turn:
            try:
                async with self._ledger.transaction() as connection:
                    found = await connection.execute(
                        "UPDATE silences SET told = true WHERE hub = %s AND since = %s AND NOT told",
                        [slug, silence.since],
                    )
                    if not found.rowcount:
                        return ()
                    await asyncio.to_thread(partial(self._held.hold, token, made, hub=slug))
                    await sign(connection, self._held.writer, token)
            except BaseException:
                self._held.renew()
                raise
            await asyncio.to_thread(self._held.release, token)
        return made

    async def settle(self) -> None:
        """See what became of evidence that a kill or a broken connection left behind."""
        unsure = await asyncio.to_thread(self._held.unsure)
        if not unsure:
            return
        for token, taken in (await self._ledger.received(unsure)).items():
            await asyncio.to_thread(self._held.release if taken else self._held.drop, token)


def _end(batch: Sequence[_Waiting], error: Exception | None) -> None:
    for one in batch:
        if one.done.done():
            continue
        if error is None:
            one.done.set_result(None)
        else:
            one.done.set_exception(error)
