"""The directory of grants and units: fed by the engine, current at once, right after absences."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.access.directory import CALLED, Directory
from shared.access.facts import ACCESS, ACCESS_GRANT
from shared.access.grants import Grant
from shared.contracts.base import Event
from shared.contracts.registry.access_grant import (
    AccessGrantGiven,
    AccessGrantGivenOverGroup,
    AccessGrantRevoked,
    Role,
)
from shared.contracts.registry.group import (
    GroupMemberAdded,
    GroupMemberRemoved,
    GroupMemberTold,
    MemberStay,
)
from shared.contracts.registry.org_unit import (
    OrgUnitEstablished,
    OrgUnitKind,
    OrgUnitReparented,
    OrgUnitSplitUp,
)
from shared.domain.errors import Unavailable
from shared.following.decoding import EventDecoder
from shared.projection import Engine
from shared.projection.connection import Pool
from shared.projection.memory import MemorySource, MemoryTopics
from tests.conftest import OwnPostgres
from tests.support.projecting import History, applied_all, until
from tests.support.turns import longest_round

SINCE, MOVED, TODAY = date(2000, 1, 1), date(2022, 7, 1), date(2024, 6, 1)
COUNTRY, NORTH, SOUTH, HOSPITAL = (UUID(int=n) for n in range(1, 5))


class World:
    """A registry's history, on its way into a database through a real engine."""

    def __init__(self, pool: Pool) -> None:
        self.history = History("registry")
        self.topics = MemoryTopics("registry")
        self.pool = pool
        self.engine = Engine(
            pool,
            MemorySource(self.topics),
            [ACCESS],
            ["registry"],
            EventDecoder({}),
            poll_timeout=0.02,
            tick=0.05,
        )

    async def happen(
        self,
        stream: UUID,
        *bodies: Event,
    ) -> None:
        """Let events happen, and wait until the tables have them."""
        await self.topics.publish("registry", self.history.happen(stream, *bodies))
        await applied_all(self.pool, self.history)

    async def unit(self, unit: UUID, parent: UUID | None) -> None:
        """Establish an org unit."""
        await self.happen(
            unit,
            OrgUnitEstablished(
                code=f"U{unit.int}",
                name="Unit",
                unit_kind=OrgUnitKind.DISTRICT,
                parent_id=parent,
                since=SINCE,
            ),
        )


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with asyncpg.create_pool(database, min_size=1, max_size=4) as pool:
        world = World(pool)
        running = asyncio.create_task(world.engine.run())
        yield world
        await world.engine.stop()
        await running


@pytest.fixture
async def directory(database: str) -> AsyncIterator[Directory]:
    """A directory that doubts what it knows twenty times a second."""
    directory = Directory(database, operators=["root"], doubted_after=0.05)
    await directory.start()
    yield directory
    await directory.stop()


async def soon(directory: Directory, subject: str, count: int) -> None:
    async def known() -> bool:
        return len(directory.grants_of(subject)) == count

    await until(known, f"{subject} has {count} grants", 5)


def coordinator(unit: UUID = NORTH, until: date | None = None) -> AccessGrantGiven:
    return AccessGrantGiven(
        subject_name="ann", role=Role.COORDINATOR, org_unit_id=unit, since=SINCE, until=until
    )


async def test_before_there_are_tables_nobody_is_let_in_but_operators(database: str) -> None:
    directory = Directory(database, operators=["root"])
    await directory.start()
    assert directory.actor("root").operator
    assert not directory.actor("ann").operator
    assert directory.actor("ann").grants == ()
    assert directory.path_of(NORTH, TODAY) == ()
    await directory.stop()


async def test_what_was_given_before_the_start_is_known_at_the_start(
    world: World, database: str
) -> None:
    await world.happen(uuid4(), coordinator(until=TODAY))
    directory = Directory(database)
    await directory.start()
    assert directory.grants_of("ann") == (
        Grant(
            subject="ann",
            role=Role.COORDINATOR,
            org_unit_id=NORTH,
            since=SINCE,
            until=TODAY,
        ),
    )
    assert directory.actor("ann").grants == directory.grants_of("ann")
    await directory.stop()


async def test_a_grant_is_known_as_soon_as_it_is_applied_without_being_asked_for(
    world: World, database: str
) -> None:
    await world.happen(uuid4(), coordinator())
    directory = Directory(database, doubted_after=3600)
    await directory.start()
    await world.happen(uuid4(), coordinator(SOUTH))
    await soon(directory, "ann", 2)
    await directory.stop()


