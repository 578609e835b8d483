"""Reads the rows of a CSV file as people make them: with stray spaces, blank rows and odd signs."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from mshauri.importing.errors import RowError, row_error


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its headings, as it stands in the file and trimmed.

    Attributes:
        number: as a spreadsheet counts: the headings are row 1.
        cells: what each column says, without stray spaces.
    """

    number: int
    cells: dict[str, str]


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
    # strict: a quote that never closes is an error with its line, not one enormous cell.
    lines = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return _sheet(lines)
    except csv.Error as error:
        msg = f"Line {lines.line_num} cannot be read: {error}. Check the quotes there."
        raise NotATable(msg) from error


def _delimiter(text: str) -> str:
    """Return what separates the headings: spreadsheets of half the world write semicolons."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _sheet(lines: Iterator[list[str]]) -> Sheet:
    headings = [tidy(heading) for heading in next(lines, [])]
    if not any(headings):
        msg = "The first row holds no headings. Name the columns in it."
        raise NotATable(msg)
    twice = {heading for heading in headings if heading and headings.count(heading) > 1}
    if twice:
        msg = (
            f"These headings stand more than once: {', '.join(sorted(twice))}. Rename or drop one."
        )
        raise NotATable(msg)
    sheet = Sheet(headings=[heading for heading in headings if heading])
    for number, cells in enumerate(lines, start=2):
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


def tidy(cell: str) -> str:
    """Return a cell without spaces around it and without doubled ones within."""
    return " ".join(cell.split())
