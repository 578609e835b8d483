"""Where mentees worked on a day, and which of their mentors might not mentor on it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.sessions.aggregates.parties import Stay
from services.sessions.views.met import (
    MENTEE_UNIT,
    MENTOR_SINCE,
    REINSTATED,
    SUSPENDED,
    certified_on,
)
from shared.deciding.facts import Facts

_MAY_EARN = frozenset({SUSPENDED, REINSTATED})


async def workplaces_on(day: date, mentees: Iterable[Stay], facts: Facts) -> frozenset[UUID]:
    """Return the units where mentees were mentored on a day."""
    enrolments = [stay.party_id for stay in mentees]
    rows = await facts.rows_among(MENTEE_UNIT, "enrolment_id", enrolments)
    begun = sorted((row for row in rows if row["since"] <= day), key=lambda row: row["since"])
    latest = {row["enrolment_id"]: row["org_unit_id"] for row in begun}
    return frozenset(latest.values())


async def unfit_on(
    day: date, programme: str, mentors: Iterable[Stay], facts: Facts
) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Return the mentors who were suspended and earn nothing, and those not certified yet.

    Who never was certified was weighed when they took it on: the mentorship departs by that.
    """
    suspended: set[UUID] = set()
    uncertified: set[UUID] = set()
    stays = list(mentors)
    told = await facts.rows_among(
        MENTOR_SINCE, "health_worker_id", [stay.person for stay in stays], programme=programme
    )
    for stay in stays:
        rows = [
            row
            for row in told
            if row["health_worker_id"] == stay.person and row["area"] == stay.area
        ]
        if certified_on(day, rows) is False:
            uncertified.add(stay.person)
        last = max(
            (row for row in rows if row["change"] in _MAY_EARN and row["since"] <= day),
            key=lambda row: (row["since"], row["version"]),
            default=None,
        )
        if last is not None and last["change"] == SUSPENDED:
            suspended.add(stay.person)
    return frozenset(suspended), frozenset(uncertified)
