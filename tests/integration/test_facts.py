"""Facts of other services, read side by side: whoever asks together shares a statement."""

from asyncio import gather
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest_asyncio

from shared.deciding.facts import Facts
from shared.projection import Column, Table, Waiter
from shared.projection.schema import create_statement

PARTIES = Table(
    name="facts_parties",
    version=1,
    key=("mentorship_id", "health_worker_id"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "side": Column(type="text"),
    },
)
PLACES = Table(
    name="facts_places",
    version=1,
    key=("id",),
    columns={"id": Column(type="uuid"), "name": Column(type="text")},
)


class Counted:
    """A pool that says how many statements it was asked."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self._pool = pool
        self.statements = 0

    async def fetch(self, query: str, *values: Any) -> list[Any]:
        self.statements += 1
        rows: list[Any] = await self._pool.fetch(query, *values)
        return rows

    async def fetchrow(self, query: str, *values: Any) -> Any:
        self.statements += 1
        return await self._pool.fetchrow(query, *values)


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Counted]:
    async with asyncpg.create_pool(database, min_size=1, max_size=4) as made:
        for table in (PARTIES, PLACES):
            await made.execute(create_statement(table))
        yield Counted(made)


def facts_in(pool: Counted) -> Facts:
    return Facts(pool, Waiter(None), heard=["registry"], own="sessions")


async def test_facts_that_are_asked_for_together_are_read_by_one_statement(pool: Counted) -> None:
    places = [uuid4() for _ in range(40)]
    await pool._pool.executemany(
        f"INSERT INTO {PLACES.physical} VALUES ($1, $2)", [(id, f"at {id}") for id in places]
    )
    facts = facts_in(pool)
    found = await gather(*(facts.find(PLACES, id) for id in [*places, uuid4()]))
    assert [row and row["name"] for row in found] == [*(f"at {id}" for id in places), None]
    assert pool.statements == 1


async def test_each_has_the_rows_of_its_own_question_and_may_change_the_list(pool: Counted) -> None:
    one, other, nobody = uuid4(), uuid4(), uuid4()
    await pool._pool.executemany(
        f"INSERT INTO {PARTIES.physical} VALUES ($1, $2, $3)",
        [(one, uuid4(), "MENTOR"), (one, uuid4(), "MENTEE"), (other, uuid4(), "MENTEE")],
    )
    facts = facts_in(pool)
    asked = (one, other, one, nobody)
    first, second, again, none = await gather(
        *(facts.rows(PARTIES, mentorship_id=id) for id in asked)
    )
    assert [sorted(row["side"] for row in rows) for rows in (first, second, again, none)] == [
        ["MENTEE", "MENTOR"],
        ["MENTEE"],
        ["MENTEE", "MENTOR"],
        [],
    ]
    first.clear()
    assert len(again) == 2


async def test_facts_are_asked_for_by_several_columns_too(pool: Counted) -> None:
    one, other, ann, bob = (uuid4() for _ in range(4))
    held = [(one, ann, "MENTOR"), (one, bob, "MENTEE"), (other, ann, "MENTEE")]
    await pool._pool.executemany(f"INSERT INTO {PARTIES.physical} VALUES ($1, $2, $3)", held)
    facts = facts_in(pool)
    sides = await gather(
        facts.rows(PARTIES, health_worker_id=ann, side="MENTEE"),
        facts.rows(PARTIES, health_worker_id=bob, side="MENTOR"),
        facts.rows(PARTIES, health_worker_id=bob, side="MENTEE"),
    )
    assert [[row["mentorship_id"] for row in rows] for rows in sides] == [[other], [], [one]]
    found = await gather(facts.find(PARTIES, one, bob), facts.find(PARTIES, other, bob))
    assert [row and row["side"] for row in found] == ["MENTEE", None]
    assert pool.statements == 2


async def test_who_asks_later_sees_what_was_written_meanwhile(pool: Counted) -> None:
    facts, id = facts_in(pool), uuid4()
    assert await facts.find(PLACES, id) is None
    await pool._pool.execute(f"INSERT INTO {PLACES.physical} VALUES ($1, 'here')", id)
    found = await facts.find(PLACES, id)
    assert found is not None
    assert found["name"] == "here"


async def test_rows_are_read_on_in_the_order_of_a_column(pool: Counted) -> None:
    places = sorted(uuid4() for _ in range(9))
    await pool._pool.executemany(
        f"INSERT INTO {PLACES.physical} VALUES ($1, $2)",
        [(id, f"{number}") for number, id in enumerate(places)],
    )
    facts, after, read = facts_in(pool), "", []
    while rows := await facts.rows_after(PLACES, "name", after, 4):
        read += [row["id"] for row in rows]
        after = rows[-1]["name"]
    assert read == places
    assert pool.statements == 4


async def test_very_many_are_asked_for_by_themselves(pool: Counted) -> None:
    places = [uuid4() for _ in range(9)]
    await pool._pool.executemany(
        f"INSERT INTO {PLACES.physical} VALUES ($1, $2)", [(id, "here") for id in places]
    )
    rows = await facts_in(pool).rows_of(PLACES, "id", [*places[:5], uuid4()])
    assert {row["id"] for row in rows} == set(places[:5])
