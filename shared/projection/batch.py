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

Shape = tuple[object, ...]
"""What a change is, the types of its key's values, and its columns with the types of theirs."""

Check = tuple[int | None, str, Callable[[Any], bool]]
"""Of a value (by its place in the key, or its column's name), whether it can be held."""

Checks = tuple[Check, ...]


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
        return any(self._tables.values())

    @property
    def tables(self) -> list[Table]:
        """The tables that something was said about."""
        return [rows.table for rows in self._tables.values() if rows]

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


class _Mixed:
    """What the poll so far comes to for one key that was patched, or whose row was removed."""

    __slots__ = ("patch", "removed", "upsert")

    def __init__(self) -> None:
        self.removed = False
        self.patch: Values | None = None
        self.upsert: Values | None = None


class _Rows:
    """What the poll so far comes to for one table.

    Nearly every row is upserted once and no more, and one hash of its key is all that costs. What
    a fold gave is never changed, as it may stand in several rows: two of a row make a third.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self._upserts: dict[Key, Values] = {}
        self._mixed: dict[Key, _Mixed] = {}
        self._shapes: dict[Shape, Checks] = {}

    def __bool__(self) -> bool:
        return bool(self._upserts or self._mixed)

    def merge(self, change: Change) -> None:
        """Add a change that was checked."""
        key = change.key
        if self._mixed and key in self._mixed:
            self._merge_mixed(self._mixed[key], change)
        elif isinstance(change, Upsert):
            before = self._upserts.setdefault(key, change.values)
            if before is not change.values:
                self._upserts[key] = before | change.values
        elif isinstance(change, Patch) and key in self._upserts:
            self._upserts[key] = self._upserts[key] | change.values
        else:
            self._upserts.pop(key, None)
            self._mixed[key] = mixed = _Mixed()
            self._merge_mixed(mixed, change)

    def _merge_mixed(self, row: _Mixed, change: Change) -> None:
        if isinstance(change, Upsert):
            _merge_upsert(self.table, row, change.values)
        elif isinstance(change, Patch):
            _merge_patch(row, change.values)
        else:
            row.removed, row.patch, row.upsert = True, None, None

    def work(self) -> TableWork:
        """Return the operations, grouped by the columns they name."""
        work = TableWork(self.table)
        self._group(self._upserts.items(), work.upserts)
        if self._mixed:
            rows = self._mixed.items()
            work.removals.extend(key for key, row in rows if row.removed)
            for kind, groups in (("patch", work.patches), ("upsert", work.upserts)):
                said = [(key, getattr(row, kind)) for key, row in rows]
                self._group([one for one in said if one[1] is not None], groups)
        return work

    def _group(
        self, rows: Iterable[tuple[Key, Values]], groups: dict[Named, list[tuple[Key, Values]]]
    ) -> None:
        same: dict[Named, list[tuple[Key, Values]]] = {}
        for row in rows:
            spelled = tuple(row[1])
            group = same.get(spelled)
            if group is None:
                names = tuple(name for name in self.table.columns if name in row[1])
                group = same[spelled] = groups.setdefault(names, [])
            group.append(row)

    def check(self, change: Change) -> None:
        """Refuse what the table could not hold, were this the only change."""
        # Which columns a fold names, with which types, is nearly always as it was before: that is
        # looked at once a poll, and only what depends on the values themselves each time.
        if isinstance(change, Delete):
            shape: Shape = (Delete, *map(type, change.key))
        else:
            values = change.values
            shape = (type(change), *map(type, change.key), *values, *map(type, values.values()))
        checks = self._shapes.get(shape)
        if checks is None:
            checks = self._shapes[shape] = self._look_closely(change)
        for place, name, holds in checks:
            value = change.key[place] if place is not None else change.values[name]  # type: ignore[union-attr]
            if not holds(value):
                self._refuse_content(name, value)

    def _look_closely(self, change: Change) -> Checks:
        """Refuse columns and types that are wrong; return what is to be asked of the values."""
        table = self.table
        if len(change.key) != len(table.key):
            expected = f"takes {len(table.key)} values, not {len(change.key)}"
            _refuse(table, f"the key {table.key} {expected}")
        values = {} if isinstance(change, Delete) else change.values
        for name in values:
            if name not in table.columns:
                _refuse(table, f"it has no column {name}")
            if name in table.key:
                _refuse(table, f"{name} belongs to the key and is not changed")
        if isinstance(change, Upsert) and not table.required <= values.keys():
            missing = ", ".join(sorted(table.required - values.keys()))
            _refuse(table, f"a row cannot be made without {missing}")
        key = dict(zip(table.key, change.key, strict=True))
        places = {name: place for place, name in enumerate(table.key)}
        checks: list[Check] = []
        for name, value in (key | values).items():
            column = table.columns[name]
            kind = COLUMN_TYPES[column.type]
            if value is None:
                if name in places or not column.nullable:
                    _refuse(table, f"{name} may not be empty")
            elif not kind.accepts(value):
                self._refuse_content(name, value)
            elif kind.holds is not None:
                checks.append((places.get(name), name, kind.holds))
        return tuple(checks)

    def _refuse_content(self, name: str, value: Any) -> NoReturn:
        given = f"{type(value).__name__} of that content"
        _refuse(self.table, f"{name} is {self.table.columns[name].type}, not {given}")


def _merge_patch(row: _Mixed, values: Values) -> None:
    if row.upsert is not None:
        row.upsert.update(values)
    elif row.removed:
        return
    elif row.patch is not None:
        row.patch.update(values)
    elif values:
        row.patch = dict(values)


def _merge_upsert(table: Table, row: _Mixed, values: Values) -> None:
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
