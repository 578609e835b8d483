"""An engine killed in mid-poll, again and again, leaves the tables of an undisturbed run."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import asyncpg
import pytest
import pytest_asyncio

from shared.projection import fingerprint
from shared.projection.connection import Pool
from shared.projection.memory import MemoryTopics
from tests.support.projecting import (
    SERVICES,
    TABLES,
    History,
    MakeDatabase,
    an_engine,
    applied_all,
    lives,
    running,
    undisturbed,
    until,
)

EVENTS, PEOPLE, LIMIT = 1500, 40, 40
ROOT = Path(__file__).parents[2]


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=4) as made:
        yield made


def histories() -> list[History]:
    """Return the same histories in every process."""
    found = [History(service) for service in SERVICES]
    for seed, history in enumerate(found):
        lives(history, PEOPLE, EVENTS, seed)
    return found


async def project(database: str) -> None:
    """Be an engine process that has everything to do."""
    topics = MemoryTopics(*SERVICES)
    topics.ids = {service: f"{service}, always the same" for service in SERVICES}
    for history in histories():
        await topics.publish(history.service, history.entries)
    async with asyncpg.create_pool(database, min_size=1, max_size=2) as pool:
        await an_engine(pool, topics, limit=LIMIT).run()


async def started(database: str) -> asyncio.subprocess.Process:
    """Start an engine process of its own."""
    program = (
        "import asyncio, runpy\n"
        f"me = runpy.run_path({str(Path(__file__))!r})\n"
        f"asyncio.run(me['project']({database!r}))"
    )
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-c", program),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL,
    )


async def events_applied(pool: Pool) -> int:
    try:
        return int(await pool.fetchval("SELECT coalesce(sum(next_offset), 0) FROM applied"))
    except asyncpg.UndefinedTableError:
        return 0


@pytest.mark.slow
async def test_an_engine_killed_in_mid_poll_leaves_what_an_undisturbed_one_does(
    database: str, pool: Pool, make_database: MakeDatabase
) -> None:
    random, all_ = Random(3), histories()
    kills = 0
    while await events_applied(pool) < 2 * EVENTS:
        before = await events_applied(pool)
        process = await started(database)
        try:
            if kills < 4:

                async def some_more(before: int = before) -> bool:
                    return await events_applied(pool) > before

                await until(some_more, "it has begun", 60)
                await asyncio.sleep(random.random() * 0.2)
                kills += 1
            else:
                await applied_all(pool, *all_)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
            await process.wait()
        await _level(pool)
    assert kills >= 2, "it was killed with work left to do"
    assert await pool.fetchval("SELECT count(*) FROM parked") == 0
    assert await fingerprint(pool, TABLES) == await undisturbed(make_database, all_)


async def _level(pool: Pool) -> None:
    """Check, after each kill, that rows, cursors and offsets say the same."""
    audited = await pool.fetchval("SELECT count(*) FROM audit_trail_v1")
    versions = await pool.fetchval("SELECT coalesce(sum(version), 0) FROM stream_cursor")
    assert audited == versions == await events_applied(pool)


async def test_the_survivor_takes_over_from_a_killed_engine(
    database: str, pool: Pool, make_database: MakeDatabase
) -> None:
    all_ = histories()
    process = await started(database)
    try:

        async def begun() -> bool:
            return await events_applied(pool) > 0

        await until(begun, "the first one has begun", 60)
        topics = MemoryTopics(*SERVICES)
        topics.ids = {service: f"{service}, always the same" for service in SERVICES}
        for history in all_:
            await topics.publish(history.service, history.entries)
        async with running(an_engine(pool, topics)) as survivor:
            process.send_signal(signal.SIGKILL)

            async def took_over() -> bool:
                return len(survivor.health().partitions) == 24

            await until(took_over, "the survivor has every partition")
            await applied_all(pool, *all_)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
    assert await fingerprint(pool, TABLES) == await undisturbed(make_database, all_)
