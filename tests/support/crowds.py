"""Read models of the size of a country, written by the database itself."""

from typing import Any

from shared.projection import Table
from tests.support.gateway import RunningGateway

_ANY = {
    "uuid": "gen_random_uuid()",
    "text": "'x'",
    "date": "date '2020-01-01'",
    "integer": "1",
    "smallint": "1",
    "bigint": "1",
    "boolean": "false",
    "numeric": "1",
    "double precision": "1",
    "timestamptz": "now()",
    "jsonb": "'[]'::jsonb",
    "text[]": "'{}'::text[]",
    "uuid[]": "'{}'::uuid[]",
}
"""What stands in a column that a test says nothing about and that must not be empty."""


async def crowd(gateway: RunningGateway, table: Table, rows: int, **columns: str) -> None:
    """Write so many rows; `columns` are SQL, in which `g` counts from 1."""
    values: dict[str, Any] = {
        name: _ANY[column.type] for name, column in table.columns.items() if not column.nullable
    } | columns
    await gateway.database.execute(
        f'INSERT INTO "{table.physical}" ({", ".join(values)})'
        f" SELECT {', '.join(values.values())} FROM generate_series(1, {rows}) g"
    )
    await gateway.database.execute(f'ANALYZE "{table.physical}"')


def numbered(kind: int, g: str = "g") -> str:
    """Return SQL for the id of the g-th thing of a kind."""
    return f"('00000000-0000-4000-800{kind}-' || lpad(({g})::text, 12, '0'))::uuid"
