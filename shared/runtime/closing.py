"""When this process was told to stop: what answers late by design, answers then."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

Said = TypeVar("Said")


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


async def until_closing(said: AsyncIterator[Said]) -> AsyncIterator[Said]:
    """Pass on what is said, until there is no more or this process is told to stop."""
    told = asyncio.ensure_future(closing.wait())
    following = asyncio.ensure_future(anext(said, None))
    try:
        while True:
            await asyncio.wait((following, told), return_when=asyncio.FIRST_COMPLETED)
            if not following.done() or (one := following.result()) is None:
                return
            yield one
            following = asyncio.ensure_future(anext(said, None))
    finally:
        told.cancel()
        following.cancel()
