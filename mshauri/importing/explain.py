"""What a partner needs to make a list: its headings, and what each column takes."""

import csv
from io import StringIO

from rich.markup import escape
from rich.table import Table

from mshauri.importing.columns import Column
from mshauri.importing.kinds import Kind


def template(kind: Kind) -> str:
    """Return an empty list: its headings in the first row, and nothing else to be deleted."""
    text = StringIO()
    csv.writer(text).writerow(kind.columns)
    return text.getvalue()


def columns_table(kind: Kind) -> Table:
    """Return every column of a kind's list as a person reads it."""
    table = Table(title=f"Columns of {kind.name}: one {kind.record} a row", title_justify="left")
    for heading in ("column", "must be there", "written as", "meaning", "for example"):
        table.add_column(heading, overflow="fold")
    for column in kind.columns.values():
        name = column.name + (f"\nor {column.spread}…" if column.spread else "")
        means = column.means + (" Personal." if column.personal else "")
        table.add_row(
            escape(name),
            _asked(kind, column),
            escape(column.written),
            escape(means),
            escape(column.example),
        )
    return table


def _asked(kind: Kind, column: Column) -> str:
    if column.name in kind.optional:
        return "for a new number"
    return "yes" if column.required else ""
