"""Three-valued logic for evidence: met, not met, and three ways of not knowing, which never count as met.

Kleene's strong logic of indeterminacy: what is open stays open only while it could still decide. With the statuses in
order from met to not met, "so many of them" is the status of that many-th best: all of them is the worst, any the best.
"""

from collections.abc import Sequence
from enum import StrEnum


class Status(StrEnum):
    """What evidence comes to, from the best to the worst."""

    PASS = "pass"  # noqa: S105 - not a password
    STALE = "stale"
    UNKNOWN = "unknown"
    ERROR = "error"
    FAIL = "fail"


OPEN = (Status.STALE, Status.UNKNOWN, Status.ERROR)
"""The ways of not knowing: it was proven once, it never was, it could not be looked at."""

_ORDER = {status: place for place, status in enumerate(Status)}


def at_least(wanted: int, found: Sequence[Status]) -> Status:
    """Whether so many are met; where that is open, in which way. None of nothing is open too, not met."""
    if wanted < 1 or not found:
        return Status.UNKNOWN
    if wanted > len(found):
        return Status.FAIL
    return sorted(found, key=_ORDER.__getitem__)[wanted - 1]


def all_of(found: Sequence[Status]) -> Status:
    """Whether all are met."""
    return at_least(len(found), found)


def any_of(found: Sequence[Status]) -> Status:
    """Whether one is met."""
    return at_least(1, found)
