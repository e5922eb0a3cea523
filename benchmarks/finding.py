"""What a benchmark found: a ratio or a number, the aim it stands beside, and the times it came from."""

from dataclasses import dataclass

from benchmarks.timing import Series

NOT_INSTALLED = "not installed"


@dataclass(frozen=True)
class Finding:
    """One promise, measured. `value` is None when the peer is missing; `note` then says which.

    `aim` is the largest value that keeps the promise, or the smallest for a `rate`; `unit` is empty for a ratio; `how`
    says how it was taken.
    """

    name: str
    what: str
    against: str
    aim: float
    value: float | None
    how: str
    series: tuple[Series, ...] = ()
    unit: str = ""
    note: str = ""
    rate: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the promise is kept; None when it could not be measured."""
        if self.value is None:
            return None
        return self.value >= self.aim if self.rate else self.value <= self.aim


def ratio(name: str, what: str, against: str, aim: float, ours: Series, peer: Series, *, how: str) -> Finding:
    """Our median as a part of the peer's."""
    return Finding(name, what, against, aim, ours.median / peer.median, how, series=(ours, peer))


def throughput(name: str, what: str, against: str, aim: float, ours: Series, peer: Series, *, how: str) -> Finding:
    """How many times as much as the peer we do in the same time; the series hold the seconds for one."""
    return Finding(name, what, against, aim, peer.median / ours.median, how, series=(ours, peer), rate=True)


def missing(name: str, what: str, against: str, aim: float, peer: str, *, how: str, rate: bool = False) -> Finding:
    """The peer is not on this machine, and no figure stands in for it."""
    return Finding(name, what, against, aim, None, how, note=f"{peer}: {NOT_INSTALLED}", rate=rate)
