"""The calendar of a programme: which day it is there, and when its years begin."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.gateway.clock import now
from services.gateway.projections import PROGRAMME_VERSION
from services.gateway.read.loader import Reader

_CALENDAR = """
SELECT v.definition -> 'calendar' ->> 'zone' AS zone,
       v.definition -> 'calendar' ->> 'fiscalYearStart' AS fiscal_year_start
  FROM "{version}" v WHERE v.programme = $1 ORDER BY v.version DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A programme's time zone, and the month and day (`10-01`) on which its year begins."""

    zone: str = "UTC"
    fiscal_year_start: str = "01-01"

    def year(self, ends_in: int) -> tuple[date, date]:
        """Return the first day of a fiscal year, and the first day after it."""
        month, first = map(int, self.fiscal_year_start.split("-"))
        begins_in = ends_in if (month, first) == (1, 1) else ends_in - 1
        return date(begins_in, month, first), date(begins_in + 1, month, first)

    def days(self, ends_in: int) -> tuple[date, date]:
        """Return the first and the last day of a fiscal year."""
        first, following = self.year(ends_in)
        return first, following - timedelta(days=1)

    def day(self, at: datetime) -> date:
        """Return the day that it is there at an instant."""
        return at.astimezone(ZoneInfo(self.zone)).date()


async def calendar_of(reader: Reader, programme: str) -> Calendar:
    """Return the calendar of a programme's newest version; that of UTC where there is none."""
    found = await reader.fetch(_CALENDAR.format(version=PROGRAMME_VERSION.physical), programme)
    told = {name: value for row in found for name, value in row.items() if value is not None}
    return Calendar(**told)


async def today_in(reader: Reader, programme: str) -> date:
    """Return the day that it is where a programme is."""
    return (await calendar_of(reader, programme)).day(now())
