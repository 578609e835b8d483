"""The sheets of an XLSX workbook as lines of cells: what each cell shows, as a list would write it.

Dates are days; a number is written as it was typed, with the zeros its format shows in front; a
merged cell that goes down over rows says the same in each.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from mshauri.importing.reading.table import Line, NotATable

_ZEROS = re.compile(r"0+")
"""A number format that shows so many digits, with zeros in front."""


def sheets_of(content: bytes) -> dict[str, list[Line]]:
    """Return the lines of every sheet that is not hidden, by the sheets' names.

    Raises:
        NotATable: it is no workbook.
    """
    try:
        with catch_warnings():
            simplefilter("ignore")  # of styles and controls that are no cells
            book = load_workbook(BytesIO(content), data_only=True)
    except (BadZipFile, KeyError, ValueError, TypeError, OSError, EOFError) as error:
        msg = "The workbook cannot be read: it is damaged or protected. Save it as XLSX anew."
        raise NotATable(msg) from error
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return {sheet.title: list(_lines(sheet)) for sheet in seen}


def _lines(sheet: Worksheet) -> Iterator[Line]:
    filled = {
        (row, merged.min_col): (merged.min_row, merged.min_col)
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row + 1, merged.max_row + 1)
    }
    above: dict[tuple[int, int], str] = {}
    begins = set(filled.values())
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = []
        for column, cell in enumerate(row, start=1):
            place = filled.get((number, column))
            shown = above[place] if place is not None else _shown(cell)
            if (number, column) in begins:
                above[number, column] = shown
            cells.append(shown)
        if any(cells):
            yield number, cells


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, cell)
    return _moment(value)


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number(value: float, cell: Cell) -> str:
    if value != int(value):
        return format(value, ".15g")  # as many digits as a spreadsheet keeps
    whole = str(int(value))
    shown = cell.number_format or ""
    return whole.zfill(len(shown)) if _ZEROS.fullmatch(shown) else whole
