"""Slots: the same on every machine, without gaps, spread over the interval."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vsmhub.evidence.schedule import following, offset, slot

TIMES = st.floats(1.5e9, 4e9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
INTERVALS = st.sampled_from([1.0, 5.0, 60.0, 300.0, 3600.0, 86400.0])


@given(TIMES, INTERVALS, st.text(max_size=10))
def test_a_moment_lies_in_its_slot(now: datetime, every: float, name: str) -> None:
    start, end = slot(name, every, now), following(name, every, now)
    tolerance = timedelta(milliseconds=1)
    assert start <= now + tolerance
    assert now < end
    assert abs((end - start).total_seconds() - every) < 0.01


@given(TIMES, INTERVALS)
def test_slots_follow_each_other(now: datetime, every: float) -> None:
    times = [following("a", every, now)]
    for _ in range(5):
        times.append(following("a", every, times[-1]))
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)]
    assert all(abs(gap - every) < 0.01 for gap in gaps)


@given(TIMES, st.floats(0.5, 1e6), st.text(max_size=10))
def test_a_scheduled_time_is_the_same_however_it_is_come_to(now: datetime, every: float, name: str) -> None:
    one = following(name, every, now)
    assert slot(name, every, one) == one
    assert following(name, every, one - timedelta(microseconds=1)) == one
    assert slot(name, every, following(name, every, one) - timedelta(microseconds=1)) == one


def test_many_signals_are_spread() -> None:
    shares = sorted(offset(f"signal-{number}", 300.0) // 60 for number in range(500))
    assert all(60 < shares.count(minute) < 140 for minute in range(5))
