"""Measures the projection engine beside itself, one event a transaction.

What is measured: a hundred thousand events of two services lie on a broker, a person's whole life
each, in 24 partitions. An engine with three read models (one row a mentee, one a mentee and
competency, one an event for the audit trail) starts on an empty database and reads them to the
end, through the real consumer: hash chains verified, rows, cursors and offsets written in one
transaction a poll. Its peer is the same engine with a poll of one record, on a smaller share of
the same events. Several rounds; the medians count.

    python -m tests.perf.bench_projector [--events 100000] [--rounds 3] [--processes 2]

With `--processes` its peer is so many engines, a process each, that share the partitions; they gain
until the cores are full, of which PostgreSQL wants its own.
"""

import argparse
import asyncio
import logging
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import asyncpg
import structlog

from mshauri.stack.postgres import EmbeddedPostgres
from shared.bus.admin import Topics
from shared.bus.consumer import Consumer
from shared.bus.producer import Producer
from shared.positions import PARTITIONS
from shared.projection import Engine
from tests.support.projecting import SERVICES, History, JsonDecoder, lives, projections
from tests.support.servers import PostgresServer, a_broker

SHARE = 40
PEOPLE_PER_EVENT = 1 / 50


async def main(events: int, rounds: int, processes: int) -> None:
    """Start servers, measure, and print a table and a last line for programs."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        postgres = EmbeddedPostgres(Path(directory))
        await postgres.start()
        try:
            async with a_broker() as broker:
                server = PostgresServer(postgres.url())
                if processes > 1:
                    await measure_shared(server, broker, events, rounds, processes)
                else:
                    await measure(server, broker, events, rounds)
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


async def measure_shared(
    postgres: PostgresServer, broker: str, events: int, rounds: int, processes: int
) -> None:
    """Measure one process and several that share the partitions, in turns."""
    print(f"publishing {events:,} events")
    whole = await published(broker, "whole", events)
    rates: dict[int, list[float]] = {1: [], processes: []}
    for round_ in range(1, rounds + 1):
        for number, found in rates.items():
            found.append(await rate_of(postgres, broker, whole, f"by{number}r{round_}", number))
        print(f"round {round_}: " + ", ".join(f"{n}: {f[-1]:,.0f}/s" for n, f in rates.items()))
    one, several = median(rates[1]), median(rates[processes])
    print(f"\n{'one process':<32}{one:>10,.0f} events/s")
    print(f"{f'{processes} processes':<32}{several:>10,.0f} events/s, on {os.cpu_count()} cores")
    print(f"projectors {several:.0f} {several / one:.2f}")


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


async def rate_of(
    postgres: PostgresServer, broker: str, published: Counter[str], name: str, processes: int
) -> float:
    """Return the events a second of engines in processes of their own, on an empty database."""
    url = await postgres.create_database(name)
    started = multiprocessing.get_context("spawn")
    ready, over = started.Barrier(processes + 1), started.Event()
    engines = [
        started.Process(
            target=_project, args=(url, broker, list(published), share, ready, over), daemon=True
        )
        for share in _shares(processes)
    ]
    for engine in engines:
        engine.start()
    await asyncio.to_thread(ready.wait)
    began = time.perf_counter()
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        while await _applied(pool) < published.total():  # noqa: ASYNC110 - it is another process's rows
            await asyncio.sleep(0.02)
    seconds = time.perf_counter() - began
    over.set()
    for engine in engines:
        await asyncio.to_thread(engine.join)
        assert engine.exitcode == 0
    await postgres.drop_database(name)
    return published.total() / seconds


def _shares(processes: int) -> list[str]:
    """Deal the partitions out, as an engine is told them."""
    return [",".join(map(str, range(first, PARTITIONS, processes))) for first in range(processes)]


def _project(
    url: str, broker: str, services: Sequence[str], share: str, ready: Barrier, over: Event
) -> None:
    """Be a process with an engine for a share of the partitions."""
    asyncio.run(_projected(url, broker, services, share, ready, over))


async def _projected(
    url: str, broker: str, services: Sequence[str], share: str, ready: Barrier, over: Event
) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    async with AsyncExitStack() as stack:
        source = Consumer(broker, services, fetch_max_wait_ms=20)
        stack.push_async_callback(source.close)
        pool = await stack.enter_async_context(asyncpg.create_pool(url, min_size=2, max_size=2))
        engine = Engine(pool, source, projections(), services, JsonDecoder(), partitions=share)
        await asyncio.to_thread(ready.wait)
        task = asyncio.create_task(engine.run())
        await asyncio.to_thread(over.wait)
        await engine.stop()
        await task


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
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    asyncio.run(main(asked.events, asked.rounds, asked.processes))
