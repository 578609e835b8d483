"""What cannot be applied waits, and its person's later events behind it; mended, it drains."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest_asyncio
from msgspec.structs import replace

from shared.ledger import Entry
from shared.projection import (
    Change,
    Engine,
    Happening,
    Projection,
    Upsert,
    fingerprint,
)
from shared.projection.connection import Pool
from shared.projection.memory import MemoryTopics
from tests.support.projecting import (
    MENTEES,
    PROGRESS,
    SERVICES,
    TABLES,
    Assessed,
    Enrolled,
    History,
    MakeDatabase,
    Moved,
    an_engine,
    applied_all,
    person,
    projections,
    running,
    undisturbed,
    unit,
    until,
)

ONE, TWO = person(1), person(2)


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=6) as made:
        yield made


def a_history(people: int = 6) -> History:
    """Let some people enrol, be assessed twice, and move."""
    history = History("registry")
    for number in range(1, people + 1):
        history.happen(person(number), Enrolled(name=f"Mentee {number}", unit=unit(1)))
    for raw in (12, 18):
        for number in range(1, people + 1):
            history.happen(person(number), Assessed(competency="triage", raw=raw, maximum=20))
    for number in range(1, people + 1):
        history.happen(person(number), Moved(unit=unit(2)))
    return history


def folds(fold: Callable[[Assessed, Happening], Iterator[Change]]) -> list[Projection]:
    """Return the read models with one more fold of assessments."""
    projection = Projection("more")
    projection.on(Assessed)(fold)
    return [*projections(), projection]


def failing(*people: UUID, above: int = 15) -> list[Projection]:
    """Return read models with a bug that some people's higher scores meet."""

    def fold(event: Assessed, it: Happening) -> Iterator[Change]:
        if it.stream in people and event.raw > above:
            raise ZeroDivisionError("a bug that quotes Ange")
        yield from ()

    return folds(fold)


async def published(*entries: Entry) -> MemoryTopics:
    topics = MemoryTopics(*SERVICES)
    await topics.publish("registry", entries)
    return topics


async def parked(pool: Pool) -> list[tuple[Any, ...]]:
    rows = await pool.fetch("SELECT version, code, attempts FROM parked ORDER BY seq")
    return [tuple(row) for row in rows]


async def until_parked(engine: Engine, events: int) -> None:
    async def so_many() -> bool:
        return engine.health().parked == events

    await until(so_many, f"{events} events are parked")


async def test_a_failing_event_parks_its_person_and_the_others_go_on(pool: Pool) -> None:
    history = a_history()
    topics = await published(*history.entries)
    async with running(an_engine(pool, topics, folds=failing(ONE))) as engine:
        await applied_all(pool, history)
        assert engine.health().parked == 2
        assert engine.health().people_parked == 1
    assert await parked(pool) == [(3, "ZeroDivisionError", 1), (4, None, 0)]
    assert await pool.fetchval("SELECT raw FROM mentee_progress_v3 WHERE mentee = $1", ONE) == 12
    assert await pool.fetchval("SELECT unit FROM mentee_v1 WHERE id = $1", ONE) == unit(1)
    assert await pool.fetchval("SELECT count(*) FROM mentee_v1 WHERE unit = $1", unit(2)) == 5


async def test_a_corrected_fold_drains_what_waited_in_order(
    pool: Pool, make_database: MakeDatabase
) -> None:
    history = a_history()
    topics = await published(*history.entries)
    async with running(an_engine(pool, topics, folds=failing(ONE, TWO))):
        await applied_all(pool, history)
    async with running(an_engine(pool, topics, folds=failing(ONE, TWO))) as engine:
        await until_parked(engine, 4)
    assert [attempts for _, code, attempts in await parked(pool) if code] == [2, 2]
    async with running(an_engine(pool, topics)) as engine:

        async def drained() -> bool:
            return not await parked(pool) and engine.health().parked == 0

        await until(drained, "nothing waits")
        await topics.publish("registry", history.happen(ONE, Moved(unit=unit(3))))
        await applied_all(pool, history)
    assert await fingerprint(pool, TABLES) == await undisturbed(make_database, [history])


async def test_rows_that_the_database_refuses_are_their_events_fault(pool: Pool) -> None:
    history = a_history()
    await published(*history.entries)

    def fold(event: Assessed, it: Happening) -> Iterator[Change]:
        # JSON's NUL is one thing PostgreSQL refuses that no check of ours foresees.
        if it.stream == ONE:
            yield Upsert(NOTES, (it.stream,), {"note": {"text": "\x00"}})

    from shared.projection import Column, Table

    NOTES = Table(  # noqa: N806
        name="note",
        version=1,
        key=("id",),
        columns={"id": Column(type="uuid"), "note": Column(type="jsonb")},
    )
    projection = Projection("notes", NOTES)
    projection.on(Assessed)(fold)
    topics = await published(*history.entries)
    engine = an_engine(pool, topics, folds=[*projections(), projection])
    async with running(engine):
        await applied_all(pool, history)
        assert engine.health().parked == 3
    assert [code for _, code, _ in await parked(pool)] == [
        "UntranslatableCharacterError",
        None,
        None,
    ]
    assert await pool.fetchval("SELECT count(*) FROM mentee_progress_v3") == 5
    assert await pool.fetchval("SELECT count(*) FROM mentee_v1 WHERE unit = $1", unit(2)) == 5


