"""What stands in a cell for nothing at all, and what a spreadsheet leaves where it failed."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from mshauri.importing.errors import row_error
from mshauri.importing.reading.table import Row, Sheet
from mshauri.importing.reading.text import folded

NOTHING: tuple[str, ...] = (
    *("N/A", "#N/A", "#N/D", "#NV", "NULL", "None", "nil", "NaN", "missing", "blank", "empty"),
    *("not available", "not applicable", "not known", "not stated", "not given", "unknown"),
    *("no data", "undefined", "TBD", "TBC", "to be determined", "to be confirmed"),
    *("néant", "non disponible", "sans objet", "inconnu", "haijulikani"),
    *("-", "–", "—", "_", ".", "…", "?", "!", "*", "/", "\\", "~", "'", '"', "()", "[]", "<>"),
)
"""Words that are empty cells, whatever their case, their dots and the signs around them, unless a
mapping says others (`empty`)."""

_AROUND = " ?!.…,;:*()[]<>{}'\"`´~_-–—/\\"
_WITHIN = re.compile(r"[\s./\\_-]+")
_BROKEN = re.compile(r"#[¡¿]?[^\W\d_][\w/.]*[!?]|#{2,}|#(GETTING_DATA|SPILL|BUSY)|Err:\d{3}", re.I)


@lru_cache(maxsize=50_000)
def bare(word: str) -> str:
    """Return what words for nothing have in common: `n.a.`, `N/A` and `(NA?)` are one."""
    low = folded(word)
    core = low.strip(_AROUND)
    # Of signs alone, what counts is which: `--` is `-`.
    return _WITHIN.sub("", core) if core else "".join(sorted(set(low.replace(" ", ""))))


def bare_words(words: Iterable[str]) -> frozenset[str]:
    """Return words for nothing as `is_nothing` compares them."""
    return frozenset(map(bare, words))


NOTHING_BARE = bare_words(NOTHING)


def is_nothing(cell: str, words: frozenset[str]) -> bool:
    """Say whether a cell is empty, or holds one of these words."""
    return not cell or bare(cell) in words


def is_broken(cell: str) -> bool:
    """Say whether a cell holds what a spreadsheet writes where a formula failed: `#REF!`."""
    return bool(_BROKEN.fullmatch(cell))


def emptied(sheet: Sheet, words: frozenset[str], read: Mapping[str, Container[str]]) -> Sheet:
    """Return a sheet with empty cells where words stand for nothing.

    Args:
        words: those words, bare.
        read: the headings that are read, and of each the words that a mapping knows: they stay.
    """
    rows = []
    blank = sheet.blank_rows
    for row in sheet.rows:
        clean = _emptied(row, words, read)
        if not clean.errors and not any(clean.cells.values()):
            blank += 1
        else:
            rows.append(clean)
    return replace(sheet, rows=rows, blank_rows=blank)


def _emptied(row: Row, words: frozenset[str], read: Mapping[str, Container[str]]) -> Row:
    cells = dict(row.cells)
    errors = []
    for heading, cell in row.cells.items():
        if not cell or cell in read.get(heading, ()):
            continue
        if bare(cell) in words:
            cells[heading] = ""
        elif heading in read and is_broken(cell):
            errors.append(row_error("SPREADSHEET_ERROR", row.number, heading, cell))
            cells[heading] = ""
    return replace(row, cells=cells, errors=tuple(errors))
