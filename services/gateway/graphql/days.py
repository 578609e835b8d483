"""Which day it is for a reader: the day in UTC, as scopes and filters have it too."""

from datetime import UTC, date, datetime


def today() -> date:
    """Return the day it is."""
    return datetime.now(UTC).date()


def is_over(open_until: date | None) -> bool:
    """Say whether a day is over; for what stands open no more, it never is."""
    return open_until is not None and open_until < today()
