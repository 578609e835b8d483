"""Waiting for an event, for a while."""

import asyncio


async def wait_a_while(event: asyncio.Event, seconds: float) -> bool:
    """Wait until an event is set, at most `seconds`; say whether it is.

    Not `asyncio.wait_for`: up to Python 3.11 that loses a cancellation which comes in the moment
    in which the event is set, and a task that was to end goes on for ever.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


def go_on_unless_cancelled() -> None:
    """End the task if it was cancelled, though something on its way out has hidden that.

    What is let go of in a `finally` may fail, where a database is gone; that error then stands in
    the cancellation's place, and a loop that waits such errors out would go on for ever.

    Raises:
        asyncio.CancelledError: it was.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def end(task: "asyncio.Task[None]") -> None:
    """Cancel a task until it has ended; what it ended with, but for that, is raised."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=1.0)
    if not task.cancelled():
        task.result()
