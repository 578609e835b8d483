"""Out of the bus: the records of the places it is told, from the offsets it is told.

There is no consumer group: whoever reads keeps the offsets, in the same transaction as what it
makes of the records, together with the id of the topic that they count in.

A topic that was made anew has offsets of its own, and a broker that comes back empty answers a
fetch at an old offset with silence, or with other records. So what was fetched is handed out only
after the broker has said once more, since the fetch, that the topic is still the one that the
offsets were chosen for.
"""

import asyncio
import time
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from shared.bus.admin import THE_BROKER, Topics
from shared.bus.client import (
    KafkaError,
    OffsetGone,
    RawConsumer,
    TopicPartition,
    open_consumer,
    topic_partition,
)
from shared.bus.delivery import Delivered, Marked, Record, Unreadable
from shared.bus.envelope import Header, decode, decode_epoch_begun, is_epoch_begun
from shared.bus.errors import HistoryLost, MalformedRecord, TopicRecreated
from shared.bus.framing import Framed, headers_of
from shared.bus.news import News
from shared.bus.recognising import recognised
from shared.bus.rest import Rest
from shared.bus.topics import topic_of
from shared.bus.worker import Worker
from shared.domain.errors import Unavailable
from shared.positions import PARTITIONS, partition_of

Place = tuple[str, int]
"""A service, and one of its partitions."""

_CHECK_S: Final = 1.0
"""How long a topic may be gone unnoticed while nothing comes out of it."""


