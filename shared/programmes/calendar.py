"""A programme's calendar: which of its years a day falls in, and which days a year has."""

from datetime import date, timedelta

from shared.contracts.definition import Definition


def fiscal_year(definition: Definition, day: date) -> int:
    """Return the programme's fiscal year that a day falls in, named by the year it ends in."""
    month, first = map(int, definition.calendar.fiscal_year_start.split("-"))
    begins_that_year = (day.month, day.day) >= (month, first)
    return day.year + (1 if begins_that_year and (month, first) != (1, 1) else 0)


def year_days(starts: str, ends_in: int, quarter: int | None = None) -> tuple[date, date]:
    """Return the first and the last day of a fiscal year, or of one of its quarters.

    Args:
        starts: the month and the day on which years begin: `10-01`.
        quarter: 1 to 4; None: the whole year.
    """
    month, first = map(int, starts.split("-"))
    begins = date(ends_in if (month, first) == (1, 1) else ends_in - 1, month, first)
    months = (3 * quarter - 3, 3 * quarter) if quarter else (0, 12)
    since, before = (_months_on(begins, many, first) for many in months)
    return since, before - timedelta(days=1)


def _months_on(day: date, months: int, first: int) -> date:
    # So many days from the first of a month on, whatever day years begin on.
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1) + timedelta(days=first - 1)
