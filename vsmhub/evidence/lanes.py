"""A bound on how many probes run at once, in which slow ones do not hold up the others.

A probe takes one of the quick places. When it is still waiting after a while it moves to one of the slow places, of
which there are many, since a probe that waits costs no more than a socket; its quick place is then another's.
"""

import asyncio
from collections import deque
from types import TracebackType


class Lanes:
    """`quick` and `slow` places; who is still there after `patience` seconds counts as slow."""

    def __init__(self, *, quick: int = 64, slow: int = 1024, patience: float = 0.5) -> None:
        self._quick = asyncio.Semaphore(quick)
        self._slow_places = slow
        self._patience = patience
        # Who came first waits longest, so that one timer does for all: most are gone before it ends.
        self._waiting: deque[Place] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def take(self) -> "Place":
        """A place, as soon as there is one; it is given back when its `with` block ends."""
        await self._quick.acquire()
        loop = asyncio.get_running_loop()
        place = Place(self, loop.time() + self._patience)
        self._waiting.append(place)
        if self._timer is None:
            self._timer = loop.call_at(place.until, self._move)
        return place

    def give_back(self, place: "Place") -> None:
        """One who had a place needs it no more."""
        place.given_back = True
        if place.slow:
            self._slow_places += 1
        else:
            self._quick.release()
        while self._waiting and self._waiting[0].given_back:
            self._waiting.popleft()
        if not self._waiting and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _move(self) -> None:
        """Move those who have waited too long to slow places; where there is none, they wait once more."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for _ in range(len(self._waiting)):
            if self._waiting[0].until > now:
                break
            place = self._waiting.popleft()
            if place.given_back:
                continue
            if self._slow_places:
                self._slow_places -= 1
                self._quick.release()
                place.slow = True
            else:
                place.until = now + self._patience
                self._waiting.append(place)
        self._timer = loop.call_at(self._waiting[0].until, self._move) if self._waiting else None


class Place:
    """Somebody's place, quick at first."""

    __slots__ = ("_lanes", "given_back", "slow", "until")

    def __init__(self, lanes: Lanes, until: float) -> None:
        self.until = until
        self.given_back = False
        self.slow = False
        self._lanes = lanes

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lanes.give_back(self)
