"""Several values in one cell, by whichever of the usual separators a list has."""

import re

from mshauri.importing.columns import Column, Form

_HARD = re.compile(r"\s*[;\n|؛]\s*")
_SOFT = re.compile(r"\s*[,،、&+]\s*|\s+/\s+|\s+(?:and|et|na|und|e)\s+", re.IGNORECASE)
_WITHIN = re.compile(r"/")


def parts_of(column: Column, cell: str, separator: str | None = None) -> list[str]:
    """Return the values in a cell.

    `;`, `|` and new lines part whatever there is; what parts codes and words besides (a comma, `/`
    between spaces, *and*) parts no sentences: there it belongs to the text.
    """
    if separator is not None:
        found = cell.split(separator)
    elif _HARD.search(cell):
        found = _HARD.split(cell)
    elif column.pair:
        found = _pairs(cell)
    elif column.form in (Form.CODE, Form.CHOICE) or column.plain:
        found = _SOFT.split(cell)
        if column.form is Form.CHOICE or column.plain:
            found = [part for one in found for part in _WITHIN.split(one)]
    else:
        found = [cell]
    return [part.strip() for part in found if part.strip()]


def _pairs(cell: str) -> list[str]:
    """Return pairs parted by commas, if each of them is one: a value may have a comma itself."""
    soft = re.split(r"\s*,\s*", cell)
    return soft if all("=" in part for part in soft) else [cell]
