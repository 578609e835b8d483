"""A figure, worked out: counted by one statement, its small cells hidden, its rows named."""

from typing import Any

from services.gateway.figures.frame.asked import Asked
from services.gateway.figures.frame.declared import Figure as Declared
from services.gateway.figures.frame.naming import Names, names
from services.gateway.figures.frame.statement import statement
from services.gateway.figures.small_cells import hide, hide_overlapping
from services.gateway.graphql.types.figure_answer import MOST_ROWS, Figure, FigureKey, FigureRow
from services.gateway.read.lists import cut_at
from services.gateway.read.loader import Reader
from shared.access.grants import Read


async def figure(reader: Reader, declared: Declared, asked: Asked, least: int) -> Figure[Any]:
    """Count what is in the reader's scope.

    Args:
        least: the lowest count that is shown.
    """
    text, binds = statement(declared, asked, reader.scopes[Read.FIGURES], MOST_ROWS + 1)
    total, *rows = [dict(row) for row in await reader.fetch(text, *binds)]
    shown = rows[:MOST_ROWS]
    hide(least, declared.measures, total, shown)
    hide_overlapping(least, declared.measures, total, shown)
    named = await names(reader, asked)
    return Figure(
        rows=cut_at(
            [
                FigureRow(keys=_keys(asked, row, named), values=_values(declared, row))
                for row in shown
            ],
            MOST_ROWS,
        ),
        cut=len(rows) > MOST_ROWS,
        total=_values(declared, total),
    )


def _values(declared: Declared, row: dict[str, Any]) -> Any:
    counts = {name: row[name] for name in declared.values}
    return declared.shape(**counts, suppressed=row["suppressed"])


def _keys(asked: Asked, row: dict[str, Any], named: Names) -> list[FigureKey]:
    return [
        FigureKey(by=by, key=key, label=row[f"label_{n}"] or named.of(by, key))
        for n, by in enumerate(asked.by)
        for key in (row[f"key_{n}"],)
    ]
