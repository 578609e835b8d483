"""How fast a ledger gets onto the bus, beside the library's own way and the parts it is made of.

    python -m tests.perf.bench_relay [--entries 200000] [--rounds 3]

On an embedded PostgreSQL with fsync on and the embedded broker, in turns over several rounds, the
medians of:

    feed     reading the whole ledger in the relay's rounds, and nothing else: what bounds it
    library  the same records, encoded before, by kafka-python's `send`: idempotent, zstd
    relay    the relay itself, from an empty topic to the last checkpoint

`relay` reads, encodes, publishes, waits for every acknowledgement and checkpoints. The bar is 15
times what the stock event store records in a second (`bench_ledger`), about 1,000.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import asyncpg
import uvloop
from kafka import KafkaProducer

from mshauri.stack.broker import EmbeddedBroker
from mshauri.stack.postgres import EmbeddedPostgres
from shared.bus.admin import Topics
from shared.bus.envelope import Record, encode
from shared.bus.relay import ROUND, Relay
from shared.bus.topics import topic_of
from shared.ledger.postgres import PostgresLedger
from shared.positions import partition_of
from tests.support.buses import delete_topic
from tests.support.entries import a_history
from tests.support.relays import running, until

SERVICE = "registry"
PEOPLE = 5_000
LIBRARY_ENTRIES = 20_000  # it is slow, and no faster with more
COLUMNS = (
    *("position", "epoch", "id", "stream", "kind", "version", "key", "topic", "recorded"),
    *("command_id", "meta", "payload", "hash"),
)

Way = Callable[[], Awaitable[float]]
"""Runs once and returns events a second."""


async def fill(database: str, entries: int) -> None:
    """Write a history straight into the ledger's tables: recording it is another benchmark."""
    history = a_history(entries, people=PEOPLE)
    rows = [tuple(getattr(entry, name) for name in COLUMNS) for entry in history]
    connection = await asyncpg.connect(database)
    await connection.copy_records_to_table("ledger", records=rows, columns=COLUMNS)
    await connection.execute("UPDATE ledger_head SET position = $1", entries)
    await connection.execute("VACUUM ANALYZE ledger")
    await connection.close()


async def measure(database: str, broker: str, entries: int, rounds: int) -> dict[str, list[float]]:
    """Run each way in turns and return the figures of each."""
    async with PostgresLedger(database, service=SERVICE) as ledger:
        await fill(database, entries)

        async def feed() -> float:
            begun, position = time.perf_counter(), 0
            while found := await ledger.feed(after=position, limit=ROUND):
                position = found[-1].position
            return entries / (time.perf_counter() - begun)

        async def library() -> float:
            sample = await ledger.feed(after=0, limit=LIBRARY_ENTRIES)
            records = [(partition_of(e.key), encode(SERVICE, e)) for e in sample]
            return await asyncio.to_thread(_send, broker, records)

        async def relay() -> float:
            relay = Relay(SERVICE, ledger, database_url=database, bootstrap_servers=broker)
            begun = time.perf_counter()
            async with running(relay):
                await until(lambda: relay.acknowledged == entries, timeout=600)
                return entries / (time.perf_counter() - begun)

        ways: dict[str, Way] = {"feed": feed, "library": library, "relay": relay}
        figures: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                _make_topic_anew(broker)
                figures[name].append(await way())
        return figures


def _make_topic_anew(broker: str) -> None:
    topics = Topics(broker)
    topics.ensure(SERVICE)
    delete_topic(broker, topic_of(SERVICE))
    topics.ensure(SERVICE)
    topics.close()


def _send(broker: str, records: list[tuple[int, Record]]) -> float:
    producer = KafkaProducer(
        bootstrap_servers=broker,
        enable_idempotence=True,
        compression_type="zstd",
        linger_ms=5,
        batch_size=512 * 1024,
    )
    topic = topic_of(SERVICE)
    producer.partitions_for(topic)
    begun = time.perf_counter()
    for partition, (key, value, headers, timestamp_ms) in records:
        producer.send(topic, value, key, headers, partition, timestamp_ms)
    producer.flush()
    figure = len(records) / (time.perf_counter() - begun)
    producer.close()
    return figure


async def main(entries: int, rounds: int) -> None:
    """Measure and print."""
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        postgres = EmbeddedPostgres(Path(directory) / "postgres")
        broker = EmbeddedBroker(Path(directory))
        await postgres.start()
        await broker.start()
        try:
            database = await postgres.create_database("bench")
            figures = await measure(database, broker.address, entries, rounds)
        finally:
            await broker.stop()
            await postgres.stop()
    print(f"{entries:,} entries of {PEOPLE:,} people, {rounds} rounds; events a second\n")
    print(f"{'way':<10}{'median':>10}{'slowest':>10}{'fastest':>10}")
    for name, found in figures.items():
        print(f"{name:<10}{median(found):>10,.0f}{min(found):>10,.0f}{max(found):>10,.0f}")
    print(f"\nrelay {median(figures['relay']):.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    uvloop.run(main(given.entries, given.rounds))
