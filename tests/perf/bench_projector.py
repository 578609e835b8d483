"""Measures the projection engine beside itself, one event a transaction.

What is measured: a hundred thousand events of two services lie on a broker, a person's whole life
each, in 24 partitions. An engine with three read models (one row a mentee, one a mentee and
competency, one an event for the audit trail) starts on an empty database and reads them to the
end, through the real consumer: hash chains verified, rows, cursors and offsets written in one
transaction a poll. Its peer is the same engine with a poll of one record, on a smaller share of
the same events. Several rounds; the medians count.

    python -m tests.perf.bench_projector [--events 100000] [--rounds 3]
"""

import argparse
import asyncio
import logging
import time
from collections import Counter
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import asyncpg
import structlog

from mshauri.stack.postgres import EmbeddedPostgres
from shared.bus.admin import Topics
from shared.bus.consumer import Consumer
from shared.bus.producer import Producer
from shared.projection import Engine
from tests.support.projecting import SERVICES, History, JsonDecoder, lives, projections
from tests.support.servers import PostgresServer, a_broker

SHARE = 40
PEOPLE_PER_EVENT = 1 / 50


async def main(events: int, rounds: int) -> None:
    """Start servers, measure, and print a table and a last line for programs."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        postgres = EmbeddedPostgres(Path(directory))
        await postgres.start()
        try:
            async with a_broker() as broker:
                await measure(PostgresServer(postgres.url()), broker, events, rounds)
        finally:
            await postgres.stop()


async def measure(postgres: PostgresServer, broker: str, events: int, rounds: int) -> None:
    """Measure on these servers."""
    print(f"publishing {events:,} events")
    whole = await published(broker, "whole", events)
    share = await published(broker, "share", events // SHARE)
    batched: list[float] = []
    singly: list[float] = []
    for round_ in range(1, rounds + 1):
        batched.append(await rate(postgres, broker, whole, f"batched{round_}", 2000))
        singly.append(await rate(postgres, broker, share, f"singly{round_}", 1))
        print(f"round {round_}: {batched[-1]:9,.0f} events/s, one by one {singly[-1]:7,.0f}")
    fast, slow = median(batched), median(singly)
    print(f"\n{'a transaction a poll of 2,000':<32}{fast:>10,.0f} events/s")
    print(f"{'a transaction an event':<32}{slow:>10,.0f} events/s")
    print(f"{'ratio':<32}{fast / slow:>10.1f}")
    print(f"projector {fast:.0f}")


async def published(broker: str, name: str, events: int) -> Counter[str]:
    """Put two services' histories on the broker; return how many events each has."""
    histories = [History(f"{service}-{name}") for service in SERVICES]
    producer, topics = Producer(broker), Topics(broker)
    for seed, history in enumerate(histories):
        lives(history, max(1, int(events * PEOPLE_PER_EVENT)), events // len(histories), seed)
        await asyncio.to_thread(topics.ensure, history.service)
        for start in range(0, len(history.entries), 10_000):
            await producer.publish(history.service, history.entries[start : start + 10_000])
    await producer.close()
    await asyncio.to_thread(topics.close)
    return Counter({history.service: len(history.entries) for history in histories})


async def rate(
    postgres: PostgresServer, broker: str, published: Counter[str], name: str, limit: int
) -> float:
    """Return the events a second of an engine on an empty database."""
    url = await postgres.create_database(name)
    services = list(published)
    source = Consumer(broker, services, fetch_max_wait_ms=20)
    async with asyncpg.create_pool(url, min_size=2, max_size=2) as pool:
        engine = Engine(pool, source, projections(), services, JsonDecoder(), limit=limit)
        began = time.perf_counter()
        task = asyncio.create_task(engine.run())
        while await _applied(pool) < published.total():  # noqa: ASYNC110 - it is another process's rows
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - began
        await engine.stop()
        await task
        assert engine.health().parked == 0
    await source.close()
    await postgres.drop_database(name)
    return published.total() / seconds


async def _applied(pool: "asyncpg.Pool[asyncpg.Record]") -> int:
    """Return how many events are applied; the offsets say it without counting rows."""
    try:
        return int(await pool.fetchval("SELECT coalesce(sum(next_offset), 0) FROM applied"))
    except asyncpg.UndefinedTableError:
        return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure the projection engine.")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    asyncio.run(main(asked.events, asked.rounds))
