"""Rows of who was forgotten, folded anew by real engines, whoever is killed or away meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Collection
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from services.gateway.projections import PROJECTIONS
from shared.domain.errors import Unavailable
from shared.following.decoding import EventDecoder
from shared.ledger import Entry, Head
from shared.projection import Engine, fingerprint
from shared.projection.connection import Pool
from shared.projection.memory import MemorySource, MemoryTopics
from shared.projection.schema import tables_of
from tests.support.house import House
from tests.support.projecting import MakeDatabase, running, until
from tests.unit.registry.test_erasure import NAME, TOLD_OF_THEM, Office, office

SERVICES = ("registry", "sessions", "validation")


class History:
    """A ledger of the house; `away` while nobody answers for it."""

    def __init__(self, house: House, service: str) -> None:
        self._house, self._service = house, service
        self.away = False
        self.asked = 0

    async def head(self) -> Head:
        return await self._house.ledger(self._service).head()

    async def told_of(self, subjects: Collection[UUID]) -> list[Entry]:
        self.asked += 1
        if self.away:
            raise Unavailable(part=self._service)
        return await self._house.ledger(self._service).told_of(subjects)

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        return await self._house.ledger(self._service).feed(after=after, limit=limit)


class Country:
    """A house, what it recorded on a bus, and engines on a real database."""

    def __init__(self, at: Office) -> None:
        self.at = at
        self.topics = MemoryTopics(*SERVICES)
        self.histories = {name: History(at.house, name) for name in SERVICES}
        self._published: dict[str, int] = dict.fromkeys(SERVICES, 0)

    def engine(self, pool: Pool, **options: Any) -> Engine:
        return Engine(
            pool,
            MemorySource(self.topics),
            PROJECTIONS,
            SERVICES,
            EventDecoder(self.at.house.keys),
            histories=self.histories,
            poll_timeout=0.02,
            tick=0.05,
            **options,
        )

    async def publish(self) -> None:
        for name in SERVICES:
            after = self._published[name]
            entries = await self.at.house.ledger(name).feed(after=after, limit=100_000)
            await self.topics.publish(name, entries)
            self._published[name] += len(entries)

    async def holds(self, pool: Pool) -> bool:
        """Say whether all that was published is in the rows."""
        if not await pool.fetchval("SELECT to_regclass('applied') IS NOT NULL"):
            return False
        found = dict(
            await pool.fetch("SELECT service, max(position) FROM applied GROUP BY service")
        )
        heads = {name: (await self.at.house.ledger(name).head()).position for name in SERVICES}
        return all(found.get(name, 0) == position for name, position in heads.items())

    async def erase(self, worker: UUID) -> None:
        await self.at.ask(worker)
        await self.at.say("healthWorkerErase", worker)


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=6) as made:
        yield made


async def forgotten(pool: Pool) -> bool:
    told = await pool.fetchrow("SELECT count(*), count(done_at) FROM forgetting")
    return told is not None and 0 < told[0] == told[1]


async def tells(pool: Pool) -> list[str]:
    """Return the tables that tell who was erased."""
    found = []
    for table in tables_of(PROJECTIONS):
        rows = await pool.fetch(f'SELECT t::text AS row FROM "{table.physical}" AS t')
        if any(TOLD_OF_THEM.search(row["row"]) for row in rows):
            found.append(table.name)
    return found


async def as_made_anew(country: Country, make_database: MakeDatabase) -> dict[str, str]:
    """Return the rows' digests of a build that is made of all that was published."""
    async with asyncpg.create_pool(await make_database(), min_size=1, max_size=6) as fresh:
        async with running(country.engine(fresh)):
            await until(lambda: country.holds(fresh), "all is in the rows")
            await until(lambda: forgotten(fresh), "nobody is told of")
        return await fingerprint(fresh, tables_of(PROJECTIONS))


