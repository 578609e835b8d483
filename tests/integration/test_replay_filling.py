"""A build that is filled from the ledgers up to a cut is what a projection of that prefix is."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mshauri.replaying.cut import NoSuchLedger, NotRecordedYet, cut_at, cut_of, moment_of
from mshauri.replaying.database import database_for_a_replay, drop_left
from shared.bus.delivery import Delivered
from shared.domain.as_of import AsOfBeforeFirstEvent
from shared.ledger.postgres import PostgresLedger
from shared.ledger.reads import Reads
from shared.positions import partition_of
from shared.projection import fingerprint, progress
from shared.projection.applying import Applier
from shared.projection.breaker import Breaker
from shared.projection.filling import LEDGER, Filler, mark
from shared.projection.reading import Folds
from shared.projection.schema import built_of, ensure, make_indexes, tables_of
from shared.projection.waiting import PositionLost
from tests.support.ledgers import a_command, onto
from tests.support.projecting import (
    SERVICES,
    TABLES,
    Enrolled,
    History,
    JsonDecoder,
    MakeDatabase,
    projections,
    some_lives,
    undisturbed,
    unit,
)
from tests.support.servers import PostgresServer

NOW = datetime.now(UTC)


def delivered(history: History, first: int, end: int) -> list[Delivered]:
    return [
        Delivered(
            service=history.service,
            entry=one,
            partition=partition_of(one.key),
            offset=one.position,
        )
        for one in history.entries[first:end]
    ]


def polls(records: Sequence[Delivered], size: int) -> Iterator[list[Delivered]]:
    for start in range(0, len(records), size):
        yield list(records[start : start + size])


async def fill(url: str, prefixes: dict[str, list[Delivered]], parts: int, size: int) -> None:
    """Fill a database by so many fillers side by side, each with its part of all people."""
    connection = await asyncpg.connect(url)
    await ensure(connection, projections(), logged=False, indexed=False)

    async def work(number: int) -> None:
        own = await asyncpg.connect(url)
        filler = Filler(projections(), JsonDecoder())
        await filler.begin(own)
        for records in prefixes.values():
            mine = [one for one in records if one.entry.key.bytes[15] % parts == number]
            for poll in polls(mine, size):
                await filler.apply(own, poll)
        await filler.end(own)
        await own.close()

    await asyncio.gather(*(work(number) for number in range(parts)))
    stood = {service: (len(records), 1) for service, records in prefixes.items()}
    await mark(connection, projections(), stood)
    for table in tables_of(projections()):
        await make_indexes(connection, table)
    await connection.close()


async def prints(url: str) -> dict[str, str]:
    async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
        return await fingerprint(pool, TABLES)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(cuts=st.tuples(st.integers(1, 800), st.integers(1, 800)), size=st.integers(60, 900))
async def test_whatever_the_cut_it_is_what_a_projection_of_the_prefix_is(
    cuts: tuple[int, int], size: int, make_database: MakeDatabase
) -> None:
    histories = some_lives()
    for history, cut in zip(histories, cuts, strict=True):
        history.entries = history.entries[:cut]
    url = await make_database()

    await fill(url, {one.service: delivered(one, 0, 800) for one in histories}, 2, size)

    assert await prints(url) == await undisturbed(make_database, histories)


async def test_taken_on_from_the_cut_it_is_what_a_projection_of_the_whole_is(
    make_database: MakeDatabase,
) -> None:
    histories = some_lives()
    url = await make_database()
    await fill(url, {one.service: delivered(one, 0, 500) for one in histories}, 2, 200)

    connection = await asyncpg.connect(url)
    built = built_of(projections())
    applier = Applier(Folds(projections(), JsonDecoder()), Breaker(20), built, awaited=False)
    marks = await progress.marks(connection, range(24))
    topic_ids = {service: LEDGER.format(service) for service in SERVICES}
    offsets = await applier.take_up(connection, range(24), topic_ids, marks)
    for history in histories:
        await applier.apply(connection, delivered(history, 500, 800))
    await connection.close()

    assert set(offsets.values()) == {501}
    assert await prints(url) == await undisturbed(make_database, histories)


async def test_who_cannot_be_folded_waits_as_with_the_engine_and_the_others_are_there(
    database: str,
) -> None:
    (history, _) = some_lives(people=5, events=200)
    broken, whole = uuid4(), uuid4()
    history.happen(broken, Enrolled(name="\x00", unit=unit(1)))
    history.happen(broken, Enrolled(name="Mentee again", unit=unit(1)))
    history.happen(whole, Enrolled(name="Mentee", unit=unit(1)))

    await fill(database, {history.service: delivered(history, 0, 999)}, 1, 1_000)

    connection = await asyncpg.connect(database)
    parked = await connection.fetch("SELECT stream, code IS NULL FROM parked ORDER BY seq")
    cursors = await connection.fetch("SELECT stream, version FROM stream_cursor")
    await connection.close()
    assert [tuple(row) for row in parked] == [(broken, False), (broken, True)]
    assert (whole, 1) in [tuple(row) for row in cursors]


async def test_each_ledger_is_cut_at_the_last_entry_that_was_there_by_then(database: str) -> None:
    async with PostgresLedger(database, service="registry") as ledger:
        for _ in range(4):
            await ledger.append(a_command(onto(uuid4(), 0)))
    connection = await asyncpg.connect(database)
    await connection.execute("ALTER TABLE ledger DISABLE TRIGGER append_only")
    began = datetime(2021, 3, 1, tzinfo=UTC)
    # A clock was an hour ahead when the second one was recorded, and was set right.
    for position, minutes in enumerate((0, 60, 1, 2), 1):
        await connection.execute(
            "UPDATE ledger SET recorded = $2 WHERE position = $1",
            position,
            began + timedelta(minutes=minutes),
        )
    await connection.execute("INSERT INTO ledger_turned_back VALUES (3)")
    await connection.close()

    async with asyncpg.create_pool(database, min_size=1, max_size=1) as pool:
        ledgers = {"registry": Reads(pool, part="the ledger")}

        async def stood(minutes: float) -> int:
            at = (began + timedelta(minutes=minutes)).isoformat()
            cut = await cut_at(moment_of(at, None, NOW), ledgers)
            return cut.stood["registry"].position

        assert [await stood(minutes) for minutes in (0, 0.5, 1, 1.5, 2, 60)] == [1, 1, 3, 3, 4, 4]
        with pytest.raises(AsOfBeforeFirstEvent) as refused:
            await stood(-1)
        assert "2021-03-01T00:00:00+00:00" in refused.value.message

        cut = await cut_of(["registry.7.3"], None, ledgers)
        assert (cut.stood["registry"].position, cut.instant) == (3, began + timedelta(minutes=1))
        with pytest.raises(NotRecordedYet, match=r"registry\.7\.9 .* 4"):
            await cut_of(["registry.7.9"], None, ledgers)
        with pytest.raises(PositionLost):
            await cut_of(["registry.7.3.2"], None, ledgers)
        with pytest.raises(NoSuchLedger):
            await cut_of(["gateway.7.3"], None, ledgers)


async def databases(postgres: PostgresServer) -> set[str]:
    connection = await asyncpg.connect(postgres.address)
    rows = await connection.fetch(
        "SELECT datname FROM pg_database WHERE datname LIKE 'mshauri_replay_%'"
    )
    await connection.close()
    return {row[0] for row in rows}


async def test_its_database_goes_with_it_and_what_was_left_behind_goes_later(
    postgres: PostgresServer,
) -> None:
    async with database_for_a_replay(postgres.address) as url:
        assert len(await databases(postgres)) == 1
        assert await drop_left(postgres.address) == []
        async with database_for_a_replay(postgres.address, like=url):
            assert len(await databases(postgres)) == 2
    assert await databases(postgres) == set()

    async with database_for_a_replay(postgres.address, keep=True):
        pass
    (kept,) = await databases(postgres)
    assert await drop_left(postgres.address) == []
    assert await drop_left(postgres.address, kept=True) == [kept]

    connection = await asyncpg.connect(postgres.address)
    await connection.execute("CREATE DATABASE mshauri_replay_0a1b2c3d")  # its maker was killed
    await connection.close()
    assert await drop_left(postgres.address) == ["mshauri_replay_0a1b2c3d"]
