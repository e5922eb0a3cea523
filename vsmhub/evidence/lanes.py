"""A bound on how many probes run at once, in which slow ones do not hold up the others.

A probe takes one of the quick places. When it is still waiting after a while it moves to one of the slow places, of
which there are many, since a probe that waits costs no more than a socket; its quick place is then another's.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Lanes:
    """`quick` and `slow` places; who is still there after `patience` seconds counts as slow."""

    def __init__(self, *, quick: int = 64, slow: int = 1024, patience: float = 0.5) -> None:
        self._quick = asyncio.Semaphore(quick)
        self._slow_places = slow
        self._patience = patience

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place."""
        await self._quick.acquire()
        loop = asyncio.get_running_loop()
        slow = False
        timers: list[asyncio.TimerHandle] = []

        def move() -> None:
            nonlocal slow
            if self._slow_places > 0:
                self._slow_places -= 1
                slow = True
                self._quick.release()
            else:
                timers[0] = loop.call_later(self._patience, move)

        timers.append(loop.call_later(self._patience, move))
        try:
            yield
        finally:
            timers[0].cancel()
            if slow:
                self._slow_places += 1
            else:
                self._quick.release()
