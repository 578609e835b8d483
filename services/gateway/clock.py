"""What time it is for who asks: now, or the moment at which what is read stands.

Who may read what is always decided by the day it is in the house (`this_day`), as it is for
commands. All else that goes by a day (what is overdue, this year's figures, whose parent a unit
has) goes by `today`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from shared.domain.zone import HOUSE_ZONE


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
_zone: ContextVar[ZoneInfo] = ContextVar("zone", default=HOUSE_ZONE)


def now() -> datetime:
    """Return the instant it is."""
    stopped = _stopped.get()
    return datetime.now(UTC) if stopped is None else stopped.at


def this_day() -> date:
    """Return the day it is in the house, at whatever moment what is read stands.

    A grant that was given today holds: the services that gave it count days by the same zone.
    """
    return datetime.now(_zone.get()).date()


def today() -> date:
    """Return the day it is: this one, or the moment's own."""
    stopped = _stopped.get()
    return this_day() if stopped is None else stopped.day


@contextmanager
def in_zone(zone: ZoneInfo) -> Iterator[None]:
    """Have it be that zone's day for the length of the block, and in the tasks it begins."""
    token = _zone.set(zone)
    try:
        yield
    finally:
        _zone.reset(token)


@contextmanager
def stopped_at(moment: Moment | None) -> Iterator[None]:
    """Have it be that moment for the length of the block; None: time goes on."""
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)
