"""What a benchmark found: a ratio or a number, the aim it stands beside, and the times it came from."""

from dataclasses import dataclass

from benchmarks.timing import Series

NOT_INSTALLED = "not installed"


@dataclass(frozen=True)
class Finding:
    """One promise, measured. `value` is None when the peer is missing; `note` then says which.

    `aim` is the largest value that keeps the promise; `unit` is empty for a ratio. `how` says how it was taken.
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

    @property
    def met(self) -> bool | None:
        """Whether the promise is kept; None when it could not be measured."""
        return None if self.value is None else self.value <= self.aim


def ratio(name: str, what: str, against: str, aim: float, ours: Series, peer: Series, *, how: str) -> Finding:
    """Our median as a part of the peer's."""
    return Finding(name, what, against, aim, ours.median / peer.median, how, series=(ours, peer))


def missing(name: str, what: str, against: str, aim: float, peer: str, *, how: str) -> Finding:
    """The peer is not on this machine, and no figure stands in for it."""
    return Finding(name, what, against, aim, None, how, note=f"{peer}: {NOT_INSTALLED}")
