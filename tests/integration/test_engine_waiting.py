"""Read your writes: a reader waits for a position, and is told when it does not come."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
import pytest_asyncio

from mshauri.stack.postgres import EmbeddedPostgres
from shared.domain.errors import Malformed, StaleRead
from shared.ledger import Entry
from shared.positions import partition_of, position_token
from shared.projection import Waiter
from shared.projection.connection import Pool, own_connection
from shared.projection.memory import MemoryTopics
from shared.projection.progress import APPLIED_CHANNEL, Reached, channel_of
from shared.projection.waiting import EventParked
from tests.support.projecting import (
    SERVICES,
    Enrolled,
    History,
    Moved,
    an_engine,
    applied_all,
    person,
    running,
    unit,
    until,
)

ONE = person(1)


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=6) as made:
        yield made


def token(history: History, entry: Entry) -> str:
    return position_token(history.service, partition_of(entry.key), entry.position)


async def test_a_reader_sees_its_own_write_as_soon_as_it_is_applied(pool: Pool) -> None:
    topics, history = MemoryTopics(*SERVICES), History("registry")
    async with running(an_engine(pool, topics)):
        (entry,) = history.happen(ONE, Enrolled(name="Ange", unit=unit(1)))
        await topics.publish("registry", [entry])
        await applied_all(pool, history)
        async with Waiter(pool) as waiter:
            await waiter.reach([token(history, entry)], 0)  # known from the rows
            for number in range(20):
                (entry,) = history.happen(ONE, Moved(unit=unit(number)))
                reached = asyncio.create_task(waiter.reach([token(history, entry)], 5))
                await topics.publish("registry", [entry])
                await reached
                assert await pool.fetchval("SELECT unit FROM mentee_v1") == unit(number)


async def test_a_position_that_does_not_come_in_time_is_a_stale_read(pool: Pool) -> None:
    async with running(an_engine(pool, MemoryTopics(*SERVICES))) as engine:

        async def runs() -> bool:
            return engine.health().state == "running"

        await until(runs, "the engine runs")
        async with Waiter(pool) as waiter:
            with pytest.raises(StaleRead) as stale:
                await waiter.reach(["registry.3.1", "registry.4.1"], 0.1)
            assert stale.value.params["position"] == "registry.3.1"
            assert 80 <= stale.value.params["waited_ms"] < 2000
            with pytest.raises(StaleRead):
                await waiter.reach(["registry.3.1"], 0)


async def test_where_nobody_waits_for_positions_none_is_told(pool: Pool, database: str) -> None:
    topics, history, said = MemoryTopics(*SERVICES), History("registry"), list[object]()
    async with (
        running(an_engine(pool, topics, awaited=False)),
        own_connection(database) as connection,
    ):
        channel = await channel_of(connection, APPLIED_CHANNEL)
        await connection.add_listener(channel, lambda *news: said.append(news))
        await topics.publish("registry", history.happen(ONE, Enrolled(name="Ange", unit=unit(1))))
        await applied_all(pool, history)
        await connection.fetchval("SELECT 1")  # what was told comes before its answer
        assert said == []


@pytest.mark.parametrize("nonsense", ["registry", "registry.3", "registry.x.1", "registry.99.1"])
async def test_what_is_no_position_is_malformed(pool: Pool, nonsense: str) -> None:
    with pytest.raises(Malformed, match="is not a position"):
        await Waiter(pool).reach([nonsense], 1)


async def test_a_subscriber_hears_of_every_change_of_its_partition(pool: Pool) -> None:
    topics, history = MemoryTopics(*SERVICES), History("registry")
    async with running(an_engine(pool, topics)), Waiter(pool) as waiter:
        here = partition_of(ONE)
        seen = 0
        for number in range(5):
            entries = history.happen(ONE, Enrolled(name=f"Ange {number}", unit=unit(1)))
            waiting = asyncio.create_task(waiter.wait_change("registry", here, seen))
            await topics.publish("registry", entries)
            async with asyncio.timeout(5):
                seen = await waiting
        assert seen == 5
        assert waiter.position("registry", here) == 5
        waiting = asyncio.create_task(waiter.wait_change("registry", here, seen))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert not waiter._waiting, "somebody who went away leaves nothing behind"


async def test_a_token_of_an_event_that_is_parked_says_that_it_waits_and_for_what(
    pool: Pool,
) -> None:
    topics, history = MemoryTopics(*SERVICES), History("registry")
    async with running(an_engine(pool, topics)) as engine, Waiter(pool) as waiter:
        (first,) = history.happen(ONE, Enrolled(name="Ange", unit=unit(1)))
        (second,) = history.happen(ONE, Enrolled(name="Ange\x00", unit=unit(1)))
        (third,) = history.happen(ONE, Moved(unit=unit(2)))
        await topics.publish("registry", [first, second, third])
        await waiter.reach([token(history, first)], 5)

        async def waits() -> bool:
            return engine.health().parked == 2

        await until(waits, "two events wait")
        await waiter.reach([token(history, first)], 5)
        with pytest.raises(EventParked, match="IMPOSSIBLE_CHANGE"):
            await waiter.reach([token(history, second)], 5)
        with pytest.raises(EventParked, match="an event before it"):
            await waiter.reach([token(history, third)], 5)


async def test_positions_are_known_again_when_the_database_is_back(
    own_postgres: Callable[[], Awaitable[EmbeddedPostgres]],
) -> None:
    server = await own_postgres()
    topics, history = MemoryTopics(*SERVICES), History("registry")
    pool: Pool
    async with (
        asyncpg.create_pool(server.url(), min_size=1, max_size=6) as pool,
        running(an_engine(pool, topics)),
        Waiter(pool) as waiter,
    ):
        entries = history.happen(ONE, Enrolled(name="Ange", unit=unit(1)))
        await topics.publish("registry", entries)
        await waiter.reach([token(history, entries[0])], 5)
        await server.stop()
        entries = history.happen(ONE, Moved(unit=unit(2)))
        await topics.publish("registry", entries)
        with pytest.raises(StaleRead):
            await waiter.reach([token(history, entries[0])], 0.2)
        await server.start()
        await waiter.reach([token(history, entries[0])], 20)


async def test_who_judges_waits_for_all_that_another_reader_has_heard(pool: Pool) -> None:
    topics, history = MemoryTopics(*SERVICES), History("registry")
    (entry,) = history.happen(ONE, Enrolled(name="Ange", unit=unit(1)))
    place, heard = ("registry", partition_of(entry.key)), Reached(entry.epoch, entry.position)
    async with running(an_engine(pool, topics)), Waiter(pool) as waiter:
        assert not await waiter.hold({place: heard}, 0.05)
        waited = asyncio.create_task(waiter.hold({place: heard}, 10))
        await topics.publish("registry", [entry])
        assert await waited
        # What an epoch recorded that was given up is waited for by nobody.
        waiter._epochs.note("registry", 2, entry.position)
        assert await waiter.hold({place: Reached(1, entry.position + 9)}, 0.05)
