"""Whether to ask again, and after how long: exponential backoff with full jitter, inside a budget."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long one call is tried. Times are in seconds.

    `attempts` counts the first one as well; `budget` bounds attempts and waiting together, so that nothing is waited
    for that could not be used any more.
    """

    attempts: int = 6
    base: float = 0.1
    cap: float = 5.0
    budget: float = 60.0

    def delay(self, attempt: int, *, spent: float, chance: float, asked: float | None = None) -> float | None:
        """How long to wait after the `attempt`-th attempt failed (from 1); None when it is time to give up.

        `chance` in [0, 1) picks the point in the jitter. What the target `asked` for (Retry-After) is the least that
        is waited; a target that asks for more than the budget has left is not asked again too early, but given up.
        """
        if attempt >= self.attempts:
            return None
        ceiling = min(self.cap, self.base * 2 ** (attempt - 1))
        wait = chance * ceiling if asked is None else asked + chance * self.base
        return wait if spent + (wait if asked is None else asked) <= self.budget else None


NO_RETRIES = RetryPolicy(attempts=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """Time and chance as a client takes them; a test gives its own."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, 10.2.3: a number or a date); None for no such thing."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
