"""Keys that will soon open nothing. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vsmhub.plan.live import Live, usable

WARNED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Expiry:
    """A key that ends soon; `days` are whole ones, 0 on the last."""

    prefix: str
    name: str
    expires_at: datetime
    days: int


def expiring(live: Live, now: datetime) -> tuple[Expiry, ...]:
    """The hub's keys that can be used at `now` and end within 30 days, the next to end first."""
    found = [
        Expiry(key.prefix, key.name, key.expires_at, (key.expires_at - now).days)
        for key in live.keys
        if key.expires_at is not None and usable(key, now) and key.expires_at - now <= WARNED_BEFORE
    ]
    return tuple(sorted(found, key=lambda one: one.expires_at))
