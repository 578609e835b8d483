"""One reading of files for every list: CSV or XLSX, whatever stands around the rows.

files      a path → the rows in it
decoding   bytes → text, and which encoding they were in
separated  text with separators → lines of cells
workbook   an XLSX workbook → lines of cells
table      lines → headings and rows; what is no row of the list is left out and counted
nothing    words that stand for an empty cell, and what a spreadsheet broke
text       how cells are written: composed, trimmed, nothing invisible
"""

from mshauri.importing.reading.files import How, read_sheet, read_text
from mshauri.importing.reading.table import Left, NotATable, Row, Sheet, Why

__all__ = ["How", "Left", "NotATable", "Row", "Sheet", "Why", "read_sheet", "read_text"]
