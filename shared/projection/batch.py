"""The changes of one poll, brought down to one row operation a key before anything is written.

Pure: the same changes in the same order give the same operations, and applying those has the
outcome of applying the changes one by one. Where a change could not be applied one by one, it is
refused here, whatever else the poll holds, so that no outcome depends on how many events a poll
happened to bring.

A table's operations are carried out in this order: removals, then patches, then upserts. A key
is in more than one of them only when it was patched and then upserted with other columns: the
patch touches nothing where the row is not there, and the upsert makes it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.projection.column_types import COLUMN_TYPES
from shared.projection.errors import ImpossibleChange
from shared.projection.fold import Change, Delete, Patch, Upsert
from shared.projection.table import Table

Key = tuple[Any, ...]
Values = dict[str, Any]
Named = tuple[str, ...]


@dataclass(slots=True)
class _Row:
    """What the poll so far comes to for one key."""

    removed: bool = False
    patch: Values | None = None
    upsert: Values | None = None


@dataclass(frozen=True, slots=True)
class TableWork:
    """What is to be written to one table.

    Attributes:
        removals: the keys of rows to remove.
        patches: by the columns they name, the rows to change where they are.
        upserts: by the columns they name, the rows to make or change.
    """

    table: Table
    removals: list[Key] = field(default_factory=list)
    patches: dict[Named, list[tuple[Key, Values]]] = field(default_factory=dict)
    upserts: dict[Named, list[tuple[Key, Values]]] = field(default_factory=dict)


class Batch:
    """Collects changes in order; `work()` gives what is to be written."""

    def __init__(self) -> None:
        self._tables: dict[str, tuple[Table, dict[Key, _Row]]] = {}

    def __bool__(self) -> bool:
        return bool(self._tables)

    @property
    def tables(self) -> list[Table]:
        """The tables that something was said about."""
        return [table for table, _ in self._tables.values()]

    def add(self, changes: Iterable[Change]) -> None:
        """Add the changes of one event: all of them, or none when one is impossible.

        Raises:
            ImpossibleChange: a change names a column that is not there, leaves out or empties
                one that may not be empty, or gives a value of another type.
        """
        checked = list(changes)
        for change in checked:
            _check(change)
        for change in checked:
            self._merge(change)

    def work(self) -> Iterator[TableWork]:
        """Yield each table's operations."""
        for table, rows in self._tables.values():
            work = TableWork(table)
            order = tuple(table.columns)
            same: dict[Named, Named] = {}
            for key, row in rows.items():
                if row.removed:
                    work.removals.append(key)
                for values, group in ((row.patch, work.patches), (row.upsert, work.upserts)):
                    if values is None:
                        continue
                    spelled = tuple(values)
                    names = same.get(spelled)
                    if names is None:
                        names = same[spelled] = tuple(c for c in order if c in values)
                    group.setdefault(names, []).append((key, values))
            yield work

    def _merge(self, change: Change) -> None:
        table = change.table
        rows = self._tables.setdefault(table.physical, (table, {}))[1]
        row = rows.get(change.key)
        if row is None:
            row = rows[change.key] = _Row()
        if isinstance(change, Delete):
            row.removed, row.patch, row.upsert = True, None, None
        elif isinstance(change, Patch):
            _merge_patch(row, change.values)
        else:
            _merge_upsert(table, row, change.values)


def _merge_patch(row: _Row, values: Values) -> None:
    if row.upsert is not None:
        row.upsert.update(values)
    elif row.removed:
        return
    elif row.patch is not None:
        row.patch.update(values)
    elif values:
        row.patch = dict(values)


def _merge_upsert(table: Table, row: _Row, values: Values) -> None:
    if row.upsert is not None:
        row.upsert.update(values)
    elif row.removed:
        # The row begins anew: what is not named is empty, whatever the removed row held.
        row.upsert = {c: None for c in table.columns if c not in table.key} | values
        row.removed = False
    else:
        row.upsert = dict(values)
        if row.patch is not None and row.patch.keys() <= values.keys():
            row.patch = None


def _check(change: Change) -> None:
    table = change.table
    columns = table.columns
    if len(change.key) != len(table.key):
        _refuse(table, f"the key {table.key} takes {len(table.key)} values, not {len(change.key)}")
    for name, value in zip(table.key, change.key, strict=True):
        if value is None or not COLUMN_TYPES[columns[name].type].accepts(value):
            _refuse(table, f"{name} is {columns[name].type}, not {type(value).__name__}")
    if isinstance(change, Delete):
        return
    for name, value in change.values.items():
        column = columns.get(name)
        if column is None:
            _refuse(table, f"it has no column {name}")
        elif name in table.key:
            _refuse(table, f"{name} belongs to the key and is not changed")
        elif value is None:
            if not column.nullable:
                _refuse(table, f"{name} may not be empty")
        elif not COLUMN_TYPES[column.type].accepts(value):
            _refuse(table, f"{name} is {column.type}, not {type(value).__name__} of that content")
    if isinstance(change, Upsert) and not table.required <= change.values.keys():
        missing = ", ".join(sorted(table.required - change.values.keys()))
        _refuse(table, f"a row cannot be made without {missing}")


def _refuse(table: Table, problem: str) -> None:
    raise ImpossibleChange(table=table.physical, problem=problem)
