"""Checks one row by its columns: what it says, or everything wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mshauri.importing.cells import all_nothing, read_cell, read_pairs
from mshauri.importing.columns import Column, Form
from mshauri.importing.days import BadCell
from mshauri.importing.errors import WAITS, RowError, row_error
from mshauri.importing.layout import Layout
from mshauri.importing.phones import first_phone
from mshauri.importing.reading.table import Row
from mshauri.importing.reading.text import folded
from mshauri.importing.whole_names import WHOLE_NAME, parted

WORDS = {"orgUnit": "place", "partly": "time of those there for a part", "present": "company"}
"""What a column is called in a sentence, where its name would not do."""

_ITS_OWN = frozenset({"code", "number", "name"})
"""Columns in which each row says something else."""


@dataclass(slots=True)
class Draft:
    """What one row says, as far as it could be read.

    Attributes:
        values: by our columns' names, in wire form; what is left empty is left out.
        cells: the same as it is written, for mistakes to show; nothing personal.
        warnings: what somebody should look at, though the row lands.
        kind: what it is of, where the rows of a list may be of several kinds.
    """

    row: int
    layout: Layout
    kind: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether nothing is wrong with it but that it names what is not there yet."""
        return bool(self.errors) and all(error.code in WAITS for error in self.errors)

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
    named = _names(row, layout)
    for column in layout.columns.values():
        if column.name == WHOLE_NAME:
            continue
        parts = _parts(row, layout, column)
        cell = named.get(column.name) or _cell(row, layout, column)
        if parts:
            _read_parts(draft, column, parts)
        elif cell:
            _read(draft, column, cell)
        elif column.required:
            draft.wrong(column.missing, column.name, means=column.means, kind=column.means)
    draft.errors = row.all_wrong(draft.errors)
    return draft


def _read(draft: Draft, column: Column, cell: str) -> None:
    layout = draft.layout
    if column.name == "phone":
        cell, more = first_phone(cell)
        if more:
            draft.warn("ONE_PHONE_KEPT", column.name)
    if column.form is Form.CODE:
        cell = cell.removeprefix("'")  # by which a spreadsheet keeps what looks like a number
    if not column.personal:
        draft.cells[column.name] = cell
    words = layout.words.get(column.name, {})
    ours = words.get(cell)
    if ours is None and words:
        like = folded(cell)
        ours = next((one for word, one in words.items() if folded(word) == like), None)
    if ours is None and column.name in layout.closed:
        draft.wrong("UNKNOWN_VALUE", column.name, known=", ".join(words))
        return
    said = cell if ours is None else ours
    before = layout.read_before.get((column.name, said))
    if before is not None:
        draft.values[column.name] = before
        return
    try:
        value = read_cell(column, said, layout.hand(column.name))
        draft.values[column.name] = value
        if column.name not in _ITS_OWN and isinstance(value, str | int | float):
            layout.read_before[column.name, said] = value
    except BadCell as bad:
        heading = layout.heading(column.name)
        draft.wrong(bad.code, column.name, None, **{**bad.params, "heading": heading})


def _names(row: Row, layout: Layout) -> dict[str, str]:
    """Return the parts of a whole name, by our columns."""
    heading, order = layout.headings.get(WHOLE_NAME), layout.mapping.names
    if heading is None or order is None or not row.cells[heading]:
        return {}
    return parted(row.cells[heading], order)


def _cell(row: Row, layout: Layout, column: Column) -> str:
    """Return what a row says in a column; the default where it says nothing."""
    heading = layout.headings.get(column.name)
    cell = row.cells[heading] if heading else ""
    if cell and column.many and all_nothing(column, cell, layout.hand(column.name)):
        cell = ""
    return cell or layout.defaults.get(column.name, "")


def _parts(row: Row, layout: Layout, column: Column) -> list[tuple[str, str, str]]:
    """Return the pairs that stand in columns of their own: heading, code and cell."""
    spread = layout.spread.get(column.name)
    if not spread:
        return []
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
