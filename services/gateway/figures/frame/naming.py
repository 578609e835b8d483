"""What the keys of a figure's rows are called, where that stands in what was published."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from services.gateway.figures.frame.asked import Asked, FigureBy
from services.gateway.projections import FRAMEWORK, PROGRAMME_VERSION
from services.gateway.read.loader import Reader
from shared.access.grants import Read
from shared.programmes.calendar import year_days

_OF_PROGRAMME = """
SELECT v.definition -> 'areas' AS areas, v.definition -> 'indicators' AS indicators
  FROM "{version}" v WHERE v.programme = $1 ORDER BY v.version
"""
_OF_FRAMEWORKS = """
SELECT f.competencies FROM "{framework}" f ORDER BY f.code, f.framework_version
"""
_IN_PROGRAMMES = frozenset({FigureBy.AREA, FigureBy.ASSOCIATION, FigureBy.INDICATOR})
_IN_FRAMEWORKS = frozenset({FigureBy.COMPETENCY, FigureBy.ITEM})


@dataclass(frozen=True, slots=True)
class Names:
    """What keys are called, by dimension; later versions overwrite the names of earlier ones."""

    asked: Asked
    known: dict[FigureBy, dict[str, str]] = field(default_factory=dict)

    def of(self, by: FigureBy, key: str | None) -> str | None:
        """Return what a key is called; None where that is not known, or it has no other name."""
        if key is None:
            return None
        if by in (FigureBy.QUARTER, FigureBy.FISCAL_YEAR):
            year, _, quarter = key.partition("-Q")
            return "/".join(map(str, _days(self.asked, int(year), int(quarter or 0))))
        return self.known.get(by, {}).get(key)

    def name(self, by: FigureBy, key: str | None, name: str | None) -> None:
        """Know what a key is called."""
        if key is not None and name is not None:
            self.known.setdefault(by, {})[key] = name


async def names(reader: Reader, asked: Asked) -> Names:
    """Return the names of what is asked for; those of areas and indicators are a programme's."""
    named = Names(asked)
    if not reader.scopes[Read.CATALOGUE].parts:
        return named
    if asked.programme is not None and not _IN_PROGRAMMES.isdisjoint(asked.by):
        text = _OF_PROGRAMME.format(version=PROGRAMME_VERSION.physical)
        for row in await reader.fetch(text, asked.programme):
            for area in _read(row["areas"]):
                named.name(FigureBy.AREA, area["code"], area["name"])
                association = area.get("association"), area.get("associationName")
                named.name(FigureBy.ASSOCIATION, *association)
            for each in _read(row["indicators"]):
                named.name(FigureBy.INDICATOR, each["code"], each["name"])
    if not _IN_FRAMEWORKS.isdisjoint(asked.by):
        for row in await reader.fetch(_OF_FRAMEWORKS.format(framework=FRAMEWORK.physical)):
            for each in _read(row["competencies"]):
                named.name(FigureBy.COMPETENCY, each["code"], each["name"])
                for item in each["checklist"]:
                    named.name(FigureBy.ITEM, f"{each['code']}/{item['code']}", item["text"])
    return named


def _read(text: str | None) -> list[Any]:
    found: list[Any] = msgspec.json.decode(text) if text else []
    return found or []


def _days(asked: Asked, year: int, quarter: int) -> tuple[date, date]:
    """Return the first and the last day of a fiscal year, or of one of its quarters."""
    month, first = asked.year_starts
    return year_days(f"{month:02}-{first:02}", year, quarter or None)
