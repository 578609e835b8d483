"""When this process was told to stop: what answers late by design, answers then."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Closing:
    """Whether the process was told to stop.

    A server lets its requests finish before it ends. One that waits for something to happen would
    hold the whole process up.
    """

    def __init__(self) -> None:
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._told = False

    def tell(self) -> None:
        """Take in that it was; called from a signal's handler."""
        self._told = True
        for loop, event in self._waiting:
            loop.call_soon_threadsafe(event.set)

    async def wait(self) -> None:
        """Wait until it is."""
        waits = (asyncio.get_running_loop(), asyncio.Event())
        self._waiting.add(waits)
        try:
            if not self._told:
                await waits[1].wait()
        finally:
            self._waiting.discard(waits)


closing = Closing()
"""Of this process."""


async def unless_closing(waiting: Coroutine[Any, Any, Any]) -> None:
    """Wait for something, but no longer than until this process is told to stop."""
    tasks = [asyncio.ensure_future(waiting), asyncio.ensure_future(closing.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
