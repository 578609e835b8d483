"""What policies call for is judged with all that they had heard, whichever event asked for it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
import pytest_asyncio

from shared.contracts.registry.enrolment import MenteeComplete
from shared.deciding.facts import Facts
from shared.domain.pausing import end
from shared.following.policies import DUE, Policy, projection_of
from shared.following.policy_progress import SCHEMA, prepare
from shared.following.policy_runner import PolicyRunner
from shared.projection import Waiter
from shared.projection.connection import Pool
from shared.projection.keeper import schema_pool
from shared.projection.progress import APPLIED_CHANNEL, channel_of
from shared.projection.schema import ensure

COMPLETION = Policy("completion")
APPLIED = (
    "INSERT INTO applied (service, partition, topic_id, next_offset, position, built)"
    " VALUES ('validation', $1, 't', 1, $2, 'b')"
)


class Judge:
    """Notes what it is asked to decide; deciding itself is `test_policies`' matter."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.was_asked = asyncio.Event()

    async def carry_out(self, wish: Any, *_: Any) -> None:
        self.asked.append(wish)
        self.was_asked.set()


@pytest_asyncio.fixture
async def views(database: str) -> AsyncIterator[Pool]:
    """Where views are kept that have heard nothing yet."""
    async with asyncpg.create_pool(database, min_size=1, max_size=3) as pool:
        async with pool.acquire() as connection:
            await ensure(connection, [])
        yield pool


async def test_it_waits_until_the_views_have_heard_all_that_policies_have(
    database: str, views: Pool
) -> None:
    # A validation, then a session, call for one judgement; the session's position alone is in it.
    called_for = MenteeComplete(command_id=uuid4(), enrolment_id=uuid4())
    judge: Any = Judge()
    async with schema_pool(database, SCHEMA) as own, Waiter(views) as waiter:
        await prepare(views, own, projection_of([COMPLETION]))
        await own.execute(APPLIED, 3, 9)
        await own.execute(
            f"INSERT INTO {DUE.physical} (policy, about, command, command_id, correlation_id,"
            " content) VALUES ('completion', $1, 'menteeComplete', $2, $2, $3::text::jsonb)",
            called_for.enrolment_id,
            called_for.command_id,
            msgspec.json.encode(called_for).decode(),
        )
        facts = Facts(views, waiter, heard=["validation"], patience=0.2)
        runner = PolicyRunner(own, judge, [COMPLETION], facts, ZoneInfo("Africa/Nairobi"))
        running = asyncio.create_task(runner.run())
        await asyncio.sleep(0.6)
        assert judge.asked == []
        async with views.acquire() as connection:
            await connection.execute(APPLIED, 3, 9)
            channel = await channel_of(connection, APPLIED_CHANNEL)
            await connection.execute("SELECT pg_notify($1, 'validation.3.9')", channel)
        await asyncio.wait_for(judge.was_asked.wait(), 10)
        await end(running)
    assert [one.command_id for one in judge.asked] == [called_for.command_id]
