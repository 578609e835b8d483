"""Why nobody can be answered as of a moment: it has not come, it was before everything, or it is
none that a ledger could tell.
"""

from shared.domain.errors import Malformed


class AsOfInFuture(Malformed):
    """A moment that has not come: what will be known by then is not known now."""

    code = "AS_OF_IN_FUTURE"
    template = "{moment} has not come yet: it is {now}."
    remedy_template = "Give a moment that is past, or leave it out to be told how it stands now."


class AsOfBeforeFirstEvent(Malformed):
    """A moment before anything was recorded."""

    code = "AS_OF_BEFORE_FIRST_EVENT"
    template = "Nothing had been recorded by {moment}: the first event was at {first}."
    remedy_template = "Give a moment from {first} on."


class AsOfWithoutZone(Malformed):
    """A day ends at another instant in every zone, and a time of day without one is no instant."""

    code = "AS_OF_WITHOUT_ZONE"
    template = "{moment} is another instant in every time zone."
    remedy_template = (
        "Say which: a day with the name of its zone, such as Africa/Kigali; an instant with its "
        "offset, such as 2021-09-30T18:00:00+02:00."
    )
