"""Whatever a task is at when it is cancelled, it ends."""

import asyncio

from shared.domain.pausing import end, go_on_unless_cancelled, wait_a_while


async def loses_its_cancellation(rounds: list[int]) -> None:
    """Wait errors out, as those do who follow a database, while letting go fails."""
    while True:
        try:
            rounds.append(1)
            try:
                await asyncio.sleep(3600)
            finally:
                raise OSError("the connection is gone")
        except OSError:
            go_on_unless_cancelled()


async def test_an_error_on_the_way_out_does_not_keep_a_task_alive() -> None:
    rounds: list[int] = []
    task = asyncio.create_task(loses_its_cancellation(rounds))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=2)
    assert task.cancelled()
    assert len(rounds) == 1


async def test_a_task_that_hides_its_cancellation_once_is_asked_again() -> None:
    hidden = asyncio.Event()

    async def hides_one() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            hidden.set()
        await asyncio.sleep(3600)

    task = asyncio.create_task(hides_one())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await end(task)
    assert hidden.is_set()
    assert task.cancelled()


async def test_a_wait_says_whether_it_was_in_vain() -> None:
    event = asyncio.Event()
    assert not await wait_a_while(event, 0.01)
    event.set()
    assert await wait_a_while(event, 0.01)
