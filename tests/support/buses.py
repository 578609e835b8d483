"""The brokers a test of the bus runs on, and ways to fill a topic and to read it to its end."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient

from mshauri.stack.broker import EmbeddedBroker
from shared.bus.consumer import Consumer
from shared.bus.delivery import Delivered
from shared.bus.errors import TopicRecreated
from shared.bus.tap import Reader
from shared.domain.errors import Unavailable
from shared.ledger import Entry
from shared.positions import PARTITIONS, partition_of
from tests.support.kafka import ApacheKafka, CannotRun


class BrokerServer(Protocol):
    """A broker that a test may take away and bring back, on the same port."""

    @property
    def address(self) -> str: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def kill(self) -> None: ...

    async def wipe(self) -> None: ...


class ForgetfulBroker(EmbeddedBroker):
    """The embedded broker; it holds its records in memory, so its end has wiped it."""

    async def wipe(self) -> None:
        """Do nothing: there is nothing left."""


BROKERS = ["embedded", pytest.param("apache", marks=pytest.mark.apache_kafka)]
"""What a conformance suite of the bus is parametrised with."""


@asynccontextmanager
async def a_server(kind: str, directory: Path) -> AsyncIterator[BrokerServer]:
    """Start a broker of a kind; skip, and say why, where it cannot run."""
    server: BrokerServer
    server = ForgetfulBroker(directory) if kind == "embedded" else ApacheKafka(directory)
    try:
        await server.start()
    except CannotRun as reason:
        pytest.skip(str(reason))
    try:
        yield server
    finally:
        await server.kill()


def a_service() -> str:
    """Make a service name, and so a topic, that no other test uses."""
    return f"test_{uuid4().hex[:12]}"


def delete_topic(bootstrap_servers: str, topic: str) -> None:
    """Delete a topic, once it is there, and wait until the one that was there is gone."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers)

    def id_of_topic() -> str | None:
        [described] = admin.describe_topics([topic])
        return described["topic_id"] if described["error_code"] == 0 else None

    try:
        while (doomed := id_of_topic()) is None:
            time.sleep(0.02)
        admin.delete_topics([topic])
        while id_of_topic() == doomed:
            time.sleep(0.02)
    finally:
        admin.close()


def everywhere(service: str, offset: int = 0) -> dict[tuple[str, int], int]:
    """Return the same offset for each partition of a service's topic."""
    return {(service, partition): offset for partition in range(PARTITIONS)}


async def read(consumer: Consumer | Reader, count: int, timeout: float = 30.0) -> list[Delivered]:
    """Poll until `count` different entries came; fewer, when the time is over, fail the test."""
    delivered: list[Delivered] = []
    different: set[int] = set()
    deadline = time.monotonic() + timeout
    while len(different) < count:
        assert time.monotonic() < deadline, f"only {len(different)} of {count} entries came"
        try:
            polled = await consumer.poll(timeout=0.2)
        except TopicRecreated:
            raise
        except Unavailable:  # a broker that has only just begun to answer
            await asyncio.sleep(0.1)
            continue
        events = [one for one in polled if isinstance(one, Delivered)]
        delivered += events
        different.update(one.entry.position for one in events)
    return delivered


async def read_out(consumer: Consumer | Reader, count: int) -> list[Delivered]:
    """Read `count` different entries, and then whatever else there is: duplicates."""
    delivered = await read(consumer, count)
    while more := await consumer.poll(timeout=0.5):
        delivered += [one for one in more if isinstance(one, Delivered)]
    return delivered


def in_ledger_order(delivered: Iterable[Delivered]) -> list[Entry]:
    """Return each entry once, by position: what a reader that passes duplicates over has seen."""
    seen = {one.entry.position: one.entry for one in delivered}
    return [seen[position] for position in sorted(seen)]


def without_gap(delivered: Iterable[Delivered], history: Iterable[Entry]) -> bool:
    """Say whether each partition's first sightings are in the ledger's order, none left out.

    Stricter than every event being there in the end: a reader that has come to an event has come
    to all those before it in its partition.
    """
    due: dict[int, list[int]] = {}
    for entry in history:
        due.setdefault(partition_of(entry.key), []).append(entry.position)
    seen: dict[int, list[int]] = {}
    for one in delivered:
        positions = seen.setdefault(one.partition, [])
        if not positions or one.entry.position > positions[-1]:
            positions.append(one.entry.position)
    return all(due[p][: len(positions)] == positions for p, positions in seen.items())
