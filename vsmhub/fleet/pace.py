"""How fast a fleet of workers beats: all workers of one database are told the same."""

from dataclasses import dataclass

TICK = 5
"""Seconds from one time at which slots are planned to the next."""

LEAD = 2.0 * TICK
"""How far ahead slots are planned, in seconds: one tick may come late, or never, and nothing is missed."""

SILENT_AFTER = 3.0 * TICK
"""For how long nobody may have planned before that is told."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`lost_after` is in seconds: a worker that was not heard of for so long is taken for dead.

    `shard` is how many probes one job has at most: a job costs about 2 ms, so that few probes would be dear, and what
    is lost with a worker is a shard, so that many would be as well. `poll` is how often a worker asks for jobs.
    """

    lost_after: float = 20.0
    shard: int = 100
    poll: float = 0.5

    @property
    def beat(self) -> float:
        """Seconds from one sign of life to the next."""
        return self.lost_after / 4
