"""The engine over a bus in memory: exact whatever is repeated, reordered, or away for a while."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from random import Random

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.bus.delivery import Delivered
from shared.domain.errors import Unavailable
from shared.ledger import Entry
from shared.positions import partition_of
from shared.projection import Engine, fingerprint, progress
from shared.projection.applying import Displaced
from shared.projection.connection import Pool
from shared.projection.memory import MemorySource, MemoryTopics
from tests.support.projecting import (
    SERVICES,
    TABLES,
    Enrolled,
    History,
    JsonDecoder,
    MakeDatabase,
    Moved,
    an_engine,
    applied_all,
    lives,
    person,
    projections,
    running,
    some_lives,
    undisturbed,
    unit,
    until,
)


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=6) as made:
        yield made


async def test_every_event_reaches_the_rows(pool: Pool) -> None:
    histories = some_lives()
    topics = MemoryTopics(*SERVICES)
    for history in histories:
        await topics.publish(history.service, history.entries)
    async with running(an_engine(pool, topics)) as engine:
        await applied_all(pool, *histories)
        health = engine.health()
    assert health.state == "running"
    assert health.ready
    assert health.partitions == tuple(range(24))
    assert health.parked == 0
    assert set(health.last_applied) == set(SERVICES)
    assert engine.health().state == "stopped"
    assert await pool.fetchval("SELECT count(*) FROM audit_trail_v1") == 1600


async def test_events_that_come_twice_and_in_another_interleaving_change_nothing(
    pool: Pool, make_database: MakeDatabase
) -> None:
    histories = some_lives()
    topics = MemoryTopics(*SERVICES)
    random = Random(7)
    for history in histories:
        # A relay that crashed and began again, now and then; partitions interleave as they like.
        sent = 0
        while sent < len(history.entries):
            start = max(0, sent - random.randrange(60))
            sent = min(start + random.randrange(1, 120), len(history.entries))
            await topics.publish(history.service, _shuffled(history.entries[start:sent], random))
    async with running(an_engine(pool, topics, limit=97)):
        await applied_all(pool, *histories)
    assert await pool.fetchval("SELECT count(*) FROM parked") == 0
    assert await fingerprint(pool, TABLES) == await undisturbed(make_database, histories)


def _shuffled(entries: Sequence[Entry], random: Random) -> list[Entry]:
    """Deal entries in another order, each partition's in its own."""
    order: dict[int, float] = {}
    for entry in entries:
        order.setdefault(partition_of(entry.key), random.random())
    return sorted(entries, key=lambda entry: order[partition_of(entry.key)])


