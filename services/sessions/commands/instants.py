"""When something was, to the second: as the command says, or now; never guessed."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.errors import Refusal
from shared.runtime.work import Work


class AtMissing(Refusal):
    """How long something took cannot be told from a day."""

    code = "AT_MISSING"
    template = "It occurred on {day}, and the command does not say when."
    remedy_template = "Give the instant in `at`."


class AtInFuture(Refusal):
    """An instant cannot be recorded before it has come."""

    code = "AT_IN_FUTURE"
    template = "{at} has not come yet; it is {now} now."
    remedy_template = "Give the instant it was, or leave `at` out for now."


class AtOtherDay(Refusal):
    """The instant and the day it occurred on are of one day, in the programme's zone."""

    code = "AT_OTHER_DAY"
    template = "{at} is on {local_day} in {zone}; the command occurred on {day}."
    remedy_template = "Give {local_day} in `occurredOn`, or another instant."


def instant_of(at: datetime | None, zone: str, work: Work[Any]) -> datetime:
    """Return when it was, for a command of a programme in that time zone.

    Without `at` it is now, if it occurred today. With it, the day must be given to match, unless
    both are of today.

    Raises:
        AtMissing, AtInFuture, AtOtherDay: as they say.
    """
    if at is None:
        if work.day != work.today:
            raise AtMissing("at", day=work.day)
        return work.now
    if at > work.now:
        raise AtInFuture("at", at=at, now=work.now)
    local_day = at.astimezone(ZoneInfo(zone)).date()
    if not _of_one_day(local_day, work):
        raise AtOtherDay("occurredOn", at=at, local_day=local_day, zone=zone, day=work.day)
    return at.astimezone(UTC)


def _of_one_day(local_day: date, work: Work[Any]) -> bool:
    if work.command.occurred_on is not None:
        return local_day == work.day
    # It may be tomorrow there already: a programme's day begins hours before or after ours.
    return local_day >= work.today
