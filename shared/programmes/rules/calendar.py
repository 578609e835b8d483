"""Rules of the calendar: the zone exists, and the year begins on a day that every year has."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.contracts.definition import Definition
from shared.programmes.rules.broken import Broken


def calendar(definition: Definition) -> Iterator[Broken]:
    """Yield what is wrong with the programme's days."""
    said = definition.calendar
    try:
        ZoneInfo(said.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: `Africa` is a folder of zones
        yield (
            ("calendar", "zone"),
            f"There is no time zone {said.zone!r}",
            "Use an IANA name such as Africa/Kigali.",
        )
    month, day = map(int, said.fiscal_year_start.split("-"))
    try:
        date(2001, month, day)  # a common year: the fiscal year begins in every year
    except ValueError:
        yield (
            ("calendar", "fiscalYearStart"),
            f"{said.fiscal_year_start} is not a day of every year",
            "Give month and day, such as 10-01.",
        )
