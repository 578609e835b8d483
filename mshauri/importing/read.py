"""Reads the rows of a CSV file as people make them: with stray spaces, blank rows and odd signs."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from pathlib import Path

from mshauri.importing.errors import RowError, row_error
from mshauri.importing.text import tidy


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its headings, as it stands in the file and trimmed.

    Attributes:
        number: as a spreadsheet counts: the headings are row 1.
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
    """A file's rows, and what was found in reading them."""

    headings: list[str]
    rows: list[Row] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    blank_rows: int = 0
    trimmed_cells: int = 0


class NotATable(Exception):
    """The file cannot be read as a table at all; the sentence says why and what would help."""


def read_sheet(path: Path) -> Sheet:
    """Return the rows of a CSV file.

    Raises:
        NotATable: it is no UTF-8 text, has no headings, or names one twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="strict")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        msg = f"Line {line} is not UTF-8 text. Save the file as CSV UTF-8 and try again."
        raise NotATable(msg) from error
    return read_text(text)


def read_text(text: str) -> Sheet:
    """Return the rows of a CSV text: see `read_sheet`."""
    if "\x00" in text:
        msg = "The file holds NUL bytes. Save it as CSV UTF-8, not as a workbook, and try again."
        raise NotATable(msg)
    # A program that writes a mark does not look whether there is one already.
    text = text.lstrip("\ufeff")
    told = _SEPARATOR_TOLD.match(text)
    if told:
        text = text[told.end() :]
    # strict: a quote that never closes is an error with its line, not one enormous cell.
    separator = told[1] if told else _separator(text)
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _sheet(lines)
    except csv.Error as error:
        msg = f"Line {lines.line_num} cannot be read: {error}. Check the quotes there."
        raise NotATable(msg) from error


_SEPARATOR_TOLD = re.compile(r'"?sep=([,;\t|])"?[,;\t| ]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
"""The first line by which spreadsheets tell each other what separates cells; no row of the list."""
_LOOKED_AT = 20
"""Rows that show what separates cells."""


def _separator(text: str) -> str:
    """Return what separates cells: spreadsheets of half the world write semicolons.

    What stands between quotes separates nothing; of two signs, it is the one that gives rows as
    many cells as there are headings.
    """
    return max(",;\t", key=lambda sign: _fit(text, sign))


def _fit(text: str, separator: str) -> tuple[int, int]:
    headings = 0
    fitting = 0
    try:
        lines = csv.reader(StringIO(text, newline=""), delimiter=separator)
        headings = len(next(lines, []))
        for cells in islice(filter(any, lines), _LOOKED_AT):
            fitting += headings > 1 and len(_without_end(cells, headings)) == headings
    except csv.Error:
        pass
    return fitting, headings


def _without_end(cells: list[str], least: int) -> list[str]:
    """Return a row's cells without the empty ones beyond the headings."""
    last = len(cells)
    while last > least and not tidy(cells[last - 1]):
        last -= 1
    return cells[:last]


def _sheet(lines: Iterator[list[str]]) -> Sheet:
    headings = _without_end([tidy(heading) for heading in next(lines, [])], 0)
    if not headings:
        msg = "The first row holds no headings. Name the columns in it."
        raise NotATable(msg)
    twice = {heading for heading in headings if heading and headings.count(heading) > 1}
    if twice:
        msg = (
            f"These headings stand more than once: {', '.join(sorted(twice))}. Rename or drop one."
        )
        raise NotATable(msg)
    sheet = Sheet(headings=[heading for heading in headings if heading])
    for number, line in enumerate(lines, start=2):
        cells = _without_end(line, len(headings))
        tidied = [tidy(cell) for cell in cells]
        if not any(tidied):
            sheet.blank_rows += 1
            continue
        if len(cells) != len(headings):
            sheet.errors.append(
                row_error("WRONG_CELL_COUNT", number, "", "", cells=len(cells), asked=len(headings))
            )
            continue
        sheet.trimmed_cells += sum(raw != clean for raw, clean in zip(cells, tidied, strict=True))
        named = zip(headings, tidied, strict=True)
        sheet.rows.append(Row(number, {heading: cell for heading, cell in named if heading}))
    return sheet
