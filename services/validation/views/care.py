"""Who mentors whom: the mentees in each mentorship's care, and its mentors, from day to day."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from shared.contracts.registry.mentorship import (
    MenteeJoined,
    MenteeLeaving,
    MenteeLeft,
    MentorDisengaged,
    MentorParty,
    MentorReassigned,
    MentorshipDeclined,
    MentorshipLeavingVoided,
    MentorshipProposed,
)
from shared.deciding.work import Work
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

IN_CARE = Table(
    name="known_care",
    version=1,
    key=("enrolment_id", "mentorship_id"),
    columns={
        "enrolment_id": Column(type="uuid"),
        "mentorship_id": Column(type="uuid"),
        "removed": Column(type="boolean"),
    },
)
"""The mentorships that a mentee is in the care of. Whoever came to an end is of it still; whoever
was taken out of it is not.
"""

MENTORS_THERE = Table(
    name="known_team",
    version=1,
    key=("mentorship_id", "mentor_id"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "mentor_id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "since": Column(type="date", nullable=True),
        "left_on": Column(type="date", nullable=True),
    },
)
"""A mentorship's mentors: since when (empty: from the beginning), and from which day on no more."""

NEVER_BEGAN = Table(
    name="known_declined",
    version=1,
    key=("mentorship_id",),
    columns={"mentorship_id": Column(type="uuid")},
)
"""The mentorships that were proposed, and declined."""

CARE = Projection("care", IN_CARE, MENTORS_THERE, NEVER_BEGAN)


@CARE.on(MentorshipProposed)
def proposed(body: MentorshipProposed, at: Happening) -> Iterable[Change]:
    """Know its parties."""
    for mentee in body.mentees:
        yield Upsert(IN_CARE, (mentee.enrolment_id, at.stream), {"removed": False})
    for mentor in body.mentors:
        yield _mentor(mentor, None, at)


@CARE.on(MenteeJoined)
def joined(body: MenteeJoined, at: Happening) -> Iterable[Change]:
    """Know who is in its care besides."""
    yield Upsert(IN_CARE, (body.mentee.enrolment_id, at.stream), {"removed": False})


@CARE.on(MenteeLeft)
def left(body: MenteeLeft, at: Happening) -> Iterable[Change]:
    """Know who was taken out of it."""
    if body.cause is MenteeLeaving.REMOVED:
        yield Patch(IN_CARE, (body.enrolment_id, at.stream), {"removed": True})


@CARE.on(MentorReassigned)
def reassigned(body: MentorReassigned, at: Happening) -> Iterable[Change]:
    """Know who mentors in it besides, or again."""
    yield _mentor(body.mentor, body.since, at)


@CARE.on(MentorDisengaged)
def disengaged(body: MentorDisengaged, at: Happening) -> Iterable[Change]:
    """Know who mentors in it no more."""
    yield Patch(MENTORS_THERE, (at.stream, body.mentor_id), {"left_on": body.left_on})


@CARE.on(MentorshipLeavingVoided)
def stayed(body: MentorshipLeavingVoided, at: Happening) -> Iterable[Change]:
    """Know that a mentor mentors in it still; who had withdrawn was not taken out."""
    yield Patch(MENTORS_THERE, (at.stream, body.party_id), {"left_on": None})


@CARE.on(MentorshipDeclined)
def declined(_body: MentorshipDeclined, at: Happening) -> Iterable[Change]:
    """Know that it never began."""
    yield Upsert(NEVER_BEGAN, (at.stream,), {})


def _mentor(mentor: MentorParty, since: date | None, at: Happening) -> Upsert:
    return Upsert(
        MENTORS_THERE,
        (at.stream, mentor.mentor_id),
        {"health_worker_id": mentor.health_worker_id, "since": since, "left_on": None},
    )


async def own_mentors(enrolment_id: UUID, work: Work[Any]) -> list[UUID]:
    """Return which of the sender's records mentor a mentee on the day, or did until they ended."""
    people = work.actor.people_on(work.today)
    if not people:
        return []
    cares = await work.facts.rows(IN_CARE, enrolment_id=enrolment_id)
    return [
        row["health_worker_id"]
        for care in cares
        if not care["removed"]
        and not await work.facts.rows(NEVER_BEGAN, mentorship_id=care["mentorship_id"])
        for row in await work.facts.rows(MENTORS_THERE, mentorship_id=care["mentorship_id"])
        if row["health_worker_id"] in people and _mentors_on(work.day, row)
    ]


def _mentors_on(day: date, row: Any) -> bool:
    begun = row["since"] is None or row["since"] <= day
    return begun and (row["left_on"] is None or day < row["left_on"])
