"""Text with separators as lines of cells: commas, semicolons or tabs, whichever fits."""

import csv
import re
from io import StringIO
from itertools import islice

from mshauri.importing.reading.table import Line, NotATable, without_end

_SEPARATOR_TOLD = re.compile(r'"?sep=([,;\t|])"?[,;\t| ]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
"""The first line by which spreadsheets tell each other what separates cells; no row of the list."""
_LOOKED_AT = 20
"""Rows that show what separates cells."""


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text.

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
    separator = told[1] if told else _separator(text)
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(enumerate(lines, start=1))
    except csv.Error as error:
        msg = f"Line {lines.line_num} cannot be read: {error}. Check the quotes there."
        raise NotATable(msg) from error


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
        # A title above the headings is one cell.
        headings = next((len(cells) for cells in islice(lines, _LOOKED_AT) if len(cells) > 1), 0)
        for cells in islice(filter(any, lines), _LOOKED_AT):
            fitting += headings > 1 and len(without_end(cells, headings)) == headings
    except csv.Error:
        pass
    return fitting, headings