@pytest.mark.parametrize(
    ("until_", "revoked", "last"),
    [
        (None, date(2024, 3, 1), date(2024, 2, 29)),
        (date(2024, 1, 31), date(2024, 3, 1), date(2024, 1, 31)),
        (date(2024, 5, 1), date(2024, 3, 1), date(2024, 2, 29)),
    ],
)
async def test_a_revoked_grant_ends_the_day_before(
    world: World, database: str, until_: date | None, revoked: date, last: date
) -> None:
    grant = uuid4()
    given = AccessGrantGiven(subject_name="ann", role=Role.MENTOR, since=SINCE, until=until_)
    await world.happen(grant, given, AccessGrantRevoked(since=revoked))
    directory = Directory(database)
    await directory.start()
    assert [held.until for held in directory.grants_of("ann")] == [last]
    await directory.stop()


async def test_units_stand_where_they_stood_on_each_day(world: World, database: str) -> None:
    await world.unit(COUNTRY, None)
    await world.unit(NORTH, COUNTRY)
    await world.unit(SOUTH, COUNTRY)
    await world.unit(HOSPITAL, NORTH)
    await world.happen(HOSPITAL, OrgUnitReparented(parent_id=SOUTH, since=MOVED))
    directory = Directory(database)
    await directory.start()
    assert directory.path_of(HOSPITAL, TODAY) == (HOSPITAL, SOUTH, COUNTRY)
    assert directory.path_of(HOSPITAL, date(2022, 6, 30)) == (HOSPITAL, NORTH, COUNTRY)
    assert directory.subtree_of([SOUTH], TODAY) == {SOUTH, HOSPITAL}
    assert directory.subtree_of([NORTH], TODAY) == {NORTH}
    assert directory.path_of(uuid4(), TODAY) == ()
    await directory.stop()


async def test_a_grant_over_a_group_follows_who_belongs_to_it(
    world: World, directory: Directory
) -> None:
    group = uuid4()
    given = AccessGrantGivenOverGroup(
        subject_name="ann", role=Role.COORDINATOR, group_id=group, since=SINCE
    )
    await world.happen(uuid4(), given)
    for unit in (NORTH, SOUTH):
        await world.happen(group, GroupMemberAdded(org_unit_id=unit, since=SINCE))
    await soon(directory, "ann", 2)
    assert {held.org_unit_id for held in directory.grants_of("ann")} == {NORTH, SOUTH}
    await world.happen(group, GroupMemberRemoved(org_unit_id=NORTH, since=MOVED))
    await soon(directory, "ann", 1)
    await world.happen(group, GroupMemberTold(org_unit_id=SOUTH))
    await soon(directory, "ann", 0)
    again = MemberStay(since=SINCE)
    await world.happen(group, GroupMemberTold(org_unit_id=SOUTH, stays=(again,)))
    await soon(directory, "ann", 1)
    assert {held.org_unit_id for held in directory.grants_of("ann")} == {SOUTH}


async def test_a_missed_notification_is_found_out(world: World, directory: Directory) -> None:
    grant = uuid4()
    await world.happen(grant, coordinator())
    await soon(directory, "ann", 1)
    await world.pool.execute(
        f"UPDATE {ACCESS_GRANT.physical} SET subject = 'bob', position = position + 100"
    )
    await soon(directory, "bob", 1)
    assert directory.grants_of("ann") == ()


async def test_a_cut_connection_is_made_again_and_what_happened_meanwhile_is_known(
    world: World, database: str
) -> None:
    await world.happen(uuid4(), coordinator())
    directory = Directory(database, doubted_after=3600)
    await directory.start()
    cut = await world.pool.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = $1",
        CALLED,
    )
    assert cut >= 1
    await world.happen(uuid4(), coordinator(SOUTH))
    await soon(directory, "ann", 2)
    await directory.stop()


async def test_while_the_database_is_away_what_was_known_is_answered(
    own_postgres: OwnPostgres,
) -> None:
    server = await own_postgres()
    async with asyncpg.create_pool(server.url("postgres"), min_size=1, max_size=4) as pool:
        world = World(pool)
        running = asyncio.create_task(world.engine.run())
        await world.happen(uuid4(), coordinator())
        directory = Directory(server.url("postgres"))
        await directory.start()
        await server.stop()
        assert len(directory.grants_of("ann")) == 1
        await server.start()
        await world.happen(uuid4(), coordinator(SOUTH))
        await soon(directory, "ann", 2)
        await directory.stop()
        await world.engine.stop()
        await running


