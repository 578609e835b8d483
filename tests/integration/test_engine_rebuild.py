"""Read models from zero: identical rows, whoever runs meanwhile."""

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest_asyncio

from shared.projection import Engine, Projection, fingerprint, rebuild
from shared.projection.connection import Pool
from shared.projection.memory import MemorySource, MemoryTopics
from tests.support.projecting import (
    AUDIT,
    MENTEES,
    SERVICES,
    TABLES,
    History,
    JsonDecoder,
    an_engine,
    applied_all,
    projections,
    running,
    some_lives,
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
    mentees, progress, audit = projections()
    moved = Projection("audit", newer)
    for body, folds in audit._folds.items():
        for fold in folds:
            moved.on(body)(lambda e, it, fold=fold: (_in(newer, c) for c in fold(e, it)))
    engine = Engine(
        pool,
        MemorySource(topics),
        [mentees, progress, moved],
        SERVICES,
        JsonDecoder(),
        poll_timeout=0.02,
    )
    async with running(engine):
        await applied_all(pool, *histories)
    after = await fingerprint(pool, [newer, MENTEES])
    assert after == {"audit_trail_v2": before["audit_trail_v1"], "mentee_v1": before["mentee_v1"]}
    live = await pool.fetchval("SELECT live_version FROM read_model WHERE name = 'audit_trail'")
    assert live == 2


def _in(table: object, change: object) -> object:
    import msgspec

    return msgspec.structs.replace(change, table=table)


async def test_a_fingerprint_tells_any_difference(pool: Pool) -> None:
    histories = some_lives(5, 30)
    async with running(an_engine(pool, await published(histories))):
        await applied_all(pool, *histories)
    before = await fingerprint(pool, TABLES)
    assert await fingerprint(pool, TABLES) == before
    await pool.execute("UPDATE audit_trail_v1 SET actor = actor || ' ' WHERE position = 1")
    after = await fingerprint(pool, TABLES)
    assert {name for name in after if after[name] != before[name]} == {"audit_trail_v1"}