class Consumer:
    """Delivers records of the services' topics to one reader (`shared.projection.Source`).

    Args:
        fetch_max_wait_ms: how long the broker may hold a fetch that has nothing to bring.
        news: tells when there is something to ask for; None: it asks all the time.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        services: Collection[str],
        *,
        fetch_max_wait_ms: int = 500,
        news: News | None = None,
    ) -> None:
        self._reader = _Reader(bootstrap_servers, services, fetch_max_wait_ms)
        self._rest = Rest(news, services) if news is not None else None
        self._worker = Worker("bus-consumer")
        self._polling: asyncio.Future[list[Record]] | None = None

    async def topic_ids(self) -> Mapping[str, str]:
        """Return the id of each service's topic; one that is not there (yet) is left out.

        Raises:
            Unavailable: the broker is away.
        """
        return await self._worker.do(self._reader.topic_ids)

    async def assign(self, offsets: Mapping[Place, int]) -> None:
        """Deliver these places from these offsets on, and nothing else from now on.

        The offsets count in the topics that `topic_ids` last told of.

        Raises:
            Unavailable: the broker, or a service's topic, is away.
        """
        await self._forget_poll()
        await self._worker.do(self._reader.assign, dict(offsets))
        if self._rest is not None:
            self._rest.over()

    async def poll(self, limit: int = 2000, timeout: float = 0.5) -> list[Record]:
        """Return up to `limit` records, each place's in order; wait up to `timeout` s for one.

        Where nothing is known to come it rests first, for a second at most.

        A record that is none of ours is returned as `Unreadable`: it stops nobody. Nothing is
        lost when it is cancelled: the next call returns what this one would have.

        Raises:
            Unavailable: the broker is away; the same records come when it is back.
            TopicRecreated: ask for `topic_ids`, and assign again.
            HistoryLost: the broker has forgotten what it had acknowledged.
        """
        if self._polling is None:
            if self._rest is not None:
                timeout = await self._rest.taken(timeout)
            self._polling = asyncio.ensure_future(
                self._worker.do(self._reader.poll, limit, timeout)
            )
        delivered = await asyncio.shield(self._polling)
        self._polling = None
        if self._rest is not None:
            self._rest.note(delivered)
        return delivered

    async def close(self) -> None:
        """Disconnect."""
        await self._forget_poll()
        await self._worker.close(self._reader.close)

    async def _forget_poll(self) -> None:
        polling, self._polling = self._polling, None
        if polling is not None:
            await asyncio.wait([polling])


class _Reader:
    """What happens in the consumer's thread."""

    def __init__(
        self, bootstrap_servers: str, services: Collection[str], fetch_max_wait_ms: int
    ) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._fetch_max_wait_ms = fetch_max_wait_ms
        self._topics = Topics(bootstrap_servers)
        self._services = {topic_of(service): service for service in services}
        self._known: dict[str, UUID] = {}
        self._assigned: dict[str, UUID] = {}
        self._consumer: RawConsumer | None = None
        self._fetched: dict[TopicPartition, list[Framed]] = {}
        self._checked = 0.0

    def topic_ids(self) -> dict[str, str]:
        self._known = {
            service: topic.id
            for service, topic in self._topics.describe(self._services.values()).items()
            if topic.partitions == PARTITIONS
        }
        return {service: str(id) for service, id in self._known.items()}

    def assign(self, offsets: Mapping[Place, int]) -> None:
        if not self._known:
            self.topic_ids()
        wanted = {service: self._known.get(service) for service, _ in offsets}
        found = {service: id for service, id in wanted.items() if id is not None}
        if len(found) < len(wanted):
            absent = ", ".join(topic_of(service) for service in sorted(wanted.keys() - found))
            raise Unavailable(part=absent)
        if found != self._assigned:
            self._disconnect()  # and with it, what it fetched ahead from a topic of the past
        self._assigned, self._fetched = found, {}
        try:
            if self._consumer is None:
                self._consumer = open_consumer(
                    self._bootstrap_servers, fetch_max_wait_ms=self._fetch_max_wait_ms
                )
            places = {
                topic_partition(topic_of(service), partition): offset
                for (service, partition), offset in offsets.items()
            }
            self._consumer.assign(list(places))
            for place, offset in places.items():
                self._consumer.seek(place, offset)
        except KafkaError as error:
            self._disconnect()
            raise Unavailable(part=THE_BROKER) from error

    def poll(self, limit: int, timeout: float) -> list[Record]:
        if self._consumer is None and self._assigned:
            raise TopicRecreated(part=", ".join(map(topic_of, sorted(self._assigned))))
        if self._consumer is None:
            time.sleep(timeout)  # as long as an assignment without records would take
            return []
        if not self._fetched:
            self._fetched = self._fetch(self._consumer, limit, timeout)
        if time.monotonic() > self._checked + _CHECK_S:
            self._check_topics(self._assigned)
            self._checked = time.monotonic()
        elif self._fetched:
            self._check_topics({self._services[topic] for topic, _ in self._fetched})
        delivered = [
            self._delivered(place, record)
            for place, records in self._fetched.items()
            for record in records
        ]
        self._fetched = {}
        return delivered

    def close(self) -> None:
        self._disconnect()
        self._topics.close()

    def _fetch(
        self, consumer: RawConsumer, limit: int, timeout: float
    ) -> dict[TopicPartition, list[Framed]]:
        try:
            return consumer.poll(timeout_ms=int(timeout * 1000), max_records=limit)
        except OffsetGone as error:
            self._check_topics(self._assigned)
            gone = [(self._services[topic], partition) for topic, partition in error.args[0]]
            raise HistoryLost(places=error, gone=gone) from error
        except KafkaError as error:
            raise Unavailable(part=THE_BROKER) from error

    def _check_topics(self, services: Collection[str]) -> None:
        now = self._topics.describe(services)
        changed = [s for s in services if s not in now or now[s].id != self._assigned[s]]
        if changed:
            self._disconnect()
            raise TopicRecreated(part=", ".join(map(topic_of, sorted(changed))))

    def _delivered(self, place: TopicPartition, record: Framed) -> Record:
        topic, partition = place
        service = self._services[topic]
        entry = recognised(service, partition, record)
        if entry is None:
            return _looked_at(service, partition, record)
        return Delivered(service=service, entry=entry, partition=partition, offset=record.offset)

    def _disconnect(self) -> None:
        consumer, self._consumer = self._consumer, None
        self._fetched = {}
        if consumer is not None:
            consumer.close()


def _looked_at(service: str, partition: int, record: Framed) -> Record:
    """Return what a record is that was not recognised; whatever it is, it ends no reader."""
    offset = record.offset
    where = f"{topic_of(service)}/{partition}@{offset}"
    headers: list[Header] = []
    try:
        headers = headers_of(record.headers)
        if is_epoch_begun(headers):
            begun = decode_epoch_begun(service, headers, where=where)
            return Marked(
                service=service,
                partition=partition,
                offset=offset,
                epoch=begun.epoch,
                after_position=begun.after_position,
            )
        entry = decode(service, record.value, headers, where=where)
        if partition_of(entry.key) != partition:
            problem = f"is of partition {partition_of(entry.key)}"
            raise MalformedRecord("ce_partitionkey", problem, where=where)
    except Exception as error:
        return Unreadable(
            service=service,
            partition=partition,
            offset=offset,
            field=error.field if isinstance(error, MalformedRecord) else None,
            problem=str(error) if isinstance(error, MalformedRecord) else type(error).__name__,
            key=record.key,
            value=record.value,
            headers=tuple(headers),
        )
    return Delivered(service=service, entry=entry, partition=partition, offset=offset)
