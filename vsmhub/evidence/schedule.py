"""When signals are observed: slots of equal length, each signal's own offset into them, the same on every machine."""

import hashlib
import math
from datetime import UTC, datetime, timedelta


def offset(name: str, every: float) -> float:
    """Where in its interval a signal is observed, in seconds: spread evenly by name, so that not all fall together."""
    share = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64
    return share * every


def slot(name: str, every: float, now: datetime) -> datetime:
    """The scheduled time that `now` belongs to: the latest that is not after it."""
    start = offset(name, every)
    count = math.floor((now.timestamp() - start) / every)
    return _moment(count * every + start)


def following(name: str, every: float, now: datetime) -> datetime:
    """The next scheduled time after `now`."""
    start = offset(name, every)
    count = math.floor((now.timestamp() - start) / every) + 1
    found = _moment(count * every + start)
    # Rounding to microseconds may give back the moment itself.
    return found if found > now else found + timedelta(seconds=every)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
