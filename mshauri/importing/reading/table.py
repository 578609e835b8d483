"""Lines of cells as a table: which line has the headings, which are rows, and which are neither."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mshauri.importing.errors import RowError, row_error
from mshauri.importing.reading.shapes import is_a_note, is_a_number, is_a_total
from mshauri.importing.reading.text import folded, once, tidy

Line = tuple[int, list[str]]
"""A line of a file, by its number as a spreadsheet counts, and its cells."""
LOOKED_AT = 50
"""Lines among which the headings stand."""


class Why(StrEnum):
    """Why a line is no row of the list."""

    TOTAL = "TOTAL"
    HEADINGS = "HEADINGS"
    NOTE = "NOTE"
    BLANK = "BLANK"


@dataclass(frozen=True, slots=True)
class Left:
    """A line that was left out, and why."""

    row: int
    why: Why


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its headings, as it stands in the file and trimmed.

    Attributes:
        number: as a spreadsheet counts.
        cells: what each column says, without stray spaces.
        errors: what is wrong in a cell whatever its column takes; the cell is empty then.
    """

    number: int
    cells: dict[str, str]
    errors: tuple[RowError, ...] = ()

    def all_wrong(self, found: list[RowError]) -> list[RowError]:
        """Return these mistakes and the row's own: of one cell, only what is wrong first."""
        own = {error.column for error in self.errors}
        return [*self.errors, *(error for error in found if error.column not in own)]


@dataclass(slots=True)
class Sheet:
    """A file's rows, and what was found in reading them.

    Attributes:
        left: lines that are no rows: totals, notes, headings once more; blank ones are counted.
        titles: lines above the headings.
        read_as: the sheet of a workbook, or an encoding that is not the usual one.
    """

    headings: list[str]
    rows: list[Row] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    blank_rows: int = 0
    trimmed_cells: int = 0
    titles: int = 0
    read_as: str = ""


class NotATable(Exception):
    """The file cannot be read as a table at all; the sentence says why and what would help."""


def table_of(
    lines: Sequence[Line],
    wanted: Collection[str] = (),
    header_row: int | None = None,
    *,
    padded: bool = False,
) -> Sheet:
    """Return the headings and rows among lines.

    Args:
        wanted: headings that are looked for.
        header_row: the number of the line with the headings, if that is said.
        padded: lines are as long as the longest one: cells beyond the headings are nothing.

    Raises:
        NotATable: there are no headings, or one stands twice.
    """
    place = _said(lines, header_row) if header_row is not None else heading_line(lines, wanted)[0]
    headings = without_end([tidy(heading) for heading in lines[place][1]], 0)
    twice = {heading for heading in headings if heading and headings.count(heading) > 1}
    if twice:
        msg = (
            f"These headings stand more than once: {', '.join(sorted(twice))}. Rename or drop one."
        )
        raise NotATable(msg)
    sheet = Sheet(headings=[heading for heading in headings if heading])
    sheet.titles = sum(any(map(tidy, cells)) for _, cells in lines[:place])
    again = {folded(heading) for heading in headings if heading}
    for number, line in lines[place + 1 :]:
        _take(sheet, headings, again, number, line[: len(headings)] if padded else line, padded)
    return sheet


def _take(
    sheet: Sheet, headings: list[str], again: set[str], number: int, line: list[str], padded: bool
) -> None:
    cells = without_end(line, len(headings))
    tidied = [once(tidy(cell)) for cell in cells]
    said = [cell for cell in tidied if cell]
    if not said:
        sheet.blank_rows += 1
        return
    why = _why_left(said, again)
    if why is not None:
        sheet.left.append(Left(number, why))
        return
    if padded:
        cells = [*cells, *[""] * (len(headings) - len(cells))]
        tidied = [*tidied, *[""] * (len(headings) - len(tidied))]
    if len(cells) != len(headings):
        sheet.errors.append(
            row_error("WRONG_CELL_COUNT", number, "", "", cells=len(cells), asked=len(headings))
        )
        return
    if cells != tidied:
        sheet.trimmed_cells += sum(raw != clean for raw, clean in zip(cells, tidied, strict=True))
    named = zip(headings, tidied, strict=True)
    sheet.rows.append(Row(number, {heading: cell for heading, cell in named if heading}))


def _why_left(said: list[str], again: set[str]) -> Why | None:
    if len(said) > 1 and folded(said[0]) in again and all(folded(one) in again for one in said):
        return Why.HEADINGS
    if is_a_total(said):
        return Why.TOTAL
    if len(said) == 1 and len(again) > 2 and is_a_note(said[0]):
        return Why.NOTE
    return None


def heading_line(lines: Sequence[Line], wanted: Collection[str] = ()) -> tuple[int, int]:
    """Return the place of the line with the headings, and how many of those wanted it has.

    It is the line with the most of them; else the first one of words that is as wide as half of
    the widest.

    Raises:
        NotATable: no line can be it.
    """
    looked_for = {folded(one) for one in wanted}
    begin = [[tidy(cell) for cell in cells] for _, cells in lines[:LOOKED_AT]]
    fits = [sum(folded(cell) in looked_for for cell in cells if cell) for cells in begin]
    if any(fits):
        return fits.index(max(fits)), max(fits)
    width = max((_filled(cells) for cells in begin), default=0)
    for place, cells in enumerate(begin):
        words = any(cell and not is_a_number(cell) for cell in cells)
        if words and 2 * _filled(cells) >= width:
            return place, 0
    msg = "The first row holds no headings, nor does one after it. Name the columns in it."
    raise NotATable(msg)


def _filled(cells: Sequence[str]) -> int:
    return sum(map(bool, cells))


def _said(lines: Sequence[Line], header_row: int) -> int:
    for place, (number, cells) in enumerate(lines):
        if number == header_row and any(map(tidy, cells)):
            return place
    msg = f"Row {header_row} holds no headings. Say with --header-row which row does."
    raise NotATable(msg)


def without_end(cells: list[str], least: int) -> list[str]:
    """Return a row's cells without the empty ones beyond the headings."""
    last = len(cells)
    while last > least and not tidy(cells[last - 1]):
        last -= 1
    return cells[:last]
