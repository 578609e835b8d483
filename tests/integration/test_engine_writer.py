"""Batches, written with set-based statements: every type, and the outcome of one by one."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.projection import Change, Column, Delete, Patch, Table, Upsert
from shared.projection.batch import Batch
from shared.projection.column_types import COLUMN_TYPES
from shared.projection.connection import Connection
from shared.projection.schema import create_statement
from shared.projection.writer import write

EVERY = Table(
    name="every",
    version=1,
    key=("id", "order"),
    columns={
        "id": Column(type="integer"),
        "order": Column(type="text"),
        **{
            name.replace("[]", "s").replace(" ", "_"): Column(type=name, nullable=True)
            for name in COLUMN_TYPES
        },
    },
)
AWKWARD = ["", "a,b", '"', "\\", "NULL", "null", "{}", " ", "\n", "'", "é", "🩺", None]
SAMPLES: dict[str, list[Any]] = {
    "text": ["", "a", "O'Neill; DROP TABLE", "\\", "🩺"],
    "uuid": [uuid4()],
    "integer": [0, -(2**31), 2**31 - 1],
    "bigint": [2**63 - 1],
    "date": [date(2021, 3, 1), date(1, 1, 1)],
    "timestamptz": [datetime(2021, 3, 1, 8, 30, 0, 123456, UTC)],
    "boolean": [True, False],
    "numeric": [Decimal("84.5238095238"), Decimal(0), 3],
    "double precision": [0.1, 3],
    "bytea": [b"", b"\x00\xff"],
    "jsonb": [{"a": [1, None, 'x"y\\']}, [], "text", 1, False, {"steps": {"é": 1.5}}],
    "uuids": [[], [uuid4(), uuid4()], [uuid4(), None]],
    "texts": [[], AWKWARD, ["one"]],
    "double_precision": [0.1],
}


@pytest_asyncio.fixture
async def connection(database: str) -> AsyncIterator[Connection]:
    made = await asyncpg.connect(database)
    await made.execute(create_statement(EVERY))
    yield made
    await made.close()


async def write_all(connection: Connection, changes: Iterable[Change]) -> None:
    batch = Batch()
    batch.add(changes)
    await write(connection, batch.work())


async def rows(connection: Connection) -> list[str]:
    found = await connection.fetch('SELECT t::text FROM every_v1 AS t ORDER BY id, "order"')
    return [row[0] for row in found]


@pytest.mark.parametrize("way", ["upsert", "patch"])
async def test_every_type_arrives_as_it_was(connection: Connection, way: str) -> None:
    wanted: dict[int, tuple[str, Any]] = {}
    changes: list[Change] = []
    for column in list(EVERY.columns)[2:]:
        for value in [*SAMPLES[column], None]:
            number = len(wanted)
            wanted[number] = (column, value)
            if way == "patch":
                changes.append(Upsert(EVERY, (number, "k"), {}))
                await write_all(connection, changes[-1:])
                changes[-1] = Patch(EVERY, (number, "k"), {column: value})
            else:
                changes.append(Upsert(EVERY, (number, "k"), {column: value}))
    await write_all(connection, changes)
    await connection.set_type_codec("jsonb", encoder=str, decoder=_from_json, schema="pg_catalog")
    found = {row["id"]: row for row in await connection.fetch("SELECT * FROM every_v1")}
    assert len(found) == len(wanted)
    for number, (column, value) in wanted.items():
        assert found[number][column] == value


def _from_json(text: str) -> Any:
    import json

    return json.loads(text)


async def test_an_upsert_replaces_what_it_names_and_keeps_the_rest(connection: Connection) -> None:
    await write_all(connection, [Upsert(EVERY, (1, "k"), {"text": "a", "integer": 1})])
    await write_all(connection, [Upsert(EVERY, (1, "k"), {"text": "b"})])
    await write_all(connection, [Patch(EVERY, (2, "k"), {"text": "nobody"})])
    found = await connection.fetch("SELECT id, text, integer FROM every_v1")
    assert [tuple(row) for row in found] == [(1, "b", 1)]


KEYS = st.tuples(st.integers(1, 4), st.sampled_from(["x", "y"]))
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "text": st.sampled_from(["a", "b"]) | st.none(),
        "integer": st.integers(0, 5),
        "jsonb": st.sampled_from([{"a": 1}, [1], None]),
        "texts": st.lists(st.sampled_from(AWKWARD), max_size=2),
    },
)
CHANGES = st.lists(
    st.one_of(
        st.builds(Upsert, st.just(EVERY), KEYS, VALUES),
        st.builds(Patch, st.just(EVERY), KEYS, VALUES),
        st.builds(Delete, st.just(EVERY), KEYS),
    ),
    max_size=15,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=CHANGES)
async def test_a_batch_has_the_outcome_of_one_change_after_the_other(
    connection: Connection, changes: Sequence[Change]
) -> None:
    await connection.execute("TRUNCATE every_v1")
    for change in changes:
        await write_all(connection, [change])
    singly = await rows(connection)
    await connection.execute("TRUNCATE every_v1")
    await write_all(connection, changes)
    assert await rows(connection) == singly
