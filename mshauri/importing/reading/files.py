"""Reads the rows of a file: an XLSX workbook, or text with separators."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from mshauri.importing.reading.decoding import decoded
from mshauri.importing.reading.separated import lines_of
from mshauri.importing.reading.table import Line, NotATable, Sheet, heading_line, table_of

WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How a workbook begins, whatever its file is called."""


@dataclass(frozen=True, slots=True)
class How:
    """How a file is to be read, where that is said.

    Attributes:
        wanted: the headings that are looked for: they tell the row of headings, and the sheet.
        sheet: the workbook's sheet, by its name.
        header_row: the row of headings, as a spreadsheet counts.
        encoding: that of a text.
    """

    wanted: Collection[str] = ()
    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None


def read_sheet(path: Path, how: How | None = None) -> Sheet:
    """Return the rows of a file.

    Raises:
        NotATable: they cannot be read; the sentence says why and what would help.
    """
    how = how or How()
    content = path.read_bytes()
    if content.startswith(OLD_WORKBOOK):
        msg = "This is a workbook of the old kind (XLS), or a protected one. Save it as XLSX."
        raise NotATable(msg)
    if content.startswith(WORKBOOK):
        # Loaded where there is a workbook: it takes as long as everything else of this together.
        from mshauri.importing.reading.workbook import sheets_of

        name, lines = _one(sheets_of(content), how)
        sheet = table_of(lines, how.wanted, how.header_row, padded=True)
        sheet.read_as = f"sheet {name!r}"
        return sheet
    if how.sheet is not None:
        msg = f"Only a workbook has a sheet {how.sheet!r}; this is a text. Leave --sheet out."
        raise NotATable(msg)
    text, encoding = decoded(content, how.encoding)
    sheet = read_text(text, how)
    sheet.read_as = "" if encoding == "UTF-8" else encoding
    return sheet


def read_text(text: str, how: How | None = None) -> Sheet:
    """Return the rows of a text with separators: see `read_sheet`."""
    how = how or How()
    return table_of(lines_of(text, how.wanted), how.wanted, how.header_row)


def _one(sheets: dict[str, list[Line]], how: How) -> tuple[str, list[Line]]:
    """Return the sheet that is meant: the one named, the only one, or the only one that fits."""
    if how.sheet is not None:
        found = [name for name in sheets if name.casefold() == how.sheet.casefold()]
        if not found:
            msg = f"The workbook has no sheet {how.sheet!r}. Its sheets: {', '.join(sheets)}."
            raise NotATable(msg)
        return found[0], sheets[found[0]]
    filled = {name: lines for name, lines in sheets.items() if lines}
    if len(filled) > 1:
        fits = {name: heading_line(lines, how.wanted)[1] for name, lines in filled.items()}
        most = max(fits.values())
        best = [name for name, fit in fits.items() if fit == most]
        if len(best) > 1:
            msg = f"Several sheets may be meant: {', '.join(best)}. Name one as --sheet."
            raise NotATable(msg)
        return best[0], filled[best[0]]
    for name, lines in filled.items():
        return name, lines
    raise NotATable("The workbook is empty: no sheet has a row of headings.")
