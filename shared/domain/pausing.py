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