async def test_a_start_without_a_database_says_what_is_away() -> None:
    directory = Directory("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable, match="database of grants"):
        await directory.start(timeout=0.3)


async def test_a_grant_over_a_unit_that_was_split_up_is_known_over_its_successors(
    world: World, directory: Directory, database: str
) -> None:
    east, west = UUID(int=21), UUID(int=22)
    for unit, parent in ((COUNTRY, None), (NORTH, COUNTRY), (east, COUNTRY), (west, COUNTRY)):
        await world.unit(unit, parent)
    await world.happen(uuid4(), coordinator())
    await soon(directory, "ann", 1)
    await world.happen(NORTH, OrgUnitSplitUp(successors=(east, west), since=TODAY))
    await soon(directory, "ann", 3)
    afresh = Directory(database)
    await afresh.start()
    over = {grant.org_unit_id: grant.since for grant in afresh.grants_of("ann")}
    assert over == {NORTH: SINCE, east: TODAY, west: TODAY}
    await afresh.stop()


async def test_a_role_of_a_newer_release_allows_nothing_and_disturbs_nothing(
    world: World, directory: Directory
) -> None:
    await world.happen(uuid4(), coordinator())
    await soon(directory, "ann", 1)
    await world.pool.execute(
        f"UPDATE {ACCESS_GRANT.physical} SET role = 'EMPEROR', position = position + 100"
    )
    await soon(directory, "ann", 0)
    await world.happen(uuid4(), coordinator(SOUTH))
    await soon(directory, "ann", 1)


MANY = 50_000


async def many_grants(world: World) -> None:
    """Write as many grants as a country has, with their positions."""
    await world.happen(uuid4(), coordinator())
    await world.pool.execute(
        f"INSERT INTO {ACCESS_GRANT.physical} (grant_id, subject, role, since, position)"
        f" SELECT gen_random_uuid(), 's' || g, 'VIEWER', '2020-01-01', 1000 + g"
        f" FROM generate_series(1, {MANY}) g"
    )


async def test_one_change_among_many_grants_is_all_that_is_read(
    world: World, database: str
) -> None:
    await many_grants(world)
    directory = Directory(database, doubted_after=0.05)
    await directory.start()
    assert len(directory.grants_of(f"s{MANY}")) == 1
    ended = asyncio.Event()
    watching = asyncio.create_task(longest_round(ended))
    generation = directory.generation
    await world.pool.execute(
        f"UPDATE {ACCESS_GRANT.physical} SET subject = 'bob', position = $1 WHERE subject = 's7'",
        MANY + 2000,
    )
    await soon(directory, "bob", 1)
    ended.set()
    # Before: 360 ms, for all of them were read and made anew.
    assert await watching < 0.08
    assert directory.grants_of("s7") == ()

    async def risen() -> bool:  # once all of what was read is known
        return directory.generation > generation

    await until(risen, "the generation rises", 5)
    await directory.stop()


async def test_what_is_known_is_known_in_whole_while_all_is_read_anew(
    world: World, database: str
) -> None:
    await many_grants(world)
    directory = Directory(database, doubted_after=0.05)
    await directory.start()
    ended = asyncio.Event()
    watching = asyncio.create_task(longest_round(ended))
    # A straggler, far below what was read last: only the sum says that something is missing.
    await world.pool.execute(
        f"INSERT INTO {ACCESS_GRANT.physical} (grant_id, subject, role, since, position)"
        " VALUES (gen_random_uuid(), 'late', 'VIEWER', '2020-01-01', 7)"
    )
    await world.pool.execute(f"DELETE FROM {ACCESS_GRANT.physical} WHERE subject = 's9'")
    while not directory.grants_of("late"):
        assert len(directory.grants_of("ann")) == len(directory.grants_of("s1")) == 1
        assert len(directory.grants_of(f"s{MANY}")) == 1
        await asyncio.sleep(0)
    ended.set()
    assert directory.grants_of("s9") == ()
    # Before: 200 ms. What is left is the collector's, which looks at all that is known.
    assert await watching < 0.15
    await directory.stop()


async def test_it_says_how_long_ago_the_tables_were_read(own_postgres: OwnPostgres) -> None:
    server = await own_postgres()
    async with asyncpg.create_pool(server.url("postgres"), min_size=1, max_size=2) as pool:
        directory = Directory(server.url("postgres"), doubted_after=0.05)
        world = World(pool)
        running = asyncio.create_task(world.engine.run())
        await world.happen(uuid4(), coordinator())
        await directory.start()
        await asyncio.sleep(0.5)
        age = directory.age_s
        assert age is not None
        assert age < 0.4
        await world.engine.stop()
        await running
    await server.stop()
    await asyncio.sleep(1)
    age = directory.age_s
    assert age is not None
    assert age > 0.9
    assert len(directory.grants_of("ann")) == 1
    await directory.stop()
