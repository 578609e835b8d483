"""Where mentees worked on a day, and which of their mentors might not mentor on it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.sessions.aggregates.parties import Stay
from services.sessions.views.met import (
    MENTEE_UNIT,
    MENTOR_SINCE,
    certified_on,
    suspended_on,
)
from services.sessions.views.second_postings import SECOND_POSTING
from shared.contracts.definition import Definition
from shared.contracts.definition.visits import Place
from shared.deciding.facts import Facts
from shared.deciding.people import NAME


async def workplaces_on(
    day: date, mentees: Iterable[Stay], rules: Definition, facts: Facts
) -> frozenset[UUID]:
    """Return the units where mentees were mentored on a day and, if that matters to the programme,
    where they were posted besides.
    """
    stays = list(mentees)
    enrolments = [stay.party_id for stay in stays]
    rows = await facts.rows_among(MENTEE_UNIT, "enrolment_id", enrolments)
    begun = sorted((row for row in rows if row["since"] <= day), key=lambda row: row["since"])
    latest = {row["enrolment_id"]: row["org_unit_id"] for row in begun}
    besides: set[UUID] = set()
    if rules.place is Place.MENTEE_WORKPLACE:
        besides = await _posted_besides(day, {stay.person for stay in stays}, facts)
    return frozenset({*latest.values(), *besides})


async def _posted_besides(day: date, people: set[UUID], facts: Facts) -> set[UUID]:
    merged = await facts.rows_among(NAME, "id", people)
    people |= {row["into_id"] for row in merged if row["into_id"] is not None}
    rows = await facts.rows_among(SECOND_POSTING, "health_worker_id", people)
    return {
        row["org_unit_id"]
        for row in rows
        if row["since"] <= day and (row["until"] is None or day < row["until"])
    }


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
        if suspended_on(day, rows):
            suspended.add(stay.person)
    return frozenset(suspended), frozenset(uncertified)
