"""The engine on the real bus: the broker's records, offsets and topic ids."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest_asyncio
from msgspec.structs import replace

from mshauri.stack.broker import EmbeddedBroker
from shared.bus.admin import Topics
from shared.bus.consumer import Consumer
from shared.bus.producer import Producer
from shared.ledger import Entry
from shared.projection import Engine, fingerprint
from shared.projection.connection import Pool
from tests.support.projecting import (
    TABLES,
    History,
    JsonDecoder,
    MakeDatabase,
    applied_all,
    lives,
    person,
    projections,
    running,
    until,
)


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=6) as made:
        yield made


def histories_of_our_own(people: int = 30, events: int = 600) -> list[History]:
    """Let people live, in services whose topics nobody else writes to."""
    own = uuid4().hex[:8]
    histories = [History(f"registry-{own}"), History(f"sessions-{own}")]
    for seed, history in enumerate(histories):
        lives(history, people, events, seed)
    return histories


async def publish(broker: str, service: str, entries: Sequence[Entry]) -> None:
    """Do once what a relay does."""
    topics, producer = Topics(broker), Producer(broker)
    try:
        await asyncio.to_thread(topics.ensure, service)
        await producer.publish(service, entries)
    finally:
        await producer.close()
        await asyncio.to_thread(topics.close)


@asynccontextmanager
async def an_engine_on(
    broker: str, pool: Pool, histories: Sequence[History], limit: int = 2000
) -> AsyncIterator[Engine]:
    """Run an engine on a broker."""
    services = [history.service for history in histories]
    source = Consumer(broker, services, fetch_max_wait_ms=20)
    engine = Engine(
        pool,
        source,
        projections(),
        services,
        JsonDecoder(),
        limit=limit,
        poll_timeout=0.05,
        tick=0.2,
    )
    try:
        async with running(engine):
            yield engine
    finally:
        await source.close()


async def test_what_is_published_reaches_the_rows_and_who_reads_it_anew_finds_the_same(
    broker: str, pool: Pool, make_database: MakeDatabase
) -> None:
    histories = histories_of_our_own()
    async with an_engine_on(broker, pool, histories):  # before there is a topic
        for history in histories:
            await publish(broker, history.service, history.entries)
            await publish(broker, history.service, history.entries[100:300])  # twice
        await applied_all(pool, *histories)
        assert await pool.fetchval("SELECT count(*) FROM audit_trail_v1") == 1200
        assert await pool.fetchval("SELECT count(*) FROM parked") == 0
    before = await fingerprint(pool, TABLES)
    other: Pool
    async with asyncpg.create_pool(await make_database(), min_size=1, max_size=4) as other:
        async with an_engine_on(broker, other, histories, limit=170):
            await applied_all(other, *histories)
        assert await fingerprint(other, TABLES) == before


async def test_an_engine_goes_on_where_the_last_one_stopped(broker: str, pool: Pool) -> None:
    histories = histories_of_our_own(events=200)
    for history in histories:
        await publish(broker, history.service, history.entries)
    async with an_engine_on(broker, pool, histories):
        await applied_all(pool, *histories)
    for seed, history in enumerate(histories):
        start = len(history.entries)
        lives(history, 30, 100, seed + 10)
        await publish(broker, history.service, history.entries[start:])
    async with an_engine_on(broker, pool, histories) as engine:
        await applied_all(pool, *histories)
        assert engine.health().parked == 0


async def test_a_record_altered_on_the_broker_is_seen(broker: str, pool: Pool) -> None:
    history, other = histories_of_our_own()
    forged = list(history.entries)
    place = next(i for i, entry in enumerate(forged) if entry.key == person(1))
    forged[place] = replace(forged[place], payload=forged[place].payload.replace(b"Mentee", b"M."))
    await publish(broker, history.service, forged)
    async with an_engine_on(broker, pool, [history, other]) as engine:
        await applied_all(pool, history)
        assert engine.health().people_parked == 1
    found = await pool.fetch("SELECT position, key FROM parked WHERE code = 'ALTERED_EVENT'")
    assert [tuple(row) for row in found] == [(place + 1, person(1))]


async def test_a_broker_wiped_and_refilled_gives_equal_tables(
    own_broker: Callable[[], Awaitable[EmbeddedBroker]], pool: Pool, make_database: MakeDatabase
) -> None:
    broker = await own_broker()
    histories = histories_of_our_own()
    async with an_engine_on(broker.address, pool, histories) as engine:
        for history in histories:
            await publish(broker.address, history.service, history.entries[:400])
        await applied_all(pool, *(_first(history, 400) for history in histories))
        await broker.kill()

        async def waits() -> bool:
            return engine.health().state == "away"

        await until(waits, "the engine waits for the broker", 40)
        await broker.start()
        for history in histories:
            await publish(broker.address, history.service, history.entries)
        await applied_all(pool, *histories)

        async def goes_on() -> bool:
            return engine.health().state == "running"

        await until(goes_on, "the engine runs again")
        assert engine.health().parked == 0
    after = await fingerprint(pool, TABLES)
    other: Pool
    async with asyncpg.create_pool(await make_database(), min_size=1, max_size=4) as other:
        async with an_engine_on(broker.address, other, histories):
            await applied_all(other, *histories)
        assert await fingerprint(other, TABLES) == after


def _first(history: History, events: int) -> History:
    first = History(history.service)
    first.entries = history.entries[:events]
    return first
