"""Slow probes do not hold up the others."""

import asyncio

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
    async def run() -> int:
        lanes, over = Lanes(quick=2, slow=100, patience=0.05), asyncio.Event()

        async def slow() -> None:
            with await lanes.take():
                await over.wait()

        async def quick() -> None:
            with await lanes.take():
                await asyncio.sleep(0)

        waiting = [asyncio.create_task(slow()) for _ in range(20)]
        await asyncio.sleep(0)
        async with asyncio.timeout(30):
            await asyncio.gather(*(quick() for _ in range(50)))
        left = sum(not one.done() for one in waiting)
        over.set()
        await asyncio.gather(*waiting)
        async with asyncio.timeout(30):  # all places are free again
            await asyncio.gather(*(quick() for _ in range(10)))
        return left

    assert asyncio.run(run()) == 20, "the quick ones were done while none of the slow ones was"


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
