"""One subject's tasks leave the event loop to the others in every round of it."""

import asyncio
import time
from typing import Any

import pytest
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY
from strawberry.types.arguments import convert_argument

from services.gateway.crowd import Crowd, Crowded, TooManyAtOnce, TooManySockets, visit_here
from services.gateway.graphql.batch import MOST, CommandBatchInput, CommandInput
from services.gateway.graphql.scalars import SCALARS
from services.gateway.pacing import Paced, paced_tasks
from services.gateway.turns import TURN_S
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


async def steps(milliseconds: float, times: int) -> None:
    for _ in range(times):
        work(milliseconds)
        await asyncio.sleep(0)


async def test_six_busy_subjects_have_their_turns_one_after_the_other() -> None:
    crowd, stop, ended = Crowd(), asyncio.Event(), []

    async def busy(name: str) -> None:
        with crowd.operation(name) as visit:
            await Paced(steps(12, 10), visit)
            ended.append(visit.milliseconds)

    async def quiet() -> float:
        longest = 0.0
        await asyncio.sleep(0.3)  # by then it has turned out who is busy
        while not stop.is_set():
            began = time.thread_time()
            with crowd.operation("quiet") as visit:
                await Paced(steps(0.1, 12), visit)
            longest = max(longest, time.thread_time() - began)
            await asyncio.sleep(0.02)
        return longest

    with paced_tasks():
        watching = asyncio.create_task(quiet())
        await asyncio.gather(*(busy(f"busy {place}") for place in range(6)))
        stop.set()
        longest = await watching
    # Every one has all that it needs; a dozen rounds took a dozen times 72 ms.
    assert ended == [pytest.approx(120, rel=0.3)] * 6
    assert 0 < longest < 0.5


async def test_who_is_cancelled_while_waiting_for_a_turn_keeps_nobody_waiting() -> None:
    crowd = Crowd()

    async def busy(name: str) -> None:
        with crowd.operation(name) as visit:
            await Paced(steps(6, 20), visit)

    with paced_tasks():
        first, second, third = (asyncio.create_task(busy(name)) for name in "abc")
        await asyncio.sleep(0.1)
        second.cancel()
        async with asyncio.timeout(10):
            await asyncio.gather(first, third)
        assert second.cancelled()
        async with asyncio.timeout(10):
            await busy("b")


async def test_who_asks_again_at_once_is_as_busy_as_before() -> None:
    crowd = Crowd()
    for _ in range(3):
        with crowd.operation("again") as visit:
            await Paced(steps(15, 1), visit)
    with crowd.operation("again") as visit:
        assert visit.present.pace.is_busy
    with crowd.operation("another") as visit:
        assert not visit.present.pace.is_busy


def test_a_batch_is_taken_in_within_a_turn() -> None:
    # Before: Strawberry looked up the type of each field of each command: 7 ms.
    command: Any = {"code": "RW"}
    given = {"commands": [{"name": "orgUnitEstablish", "command": command}] * MOST}
    registry = DEFAULT_SCALAR_REGISTRY | SCALARS
    took = []
    for _ in range(5):
        began = time.thread_time()
        batch: Any = convert_argument(given, CommandBatchInput, registry, StrawberryConfig())
        took.append(time.thread_time() - began)
    assert batch.commands == [CommandInput(name="orgUnitEstablish", command=command)] * MOST
    assert min(took) < TURN_S / 2
