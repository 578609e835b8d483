"""When something was, to the second: as the command says, or now; never guessed.

A phone's clock is seldom right to the minute: what it calls the near future is now.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from shared.deciding.work import Work
from shared.domain.errors import Refusal

AHEAD = timedelta(minutes=5)
"""How far a phone's clock may be ahead of ours."""


class Moment(NamedTuple):
    """An instant, in UTC; and what the phone called it, where its clock was ahead of ours."""

    at: datetime
    said_at: datetime | None = None


class AtMissing(Refusal):
    """How long something took cannot be told from a day."""

    code = "AT_MISSING"
    template = "It occurred on {day}, and the command does not say when."
    remedy_template = "Give the instant in `at`."


class AtInFuture(Refusal):
    """An instant cannot be recorded before it has come."""

    code = "AT_IN_FUTURE"
    template = (
        "{at} has not come yet: here it is {now}, and clocks may differ by {minutes} minutes."
    )
    remedy_template = (
        "Set the phone's clock, and give the instant it was; or leave `at` out for now."
    )


class AtOtherDay(Refusal):
    """The instant and the day it occurred on are of one day, in the programme's zone."""

    code = "AT_OTHER_DAY"
    template = "{at} is on {local_day} in {zone}; the command occurred on {day}."
    remedy_template = "Give {local_day} in `occurredOn`, or another instant."


def instant_of(at: datetime | None, zone: str, work: Work[Any]) -> Moment:
    """Return when it was, for a command of a programme in that time zone.

    Without `at` it is now, if it occurred today. With it, the day must be given to match, unless
    both are of today. What is ahead of our clock by no more than `AHEAD` is now, and the phone's
    word is kept beside it.

    Raises:
        AtMissing, AtInFuture, AtOtherDay: as they say.
    """
    if at is None:
        if work.day != work.today:
            raise AtMissing("at", day=work.day)
        return Moment(work.now)
    if at > work.now + AHEAD:
        minutes = AHEAD // timedelta(minutes=1)
        raise AtInFuture("at", at=at, now=work.now, minutes=minutes)
    taken = min(at, work.now)
    local_day, phones_day = (one.astimezone(ZoneInfo(zone)).date() for one in (taken, at))
    # Between the two clocks it may be midnight.
    if not (_of_one_day(local_day, work) or _of_one_day(phones_day, work)):
        raise AtOtherDay("occurredOn", at=at, local_day=local_day, zone=zone, day=work.day)
    if at > taken:
        return Moment(taken, said_at=at.astimezone(UTC))
    return Moment(taken.astimezone(UTC))


def _of_one_day(local_day: date, work: Work[Any]) -> bool:
    if work.command.occurred_on is not None:
        return local_day == work.day
    # It may be tomorrow there already: a programme's day begins hours before or after ours.
    return local_day >= work.today
