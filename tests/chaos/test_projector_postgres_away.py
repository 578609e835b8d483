"""The database goes away under the engine: it waits, says so once, and goes on by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import asyncpg
import structlog

from mshauri.stack.postgres import EmbeddedPostgres
from shared.projection import fingerprint
from shared.projection.connection import Pool
from shared.projection.memory import MemoryTopics
from tests.support.projecting import (
    SERVICES,
    TABLES,
    MakeDatabase,
    an_engine,
    applied_all,
    running,
    some_lives,
    undisturbed,
    until,
)


async def test_a_database_killed_in_mid_poll_costs_nothing(
    own_postgres: Callable[[], Awaitable[EmbeddedPostgres]], make_database: MakeDatabase
) -> None:
    server, random = await own_postgres(), Random(5)
    histories, topics = some_lives(events=900), MemoryTopics(*SERVICES)
    pool: Pool
    with structlog.testing.capture_logs() as logs:
        async with (
            asyncpg.create_pool(server.url(), min_size=1, max_size=6) as pool,
            running(an_engine(pool, topics, limit=30)) as engine,
        ):
            for start in range(0, 900, 300):
                for history in histories:
                    part = history.entries[start : start + 300]
                    await topics.publish(history.service, part)
                await asyncio.sleep(random.random() * 0.3)
                await server.kill()

                async def away() -> bool:
                    return engine.health().state == "away"

                await until(away, "the engine knows")
                assert "the database is away" in str(engine.health().error)
                await asyncio.sleep(0.5)
                await server.start()

                async def back() -> bool:
                    return engine.health().state == "running"

                await until(back, "the engine goes on")
            await applied_all(pool, *histories)
            assert engine.health().parked == 0
            found = await fingerprint(pool, TABLES)
    assert found == await undisturbed(make_database, histories)
    said = [log["event"] for log in logs]
    assert said.count("the projector waits") == 3, "once each time it went away"
    assert said.count("the projector goes on") == 3
