"""Above whom a unit stands: what the database keeps beside the parents, and scopes made of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.gateway.projections.ancestors import NAME
from services.gateway.projections.mentees import MENTEE, MENTEES
from services.gateway.projections.org_units import ORG_UNIT_PARENT, ORG_UNITS
from services.gateway.read.below import below
from services.gateway.read.declare import InUnit
from services.gateway.read.scope import scopes_of
from services.gateway.read.sql import Statement, covered
from shared.access.grants import ROLES, Grant, Read
from shared.access.policy import Actor, Place, decide
from shared.access.tree import Standing, Tree
from shared.contracts.registry.access_grant import Role
from shared.projection.batch import Batch
from shared.projection.fold import Delete, Upsert
from shared.projection.schema import ensure
from shared.projection.writer import write

FIRST = date(2020, 1, 1)
UNITS = [UUID(int=n) for n in range(1, 10)]
NOBODYS = UUID(int=99)
PROGRAMMES = ("ingobyi", "mani")
PEOPLE = [UUID(int=n) for n in range(201, 204)]
PLACED = InUnit(unit="org_unit_id", programme="programme", person="health_worker_id")


@pytest.fixture
async def connection(database: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(database)
    await ensure(connection, [ORG_UNITS, MENTEES])
    yield connection
    await connection.close()


async def stand(connection: Any, *standings: Standing) -> None:
    """Write standings as the engine writes what a poll brought."""
    batch = Batch()
    for each in standings:
        key = (each.unit, each.since)
        batch.add([Upsert(ORG_UNIT_PARENT, key, {"parent_id": each.parent})])
    async with connection.transaction():
        await write(connection, batch.work())


async def path(connection: Any, unit: UUID, on: date) -> tuple[UUID, ...]:
    """Return a unit and its ancestors that day, the nearest first."""
    rows = await connection.fetch(
        f'SELECT ancestor_id FROM "{NAME}"'
        " WHERE org_unit_id = $1 AND since <= $2 AND until > $2 ORDER BY depth",
        unit,
        on,
    )
    return tuple(row["ancestor_id"] for row in rows)


def a_history(random: Random) -> list[Standing]:
    """Return standings of units that are moved about, into rings and under what nobody knows too;
    no two of one unit on one day.
    """
    kept: dict[tuple[UUID, date], Standing] = {}
    for _ in range(random.randint(1, 24)):
        unit, since = random.choice(UNITS), FIRST + timedelta(days=random.randint(0, 5))
        parent = random.choice([None, *UNITS, *UNITS])
        kept[unit, since] = Standing(unit, since, parent)
    return random.sample(list(kept.values()), len(kept))


def slices(random: Random, history: Sequence[Standing]) -> list[Sequence[Standing]]:
    """Return the same in polls of some length."""
    found: list[Sequence[Standing]] = []
    rest = list(history)
    while rest:
        size = random.randint(1, len(rest))
        found.append(rest[:size])
        rest = rest[size:]
    return found


async def test_on_every_day_ancestors_are_those_of_the_tree_in_whatever_order_units_came(
    connection: Any,
) -> None:
    for seed in range(60):
        random = Random(seed)
        history = a_history(random)
        await connection.execute(f'TRUNCATE "{ORG_UNIT_PARENT.physical}", "{NAME}"')
        for poll in slices(random, history):
            await stand(connection, *poll)
        for day in (FIRST + timedelta(days=n) for n in range(-1, 7)):
            tree = Tree.on(day, history)
            for unit in UNITS:
                assert await path(connection, unit, day) == tree.path(unit), (seed, day)


async def test_a_parent_corrected_and_one_taken_back_leave_nothing_behind(connection: Any) -> None:
    a, b, c, *_ = UNITS
    await stand(connection, Standing(a, FIRST, None), Standing(b, FIRST, None))
    await stand(connection, Standing(c, FIRST, a))
    await stand(connection, Standing(c, FIRST, b))
    assert await path(connection, c, FIRST) == (c, b)
    batch = Batch()
    batch.add([Delete(ORG_UNIT_PARENT, (c, FIRST))])
    await write(connection, batch.work())
    assert await path(connection, c, FIRST) == ()


async def test_two_who_move_a_unit_and_its_parent_at_one_time_see_each_other(
    connection: Any, database: str
) -> None:
    # Without the lock the hospital is left under the north alone: neither saw the other's row.
    country, north, hospital, *_ = UNITS
    await stand(connection, Standing(country, FIRST, None))
    other = await asyncpg.connect(database)
    async with connection.transaction():
        await stand(connection, Standing(north, FIRST, country))
        moving = asyncio.create_task(stand(other, Standing(hospital, FIRST, north)))
        await asyncio.sleep(0.3)
    await moving
    assert await path(connection, hospital, FIRST) == (hospital, north, country)
    await other.close()


def an_actor(random: Random) -> Actor:
    """Return somebody with a few grants of any kind, some over, some without a unit."""
    roles = [role for role in ROLES if role is not Role.OPERATOR]
    grants = tuple(
        Grant(
            subject="s",
            role=random.choice(roles),
            org_unit_id=random.choice([None, NOBODYS, *UNITS]),
            programme=random.choice([None, *PROGRAMMES]),
            health_worker_id=random.choice([None, *PEOPLE]),
            since=FIRST + timedelta(days=random.randint(0, 3)),
            until=random.choice([None, FIRST + timedelta(days=4)]),
        )
        for _ in range(random.randint(0, 4))
    )
    return Actor(subject="s", grants=grants, operator=random.random() < 0.05)


async def test_rows_are_seen_as_the_policy_decides_however_units_and_grants_lie(
    connection: Any,
) -> None:
    seen = unseen = 0
    for seed in range(60):
        random = Random(seed)
        history = a_history(random)
        await connection.execute(
            f'TRUNCATE "{ORG_UNIT_PARENT.physical}", "{NAME}", "{MENTEE.physical}"'
        )
        await stand(connection, *history)
        rows = {
            UUID(int=1000 + n): (
                random.choice([NOBODYS, *UNITS]),
                random.choice(PROGRAMMES),
                random.choice(PEOPLE),
            )
            for n in range(15)
        }
        await connection.executemany(
            f'INSERT INTO "{MENTEE.physical}" (id, org_unit_id, programme, health_worker_id)'
            " VALUES ($1, $2, $3, $4)",
            [(id, *row) for id, row in rows.items()],
        )
        for _ in range(6):
            actor, day = an_actor(random), FIRST + timedelta(days=random.randint(0, 6))
            tree, scopes = Tree.on(day, history), scopes_of(actor, day)
            for action in (Read.RECORDS, Read.FIGURES, Read.PERSONAL, Read.AUDIT):
                s = Statement()
                figures = action is Read.FIGURES
                condition = covered(PLACED, scopes[action], s, "t", of_all=figures)
                found = {
                    row["id"]
                    for row in await connection.fetch(
                        f'SELECT id FROM "{MENTEE.physical}" t WHERE {condition}', *s.binds
                    )
                }
                allowed = set()
                for id, (unit, programme, person) in rows.items():
                    place = Place(
                        path=tree.path(unit), programme=programme, people=frozenset({person})
                    )
                    if decide(actor, action, place, day).allowed:
                        allowed.add(id)
                assert found == allowed, (seed, action)
                seen, unseen = seen + len(found), unseen + len(rows) - len(found)
    assert min(seen, unseen) > 1000


async def test_a_unit_nobody_knows_and_no_unit_are_below_nothing(connection: Any) -> None:
    await stand(connection, Standing(UNITS[0], FIRST, None))
    for unit, of_all in product(("NULL::uuid", f"'{NOBODYS}'::uuid"), (False, True)):
        s = Statement()
        condition = below(unit, (UNITS[0], NOBODYS), FIRST, s, of_all=of_all)
        assert not await connection.fetchval(f"SELECT {condition}", *s.binds)
