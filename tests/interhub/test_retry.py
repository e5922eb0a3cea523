"""When to ask again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsmhub.interhub.retry import RetryPolicy, retry_after

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
POLICY = RetryPolicy(attempts=5, base=0.1, cap=1.0, budget=10.0)
HEADERS: dict[str | None, float | None] = {
    None: None,
    "": None,
    "soon": None,
    "-3": None,
    "1.5": None,
    "0": 0.0,
    " 120 ": 120.0,
    "Sun, 14 Jun 2026 12:01:00 GMT": 60.0,
    "Sunday, 14-Jun-26 12:01:00 GMT": 60.0,
    "Sun Jun 14 12:01:00 2026": 60.0,
    "Sun, 14 Jun 2026 11:00:00 GMT": 0.0,
}


@pytest.mark.parametrize(("header", "seconds"), HEADERS.items())
def test_what_a_target_asks_for_is_understood(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.text(max_size=40))
def test_no_header_breaks_it(header: str) -> None:
    wait = retry_after(header, NOW)
    assert wait is None or wait >= 0


@given(
    attempt=st.integers(1, 20),
    spent=st.floats(0, 20),
    chance=st.floats(0, 1, exclude_max=True),
    asked=st.none() | st.floats(0, 20),
)
def test_no_wait_passes_the_bounds(attempt: int, spent: float, chance: float, asked: float | None) -> None:
    wait = POLICY.delay(attempt, spent=spent, chance=chance, asked=asked)
    if attempt >= POLICY.attempts or spent + (asked or 0) > POLICY.budget:
        assert wait is None
    elif asked is not None:
        assert wait is not None
        assert asked <= wait <= asked + POLICY.base
    elif wait is not None:
        assert 0 <= wait <= min(POLICY.cap, POLICY.base * 2 ** (attempt - 1))
        assert spent + wait <= POLICY.budget


def test_waits_spread_over_the_whole_range() -> None:
    waits = [POLICY.delay(3, spent=0, chance=chance) for chance in (0.0, 0.5, 0.999)]
    assert waits == pytest.approx([0.0, 0.2, 0.3996])


def test_a_date_is_counted_from_now() -> None:
    assert retry_after("Sun, 14 Jun 2026 12:01:00 GMT", NOW + timedelta(seconds=30)) == 30.0
