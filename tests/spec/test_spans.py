"""Spans of time as they are written, and as they are shown."""

import pytest

from vsmhub.spec.spans import age_text, amount_text, seconds, span_text


@pytest.mark.parametrize(
    ("text", "value"), [("500ms", 0.5), ("30s", 30), ("1.5h", 5400), ("14d", 1_209_600), ("2w", 1_209_600)]
)
def test_a_span_is_so_many_seconds(text: str, value: float) -> None:
    assert seconds(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "5", "5 m", "m", "-5m", "5y"])
def test_other_texts_are_no_spans(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        seconds(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0123, "12.3ms"), (0, "0ms"), (1, "1s"), (90, "1.5m"), (7200, "2h"), (100_000, "27.8h"), (-259_200, "-3d")],
)
def test_people_read_them_in_a_unit_that_fits(value: float, text: str) -> None:
    assert span_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-3, "0s"),
        (0.9916, "0s"),
        (27.9, "27s"),
        (90, "1m30s"),
        (120, "2m"),
        (912, "15m"),
        (11_000, "3h3m"),
        (86_399, "23h"),
        (86_400, "1d"),
        (180_000, "2d2h"),
        (5_000_000, "57d"),
    ],
)
def test_ages_are_counted_in_whole_units(value: float, text: str) -> None:
    assert age_text(value) == text


def test_amounts_too() -> None:
    assert [amount_text(value) for value in (0, 512, 1536, 3 * 1024**3)] == ["0B", "512B", "1.5KiB", "3GiB"]
