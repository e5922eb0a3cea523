"""A bound on how many probes run at once, in which slow ones do not hold up the others.

A probe takes one of the quick places. When it is still waiting after a while it moves to one of the slow places, of
which there are many, since a probe that waits costs no more than a socket; its quick place is then another's.
"""

import asyncio
from types import TracebackType


class Lanes:
    """`quick` and `slow` places; who is still there after `patience` seconds counts as slow."""

    def __init__(self, *, quick: int = 64, slow: int = 1024, patience: float = 0.5) -> None:
        self._quick = asyncio.Semaphore(quick)
        self._slow_places = slow
        self._patience = patience

    async def take(self) -> "Place":
        """A place, as soon as there is one; it is given back when its `with` block ends."""
        await self._quick.acquire()
        return Place(self, self._patience)

    def move(self) -> bool:
        """Whether there is a slow place; it is then taken, and a quick one is free."""
        if self._slow_places == 0:
            return False
        self._slow_places -= 1
        self._quick.release()
        return True

    def give_back(self, *, slow: bool) -> None:
        """One who had a place needs it no more."""
        if slow:
            self._slow_places += 1
        else:
            self._quick.release()


class Place:
    """Somebody's place, quick at first."""

    __slots__ = ("_lanes", "_patience", "_slow", "_timer")

    def __init__(self, lanes: Lanes, patience: float) -> None:
        self._lanes = lanes
        self._patience = patience
        self._slow = False
        self._wait()

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._lanes.give_back(slow=self._slow)

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._patience, self._move)

    def _move(self) -> None:
        self._slow = self._lanes.move()
        if not self._slow:
            self._wait()
