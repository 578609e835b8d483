"""The ledgers' own feeds as a source: a build is made of them where the bus is not to be trusted.

What it delivers is what the relay would have published; a record's offset is its position. Once the
build is read, it is kept up from the bus: that has other topic ids, so its topics are read from
their beginning, and what is known is passed over.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol

from shared.bus.delivery import Delivered, Record
from shared.ledger import Entry
from shared.positions import partition_of
from shared.projection.source import Place


class Fed(Protocol):
    """A ledger, this process's own or another's, as far as it is read here."""

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """Return up to `limit` entries above a position, in order: see `Ledger.feed`.

        Raises:
            Unavailable: whoever has them does not answer now.
        """
        ...


class FeedSource:
    """Reads ledgers; a `Source`."""

    def __init__(self, ledgers: Mapping[str, Fed]) -> None:
        """Read these services' ledgers."""
        self._ledgers = dict(ledgers)
        self._offsets: dict[Place, int] = {}
        self._after: dict[str, int] = {}

    async def close(self) -> None:
        """Nothing is open."""

    async def topic_ids(self) -> Mapping[str, str]:
        """Return what stands for topics' ids."""
        return {service: f"ledger of {service}" for service in self._ledgers}

    async def assign(self, offsets: Mapping[Place, int]) -> None:
        """Deliver these places from these positions on."""
        self._offsets = dict(offsets)
        self._after = {}
        for (service, _), offset in offsets.items():
            after = max(offset - 1, 0)
            self._after[service] = min(after, self._after.get(service, after))

    async def poll(self, limit: int, timeout: float) -> Sequence[Record]:
        """Return what comes next in each ledger."""
        found: list[Record] = []
        for service in self._after:
            # What is another engine's is passed over at once: it says nothing of the end.
            while len(found) < limit and (entries := await self._next(service, limit - len(found))):
                found += [one for one in self._delivered(service, entries) if self._asked(one)]
        if not found:
            await asyncio.sleep(timeout)
        return found

    async def _next(self, service: str, limit: int) -> list[Entry]:
        entries = await self._ledgers[service].feed(after=self._after[service], limit=limit)
        if entries:
            self._after[service] = entries[-1].position
        return entries

    def _delivered(self, service: str, entries: list[Entry]) -> list[Delivered]:
        return [
            Delivered(
                service=service, entry=one, partition=partition_of(one.key), offset=one.position
            )
            for one in entries
        ]

    def _asked(self, one: Delivered) -> bool:
        offset = self._offsets.get((one.service, one.partition))
        return offset is not None and one.offset >= offset
