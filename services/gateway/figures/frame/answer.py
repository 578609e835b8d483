"""A figure, worked out: counted by one statement, its small cells hidden, its rows named."""

from datetime import date, timedelta
from typing import Any

import msgspec

from services.gateway.figures.calendars import Calendar
from services.gateway.figures.frame.asked import Asked, FigureBy
from services.gateway.figures.frame.declared import Figure as Declared
from services.gateway.figures.frame.statement import statement
from services.gateway.figures.small_cells import hide, hide_overlapping
from services.gateway.graphql.types.figure_answer import MOST_ROWS, Figure, FigureKey, FigureRow
from services.gateway.projections import PROGRAMME_VERSION
from services.gateway.read.lists import cut_at
from services.gateway.read.loader import Reader
from shared.access.grants import Read

_AREAS = """
SELECT v.definition -> 'areas' AS areas
  FROM "{version}" v WHERE v.programme = $1 ORDER BY v.version
"""


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
    areas = await _areas(reader, asked)
    return Figure(
        rows=cut_at(
            [
                FigureRow(
                    keys=[
                        FigureKey(
                            by=by,
                            key=row[f"key_{n}"],
                            label=row[f"label_{n}"] or _label(by, row[f"key_{n}"], asked, areas),
                        )
                        for n, by in enumerate(asked.by)
                    ],
                    values=_values(declared, row),
                )
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


def _label(by: FigureBy, key: str | None, asked: Asked, areas: dict[str, str]) -> str | None:
    if key is None:
        return None
    if by is FigureBy.AREA:
        return areas.get(key)
    if by in (FigureBy.QUARTER, FigureBy.FISCAL_YEAR):
        year, _, quarter = key.partition("-Q")
        return "/".join(map(str, _days(asked, int(year), int(quarter or 0))))
    return None


def _days(asked: Asked, year: int, quarter: int) -> tuple[date, date]:
    """Return the first and the last day of a fiscal year, or of one of its quarters."""
    month, first = asked.year_starts
    begins, next_begins = Calendar(fiscal_year_start=f"{month:02}-{first:02}").year(year)
    if quarter:
        starts = [_months_on(begins, 3 * n, first) for n in range(4)] + [next_begins]
        begins, next_begins = starts[quarter - 1], starts[quarter]
    return begins, next_begins - timedelta(days=1)


def _months_on(day: date, months: int, first: int) -> date:
    # As the statement has it: so many days from the first of a month on.
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1) + timedelta(days=first - 1)


async def _areas(reader: Reader, asked: Asked) -> dict[str, str]:
    """Return what the areas of the programme are called; of several programmes, nothing."""
    if FigureBy.AREA not in asked.by or asked.programme is None:
        return {}
    if not reader.scopes[Read.CATALOGUE].parts:
        return {}
    found = await reader.fetch(_AREAS.format(version=PROGRAMME_VERSION.physical), asked.programme)
    # Later versions overwrite the names of earlier ones.
    return {
        area["code"]: area["name"]
        for row in found
        for area in msgspec.json.decode(row["areas"] or "[]")
    }
