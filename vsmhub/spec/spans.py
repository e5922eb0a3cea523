"""Spans of time and amounts of bytes as people write them: `500ms`, `14d`, `16MiB`."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

SPAN_PATTERN = r"^[0-9]{1,9}(\.[0-9]{1,3})?(ms|s|m|h|d|w)$"
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
BYTES = {"B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4}

LONGEST = 36525 * SECONDS["d"]
"""Seconds of the longest span, 100 years: what is longer is a slip of the pen, and no time can be counted from it."""

_FEW = 10
"""From so many of a unit on, the next smaller one says nothing that anybody wants to know."""

_PARTS = re.compile(r"([0-9.]+)([a-z]+)")


def _within(span: str) -> str:
    if seconds(span) > LONGEST:
        raise ValueError("a span of time is at most 100 years")
    return span


Span = Annotated[str, StringConstraints(pattern=SPAN_PATTERN, max_length=16), AfterValidator(_within)]
"""A span of time, such as `30s`, `5m` or `14d`; `seconds` says how long it is."""


def seconds(span: str) -> float:
    """How long a `Span` is, in seconds."""
    found = _PARTS.fullmatch(span)
    if found is None:
        raise ValueError(f"{span!r} is no span of time")
    return float(found[1]) * SECONDS[found[2]]


def span_text(value: float) -> str:
    """Seconds as a person reads them, in the largest unit that says them well: `1.5h`, `12ms`, `-3d`."""
    size = abs(value)
    for unit in ("d", "h", "m", "s"):
        if size >= SECONDS[unit] * (2 if unit == "d" else 1):
            return f"{_short(value / SECONDS[unit])}{unit}"
    return f"{_short(value * 1000)}ms"


def age_text(value: float) -> str:
    """Seconds that have passed, counted whole in one unit or two: `0s`, `27s`, `1m30s`, `15m`, `3d4h`."""
    whole = max(0, int(value))
    for unit, less in (("d", "h"), ("h", "m"), ("m", "s")):
        many, rest = divmod(whole, int(SECONDS[unit]))
        if many:
            more = rest // int(SECONDS[less]) if many < _FEW else 0
            return f"{many}{unit}" + (f"{more}{less}" if more else "")
    return f"{whole}s"


def amount_text(value: float) -> str:
    """Bytes as a person reads them: `512B`, `1.5MiB`."""
    for unit in ("TiB", "GiB", "MiB", "KiB"):
        if abs(value) >= BYTES[unit]:
            return f"{_short(value / BYTES[unit])}{unit}"
    return f"{_short(value)}B"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
