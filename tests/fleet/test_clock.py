"""The database's time on a machine whose clock is wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from vsmhub.fleet.clock import Clock


@pytest.mark.parametrize(("hours", "differs"), [(-3, True), (0, False), (5, True)])
def test_it_is_kept_by_the_machines_clock(hours: int, differs: bool) -> None:
    clock, now = Clock(), datetime.now(UTC)
    clock.learn(now + timedelta(hours=hours), now - timedelta(seconds=1), now + timedelta(seconds=1))
    assert abs(clock.now() - datetime.now(UTC) - timedelta(hours=hours)) < timedelta(seconds=1)
    assert clock.differs is differs
    assert clock.until(clock.now() - timedelta(hours=1)) == 0
    assert 3599 < clock.until(clock.now() + timedelta(hours=1)) <= 3600
