"""Days that can be meant: nothing that is on record here lies outside of them."""

from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2999


def can_be_meant(day: date) -> bool:
    """Say whether a day is of a year that somebody may have meant, and did not mistype."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
