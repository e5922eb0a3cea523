"""The database's clock, as this machine knows it: it decides which slots are due, whatever the machine's own says."""

from datetime import UTC, datetime, timedelta

WORTH_TELLING = timedelta(seconds=5)


class Clock:
    """The database's time, kept by this machine's clock in between."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        """How much later the database's clock is than this machine's."""

    def learn(self, told: datetime, asked: datetime, answered: datetime) -> None:
        """The database said `told` to what was `asked` and `answered` at these times of this machine."""
        self.ahead = told - (asked + (answered - asked) / 2)

    def now(self) -> datetime:
        """The time at the database."""
        return datetime.now(UTC) + self.ahead

    def until(self, at: datetime) -> float:
        """Seconds from now; none are left once the time has come."""
        return max(0.0, (at - self.now()).total_seconds())

    @property
    def differs(self) -> bool:
        """Whether this machine's clock is so wrong that its evidence would be too early or too late."""
        return abs(self.ahead) > WORTH_TELLING
