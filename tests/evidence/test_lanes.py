"""Slow probes do not hold up the others."""

import asyncio
import time

from vsmhub.evidence.lanes import Lanes


def test_no_more_run_at_once_than_there_are_places() -> None:
    async def run() -> int:
        lanes, running, most = Lanes(quick=3, slow=0, patience=0.01), 0, 0

        async def one() -> None:
            nonlocal running, most
            with await lanes.take():
                running += 1
                most = max(most, running)
                await asyncio.sleep(0.02)
                running -= 1

        await asyncio.gather(*(one() for _ in range(20)))
        return most

    assert asyncio.run(run()) == 3


def test_the_slow_make_room_for_the_quick() -> None:
    async def run() -> float:
        lanes = Lanes(quick=2, slow=100, patience=0.05)

        async def one(seconds: float) -> None:
            with await lanes.take():
                await asyncio.sleep(seconds)

        slow = [asyncio.create_task(one(1.5)) for _ in range(20)]
        await asyncio.sleep(0)
        before = time.perf_counter()
        await asyncio.gather(*(one(0.0) for _ in range(50)))
        took = time.perf_counter() - before
        await asyncio.gather(*slow)
        async with asyncio.timeout(1):  # all places are free again
            await asyncio.gather(*(one(0.0) for _ in range(10)))
        return took

    assert asyncio.run(run()) < 1.4


def test_when_the_slow_places_are_taken_the_bound_holds() -> None:
    async def run() -> tuple[int, int]:
        lanes, running, most, done = Lanes(quick=2, slow=3, patience=0.01), 0, 0, 0

        async def one() -> None:
            nonlocal running, most, done
            with await lanes.take():
                running += 1
                most = max(most, running)
                await asyncio.sleep(0.1)
                running -= 1
                done += 1

        await asyncio.gather(*(one() for _ in range(15)))
        return most, done

    assert asyncio.run(run()) == (5, 15)
