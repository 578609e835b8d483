"""What time it is for who asks: now, or the moment at which what is read stands.

Who may read what is always decided by today (`graphql/context.py`). All else that goes by a day
(what is overdue, this year's figures, whose parent a unit has) goes by this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment at which time stands still.

    Attributes:
        at: the instant.
        day: which day it is, for whoever goes by no programme's zone.
    """

    at: datetime
    day: date


_stopped: ContextVar[Moment | None] = ContextVar("stopped", default=None)


def now() -> datetime:
    """Return the instant it is."""
    stopped = _stopped.get()
    return datetime.now(UTC) if stopped is None else stopped.at


def today() -> date:
    """Return the day it is: in UTC, as scopes and filters have it too, or the moment's own."""
    stopped = _stopped.get()
    return datetime.now(UTC).date() if stopped is None else stopped.day


@contextmanager
def stopped_at(moment: Moment | None) -> Iterator[None]:
    """Have it be that moment for the length of the block; None: time goes on."""
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)
