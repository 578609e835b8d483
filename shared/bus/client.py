"""kafka-python, typed and narrowed to what we use, with the options we have a reason for.

kafka-python has no type hints. Everything else in this package speaks to the protocols below.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka import errors as kafka_errors
from kafka.producer.future import FutureRecordMetadata
from kafka.producer.producer_batch import ProducerBatch
from kafka.protocol.metadata import MetadataRequest
from kafka.record.default_records import DefaultRecordBatchBuilder
from kafka.record.memory_records import MemoryRecordsBuilder

from shared.bus.framing import Framed
from shared.bus.unpacking import Unpacked

KafkaError: Final[type[Exception]] = kafka_errors.KafkaError
TopicExists: Final[type[Exception]] = kafka_errors.TopicAlreadyExistsError
TimedOut: Final[type[Exception]] = kafka_errors.KafkaTimeoutError
OffsetGone: Final[type[Exception]] = kafka_errors.OffsetOutOfRangeError

LARGEST_RECORD: Final = 8 * 1024 * 1024
"""Bytes; a ledger entry never comes near, but one that did must not stop the relay for ever."""

_FAST_RETURN: Final[dict[str, Any]] = {
    "bootstrap_timeout_ms": 3_000,
    # The default grows to 30 s: a broker that is back would stay unseen for that long.
    "reconnect_backoff_max_ms": 500,
}


class Sent(Protocol):
    """A batch on its way."""

    exception: BaseException | None

    def succeeded(self) -> bool:
        """Say whether the broker has acknowledged it."""
        ...


class RawProducer(Protocol):
    """What we use of `KafkaProducer`."""

    def partitions_for(self, topic: str) -> set[int]:
        """Learn of a topic; raise `TimedOut` if there is none."""
        ...

    def flush(self, timeout: float) -> None:
        """Send all batches now; raise `TimedOut` if some are not answered in `timeout` s."""
        ...

    def close(self, timeout: float) -> None:
        """Flush and disconnect."""
        ...


TopicPartition = tuple[str, int]
"""What kafka-python's named tuple of the same name is."""


