"""Read models in memory: what PostgreSQL would hold once the changes of folds were carried out."""

from collections.abc import Iterable
from typing import Any

from shared.projection import Change, Delete, Happening, Patch, Projection
from shared.projection.batch import Batch

Row = dict[str, Any]


class Rows:
    """Tables of rows, changed one change at a time."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[tuple[Any, ...], Row]] = {}

    def happen(self, projections: Iterable[Projection], happening: Happening) -> None:
        """Carry out what an event changes; refuse what the engine would refuse.

        Raises:
            ImpossibleChange: the table cannot hold it.
        """
        for projection in projections:
            changes = list(projection.changes(happening))
            Batch().add(changes)
            for change in changes:
                self._carry_out(change)

    def of(self, table: str) -> list[Row]:
        """Return a table's rows, in the order of their keys."""
        return [row for _, row in sorted(self.tables.get(table, {}).items(), key=_by_text)]

    def _carry_out(self, change: Change) -> None:
        rows = self.tables.setdefault(change.table.name, {})
        if isinstance(change, Delete):
            rows.pop(change.key, None)
            return
        if change.key not in rows:
            if isinstance(change, Patch):
                return
            rows[change.key] = dict.fromkeys(change.table.columns) | dict(
                zip(change.table.key, change.key, strict=True)
            )
        rows[change.key].update(change.values)


def _by_text(item: tuple[tuple[Any, ...], Row]) -> str:
    return str(item[0])
