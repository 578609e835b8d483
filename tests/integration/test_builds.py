"""Read models made anew beside those in use: nobody sees half, whoever is killed meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import asyncpg
import pytest

from shared.domain.errors import StaleRead, Unavailable
from shared.positions import partition_of, position_token
from shared.projection import Waiter, fingerprint
from shared.projection.builds import begin
from shared.projection.memory import MemoryTopics
from shared.projection.schema import built_of
from tests.support.keeping import (
    GROUP,
    a_keeper,
    builds,
    keeping,
    killed,
    reading,
    telling,
)
from tests.support.projecting import (
    AUDIT,
    SERVICES,
    TABLES,
    Enrolled,
    History,
    lives,
    person,
    projections,
    some_lives,
    undisturbed,
    unit,
    until,
)

MakeDatabase = Callable[[], Awaitable[str]]


async def published(histories: list[History]) -> MemoryTopics:
    topics = MemoryTopics(*SERVICES)
    for history in histories:
        await topics.publish(history.service, history.entries)
    return topics


async def ask_for_another(database: str) -> int:
    """Do what `mshauri rebuild` does first; return the new build's number."""
    connection = await asyncpg.connect(database)
    try:
        return (await begin(connection, GROUP, built_of(projections()))).number
    finally:
        await connection.close()


async def live_number(database: str) -> int:
    """Return which build is read."""
    return next((one.number for one in await builds(database) if one.level), 0)


async def turned_to(database: str, number: int) -> None:
    async def turned() -> bool:
        return await live_number(database) == number

    await until(turned, f"build {number} is read")


async def test_nobody_reads_a_build_before_it_is_level(database: str) -> None:
    histories = some_lives()
    topics = await published(histories)
    async with reading(database) as pool:
        with pytest.raises(Unavailable, match="until it is built"):
            await pool.fetchval("SELECT count(*) FROM audit_trail_v1")
        async with keeping(a_keeper(database, topics, telling(histories), limit=50)) as keeper:
            seen: set[int] = set()
            async with asyncio.timeout(20):
                while not seen:
                    try:
                        seen.add(await pool.fetchval("SELECT count(*) FROM audit_trail_v1"))
                    except Unavailable:
                        await asyncio.sleep(0.01)
            assert seen == {1600}, "all of it, at once"
            await keeper.standing.wait_level()
            assert keeper.standing.level


async def test_a_build_beside_the_one_in_use_fails_no_query_and_takes_nothing_back(
    database: str, make_database: MakeDatabase
) -> None:
    histories = some_lives()
    topics = await published(histories)
    last, failed = 0, []
    done = asyncio.Event()
    async with (
        keeping(a_keeper(database, topics, telling(histories), limit=100)) as keeper,
        reading(database) as pool,
    ):
        await keeper.standing.wait_level()
        await turned_to(database, 1)

        async def query() -> None:
            nonlocal last
            while not done.is_set():
                try:
                    now = await pool.fetchval("SELECT count(*) FROM audit_trail_v1")
                    if now < last:
                        failed.append(f"{now} after {last}")
                    last = now
                except Exception as error:
                    failed.append(repr(error))
                await asyncio.sleep(0)

        async def record() -> None:
            for seed in range(30):
                before = len(histories[0].entries)
                lives(histories[0], 30, 20, seed + 100)
                await topics.publish("registry", histories[0].entries[before:])
                await asyncio.sleep(0.03)

        await pool.opened()
        asking = asyncio.create_task(query())
        recording = asyncio.create_task(record())
        for _ in range(3):
            await turned_to(database, await ask_for_another(database))
        await recording
        whole = sum(len(history.entries) for history in histories)

        async def all_there() -> bool:
            count = await pool.fetchval("SELECT count(*) FROM audit_trail_v1")
            return bool(count == whole)

        await until(all_there, "everything is read")
        done.set()
        await asking
        assert failed == []
        assert (await fingerprint(pool, TABLES)) == await undisturbed(make_database, histories)
    assert await live_number(database) == 4


async def test_a_reader_waits_for_a_position_across_a_turn(database: str) -> None:
    history = History("registry")
    lives(history, 20, 400)
    topics = await published([history])
    heads = telling([history, History("sessions")])
    async with (
        keeping(a_keeper(database, topics, heads, limit=20)),
        reading(database) as pool,
        Waiter(pool) as waiter,
    ):
        await pool.opened()
        number = await ask_for_another(database)
        for count in range(60):
            (entry,) = history.happen(person(500 + count), Enrolled(name="Ange", unit=unit(1)))
            token = position_token("registry", partition_of(entry.key), entry.position)
            reached = asyncio.create_task(waiter.reach([token], 10))
            await topics.publish("registry", [entry])
            await reached
            found = await pool.fetchval(
                "SELECT count(*) FROM audit_trail_v1 WHERE position = $1", entry.position
            )
            assert found == 1, "what was waited for is in what is read"
        await turned_to(database, number)


