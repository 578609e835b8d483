"""Text with separators as lines of cells: commas, semicolons or tabs, whichever fits."""

import csv
import re
from collections.abc import Collection
from io import StringIO
from itertools import islice

from mshauri.importing.reading.table import LOOKED_AT, Line, NotATable, without_end
from mshauri.importing.reading.text import folded, tidy

_SEPARATOR_TOLD = re.compile(r'"?sep=([,;\t|])"?[,;\t| ]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
"""The first line by which spreadsheets tell each other what separates cells; no row of the list."""
_BEGIN = 500_000
"""Characters in which they stand."""
_LOOKED_AT = 20
"""Rows that show what separates cells."""


def lines_of(text: str, wanted: Collection[str] = ()) -> list[Line]:
    """Return the lines of a text.

    Args:
        wanted: headings that are looked for: what separates them separates cells.

    Raises:
        NotATable: it is none of cells.
    """
    if "\x00" in text:
        msg = "The file holds NUL bytes. Save it as CSV UTF-8 or as XLSX, and try again."
        raise NotATable(msg)
    # A program that writes a mark does not look whether there is one already.
    text = text.lstrip("\ufeff")
    told = _SEPARATOR_TOLD.match(text)
    if told:
        text = text[told.end() :]
    # strict: a quote that never closes is an error with its line, not one enormous cell.
    separator = told[1] if told else _separator(text, {folded(one) for one in wanted})
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(enumerate(lines, start=1))
    except csv.Error as error:
        msg = f"Line {lines.line_num} cannot be read: {error}. Check the quotes there."
        raise NotATable(msg) from error


def _separator(text: str, wanted: set[str]) -> str:
    """Return what separates cells: spreadsheets of half the world write semicolons.

    What stands between quotes separates nothing. Of two signs, it is the one that parts more of the
    headings looked for; else the one that gives rows as many cells as there are headings. Where
    both do, it is the one that parts the higher line: the other one parts values in a cell.
    """
    begin = text[:_BEGIN]
    return max(",;\t", key=lambda sign: _fit(begin, sign, wanted))


def _fit(text: str, separator: str, wanted: set[str]) -> tuple[int, int, int, int]:
    known = fitting = headings = place = 0
    try:
        lines = csv.reader(StringIO(text, newline=""), delimiter=separator)
        for cells in islice(lines, LOOKED_AT):
            # A title above the headings is one cell.
            if len(cells) < 2:
                place += not headings
                continue
            headings = headings or len(cells)
            known = max(known, sum(folded(tidy(cell)) in wanted for cell in cells))
        lines = csv.reader(StringIO(text, newline=""), delimiter=separator)
        for cells in islice(filter(any, islice(lines, place + 1, None)), _LOOKED_AT):
            fitting += headings > 1 and len(without_end(cells, headings)) == headings
    except csv.Error:
        pass
    return known, fitting, -place, headings
