"""The changes of one poll, brought down to one row operation a key before anything is written.

Pure: the same changes in the same order give the same operations, and applying those has the
outcome of applying the changes one by one. Where a change could not be applied one by one, it is
refused here, whatever else the poll holds, so that no outcome depends on how many events a poll
happened to bring.

A table's operations are carried out in this order: removals, then patches, then upserts. A key
is in more than one of them only when it was patched and then upserted with other columns: the
patch touches nothing where the row is not there, and the upsert makes it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from shared.projection.column_types import COLUMN_TYPES
from shared.projection.errors import ImpossibleChange
from shared.projection.fold import Change, Delete, Patch, Upsert
from shared.projection.table import Table

Key = tuple[Any, ...]
Values = dict[str, Any]
Named = tuple[str, ...]


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
        self._tables: dict[str, _Rows] = {}

    def __bool__(self) -> bool:
        return any(rows.rows for rows in self._tables.values())

    @property
    def tables(self) -> list[Table]:
        """The tables that something was said about."""
        return [rows.table for rows in self._tables.values() if rows.rows]

    def add(self, changes: Iterable[Change]) -> None:
        """Add the changes of one event: all of them, or none when one is impossible.

        Raises:
            ImpossibleChange: a change names a column that is not there, leaves out or empties
                one that may not be empty, or gives a value of another type.
        """
        checked: list[tuple[_Rows, Change]] = []
        for change in changes:
            table = change.table
            rows = self._tables.get(table.physical)
            if rows is None:
                rows = self._tables[table.physical] = _Rows(table)
            rows.check(change)
            checked.append((rows, change))
        for rows, change in checked:
            rows.merge(change)

    def work(self) -> Iterator[TableWork]:
        """Yield each table's operations."""
        for rows in self._tables.values():
            yield rows.work()


class _Row:
    """What the poll so far comes to for one key."""

    __slots__ = ("patch", "removed", "upsert")

    def __init__(self) -> None:
        self.removed = False
        self.patch: Values | None = None
        self.upsert: Values | None = None


class _Rows:
    """What the poll so far comes to for one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows: dict[Key, _Row] = {}
        self._shapes: dict[tuple[type[Change], Named], Checks] = {}
        self._key = _checks(table, table.key)

    def merge(self, change: Change) -> None:
        """Add a change that was checked."""
        row = self.rows.get(change.key)
        if row is None:
            row = self.rows[change.key] = _Row()
        if isinstance(change, Upsert):
            _merge_upsert(self.table, row, change.values)
        elif isinstance(change, Patch):
            _merge_patch(row, change.values)
        else:
            row.removed, row.patch, row.upsert = True, None, None

    def work(self) -> TableWork:
        """Return the operations, grouped by the columns they name."""
        work = TableWork(self.table)
        same: dict[Named, Named] = {}
        for key, row in self.rows.items():
            if row.removed:
                work.removals.append(key)
            for values, group in ((row.patch, work.patches), (row.upsert, work.upserts)):
                if values is None:
                    continue
                spelled = tuple(values)
                names = same.get(spelled)
                if names is None:
                    names = tuple(name for name in self.table.columns if name in values)
                    same[spelled] = names
                group.setdefault(names, []).append((key, values))
        return work

    def check(self, change: Change) -> None:
        """Refuse what the table could not hold, were this the only change."""
        if len(change.key) != len(self._key):
            expected = f"takes {len(self._key)} values, not {len(change.key)}"
            _refuse(self.table, f"the key {self.table.key} {expected}")
        for check, value in zip(self._key, change.key, strict=True):
            if type(value) not in check.types or (check.holds and not check.holds(value)):
                self._look_closer(check, value)
        if isinstance(change, Delete):
            return
        # What a fold names is the same for every event, so its names are checked once a poll.
        shape = (type(change), tuple(change.values))
        checks = self._shapes.get(shape)
        if checks is None:
            checks = self._shapes[shape] = self._check_names(change)
        for check, value in zip(checks, change.values.values(), strict=True):
            if type(value) not in check.types or (check.holds and not check.holds(value)):
                self._look_closer(check, value)

    def _check_names(self, change: Upsert | Patch) -> "Checks":
        table = self.table
        for name in change.values:
            if name not in table.columns:
                _refuse(table, f"it has no column {name}")
            if name in table.key:
                _refuse(table, f"{name} belongs to the key and is not changed")
        if isinstance(change, Upsert) and not table.required <= change.values.keys():
            missing = ", ".join(sorted(table.required - change.values.keys()))
            _refuse(table, f"a row cannot be made without {missing}")
        return _checks(table, change.values)

    def _look_closer(self, check: "_Check", value: Any) -> None:
        """Let pass what the quick look did not know, or say what is wrong with it."""
        if value is None:
            if check.nullable:
                return
            _refuse(self.table, f"{check.name} may not be empty")
        if not COLUMN_TYPES[check.stored].accepts(value):
            given = f"{type(value).__name__} of that content"
            _refuse(self.table, f"{check.name} is {check.stored}, not {given}")


@dataclass(frozen=True, slots=True)
class _Check:
    """How a column's values are checked: by a quick look first, as there are millions."""

    name: str
    stored: str
    nullable: bool
    types: frozenset[type]
    holds: Callable[[Any], bool] | None


Checks = tuple[_Check, ...]


def _checks(table: Table, names: Iterable[str]) -> Checks:
    checks = []
    for name in names:
        column = table.columns[name]
        kind = COLUMN_TYPES[column.type]
        checks.append(_Check(name, column.type, column.nullable, kind.python, kind.holds))
    return tuple(checks)


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


def _refuse(table: Table, problem: str) -> NoReturn:
    raise ImpossibleChange(table=table.physical, problem=problem)