@pytest.mark.parametrize("moment", [0.0, 0.03, 0.1, 0.25])
async def test_whoever_is_killed_while_a_build_is_made_another_goes_on_with_it(
    database: str, make_database: MakeDatabase, moment: float
) -> None:
    histories = some_lives(events=2000)
    topics = await published(histories)
    first = a_keeper(database, topics, telling(histories), limit=40)
    task = asyncio.create_task(first.run())
    await asyncio.sleep(moment)
    await killed(first, task)
    begun = [one.number for one in await builds(database)] if moment else []
    async with (
        keeping(a_keeper(database, topics, telling(histories), limit=40)) as keeper,
        reading(database) as pool,
    ):
        await keeper.standing.wait_level()
        await turned_to(database, 1)
        assert begun in ([], [1])
        await pool.opened()
        assert await fingerprint(pool, TABLES) == await undisturbed(make_database, histories)


async def test_two_releases_each_read_their_own_build(database: str) -> None:
    histories = some_lives()
    topics = await published(histories)
    newer = projections(replace(AUDIT, version=AUDIT.version + 1))
    heads = telling(histories)
    async with keeping(a_keeper(database, topics, heads)) as old, reading(database) as pool:
        await old.standing.wait_level()
        async with (
            keeping(a_keeper(database, topics, heads, folds=newer)) as new,
            reading(database, newer) as pool_of_the_new,
        ):
            await pool.opened()
            await pool_of_the_new.opened()
            await topics.publish(
                "registry", histories[0].happen(person(900), Enrolled(name="A", unit=unit(1)))
            )
            for reader, table in ((pool, "audit_trail_v1"), (pool_of_the_new, "audit_trail_v2")):

                async def both(reader: object = reader, table: str = table) -> bool:
                    count = f"SELECT count(*) FROM {table}"
                    return bool(await reader.fetchval(count) == 1601)  # type: ignore[attr-defined]

                await until(both, f"{table} is kept up")
            assert old.standing.level
            assert new.standing.level


async def test_a_restored_ledger_makes_the_read_models_anew_without_what_is_gone(
    database: str, make_database: MakeDatabase
) -> None:
    histories = some_lives(people=30, events=600)
    topics = await published(histories)
    registry = histories[0]
    cut = 450
    lost = registry.entries[cut:]
    async with (
        keeping(a_keeper(database, topics, telling(histories))) as keeper,
        reading(database) as pool,
        Waiter(pool) as waiter,
    ):
        await keeper.standing.wait_level()
        gone = lost[-1]
        token = position_token("registry", partition_of(gone.key), gone.position)
        await waiter.reach([token], 10)
        # The backup has the first 450 entries; the ledger goes on from there in a new epoch.
        registry.restore(cut, epoch=2)
        await topics.mark("registry", 2, cut)
        fresh = registry.happen(person(3), Enrolled(name="After", unit=unit(2)))
        lives(registry, 30, 100, seed=77)
        await topics.publish("registry", registry.entries[cut:])
        await turned_to(database, 2)

        async def level() -> bool:
            count = await pool.fetchval("SELECT count(*) FROM audit_trail_v1")
            return bool(count == sum(len(history.entries) for history in histories))

        await until(level, "what is there is read, and nothing else")
        new = position_token("registry", partition_of(fresh[0].key), fresh[0].position, 2)
        await waiter.reach([new], 10)
        with pytest.raises(StaleRead, match="restored to before it"):
            await waiter.reach([token], 10)
        noted = await pool.fetch("SELECT id, command_id FROM public.lost_event ORDER BY position")
        assert [tuple(row) for row in noted] == [(one.id, one.command_id) for one in lost]
        assert await fingerprint(pool, TABLES) == await undisturbed(make_database, histories)


async def test_rubbish_on_the_bus_is_kept_counted_and_passed_over(database: str) -> None:
    histories = some_lives(people=20, events=300)
    topics = MemoryTopics(*SERVICES)
    for history in histories:
        for number, entry in enumerate(history.entries):
            if number % 3 == 0:
                await topics.litter(history.service, partition_of(entry.key), b"\x00rubbish" * 9)
            await topics.publish(history.service, [entry])
    async with (
        keeping(a_keeper(database, topics, telling(histories))) as keeper,
        reading(database) as pool,
    ):
        await keeper.standing.wait_level()
        await pool.opened()
        assert await pool.fetchval("SELECT count(*) FROM audit_trail_v1") == 600
        assert await pool.fetchval("SELECT count(*) FROM public.unreadable") == 200
        engine = keeper.health().engine
        assert engine is not None
        assert engine.unreadable == 200
        kept = await pool.fetchrow("SELECT value, length FROM public.unreadable LIMIT 1")
        assert (kept["value"], kept["length"]) == (b"\x00rubbish" * 9, 72)
