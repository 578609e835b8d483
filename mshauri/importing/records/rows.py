"""Checks one row by its columns: what it says, or everything wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mshauri.importing.errors import RowError, row_error
from mshauri.importing.read import Row
from mshauri.importing.records.cells import BadCell, all_nothing, read_cell, read_pairs
from mshauri.importing.records.columns import Column
from mshauri.importing.records.headings import Layout

WORDS = {"orgUnit": "place", "partly": "time of those there for a part", "present": "company"}
"""What a column is called in a sentence, where its name would not do."""


@dataclass(slots=True)
class Draft:
    """What one row says, as far as it could be read.

    Attributes:
        values: by our columns' names, in wire form; what is left empty is left out.
        cells: the same as it is written, for mistakes to show; nothing personal.
        warnings: what somebody should look at, though the row lands.
    """

    row: int
    layout: Layout
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    def wrong(self, code: str, column: str, value: str | None = None, **params: object) -> None:
        """Note a mistake in a column, with what stands there."""
        heading = self.layout.heading(column)
        shown = self.cells.get(column, "") if value is None else value
        self.errors.append(row_error(code, self.row, heading, shown, **params))

    def warn(self, code: str, column: str, **params: object) -> None:
        """Note what somebody should look at in a column, though the row lands."""
        heading, shown = self.layout.heading(column), self.cells.get(column, "")
        self.warnings.append(row_error(code, self.row, heading, shown, **params))

    def stands_otherwise(self, column: str, change: str = "", *, update: bool = False) -> None:
        """Note that the row says something else than what stands.

        Args:
            change: the command that changes it, if one does.
            update: so does `--update`.
        """
        says = "" if change else "STANDS_OTHERWISE_FOR_GOOD"
        says = "STANDS_OTHERWISE_UPDATE" if update else says
        what = WORDS.get(column, column)
        heading, shown = self.layout.heading(column), self.cells.get(column, "")
        self.errors.append(
            row_error(
                "STANDS_OTHERWISE", self.row, heading, shown, says, differs=what, change=change
            )
        )

    def differs_in_any(self, column: str, stands: Mapping[str, Any]) -> bool:
        """Say whether a column of several values has others than stand; empty, it says nothing."""
        ours = self.values.get(column) or ()
        return bool(ours) and column in stands and set(ours) != set(stands[column])

    def refused(self, code: str, field: str | None, problem: str, remedy: str | None) -> RowError:
        """Return the mistake that the API found, at the column of the field that it names."""
        head = (field or "").partition(".")[0].partition("[")[0]
        columns = self.layout.columns.values()
        column = next((one for one in columns if head and head in (one.field, one.name)), None)
        return RowError(
            self.row,
            self.layout.heading(column.name) if column else head,
            code,
            self.cells.get(column.name, "") if column else "",
            problem.removesuffix("."),
            remedy or "",
        )

    def text(self, column: str) -> str:
        """Return what a column of one code or one day says; empty if nothing."""
        return str(self.values.get(column, ""))


def check_row(row: Row, layout: Layout) -> Draft:
    """Read a row; `errors` of the draft holds every mistake in it."""
    draft = Draft(row.number, layout)
    for column in layout.columns.values():
        parts = _parts(row, layout, column)
        cell = _cell(row, layout, column)
        if parts:
            _read_parts(draft, column, parts)
        elif cell:
            if not column.personal:
                draft.cells[column.name] = cell
            try:
                draft.values[column.name] = read_cell(column, cell, layout.empty)
            except BadCell as bad:
                draft.wrong(bad.code, column.name, None, **bad.params)
        elif column.required:
            draft.wrong("MISSING_VALUE", column.name, means=column.means)
    draft.errors = row.all_wrong(draft.errors)
    return draft


def _cell(row: Row, layout: Layout, column: Column) -> str:
    """Return what a row says in a column, in our words; the default where it says nothing."""
    heading = layout.headings.get(column.name)
    cell = row.cells[heading] if heading else ""
    if column.many and all_nothing(cell, layout.empty):
        cell = ""
    cell = cell or layout.defaults.get(column.name, "")
    return layout.words.get(column.name, {}).get(cell, cell)


def _parts(row: Row, layout: Layout, column: Column) -> list[tuple[str, str, str]]:
    """Return the pairs that stand in columns of their own: heading, code and cell."""
    spread = layout.spread.get(column.name, {})
    cells = ((heading, code, row.cells[heading]) for code, heading in spread.items())
    return [one for one in cells if one[2]]


def _read_parts(draft: Draft, column: Column, parts: list[tuple[str, str, str]]) -> None:
    read = []
    for heading, code, cell in parts:
        try:
            read += read_pairs(column, [(code, cell)])
        except BadCell as bad:
            shown = "" if column.personal else cell
            draft.errors.append(row_error(bad.code, draft.row, heading, shown, **bad.params))
    draft.values[column.name] = read
