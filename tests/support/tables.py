"""View tables in memory: what folds come to without a database; values as its driver gives them."""

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Any
from zlib import compress

import msgspec

from shared.projection import Change, Delete, Patch, Table, Upsert
from shared.projection.batch import Batch, TableWork

Row = dict[str, Any]
INDEXED = 2_600
"""Bytes of an index's entry, about: PostgreSQL refuses what is longer than a third of a page."""


class MemoryTables:
    """Applies changes one by one; each is checked as the engine checks it."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[Any, ...], Row]] = {}

    def apply(self, changes: Iterable[Change]) -> None:
        """Apply the changes of one event, or raise what the engine would park it for."""
        changes = list(changes)
        Batch().add(changes)
        for change in changes:
            rows = self._rows.setdefault(change.table.physical, {})
            key = tuple(change.key)
            if isinstance(change, Delete):
                rows.pop(key, None)
                continue
            if isinstance(change, Patch) and key not in rows:
                continue
            columns = change.table.columns
            # A row is never changed, but replaced: who copied the tables has it as it was.
            row = rows[key] = (rows.get(key) or _empty(change.table, key)) | {
                name: _stored(value, columns[name].type) for name, value in change.values.items()
            }
            _must_fit_its_indexes(change.table, row)

    def carry_out(self, work: Iterable[TableWork]) -> None:
        """Carry a batch's operations out, as the engine writes them."""
        for one in work:
            changes: list[Change] = [Delete(one.table, key) for key in one.removals]
            changes += [Patch(one.table, *row) for rows in one.patches.values() for row in rows]
            changes += [Upsert(one.table, *row) for rows in one.upserts.values() for row in rows]
            for change in changes:
                self.apply([change])

    def of(self, table: Table, **equals: Any) -> list[Row]:
        """Return the rows whose columns equal the given values."""
        return [
            dict(row)
            for row in self._rows.get(table.physical, {}).values()
            if all(row[name] == value for name, value in equals.items())
        ]

    def find(self, table: Table, *key: Any) -> Row | None:
        """Return a row by its key."""
        row = self._rows.get(table.physical, {}).get(tuple(key))
        return None if row is None else dict(row)

    def remove(self, table: Table, *key: Any) -> None:
        """Remove a row, as a process does beside the engine."""
        self._rows.get(table.physical, {}).pop(tuple(key), None)

    def copied(self) -> dict[str, dict[tuple[Any, ...], Row]]:
        """Return what it holds."""
        return {name: dict(rows) for name, rows in self._rows.items()}

    def be(self, held: dict[str, dict[tuple[Any, ...], Row]]) -> None:
        """Hold what it held."""
        self._rows = {name: dict(rows) for name, rows in held.items()}

    def everything(self) -> dict[str, list[Row]]:
        """Return every row of every table, in an order of its own, to be compared."""
        return {
            name: [rows[key] for key in sorted(rows, key=repr)]
            for name, rows in sorted(self._rows.items())
            if rows
        }


def _must_fit_its_indexes(table: Table, row: Row) -> None:
    for columns in (table.key, *table.indexes):
        texts = [value for name in columns if isinstance(value := row[name], str)]
        if sum(map(len, texts)) > INDEXED / 4:
            # PostgreSQL does so as well, where a value is long.
            size = sum(len(compress(text.encode())) for text in texts)
            assert size <= INDEXED, f"{table.name}: no index on {columns} holds {size} bytes"


def _empty(table: Table, key: tuple[Any, ...]) -> Row:
    row: Row = dict.fromkeys(table.columns)
    row |= {
        name: _stored(value, table.columns[name].type)
        for name, value in zip(table.key, key, strict=True)
    }
    return row


def _stored(value: Any, kind: str) -> Any:
    """Return a value as it comes back from PostgreSQL."""
    if value is None:
        return None
    if kind == "jsonb":
        return msgspec.json.encode(value).decode()
    if kind.endswith("[]"):
        return [_stored(one, kind[:-2]) for one in value]
    if kind == "numeric":
        return Decimal(value)
    if isinstance(value, Enum):
        return value.value
    return value
