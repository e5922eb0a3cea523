"""When signals are observed: slots of equal length, each signal's own offset into them, the same on every machine."""

import hashlib
import math
from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=100_000)
def offset(name: str, every: float) -> float:
    """Where in its interval a signal is observed, in seconds: spread evenly by name, so that not all fall together."""
    share = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64
    return share * every


def slot(name: str, every: float, now: datetime) -> datetime:
    """The scheduled time that `now` belongs to: the latest that is not after it."""
    return numbered(name, every, number(name, every, now))


def following(name: str, every: float, now: datetime) -> datetime:
    """The next scheduled time after `now`."""
    return numbered(name, every, number(name, every, now) + 1)


def number(name: str, every: float, now: datetime) -> int:
    """Which of a signal's scheduled times is the latest that is not after `now`.

    Times are rounded to microseconds, numbers are not: who is asked for the time after one that was rounded down must
    not give the same again, nor one that nobody else would name.
    """
    found = math.floor((now.timestamp() - offset(name, every)) / every)
    while numbered(name, every, found + 1) <= now:
        found += 1
    while numbered(name, every, found) > now:
        found -= 1
    return found


def numbered(name: str, every: float, number: int) -> datetime:
    """The scheduled time of a signal that has this number."""
    return datetime.fromtimestamp(number * every + offset(name, every), UTC)