async def test_rows_become_those_of_a_build_made_from_nothing(
    pool: Pool, make_database: MakeDatabase
) -> None:
    country = Country(await office())
    worker = await country.at.zanele()
    await country.at.enrol(await country.at.register(), "RPA")
    await country.publish()
    async with running(country.engine(pool)):
        await until(lambda: country.holds(pool), "all is in the rows")
        assert await tells(pool)
        await country.erase(worker)
        await country.publish()
        await until(lambda: forgotten(pool), "they are forgotten")
    assert await tells(pool) == []
    assert await fingerprint(pool, tables_of(PROJECTIONS)) == await as_made_anew(
        country, make_database
    )


async def test_what_a_killed_engine_left_to_be_done_another_one_does(pool: Pool) -> None:
    country = Country(await office())
    worker = await country.at.zanele()
    for history in country.histories.values():
        history.away = True
    await country.publish()
    async with running(country.engine(pool)):
        await until(lambda: country.holds(pool), "all is in the rows")
        await country.erase(worker)
        await country.publish()
        await until(lambda: country.holds(pool), "it was heard that they are erased")
        asked = country.histories["registry"].asked
        # Others' rows go on while the ledger is away.
        await country.at.house.send(
            "orgUnitEstablish", code="H2", name="Two", unitKind="FACILITY", occurredOn="2018-01-01"
        )
        await country.publish()
        await until(lambda: country.holds(pool), "others' rows went on")
        assert country.histories["registry"].asked <= asked + 1
    assert not await forgotten(pool)
    assert await tells(pool)
    for history in country.histories.values():
        history.away = False
    async with running(country.engine(pool)):
        await until(lambda: forgotten(pool), "they are forgotten")
    assert await tells(pool) == []


async def test_what_came_while_the_ledger_was_read_is_not_taken_back(pool: Pool) -> None:
    country = Country(await office())
    worker = await country.at.zanele()
    history = country.histories["registry"]
    read, go_on = history.told_of, asyncio.Event()

    async def slowly(subjects: Collection[UUID]) -> list[Entry]:
        entries = await read(subjects)
        await go_on.wait()
        return entries

    history.told_of = slowly  # type: ignore[method-assign]
    await country.publish()
    async with running(country.engine(pool)):
        await country.erase(worker)
        await country.publish()
        await until(lambda: country.holds(pool), "it was heard that they are erased")
        await asyncio.sleep(0.3)
        await country.at.say(
            "healthWorkerChangeCadre", worker, cadre="Midwife", occurredOn="2019-01-01"
        )
        await country.publish()
        await until(lambda: country.holds(pool), "the cadre is in the rows")
        go_on.set()
        await until(lambda: forgotten(pool), "they are forgotten")
    cadre, version = await pool.fetchrow(
        "SELECT cadre, record_version FROM health_worker_v4 WHERE id = $1", worker
    )
    assert (cadre, version) == ("Midwife", 4)
    assert NAME not in str(await tells(pool))


async def test_two_engines_fold_anew_each_its_own_partitions(pool: Pool) -> None:
    country = Country(await office())
    worker = await country.at.zanele()
    await country.publish()
    first = country.engine(pool, partitions="0-11")
    async with running(first), running(country.engine(pool, partitions="12-23")):
        await until(lambda: country.holds(pool), "all is in the rows")
        await country.erase(worker)
        await country.publish()
        await until(lambda: forgotten(pool), "they are forgotten")
    assert await tells(pool) == []


@pytest.mark.parametrize("reads", [False, True])
async def test_engines_that_read_nobody_keep_nothing_to_be_done(pool: Pool, reads: bool) -> None:
    country = Country(await office())
    worker = await country.at.zanele()
    await country.erase(worker)
    await country.publish()
    if not reads:
        country.histories = {}
    async with running(country.engine(pool)):
        await until(lambda: country.holds(pool), "all is in the rows")
    assert bool(await pool.fetchval("SELECT count(*) FROM forgetting")) == reads
