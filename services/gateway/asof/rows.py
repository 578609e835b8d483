"""Rows of read models in memory: what folds come to without a database."""

from collections.abc import Iterable
from typing import Any

from shared.projection import Change, Delete, Patch, Table

Key = tuple[Any, ...]
Row = dict[str, Any]


class MemoryRows:
    """Applies changes one by one, as the engine does in bulk."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[Key, Row]] = {}

    def of(self, table: Table) -> dict[Key, Row]:
        """Return a table's rows, by their keys."""
        return self._tables.get(table.name, {})

    def apply(self, changes: Iterable[Change]) -> None:
        """Apply the changes of one event."""
        for change in changes:
            table = change.table
            rows = self._tables.get(table.name)
            if rows is None:
                rows = self._tables[table.name] = {}
            row = rows.get(change.key)
            if isinstance(change, Delete):
                rows.pop(change.key, None)
            elif row is not None:
                row.update(change.values)
            elif not isinstance(change, Patch):
                row = rows[change.key] = dict.fromkeys(table.columns)
                row.update(zip(table.key, change.key, strict=True))
                row.update(change.values)
