"""Writes a batch with a few set-based statements a table, however many rows it has."""

from collections.abc import Iterable, Sequence

import msgspec

from shared.projection.batch import Key, Named, TableWork, Values
from shared.projection.column_types import COLUMN_TYPES
from shared.projection.connection import Connection
from shared.projection.table import Table

_json = msgspec.json.Encoder()


async def write(connection: Connection, work: Iterable[TableWork]) -> None:
    """Carry the operations out, in the caller's transaction."""
    for one in work:
        table = one.table
        if one.removals:
            rows = [(key, Values()) for key in one.removals]
            await connection.execute(_removal(table), _document(table, (), rows))
        for names, rows in one.patches.items():
            await connection.execute(_patch(table, names), _document(table, names, rows))
        for names, rows in one.upserts.items():
            await connection.execute(_upsert(table, names), _document(table, names, rows))


def _document(table: Table, names: Named, rows: Sequence[tuple[Key, Values]]) -> str:
    """Return rows as a JSON array of objects, their keys among their columns."""
    encoded = {
        name: encode
        for name in (*table.key, *names)
        if (encode := COLUMN_TYPES[table.columns[name].type].encode) is not None
    }
    objects = [dict(zip(table.key, key, strict=True)) | values for key, values in rows]
    for name, encode in encoded.items():
        for values in objects:
            if values[name] is not None:
                values[name] = encode(values[name])
    return _json.encode(objects).decode()


def _rows(table: Table, names: Named) -> str:
    """Return the SQL that makes the document rows again, typed and named as the columns."""
    typed = ", ".join(f"{_name(n)} {COLUMN_TYPES[table.columns[n].type].stored}" for n in names)
    # Sent as text, whatever a pool has made of the driver's own way with JSON.
    return (
        f"SELECT {', '.join(map(_name, names))} FROM json_to_recordset($1::text::json) AS ({typed})"
    )


def _upsert(table: Table, names: Named) -> str:
    every = (*table.key, *names)
    replaced = ", ".join(f"{_name(name)} = excluded.{_name(name)}" for name in names)
    return (
        f"INSERT INTO {_name(table.physical)} ({', '.join(map(_name, every))}) "
        f"{_rows(table, every)} "
        f"ON CONFLICT ({', '.join(map(_name, table.key))}) "
        + (f"DO UPDATE SET {replaced}" if names else "DO NOTHING")
    )


def _patch(table: Table, names: Named) -> str:
    replaced = ", ".join(f"{_name(name)} = new.{_name(name)}" for name in names)
    return (
        f"UPDATE {_name(table.physical)} AS old SET {replaced} "
        f"FROM ({_rows(table, (*table.key, *names))}) AS new WHERE {_same_key(table)}"
    )


def _removal(table: Table) -> str:
    return (
        f"DELETE FROM {_name(table.physical)} AS old "
        f"USING ({_rows(table, table.key)}) AS new WHERE {_same_key(table)}"
    )


def _same_key(table: Table) -> str:
    return " AND ".join(f"old.{_name(name)} = new.{_name(name)}" for name in table.key)


def _name(name: str) -> str:
    """Return a name as SQL's own words (`user`, `order`) cannot be mistaken for it."""
    return '"' + name.replace('"', '""') + '"'
