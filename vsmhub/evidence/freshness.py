"""Until when evidence counts. It is judged when it is read: the same event is fresh today and stale tomorrow."""

from datetime import datetime, timedelta

from vsmhub.evidence.record import Record
from vsmhub.spec.spans import seconds


def span(text: str) -> timedelta:
    """A span of a spec as a length of time."""
    return timedelta(seconds=seconds(text))


def valid_until(record: Record, max_age: timedelta | None = None) -> datetime | None:
    """The end of what the evidence proves: the earlier of its own and of what its age allows. None is no end."""
    ends = [record.expires] if record.expires else []
    if max_age is not None:
        ends.append(record.collected + max_age)
    return min(ends, default=None)


def known_at(record: Record, as_of: datetime) -> bool:
    """Whether the evidence was there at that time; what happens later is not known yet."""
    return record.at <= as_of and record.collected <= as_of


def is_fresh(record: Record, as_of: datetime, max_age: timedelta | None = None) -> bool:
    """Whether it counts at that time."""
    end = valid_until(record, max_age)
    return known_at(record, as_of) and (end is None or as_of < end)
