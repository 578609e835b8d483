"""Writes a batch with a few set-based statements a table, however many rows it has."""

from collections.abc import Iterable, Sequence
from typing import Any

from shared.projection.batch import Key, Named, TableWork, Values
from shared.projection.column_types import COLUMN_TYPES
from shared.projection.connection import Connection
from shared.projection.table import Table


async def write(connection: Connection, work: Iterable[TableWork]) -> None:
    """Carry the operations out, in the caller's transaction."""
    for one in work:
        table = one.table
        if one.removals:
            await connection.execute(_removal(table), *_arrays(table, table.key, one.removals, ()))
        for names, rows in one.patches.items():
            await _write_rows(connection, table, names, rows, _patch(table, names))
        for names, rows in one.upserts.items():
            await _write_rows(connection, table, names, rows, _upsert(table, names))


async def _write_rows(
    connection: Connection,
    table: Table,
    names: Named,
    rows: Sequence[tuple[Key, Values]],
    statement: str,
) -> None:
    keys = [key for key, _ in rows]
    columns = [[values[name] for _, values in rows] for name in names]
    await connection.execute(statement, *_arrays(table, (*table.key, *names), keys, columns))


def _arrays(
    table: Table, names: Named, keys: Iterable[Key], columns: Iterable[list[Any]]
) -> list[list[Any]]:
    """Return one array a column, in the spelling it travels in."""
    arrays = [*([*column] for column in zip(*keys, strict=True)), *columns]
    for place, name in enumerate(names):
        encode = COLUMN_TYPES[table.columns[name].type].encode
        if encode is not None:
            arrays[place] = [None if v is None else encode(v) for v in arrays[place]]
    return arrays


def _rows(table: Table, names: Named) -> str:
    """Return the SQL that makes the arrays rows again, named as the columns."""
    types = [COLUMN_TYPES[table.columns[name].type] for name in names]
    arrays = ", ".join(f"${place}::{type.sent}[]" for place, type in enumerate(types, start=1))
    columns = ", ".join(
        f"u.{_name(name)}::{type.stored} AS {_name(name)}"
        for name, type in zip(names, types, strict=True)
    )
    listed = ", ".join(map(_name, names))
    return f"SELECT {columns} FROM unnest({arrays}) AS u({listed})"


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
