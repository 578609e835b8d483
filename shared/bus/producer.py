"""Into the bus: a round of entries at a time, and no answer before every one is acknowledged.

Two rules keep a partition in the ledger's order whatever fails:

* One record batch a partition a round. A batch lands whole or not at all, so what a failed round
  leaves in a partition is its entries up to some place, never a later one without an earlier one.
* A failed producer is thrown away, with everything it still held, and the round is repeated from
  the checkpoint by a new one. kafka-python would send what comes after a lost batch under a new
  epoch, and the broker would take it.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5
from zlib import crc32

from shared.bus.admin import THE_BROKER
from shared.bus.client import (
    Batch,
    KafkaError,
    RawProducer,
    TimedOut,
    drop,
    open_producer,
    send_batches,
)
from shared.bus.envelope import EpochBegun, Record, encode, encode_epoch_begun
from shared.bus.framing import frame
from shared.bus.topics import topic_of
from shared.bus.worker import Worker
from shared.domain.errors import Unavailable
from shared.ledger import Entry
from shared.positions import PARTITIONS, partition_of

BATCH_BYTES = 512 * 1024
"""One partition's share of a round, before compression; brokers take 1 MiB by default."""

_ENVELOPE_BYTES = 1024
"""More than the headers of any record take, their own variable parts apart."""

_PATIENCE_S = 0.1


class Producer:
    """Publishes entries of a service's ledger."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._worker = Worker("bus-producer")
        self._producer: RawProducer | None = None
        self._given_up = threading.Event()

    async def publish(self, service: str, entries: Sequence[Entry]) -> dict[int, int]:
        """Publish entries, in the ledger's order, and return when all are acknowledged.

        Returns:
            The position of the last of them in each partition that got one.

        Raises:
            Unavailable: the broker did not acknowledge them all; some may be there.
        """
        self._given_up = given_up = threading.Event()
        try:
            return await self._worker.do(self._publish, service, entries, given_up)
        except asyncio.CancelledError:
            given_up.set()
            raise

    async def mark(self, service: str, begun: Sequence[tuple[EpochBegun, datetime]]) -> None:
        """Tell every partition that epochs have begun, and when; return when it is acknowledged.

        Raises:
            Unavailable: the broker did not acknowledge it everywhere; say it again.
        """
        records = [encode_epoch_begun(epoch, _id_of(epoch), at) for epoch, at in begun]
        batches = [_batch(partition, records) for partition in range(PARTITIONS)]
        self._given_up = given_up = threading.Event()
        try:
            await self._worker.do(self._send_all, service, [batches], given_up)
        except asyncio.CancelledError:
            given_up.set()
            raise

    async def say(self, service: str, key: bytes, value: bytes) -> None:
        """Publish one record that is no event; return when it is acknowledged.

        Raises:
            Unavailable: the broker did not acknowledge it.
        """
        now_ms = time.time_ns() // 1_000_000
        batch = _batch(crc32(key) % PARTITIONS, [Record(key, value, [], now_ms)])
        given_up = threading.Event()
        try:
            await self._worker.do(self._send_all, service, [[batch]], given_up)
        except asyncio.CancelledError:
            given_up.set()
            raise

    def abandon(self) -> None:
        """Make a `publish` that is under way give up soon, with `Unavailable`."""
        self._given_up.set()

    async def close(self) -> None:
        """Disconnect; a `publish` that is under way gives up."""
        self.abandon()
        await self._worker.close(self._discard)

    def _publish(
        self, service: str, entries: Sequence[Entry], given_up: threading.Event
    ) -> dict[int, int]:
        rounds = (_batches(service, round_) for round_ in _rounds(entries))
        self._send_all(service, rounds, given_up)
        return {partition_of(entry.key): entry.position for entry in entries}

    def _send_all(
        self, service: str, rounds: Iterable[list[Batch]], given_up: threading.Event
    ) -> None:
        try:
            if self._producer is None:
                self._producer = open_producer(self._bootstrap_servers)
            for batches in rounds:
                _send(self._producer, service, batches, given_up)
        except KafkaError as error:
            self._discard()
            raise Unavailable(part=THE_BROKER) from error
        except BaseException:
            self._discard()
            raise

    def _discard(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            drop(producer)


def _send(
    producer: RawProducer, service: str, batches: Iterable[Batch], given_up: threading.Event
) -> None:
    """Send a round and wait until every record of it is acknowledged."""
    topic = topic_of(service)
    producer.partitions_for(topic)
    sent = send_batches(producer, topic, batches)
    while not _flushed(producer):
        if given_up.is_set():
            raise Unavailable(part=THE_BROKER)
    for batch in sent:
        if not batch.succeeded():
            raise batch.exception or Unavailable(part=THE_BROKER)


def _batches(service: str, entries: Iterable[Entry]) -> list[Batch]:
    """Encode a round, one batch a partition."""
    records: dict[int, list[Record]] = {}
    for entry in entries:
        records.setdefault(partition_of(entry.key), []).append(encode(service, entry))
    return [_batch(partition, share) for partition, share in records.items()]


def _batch(partition: int, share: Sequence[Record]) -> Batch:
    return Batch(
        partition,
        frame(share, share[0].timestamp_ms),
        record_count=len(share),
        first_timestamp_ms=share[0].timestamp_ms,
        last_timestamp_ms=max(record.timestamp_ms for record in share),
    )


def _id_of(begun: EpochBegun) -> UUID:
    """Return the same id however often the same is said."""
    return uuid5(NAMESPACE_URL, f"/mshauri/{begun.service}/epochs/{begun.epoch}")


def _flushed(producer: RawProducer) -> bool:
    try:
        producer.flush(_PATIENCE_S)
    except TimedOut:
        return False
    return True


def _rounds(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Cut entries so that no partition's share of a part is more than one batch."""
    filled: Counter[int] = Counter()
    start = 0
    for place, entry in enumerate(entries):
        size = len(entry.payload) + len(entry.meta) + _ENVELOPE_BYTES
        partition = partition_of(entry.key)
        if filled[partition] and filled[partition] + size > BATCH_BYTES:
            yield entries[start:place]
            start = place
            filled.clear()
        filled[partition] += size
    if start < len(entries):
        yield entries[start:]
