"""One subject's tasks leave the event loop to the others in every round of it."""

import asyncio
import time

import pytest

from services.gateway.crowd import Crowd, Crowded, TooManyAtOnce, TooManySockets, visit_here
from services.gateway.pacing import paced_tasks
from tests.support.turns import longest_round


def work(milliseconds: float) -> None:
    began = time.thread_time()
    while (time.thread_time() - began) * 1000 < milliseconds:
        pass


async def some(milliseconds: float) -> None:
    work(milliseconds)


async def test_a_hundred_ready_tasks_do_not_run_in_one_round() -> None:
    stop = asyncio.Event()
    with paced_tasks():
        watching = asyncio.create_task(longest_round(stop))
        await asyncio.sleep(0)
        with Crowd().operation("greedy") as visit:
            await asyncio.gather(*(some(3) for _ in range(100)))
        stop.set()
        # Without pacing: 300 ms, for all are ready at once.
        assert await watching < 0.1
    assert visit.milliseconds == pytest.approx(300, rel=0.3)


async def test_what_comes_after_a_visit_is_not_counted_on_it() -> None:
    # A connection that is kept brings the context of the request before.
    with paced_tasks():
        with Crowd().operation("first") as visit:
            late = asyncio.create_task(asyncio.sleep(0.01))
        await late
        before = visit.loop_s
        assert visit_here() is None
        await asyncio.create_task(some(20))
        assert visit.loop_s == before


async def test_who_has_gone_makes_room() -> None:
    crowd = Crowd(operations=1, all_operations=2, sockets=1, all_sockets=1)
    with crowd.operation("a"):
        with pytest.raises(TooManyAtOnce, match="1 operations of yours"):
            crowd.operation("a").__enter__()
        with crowd.operation("b"), pytest.raises(Crowded):
            crowd.operation("c").__enter__()
    with crowd.operation("a"):
        pass
    visit = crowd.sit_down("a")
    with pytest.raises(TooManySockets):
        crowd.sit_down("a")
    crowd.leave(visit)
    crowd.leave(crowd.sit_down("a"))
    with crowd.door(), pytest.raises(Crowded):
        crowd.door().__enter__()
    assert not crowd._present