async def test_an_altered_event_waits_until_the_true_one_is_delivered(
    pool: Pool, make_database: MakeDatabase
) -> None:
    history = a_history()
    true = next(entry for entry in history.entries if entry.stream == ONE and entry.version == 2)
    forged = replace(true, payload=true.payload.replace(b"12", b"20"))
    delivered = [forged if entry is true else entry for entry in history.entries]
    topics = await published(*delivered)
    async with running(an_engine(pool, topics)) as engine:
        await applied_all(pool, history)
        assert [code for _, code, _ in await parked(pool)] == ["ALTERED_EVENT", None, None]
        forged_rows = "SELECT count(*) FROM mentee_progress_v3 WHERE mentee = $1"
        assert await pool.fetchval(forged_rows, ONE) == 0
        await topics.publish("registry", [true])
        await until_parked(engine, 0)
    assert await fingerprint(pool, TABLES) == await undisturbed(make_database, [history])


async def test_a_missing_event_is_seen_and_awaited(pool: Pool, make_database: MakeDatabase) -> None:
    history = a_history()
    missing = [
        entry for entry in history.entries if entry.stream == ONE and entry.version in (1, 2)
    ]
    topics = await published(*(entry for entry in history.entries if entry not in missing))
    async with running(an_engine(pool, topics)) as engine:
        await applied_all(pool, history)
        assert await parked(pool) == [(3, "MISSING_EVENT", 1), (4, None, 0)]
        await topics.publish("registry", missing[1:])
        await until_parked(engine, 3)
        await topics.publish("registry", missing[:1])
        await until_parked(engine, 0)
    assert await fingerprint(pool, TABLES) == await undisturbed(make_database, [history])


async def test_where_everybody_fails_they_wait_and_all_others_go_on(
    pool: Pool, make_database: MakeDatabase
) -> None:
    history = a_history(60)
    topics = await published(*history.entries)
    met = [person(number) for number in range(1, 61)]
    engine = an_engine(pool, topics, folds=failing(*met, above=0), breaker=20)
    async with running(engine):

        async def told() -> bool:
            return bool(engine.health().error) and len(await parked(pool)) >= 60

        await until(told, "the place is told")
        health = engine.health()
        assert "people's events fail in a row at test.assessed" in str(health.error)
        assert "Ange" not in str(health.error)
        assert health.ready
        assert health.people_parked == 60
    async with running(an_engine(pool, topics)):
        await applied_all(pool, history)

        async def drained() -> bool:
            return not await parked(pool)

        await until(drained, "they are applied")
    assert await fingerprint(pool, TABLES) == await undisturbed(make_database, [history])


async def test_who_decides_who_is_let_in_pauses_instead_and_loses_nothing(
    pool: Pool, make_database: MakeDatabase
) -> None:
    history = a_history(30)
    topics = await published(*history.entries)
    everybody = [person(number) for number in range(1, 31)]
    engine = an_engine(pool, topics, folds=failing(*everybody, above=0), breaker=20, stops="")
    async with running(engine):

        async def paused() -> bool:
            return engine.health().state == "paused"

        await until(paused, "the engine pauses")
        health = engine.health()
        assert "21 people's events fail in a row" in str(health.error)
        assert "test.assessed" in str(health.error)
        assert "Ange" not in str(health.error)
        assert not health.ready
    assert engine.health().state == "stopped"
    async with running(an_engine(pool, topics)):
        await applied_all(pool, history)
        assert await parked(pool) == []
    assert await fingerprint(pool, TABLES) == await undisturbed(make_database, [history])


async def test_what_waits_is_the_other_engines_when_it_takes_over(pool: Pool) -> None:
    history = a_history()
    topics = await published(*history.entries)
    async with running(an_engine(pool, topics, folds=failing(ONE))) as first:
        await until_parked(first, 2)
        async with running(an_engine(pool, topics)) as second:
            await first.stop()

            async def took_over() -> bool:
                return len(second.health().partitions) == 24 and not await parked(pool)

            await until(took_over, "the second took over, and drained")
            await topics.publish("registry", history.happen(ONE, Moved(unit=unit(9))))
            await applied_all(pool, history)
    assert await pool.fetchval("SELECT unit FROM mentee_v1 WHERE id = $1", ONE) == unit(9)
    assert MENTEES.physical == "mentee_v1"
    assert PROGRESS.physical == "mentee_progress_v3"
