"""Read models from zero: identical rows, whoever runs meanwhile."""

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest_asyncio

from shared.projection import fingerprint, rebuild
from shared.projection.connection import Pool
from shared.projection.memory import MemoryTopics
from tests.support.projecting import (
    AUDIT,
    MENTEES,
    SERVICES,
    TABLES,
    History,
    an_engine,
    applied_all,
    projections,
    running,
    some_lives,
    until,
)


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=6) as made:
        yield made


async def published(histories: list[History]) -> MemoryTopics:
    topics = MemoryTopics(*SERVICES)
    for history in histories:
        await topics.publish(history.service, history.entries)
    return topics


async def test_a_rebuild_gives_identical_tables(pool: Pool) -> None:
    histories = some_lives()
    topics = await published(histories)
    async with running(an_engine(pool, topics)):
        await applied_all(pool, *histories)
    before = await fingerprint(pool, TABLES)
    await rebuild(pool, projections())
    for table in (*(table.physical for table in TABLES), "applied", "stream_cursor", "parked"):
        assert await pool.fetchval(f"SELECT count(*) FROM {table}") == 0
    async with running(an_engine(pool, topics, limit=311)):
        await applied_all(pool, *histories)
    assert await fingerprint(pool, TABLES) == before


async def test_an_engine_that_runs_reads_from_zero_by_itself(pool: Pool) -> None:
    histories = some_lives()
    topics = await published(histories)
    async with running(an_engine(pool, topics)):
        await applied_all(pool, *histories)
        before = await fingerprint(pool, TABLES)
        await rebuild(pool, projections())  # while it is idle
        await applied_all(pool, *histories)
        assert await fingerprint(pool, TABLES) == before
        await pool.execute("UPDATE mentee_v1 SET name = 'somebody was here'")
        assert await fingerprint(pool, TABLES) != before


async def test_a_rebuild_in_the_middle_of_a_run_loses_nothing(pool: Pool) -> None:
    histories = some_lives(events=1500)
    topics = await published(histories)
    async with running(an_engine(pool, topics, limit=50)):
        for _ in range(5):
            await applied_all(pool, _first(histories[0], 200))
            await rebuild(pool, projections())
        await applied_all(pool, *histories)
        after = await fingerprint(pool, TABLES)
    await rebuild(pool, projections())
    async with running(an_engine(pool, topics)):
        await applied_all(pool, *histories)
    assert await fingerprint(pool, TABLES) == after


def _first(history: History, events: int) -> History:
    first = History(history.service)
    first.entries = history.entries[:events]
    return first


async def test_a_raised_version_is_built_from_zero_and_the_others_with_it(pool: Pool) -> None:
    histories = some_lives()
    topics = await published(histories)
    async with running(an_engine(pool, topics)):
        await applied_all(pool, *histories)
    before = await fingerprint(pool, TABLES)
    newer = replace(AUDIT, version=AUDIT.version + 1)
    engine = an_engine(pool, topics, folds=projections(newer))
    async with running(engine):

        async def built() -> bool:
            name = "SELECT to_regclass('audit_trail_v2') IS NOT NULL"
            count = "SELECT count(*) FROM audit_trail_v2"
            return bool(await pool.fetchval(name)) and await pool.fetchval(count) == 1600

        await until(built, "the new version is built")
        await applied_all(pool, *histories)
    after = await fingerprint(pool, [newer, MENTEES])
    assert after == {"audit_trail_v2": before["audit_trail_v1"], "mentee_v1": before["mentee_v1"]}
    live = await pool.fetchval("SELECT live_version FROM read_model WHERE name = 'audit_trail'")
    assert live == 2


async def test_a_fingerprint_tells_any_difference(pool: Pool) -> None:
    histories = some_lives(5, 30)
    async with running(an_engine(pool, await published(histories))):
        await applied_all(pool, *histories)
    before = await fingerprint(pool, TABLES)
    assert await fingerprint(pool, TABLES) == before
    await pool.execute("UPDATE audit_trail_v1 SET actor = actor || ' ' WHERE position = 1")
    after = await fingerprint(pool, TABLES)
    assert {name for name in after if after[name] != before[name]} == {"audit_trail_v1"}
