"""The rate limit: a bucket of tokens for each API key, in this process."""

import math
import time
from collections.abc import Callable
from uuid import UUID

from vsmhub.server.problems import Refusal

_PRUNE_ABOVE = 10_000


class Limiter:
    """Lets `rate` requests a second through for each key, after a burst of `burst`."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._buckets: dict[UUID, tuple[float, float]] = {}

    def take(self, key_id: UUID) -> None:
        """Count one request; 429 with `Retry-After` (whole seconds) when there were too many."""
        now = self._clock()
        level, at = self._buckets.get(key_id, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        if level < 1:
            wait = max(1, math.ceil((1 - level) / self._rate))
            self._buckets[key_id] = (level, now)
            raise Refusal(
                429,
                f"Too many requests for this API key; try again in {wait} s.",
                headers={"Retry-After": str(wait)},
            )
        self._buckets[key_id] = (level - 1, now)
        if len(self._buckets) > _PRUNE_ABOVE:
            self._prune(now)

    def _prune(self, now: float) -> None:
        full = self._burst
        self._buckets = {
            key: (level, at) for key, (level, at) in self._buckets.items() if level + (now - at) * self._rate < full
        }
