"""Which scheduled times are due, and which were missed. No I/O.

A slot may be observed until its window closes, which is when the signal's next one comes. So an outage costs the slots
whose windows closed meanwhile; of these nothing is made up for, because it would say nothing that the newest does not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vsmhub.evidence.attempts import PAUSE
from vsmhub.evidence.schedule import number, numbered
from vsmhub.spec.signals import Signal
from vsmhub.spec.spans import seconds

LEAST = 3.0
"""Seconds that have to be left of a window for its slot to be begun with."""

SPARE = 5.0
"""Seconds that writing a result may take before its slot is given up."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a signal is observed. `allowance` is the longest that one observation takes; both in seconds."""

    signal: str
    every: float
    allowance: float

    @classmethod
    def of(cls, signal: Signal) -> "Rhythm":
        """The rhythm of a signal of a spec."""
        attempts = signal.retries + 1
        return cls(signal.name, seconds(signal.every), attempts * (seconds(signal.timeout) + PAUSE) + SPARE)


@dataclass(frozen=True, slots=True)
class Slot:
    """A scheduled time of a signal. It may be begun until `closes`, and who began it is waited for until `lapses`."""

    signal: str
    at: datetime
    closes: datetime
    lapses: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """The slots of one signal that are to be observed, and how many were missed before them."""

    slots: tuple[Slot, ...]
    missed: int = 0


def due(rhythm: Rhythm, planned: datetime | None, now: datetime, horizon: datetime) -> Due:
    """What there is to plan up to `horizon`, after the slot that was `planned` last; None for a signal that is new."""
    name, every = rhythm.signal, rhythm.every
    # The newest slot that there is still time for.
    first, missed = number(name, every, now + timedelta(seconds=min(LEAST, every / 2))), 0
    if planned is not None:
        after = number(name, every, planned) + 1
        missed = max(0, first - after)
        first = max(first, after)
    found = []
    while (at := numbered(name, every, first)) <= horizon:
        closes = at + timedelta(seconds=every)
        found.append(Slot(name, at, closes, closes + timedelta(seconds=rhythm.allowance)))
        first += 1
    return Due(tuple(found), missed)


def shards(slots: Iterable[Slot], size: int) -> list[Sequence[Slot]]:
    """Slots in the order of their times, so many together at most."""
    ordered = sorted(slots, key=lambda one: (one.at, one.signal))
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]
