"""A bus in memory: what the engine sees of one, without a broker."""

import asyncio
from collections.abc import Iterable, Mapping
from uuid import uuid4

from shared.bus.delivery import Delivered
from shared.bus.topics import partition_of
from shared.domain.errors import Unavailable
from shared.ledger import Entry
from shared.projection.source import Place


class MemoryTopics:
    """Topics in memory; any number of `MemorySource` read them.

    Attributes:
        away: while true, every reader is refused, as if the broker did not answer.
    """

    def __init__(self, *services: str) -> None:
        self.away = False
        self._services = services
        self._changed = asyncio.Condition()
        self.ids: dict[str, str] = {}
        self.records: dict[Place, list[Entry]] = {}
        self.wipe()

    def wipe(self) -> None:
        """Forget every record; the topics are made anew, with new ids."""
        self.ids = {service: str(uuid4()) for service in self._services}
        self.records = {}

    async def publish(self, service: str, entries: Iterable[Entry]) -> None:
        """Put entries at the end of their partitions."""
        async with self._changed:
            for entry in entries:
                self.records.setdefault((service, partition_of(entry.key)), []).append(entry)
            self._changed.notify_all()

    async def wait(self, timeout: float) -> None:
        """Wait until something is published, at most `timeout` seconds."""
        async with self._changed:
            try:
                await asyncio.wait_for(self._changed.wait(), timeout)
            except TimeoutError:
                return


class MemorySource:
    """Reads `MemoryTopics`; a `Source`."""

    def __init__(self, topics: MemoryTopics) -> None:
        self._topics = topics
        self._offsets: dict[Place, int] = {}

    async def topic_ids(self) -> Mapping[str, str]:
        """Return the topics' ids."""
        self._must_be_there()
        return dict(self._topics.ids)

    async def assign(self, offsets: Mapping[Place, int]) -> None:
        """Deliver from these offsets on."""
        self._must_be_there()
        self._offsets = dict(offsets)

    async def poll(self, limit: int, timeout: float) -> list[Delivered]:
        """Return the next records."""
        self._must_be_there()
        if not (found := self._next(limit)):
            await self._topics.wait(timeout)
            found = self._next(limit)
        return found

    def _next(self, limit: int) -> list[Delivered]:
        found: list[Delivered] = []
        for (service, partition), offset in self._offsets.items():
            entries = self._topics.records.get((service, partition), [])
            taken = entries[offset : offset + limit - len(found)]
            for place, entry in enumerate(taken, start=offset):
                found.append(
                    Delivered(service=service, entry=entry, partition=partition, offset=place)
                )
            self._offsets[service, partition] = offset + len(taken)
        return found

    def _must_be_there(self) -> None:
        if self._topics.away:
            raise Unavailable(part="the broker")
