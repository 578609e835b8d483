"""Who decides on a record next: those of one process who met at it stand in line.

Each of them would else be decided again and again on what another has just moved. Nobody stands in
line before it has met somebody: most commands never do.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary


class Lines:
    """The lines of one process, by record; one that nobody stands in is no more."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def stand(self, records: Iterable[UUID]) -> AsyncIterator[None]:
        """Wait until it is one's turn at all of these records, and keep it for the block."""
        async with AsyncExitStack() as stack:
            for record in sorted(records):  # in one order: nobody waits for one who waits for them
                lock = self._locks.get(record)
                if lock is None:
                    lock = self._locks[record] = asyncio.Lock()
                await stack.enter_async_context(lock)
            yield
