"""Reads one poll ahead: the next one is fetched and unpacked while this one is written."""

import asyncio
from collections.abc import Sequence

from shared.bus.delivery import Record
from shared.projection.source import Source


class ReadAhead:
    """Polls a source, a poll early.

    Args:
        source: the bus, assigned already.
        limit: records a poll.
        timeout: seconds to wait for a record.
    """

    def __init__(self, source: Source, limit: int, timeout: float) -> None:
        self._source = source
        self._limit = limit
        self._timeout = timeout
        self._next: asyncio.Task[Sequence[Record]] | None = None

    async def poll(self, stopping: asyncio.Event) -> Sequence[Record] | None:
        """Return what the source delivers next; raises what its `poll` does.

        Args:
            stopping: once it is set nobody waits any longer; None is returned.
        """
        reading = self._next = self._next or self._start()
        stopped = asyncio.ensure_future(stopping.wait())
        try:
            await asyncio.wait((reading, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
        if not reading.done():
            return None
        self._next = None
        delivered = reading.result()
        self._next = self._start()
        return delivered

    async def drop(self) -> None:
        """Forget what was read ahead: it is delivered again after the next assignment."""
        reading, self._next = self._next, None
        if reading is not None:
            reading.cancel()
            await asyncio.wait([reading])
            if not reading.cancelled():
                reading.exception()  # whatever it is, the next poll meets it again

    def _start(self) -> "asyncio.Task[Sequence[Record]]":
        return asyncio.ensure_future(self._poll())

    async def _poll(self) -> Sequence[Record]:
        return await self._source.poll(self._limit, self._timeout)
