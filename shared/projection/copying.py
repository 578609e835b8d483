"""Writes a batch as a stream of rows, where most of them are new: a quarter of what an upsert costs
the database, and three quarters of what it costs here.

What is new is copied straight into its table. Where a row turns out to be there already, the rows
of that table are copied beside it from then on, and upserted from there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import asyncpg
import msgspec

from shared.projection.batch import Key, Named, TableWork, Values
from shared.projection.column_types import COLUMN_TYPES
from shared.projection.connection import Connection
from shared.projection.table import Table
from shared.projection.writer import write

_FEW = 50
"""Rows that are upserted sooner than copied."""

_json = msgspec.json.Encoder()


class Copier:
    """Writes to one build, which others may write to at the same time.

    Each table's operations are a transaction of their own: whoever waits for another's row holds
    none that the other could wait for.
    """

    def __init__(self) -> None:
        self._met: set[str] = set()
        """The tables in which a row was there already."""

    async def write(self, connection: Connection, work: Iterable[TableWork]) -> None:
        """Carry the operations out."""
        for one in work:
            many = {names: rows for names, rows in one.upserts.items() if len(rows) > _FEW}
            few = {names: rows for names, rows in one.upserts.items() if names not in many}
            rest = TableWork(one.table, one.removals, one.patches, few)
            if one.removals or one.patches or few:
                async with connection.transaction():
                    await write(connection, [rest])
            for names, rows in many.items():
                await self._upsert(connection, one.table, names, rows)

    async def _upsert(
        self,
        connection: Connection,
        table: Table,
        names: Named,
        rows: Sequence[tuple[Key, Values]],
    ) -> None:
        columns = (*table.key, *names)
        if table.physical not in self._met:
            try:
                await connection.copy_records_to_table(
                    table.physical, records=_records(table, names, rows), columns=columns
                )
            except asyncpg.UniqueViolationError:
                self._met.add(table.physical)
            else:
                return
        async with connection.transaction():
            await connection.execute(_beside(table, columns))
            await connection.copy_records_to_table(
                "beside", records=_records(table, names, rows), columns=columns
            )
            await connection.execute(_from_beside(table, names))


def _records(
    table: Table, names: Named, rows: Iterable[tuple[Key, Values]]
) -> Iterator[Sequence[Any]]:
    encoded = [at for at, name in enumerate(names) if table.columns[name].type == "jsonb"]
    # Nearly all that is written passes here: nothing is done for each value that Python would do.
    values_of = _values_of(names)
    if not encoded:
        return ((*key, *values_of(values)) for key, values in rows)
    return (_encoded(key, values_of(values), encoded) for key, values in rows)


def _values_of(names: Named) -> Callable[[Values], Iterable[Any]]:
    if len(names) < 2:  # of one, `itemgetter` gives the value itself
        return lambda values: [values[name] for name in names]
    return itemgetter(*names)


def _encoded(key: Key, values: Iterable[Any], places: Iterable[int]) -> Sequence[Any]:
    record = [*values]
    for at in places:
        if record[at] is not None:
            record[at] = _json.encode(record[at]).decode()
    return (*key, *record)


def _beside(table: Table, columns: Iterable[str]) -> str:
    typed = ", ".join(f'"{one}" {COLUMN_TYPES[table.columns[one].type].stored}' for one in columns)
    return f"CREATE TEMP TABLE beside ({typed}) ON COMMIT DROP"


def _from_beside(table: Table, names: Named) -> str:
    columns = ", ".join(f'"{name}"' for name in (*table.key, *names))
    key = ", ".join(f'"{name}"' for name in table.key)
    replaced = ", ".join(f'"{name}" = excluded."{name}"' for name in names)
    does = f"DO UPDATE SET {replaced}" if names else "DO NOTHING"
    return (
        f'INSERT INTO "{table.physical}" ({columns}) SELECT {columns} FROM beside '
        f"ON CONFLICT ({key}) {does}"
    )