async def test_two_engines_share_the_partitions_and_hand_over(
    pool: Pool, make_database: MakeDatabase
) -> None:
    histories = some_lives()
    topics = MemoryTopics(*SERVICES)
    half = [len(history.entries) // 2 for history in histories]
    for history, middle in zip(histories, half, strict=True):
        await topics.publish(history.service, history.entries[:middle])
    first, second = an_engine(pool, topics, partitions="0-11"), an_engine(pool, topics)
    async with running(second):
        async with running(first):

            async def both() -> bool:
                owned = [*first.health().partitions, *second.health().partitions]
                assert len(owned) == len(set(owned)), "nobody's partition is another's too"
                return len(owned) == 24

            await until(both, "every partition is owned")
            for history, middle in zip(histories, half, strict=True):
                await topics.publish(history.service, history.entries[middle:])

        async def taken_over() -> bool:
            return second.health().partitions == tuple(range(24))

        await until(taken_over, "the second has the first one's partitions")
        await applied_all(pool, *histories)
    assert await fingerprint(pool, TABLES) == await undisturbed(make_database, histories)


async def test_a_second_engine_stands_by_until_the_first_is_gone(pool: Pool) -> None:
    topics = MemoryTopics(*SERVICES)
    async with running(an_engine(pool, topics)) as first:

        async def runs() -> bool:
            return first.health().state == "running"

        await until(runs, "the first runs")
        async with running(an_engine(pool, topics)) as second:

            async def stands_by() -> bool:
                return second.health().state == "standby"

            await until(stands_by, "the second stands by")
            assert second.health().ready
            await first.stop()

            async def took_over() -> bool:
                return len(second.health().partitions) == 24

            await until(took_over, "the second took over")


async def test_a_topic_made_anew_is_read_again_and_changes_nothing(
    pool: Pool, make_database: MakeDatabase
) -> None:
    histories = some_lives()
    topics = MemoryTopics(*SERVICES)
    for history in histories:
        await topics.publish(history.service, history.entries[:500])
    async with running(an_engine(pool, topics)):
        await applied_all(pool, *(_part(history, 500) for history in histories))
        topics.wipe()
        for history in histories:
            await topics.publish(history.service, history.entries)
        await applied_all(pool, *histories)

        async def every_offset_is_of_the_new_topic() -> bool:
            ids = await pool.fetch("SELECT DISTINCT topic_id FROM applied")
            return {row[0] for row in ids} == set(topics.ids.values())

        await until(every_offset_is_of_the_new_topic, "the offsets are the new topic's")
    assert await pool.fetchval("SELECT count(*) FROM parked") == 0
    assert await fingerprint(pool, TABLES) == await undisturbed(make_database, histories)


async def test_a_topic_read_again_from_its_beginning_takes_no_position_back(pool: Pool) -> None:
    (history, _), topics = some_lives(people=1, events=20), MemoryTopics(*SERVICES)
    async with running(an_engine(pool, topics)):
        await topics.publish(history.service, history.entries)
        await applied_all(pool, history)
        topics.wipe()
        await topics.publish(history.service, history.entries[:5])

        async def begun_again() -> bool:
            return bool(await pool.fetchval("SELECT next_offset = 5 FROM applied"))

        await until(begun_again, "the new topic is read")
        assert await pool.fetchval("SELECT position FROM applied") == 20


def _part(history: History, events: int) -> History:
    part = History(history.service)
    part.entries = history.entries[:events]
    return part


async def test_a_broker_away_is_waited_for(pool: Pool) -> None:
    histories = some_lives(events=100)
    topics = MemoryTopics(*SERVICES)
    topics.away = True
    async with running(an_engine(pool, topics)) as engine:

        async def waits() -> bool:
            return engine.health().state == "away"

        await until(waits, "the engine waits")
        assert not engine.health().ready
        assert "the broker is away" in str(engine.health().error)
        for history in histories:
            await topics.publish(history.service, history.entries)
        topics.away = False
        await applied_all(pool, *histories)
        assert engine.health().state == "running"
        assert engine.health().error is None


async def test_keys_that_cannot_be_fetched_are_waited_for(pool: Pool) -> None:
    histories = some_lives(events=50)
    topics = MemoryTopics(*SERVICES)
    for history in histories:
        await topics.publish(history.service, history.entries)

    class Keyless(JsonDecoder):
        failures = 3

        async def prepare(self, entries: Sequence[Entry]) -> None:
            if self.failures:
                self.failures -= 1
                raise Unavailable(part="the registry's keys")

    engine = Engine(
        pool, MemorySource(topics), projections(), SERVICES, Keyless(), poll_timeout=0.02
    )
    async with running(engine):
        await applied_all(pool, *histories)
    assert await pool.fetchval("SELECT count(*) FROM parked") == 0


async def test_an_idle_engine_stops_at_once(pool: Pool) -> None:
    engine = an_engine(pool, MemoryTopics(*SERVICES), poll_timeout=0.05)
    async with running(engine):
        await asyncio.sleep(0.2)
        async with asyncio.timeout(0.5):
            await engine.stop()
    locks = await pool.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
    assert locks == 0, "its partitions are free"


async def test_an_engine_that_never_ran_stops_too(pool: Pool) -> None:
    async with asyncio.timeout(0.5):
        await an_engine(pool, MemoryTopics(*SERVICES)).stop()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.integers(0, 10**6),
    people=st.integers(1, 12),
    events=st.integers(1, 120),
    limit=st.integers(1, 150),
)
async def test_how_many_events_a_poll_brings_never_changes_the_outcome(
    pool: Pool, seed: int, people: int, events: int, limit: int
) -> None:
    histories = [History(service) for service in SERVICES]
    for history in histories:
        lives(history, people, events, seed)
    topics = MemoryTopics(*SERVICES)
    for history in histories:
        await topics.publish(history.service, history.entries)
    found = []
    for size in (limit, 1):
        await pool.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await pool.expire_connections()
        async with running(an_engine(pool, topics, limit=size)):
            await applied_all(pool, *histories)
        found.append(await fingerprint(pool, TABLES))
    assert found[0] == found[1]


async def test_a_poll_before_which_another_engine_wrote_is_given_up_whole(pool: Pool) -> None:
    history, topics = History("registry"), MemoryTopics(*SERVICES)
    await topics.publish("registry", history.happen(person(1), Enrolled(name="A", unit=unit(1))))
    applier = (engine := an_engine(pool, topics))._applier
    async with running(engine):
        await applied_all(pool, history)
    (entry,) = history.happen(person(1), Moved(unit=unit(2)))
    record = Delivered(service="registry", entry=entry, partition=partition_of(entry.key), offset=1)
    async with pool.acquire() as connection:

        async def take_up() -> None:
            marks = await progress.marks(connection, range(24))
            await applier.take_up(connection, range(24), topics.ids, marks)

        await take_up()
        await pool.execute("UPDATE applied SET next_offset = next_offset + 1")
        with pytest.raises(Displaced):
            await applier.apply(connection, [record])
        assert await pool.fetchval("SELECT unit FROM mentee_v1") == unit(1)
        await take_up()
        await applier.apply(connection, [record])
    assert await pool.fetchval("SELECT unit FROM mentee_v1") == unit(2)


async def test_rows_and_progress_are_written_together_or_not_at_all(pool: Pool) -> None:
    histories = some_lives(events=60)
    topics = MemoryTopics(*SERVICES)
    for history in histories:
        await topics.publish(history.service, history.entries)
    # The last statement of a poll's transaction fails: nothing before it may stay.
    async with running(an_engine(pool, topics)):
        await applied_all(pool, *histories)
    await pool.execute(
        "TRUNCATE applied, stream_cursor, mentee_v1, mentee_progress_v3, audit_trail_v1;"
        "ALTER TABLE applied ADD CONSTRAINT never CHECK (next_offset < 0)"
    )
    engine = an_engine(pool, topics)
    with pytest.raises(asyncpg.CheckViolationError):
        await engine.run()
    for table in ("applied", "stream_cursor", "mentee_v1", "audit_trail_v1"):
        assert await pool.fetchval(f"SELECT count(*) FROM {table}") == 0
    assert engine.health().state == "stopped"
    assert engine.health().error == "CheckViolationError"
