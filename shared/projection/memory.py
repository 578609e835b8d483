"""A bus in memory: what the engine sees of one, without a broker."""

import asyncio
from collections.abc import Iterable, Mapping
from uuid import uuid4

from shared.bus.delivery import Delivered, Marked, Record, Unreadable
from shared.domain.errors import Unavailable
from shared.ledger import Entry
from shared.positions import PARTITIONS, partition_of
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
        self.records: dict[Place, list[Entry | bytes | tuple[int, int]]] = {}
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

    async def litter(self, service: str, partition: int, rubbish: bytes) -> None:
        """Put a record at the end of a partition that is no event."""
        await self._put(service, partition, rubbish)

    async def mark(self, service: str, epoch: int, after_position: int) -> None:
        """Tell on every partition that the ledger began an epoch after a position."""
        for partition in range(PARTITIONS):
            await self._put(service, partition, (epoch, after_position))

    async def _put(self, service: str, partition: int, what: bytes | tuple[int, int]) -> None:
        async with self._changed:
            self.records.setdefault((service, partition), []).append(what)
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

    async def close(self) -> None:
        """Nothing is open."""

    async def topic_ids(self) -> Mapping[str, str]:
        """Return the topics' ids."""
        self._must_be_there()
        return dict(self._topics.ids)

    async def assign(self, offsets: Mapping[Place, int]) -> None:
        """Deliver from these offsets on."""
        self._must_be_there()
        self._offsets = dict(offsets)

    async def poll(self, limit: int, timeout: float) -> list[Record]:
        """Return the next records."""
        self._must_be_there()
        if not (found := self._next(limit)):
            await self._topics.wait(timeout)
            found = self._next(limit)
        return found

    def _next(self, limit: int) -> list[Record]:
        found: list[Record] = []
        for (service, partition), offset in self._offsets.items():
            entries = self._topics.records.get((service, partition), [])
            taken = entries[offset : offset + limit - len(found)]
            for at, record in enumerate(taken, start=offset):
                found.append(_record(service, partition, at, record))
            self._offsets[service, partition] = offset + len(taken)
        return found

    def _must_be_there(self) -> None:
        if self._topics.away:
            raise Unavailable(part="the broker")


def _record(
    service: str, partition: int, offset: int, record: Entry | bytes | tuple[int, int]
) -> Record:
    if isinstance(record, Entry):
        return Delivered(service=service, entry=record, partition=partition, offset=offset)
    if isinstance(record, bytes):
        return Unreadable(
            service=service,
            partition=partition,
            offset=offset,
            field=None,
            problem="it is none of ours",
            value=record,
        )
    epoch, after = record
    return Marked(
        service=service, partition=partition, offset=offset, epoch=epoch, after_position=after
    )
