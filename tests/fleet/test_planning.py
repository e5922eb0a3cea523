"""Which scheduled times are due, which were missed, and how they are put together."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vsmhub.evidence.schedule import following, slot
from vsmhub.fleet.planning import LEAST, Rhythm, Slot, due, shards

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AHEAD = NOW + timedelta(seconds=10)
LONG_AGO = NOW - timedelta(days=400)


def rhythm(every: float, name: str = "s") -> Rhythm:
    return Rhythm(name, every, 10.0)


@pytest.mark.parametrize("every", [1.0, 5.0, 60.0, 86400.0])
def test_a_new_signal_is_looked_at_at_once(every: float) -> None:
    found = due(rhythm(every), None, NOW, AHEAD)
    assert found.missed == 0
    first = found.slots[0]
    assert first.closes - first.at == timedelta(seconds=every)
    assert first.closes - NOW >= timedelta(seconds=min(LEAST, every / 2))
    assert first.lapses - first.closes == timedelta(seconds=10)


def test_a_slot_is_planned_once_however_often_one_plans() -> None:
    planned, seen = None, []
    for second in range(0, 600, 5):
        now = NOW + timedelta(seconds=second)
        found = due(rhythm(7.0), planned, now, now + timedelta(seconds=10))
        assert found.missed == 0
        seen += [one.at for one in found.slots]
        planned = seen[-1]
    assert len(set(seen)) == len(seen)
    assert {later - earlier for earlier, later in pairwise(seen)} == {timedelta(seconds=7)}


def test_what_an_outage_cost_is_counted_and_not_made_up_for() -> None:
    planned = slot("s", 60.0, NOW - timedelta(hours=1))
    found = due(rhythm(60.0), planned, NOW, AHEAD)
    assert found.missed in (58, 59, 60)
    assert found.slots[0].at > NOW - timedelta(seconds=60)


def test_a_daily_signal_is_looked_at_after_an_outage_and_not_only_tomorrow() -> None:
    planned = slot("s", 86400.0, NOW - timedelta(days=3))
    found = due(rhythm(86400.0), planned, NOW, AHEAD)
    assert (found.missed, len(found.slots)) == (2, 1)
    assert found.slots[0].at <= AHEAD


@settings(max_examples=200)
@given(st.floats(0.5, 1e6), st.floats(0, 1e7), st.floats(0, 60), st.text(min_size=1, max_size=8))
def test_every_slot_is_either_planned_or_missed(every: float, silent: float, lead: float, name: str) -> None:
    planned = slot(name, every, NOW - timedelta(seconds=silent))
    horizon = NOW + timedelta(seconds=lead)
    found = due(rhythm(every, name), planned, NOW, horizon)
    at, all_of_them = following(name, every, planned), 0
    assume(silent / every < 2000)
    while at <= horizon:
        all_of_them += 1
        at = following(name, every, at)
    # A slot whose window is nearly over is neither, when none comes after it before the horizon.
    assert all_of_them <= found.missed + len(found.slots) <= all_of_them + 1
    assert all(one.at > planned for one in found.slots)


def test_shards_follow_the_times_and_are_never_larger_than_asked_for() -> None:
    slots = [Slot(f"s{n}", NOW + timedelta(seconds=(7 * n) % 50), NOW, NOW) for n in range(50)]
    found = shards(slots, 20)
    assert [len(one) for one in found] == [20, 20, 10]
    assert [one.at for group in found for one in group] == sorted(one.at for one in slots)
    assert shards([], 20) == []
