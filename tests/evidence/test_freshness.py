"""Evidence counts from when it was collected until its own end or its age's, whichever is earlier."""

from datetime import timedelta

import pytest

from tests.evidence.records import NOW, record
from vsmhub.evidence.freshness import is_fresh, span, valid_until

HOUR = timedelta(hours=1)

# Age of the evidence and how long it says it lasts, in seconds; the greatest age; when it ends, in seconds from now.
ENDS = [
    (0, 60, None, 60),
    (0, 60, 3600, 60),
    (0, 7200, 3600, 3600),
    (0, None, 3600, 3600),
    (0, None, None, None),
    (1800, 60, 3600, -1740),
    (1800, None, 3600, 1800),
]


@pytest.mark.parametrize(("age", "lasts", "max_age", "ends"), ENDS)
def test_the_earlier_end_counts(age: float, lasts: float | None, max_age: float | None, ends: float | None) -> None:
    found = record(age=age, lasts=lasts)
    limit = None if max_age is None else timedelta(seconds=max_age)
    wanted = None if ends is None else NOW + timedelta(seconds=ends)
    assert valid_until(found, limit) == wanted
    if wanted is not None:
        assert is_fresh(found, wanted - timedelta(microseconds=1), limit)
        assert not is_fresh(found, wanted, limit)


def test_what_happens_later_is_not_known_yet() -> None:
    assert is_fresh(record(lasts=7200), NOW, HOUR)
    assert not is_fresh(record(lasts=7200), NOW - timedelta(seconds=1), HOUR)


def test_spans_are_lengths_of_time() -> None:
    assert span("1.5h") == timedelta(minutes=90)
