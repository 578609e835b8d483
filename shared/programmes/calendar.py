"""A programme's calendar: which of its years a day falls in, which period of the year."""

from datetime import date, timedelta

from shared.contracts.definition import Definition
from shared.contracts.definition.visits import Period


def fiscal_year(definition: Definition, day: date) -> int:
    """Return the programme's fiscal year that a day falls in, named by the year it ends in."""
    month, first = map(int, definition.calendar.fiscal_year_start.split("-"))
    begins_that_year = (day.month, day.day) >= (month, first)
    return day.year + (1 if begins_that_year and (month, first) != (1, 1) else 0)


def begin_of(period: Period, day: date) -> date:
    """Return the first day of the period that a day falls in; weeks begin on Monday."""
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)
        case Period.QUARTER:
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def next_period(period: Period, begin: date) -> date:
    """Return the first day of the period after the one that begins on `begin`."""
    return begin_of(period, begin + timedelta(days=period.days))