class RawConsumer(Protocol):
    """What we use of `KafkaConsumer`."""

    def assign(self, partitions: list[TopicPartition]) -> None:
        """Read these and nothing else."""
        ...

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Read this one from `offset` on."""
        ...

    def poll(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Framed]]:
        """Return what was fetched; wait for something."""
        ...

    def close(self) -> None:
        """Disconnect."""
        ...


class RawAdmin(Protocol):
    """What we use of `KafkaAdminClient`."""

    def create_topics(
        self, new_topics: Mapping[str, Mapping[str, Any]], wait_for_metadata: bool
    ) -> object:
        """Make topics; wait until every partition has a leader."""
        ...

    def close(self) -> None:
        """Disconnect."""
        ...


def open_producer(bootstrap_servers: str) -> RawProducer:
    """Connect a producer: every replica acknowledges, no retry is written twice, zstd."""
    producer = KafkaProducer(
        bootstrap_servers=bootstrap_servers.split(","),
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        max_request_size=LARGEST_RECORD,
        request_timeout_ms=10_000,
        delivery_timeout_ms=30_000,
        max_block_ms=5_000,
        metrics_enabled=False,
        **_FAST_RETURN,
    )
    _create_no_topics(producer._metadata)
    opened: RawProducer = producer
    return opened


class Batch(NamedTuple):
    """Records of one partition that travel, and land, together.

    Attributes:
        body: the records as `shared.bus.framing` puts them.
    """

    partition: int
    body: bytes
    record_count: int
    first_timestamp_ms: int
    last_timestamp_ms: int


def send_batches(producer: RawProducer, topic: str, batches: Iterable[Batch]) -> list[Sent]:
    """Hand whole batches to a producer, which sends each of them as it is.

    `KafkaProducer.send` takes single records and decides itself which of them travel together. So
    this enters one floor below it: compression, sequence numbers, retries and acknowledgements
    are its own as ever.
    """
    raw = cast(Any, producer)
    accumulator = raw._accumulator
    sent: list[Sent] = []
    for batch in batches:
        place = kafka.TopicPartition(topic, batch.partition)
        records = MemoryRecordsBuilder(2, raw.config["compression_attrs"], LARGEST_RECORD)
        _fill(records, batch)
        waiting = ProducerBatch(place, records)
        outcome = FutureRecordMetadata(
            waiting.produce_future,
            batch.record_count - 1,
            batch.last_timestamp_ms,
            None,
            -1,
            -1,
            -1,
        )
        waiting._record_futures.append(outcome)
        with accumulator._tp_lock(place):
            accumulator._batches[place].append(waiting)
        accumulator._incomplete.add(waiting)
        sent.append(outcome)
    raw._sender.wakeup()
    return sent


def _fill(records: Any, batch: Batch) -> None:
    builder: DefaultRecordBatchBuilder = records._builder
    builder._buffer += batch.body
    builder._num_records = batch.record_count
    builder._last_offset = batch.record_count - 1
    builder._first_timestamp = batch.first_timestamp_ms
    builder._max_timestamp = batch.last_timestamp_ms
    records._next_offset = batch.record_count


def drop(producer: RawProducer) -> None:
    """Disconnect a producer and forget what it has not sent.

    Its own `close` first waits for all that, and leaves its thread running when that fails.
    """
    cast(Any, producer)._sender.force_close()
    with suppress(TimedOut):
        producer.close(timeout=5)


def open_consumer(bootstrap_servers: str, *, fetch_max_wait_ms: int) -> RawConsumer:
    """Connect a consumer of no group: it is told what to read, and keeps no offset."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap_servers.split(","),
        group_id=None,
        enable_auto_commit=False,
        # An offset that is not there is an error to act upon, never a silent jump.
        auto_offset_reset="none",
        fetch_max_wait_ms=fetch_max_wait_ms,
        metrics_enabled=False,
        **_FAST_RETURN,
    )
    _create_no_topics(consumer._cluster)
    consumer._fetcher.PartitionRecords = Unpacked  # which it makes of whatever was fetched
    opened: RawConsumer = consumer
    return opened


class Described(NamedTuple):
    """What a broker says of a topic; `error`: 0, or Kafka's number of what is wrong with it."""

    name: str
    error: int
    topic_id: UUID | None
    partitions: int


def describe(admin: RawAdmin, topics: Iterable[str]) -> list[Described]:
    """Ask the broker for these topics' metadata.

    `KafkaAdminClient.describe_topics` asks for everybody's rights too, and makes dictionaries of
    all partitions: three quarters of what an answer costs. It is asked after every fetch.
    """
    manager = cast(Any, admin)._manager
    request = MetadataRequest(
        topics=[MetadataRequest.MetadataRequestTopic(name=name) for name in topics],
        allow_auto_topic_creation=False,
    )

    async def ask() -> Any:
        return await manager.send(request)

    answer = manager.run(ask)
    return [
        Described(one.name, one.error_code, one.topic_id, len(one.partitions or ()))
        for one in answer.topics
    ]


def open_admin(bootstrap_servers: str) -> RawAdmin:
    """Connect an admin client."""
    opened: RawAdmin = KafkaAdminClient(
        bootstrap_servers=bootstrap_servers.split(","), request_timeout_ms=10_000, **_FAST_RETURN
    )
    return opened


def topic_partition(topic: str, partition: int) -> TopicPartition:
    """Return the place as kafka-python insists on having it."""
    named: TopicPartition = kafka.TopicPartition(topic, partition)
    return named


def _create_no_topics(metadata: Any) -> None:
    """Ask for metadata without asking the broker to make the topics it misses.

    kafka-python 3.0.12 takes `allow_auto_create_topics=False` and loses it on the way to its
    metadata requests. A reader that comes back to an empty broker before the relay would then make
    the topic itself, with the broker's own number of partitions.
    """
    metadata.config["allow_auto_create_topics"] = False
