"""From when until when somebody belonged somewhere, or held an office: several times, in order."""

from collections.abc import Sequence
from datetime import date

from services.registry.aggregates.dated_line import SameAsBefore
from shared.domain.errors import Refusal

Stay = tuple[date, date | None]
"""The first day, and the first day without; the last stay may go on."""


class BeforeMembership(Refusal):
    """Membership begins with the group at the earliest, and its days are in order."""

    code = "BEFORE_GROUP_CHANGE"
    template = "{since} is before {last}, when the group was made or their membership last changed."
    remedy_template = "Give a day on or after {last}."


def goes_on(stays: Sequence[Stay]) -> bool:
    """Say whether the last stay has no end yet."""
    return bool(stays) and stays[-1][1] is None


def holds_on(stays: Sequence[Stay], day: date) -> bool:
    """Say whether a day lies in one of the stays."""
    return any(since <= day and (until is None or day < until) for since, until in stays)


def must_not_precede(since: date, stays: Sequence[Stay], established: date) -> None:
    """Raise BeforeMembership unless a day is after all that is known of the stays."""
    last = (stays[-1][1] or stays[-1][0]) if stays else established
    if since < last:
        raise BeforeMembership("occurredOn", since=since, last=last)


def must_be_in_order(
    told: Sequence[Stay], before: Sequence[Stay], established: date, *, field: str
) -> None:
    """Refuse stays that are said anew, and cannot be so.

    Raises:
        SameAsBefore: they are on record; the error names `field`.
        BeforeMembership: one begins before the group did, or before the one before it ended.
    """
    if list(told) == list(before):
        raise SameAsBefore(field)
    free: date | None = established
    for place, (since, until) in enumerate(told):
        at = f"{field}[{place}]"
        if free is None or since < free:
            last = free or told[place - 1][0]
            raise BeforeMembership(f"{at}.since", since=since, last=last)
        if until is not None and until < since:
            raise BeforeMembership(f"{at}.until", since=until, last=since)
        free = until
