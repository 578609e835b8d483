"""Our connections know PostgreSQL's own arrays: the server is asked nothing about them."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from shared.database.connecting import _ARRAYS, connect

_ROWS = """
SELECT t.oid, n.nspname AS ns, t.typname AS name, t.typtype AS kind, t.typelem AS elemtype,
       e.typdelim AS elemdelim
  FROM pg_type AS t JOIN pg_type AS e ON e.oid = t.typelem
  JOIN pg_namespace AS n ON n.oid = t.typnamespace
 WHERE t.oid = ANY ($1::oid[])
"""


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("boolean", [True, None]),
        ("bytea", [b"\x00"]),
        ("smallint", [1]),
        ("integer", [1, 2]),
        ("bigint", [1 << 40]),
        ("real", [0.5]),
        ("double precision", [0.1]),
        ("date", [date(2018, 1, 1)]),
        ("timestamptz", [datetime(2018, 1, 1, tzinfo=UTC)]),
        ("interval", [timedelta(1)]),
        ("numeric", [Decimal("1.50")]),
        ("uuid", [uuid4()]),
        ("jsonb", ['{"a": 1}']),
        ("text", ["a"]),
    ],
)
async def test_an_array_comes_and_goes_and_nothing_else_is_asked(
    database: str, kind: str, values: list[Any]
) -> None:
    asked: list[str] = []
    connection = await connect(database)
    connection.add_query_logger(lambda query: asked.append(query.query))
    statement = f"SELECT $1::{kind}[] AS given"
    assert await connection.fetchval(statement, values) == values
    await asyncio.sleep(0)  # it is told of in the loop's next round
    assert asked == [statement]
    await connection.close()


async def test_what_is_known_of_arrays_is_what_the_server_says(database: str) -> None:
    connection = await asyncpg.connect(database)
    rows = await connection.fetch(_ROWS, list(_ARRAYS))
    said = {row["oid"]: dict(row) for row in rows}
    assert {oid: _ARRAYS[oid] | one for oid, one in said.items()} == _ARRAYS
    await connection.close()


async def test_a_type_of_somebodys_own_is_still_asked_for(database: str) -> None:
    connection = await connect(database)
    await connection.execute("CREATE TYPE mood AS ENUM ('well', 'ill')")
    assert await connection.fetchval("SELECT $1::mood[]", ["ill"]) == ["ill"]
    await connection.close()
