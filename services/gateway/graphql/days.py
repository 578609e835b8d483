"""Days and years that can be asked about."""

from datetime import date

from services.gateway.clock import today
from shared.domain.days import FIRST_YEAR, LAST_YEAR
from shared.domain.errors import Malformed

_MOST_DAYS = 3_660


class NoSuchYear(Malformed):
    """A year that no programme has."""

    code = "NO_SUCH_YEAR"
    template = "{year} is no fiscal year here."
    remedy_template = "Give a year of the programme's calendar, from {first} to {last}."


def must_be_a_year(year: int | None, field: str = "fiscalYear") -> None:
    """Refuse a year that a calendar cannot reckon with.

    Raises:
        NoSuchYear: it is one.
    """
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoSuchYear(field, year=year, first=FIRST_YEAR, last=LAST_YEAR)


class DaysOutOfRange(Malformed):
    """Too few days, or more than ten years of them."""

    code = "DAYS_OUT_OF_RANGE"
    template = "{days} days are none to look back or ahead."
    remedy_template = "Give 1 to {most} days."


def must_be_so_many_days(days: int, field: str = "days") -> None:
    """Refuse days that nobody looks back or ahead.

    Raises:
        DaysOutOfRange: they are such.
    """
    if not 1 <= days <= _MOST_DAYS:
        raise DaysOutOfRange(field, days=days, most=_MOST_DAYS)


def is_over(open_until: date | None) -> bool:
    """Say whether a day is over; for what stands open no more, it never is."""
    return open_until is not None and open_until < today()
