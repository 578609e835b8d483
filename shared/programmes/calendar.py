"""A programme's calendar: which of its years a day falls in."""

from datetime import date

from shared.contracts.definition import Definition


def fiscal_year(definition: Definition, day: date) -> int:
    """Return the programme's fiscal year that a day falls in, named by the year it ends in."""
    month, first = map(int, definition.calendar.fiscal_year_start.split("-"))
    begins_that_year = (day.month, day.day) >= (month, first)
    return day.year + (1 if begins_that_year and (month, first) != (1, 1) else 0)
