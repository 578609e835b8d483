"""Tables from declarations: created once, under versioned names, and held to what was declared."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest
import pytest_asyncio

from shared.projection import Column, Projection, Table, TableDiffers
from shared.projection.column_types import COLUMN_TYPES
from shared.projection.connection import Connection, Pool
from shared.projection.schema import ensure, tables_of

VISITS = Table(
    name="visit",
    version=2,
    key=("facility", "day"),
    columns={
        "day": Column(type="date"),
        "facility": Column(type="uuid"),
        "order": Column(type="integer"),
        **{
            f"c{n}": Column(type=name, nullable=True) for n, name in enumerate(sorted(COLUMN_TYPES))
        },
    },
    indexes=(("day",), ("facility", "order")),
)


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=4) as made:
        yield made


async def ensured(pool: Pool, *tables: Table) -> None:
    connection: Connection
    async with pool.acquire() as connection:
        await ensure(connection, [Projection("p", *tables)])


async def test_a_table_is_created_once_with_its_key_and_indexes(pool: Pool) -> None:
    await ensured(pool, VISITS)
    await ensured(pool, VISITS)
    indexes = await pool.fetch(
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'visit_v2' ORDER BY indexname"
    )
    listed = [row[0].partition("btree ")[2] for row in indexes]
    assert listed == ["(day)", '(facility, "order")', "(facility, day)"]


async def test_processes_that_start_together_do_not_trip_over_each_other(pool: Pool) -> None:
    await asyncio.gather(*(ensured(pool, VISITS) for _ in range(4)))


async def test_another_version_is_another_table_beside_the_old_one(pool: Pool) -> None:
    await ensured(pool, VISITS)
    await ensured(pool, replace(VISITS, version=3))
    for name in ("visit_v2", "visit_v3"):
        assert await pool.fetchval("SELECT to_regclass($1) IS NOT NULL", name)


@pytest.mark.parametrize(
    "columns",
    [
        VISITS.columns | {"order": Column(type="bigint")},
        VISITS.columns | {"order": Column(type="integer", nullable=True)},
        VISITS.columns | {"more": Column(type="text")},
    ],
)
async def test_another_shape_under_the_same_version_is_an_error_that_names_both(
    pool: Pool, columns: dict[str, Column]
) -> None:
    await ensured(pool, VISITS)
    with pytest.raises(TableDiffers) as error:
        await ensured(pool, replace(VISITS, columns=columns))
    assert '"order" integer NOT NULL' in error.value.params["stored"]
    assert error.value.params["declared"] != error.value.params["stored"]
    assert "Raise the table's version" in error.value.remedy


async def test_another_key_is_another_shape(pool: Pool) -> None:
    await ensured(pool, VISITS)
    with pytest.raises(TableDiffers):
        await ensured(pool, replace(VISITS, key=("day", "facility")))


def test_a_table_has_one_declaration() -> None:
    with pytest.raises(ValueError, match="two projections declare a table visit"):
        tables_of([Projection("p", VISITS), Projection("q", replace(VISITS, version=3))])
