"""One signal observed once: an attempt, and more of them while it fails and retries are left."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from vsmhub.evidence.judgement import Expected, Judgement, Outcome, expectations, judge, looked_at
from vsmhub.evidence.probes.observation import Observation
from vsmhub.evidence.probes.probe import Context
from vsmhub.spec.signals import Signal
from vsmhub.spec.spans import seconds
from vsmhub.spec.targets import Probe

PAUSE = 0.5
"""Seconds between an attempt that failed and the next."""

Look = Callable[[Probe, Context], Awaitable[Observation]]
"""What `vsmhub.evidence.probes.kinds.observe` is."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One look, and the verdict on it."""

    observation: Observation
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a signal at its scheduled time. The last attempt counts; the others are kept as well."""

    signal: Signal
    slot: datetime
    attempts: tuple[Attempt, ...]

    @property
    def observation(self) -> Observation:
        return self.attempts[-1].observation

    @property
    def judgement(self) -> Judgement:
        return self.attempts[-1].judgement


class Prepared:
    """A signal with its conditions read and its times in seconds, ready to be observed many times."""

    def __init__(self, signal: Signal, context: Context) -> None:
        self.signal = signal
        self.every = seconds(signal.every)
        self._expected: tuple[Expected, ...] = expectations(signal.expect)
        self._context = replace(context, wanted=looked_at(self._expected), timeout=seconds(signal.timeout))

    async def looked(self, look: Look) -> Observation:
        """Look once."""
        return await look(self.signal.probe, self._context)

    async def observed(self, slot: datetime, look: Look) -> Result:
        """Look, and look again while it fails and retries are left."""
        attempts: list[Attempt] = []
        while True:
            observation = await self.looked(look)
            judgement = judge(self._expected, observation, datetime.now(UTC))
            attempts.append(Attempt(observation, judgement))
            if judgement.outcome is Outcome.PASS or len(attempts) > self.signal.retries:
                return Result(self.signal, slot, tuple(attempts))
            await asyncio.sleep(PAUSE)
