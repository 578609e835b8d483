"""Who is or was in whose care: the mentees of each mentorship, whether it is over, who left it."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.registry.mentorship import (
    MenteeJoined,
    MenteeLeft,
    MentorDisengaged,
    MentorshipConcluded,
    MentorshipDeclined,
    MentorshipLeavingVoided,
    MentorshipProposed,
    MentorshipReopened,
    Side,
)
from shared.projection import Change, Column, Delete, Happening, Patch, Projection, Table, Upsert

IN_CARE = Table(
    name="in_care",
    version=2,
    key=("mentorship_id", "enrolment_id"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "enrolment_id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "cohort_id": Column(type="uuid"),
        "left": Column(type="boolean"),
    },
    indexes=(("health_worker_id",), ("cohort_id",)),
)
"""The mentees that a mentorship was proposed for, or who joined it, and whether they left it."""

CARE_OVER = Table(
    name="care_over",
    version=1,
    key=("mentorship_id",),
    columns={
        "mentorship_id": Column(type="uuid"),
        "cohort_id": Column(type="uuid"),
        "over": Column(type="boolean"),
    },
    indexes=(("cohort_id",),),
)
"""Whether a mentorship is declined or concluded."""

DEPARTURE = Table(
    name="departure",
    version=1,
    key=("mentorship_id", "health_worker_id"),
    columns={"mentorship_id": Column(type="uuid"), "health_worker_id": Column(type="uuid")},
)
"""Mentors who left a mentorship: they are not proposed to the same mentees again."""

CARE = Projection("care", IN_CARE, CARE_OVER, DEPARTURE)


@CARE.on(MentorshipProposed)
def proposed(body: MentorshipProposed, at: Happening) -> Iterable[Change]:
    """Know each mentee it was proposed for."""
    yield Upsert(CARE_OVER, (at.stream,), {"cohort_id": body.cohort_id, "over": False})
    for party in body.mentees:
        yield Upsert(
            IN_CARE,
            (at.stream, party.enrolment_id),
            {
                "health_worker_id": party.health_worker_id,
                "cohort_id": body.cohort_id,
                "left": False,
            },
        )


@CARE.on(MenteeJoined)
def joined(body: MenteeJoined, at: Happening) -> Iterable[Change]:
    """Know who is in its care besides."""
    party = body.mentee
    yield Upsert(
        IN_CARE,
        (at.stream, party.enrolment_id),
        {"health_worker_id": party.health_worker_id, "cohort_id": body.cohort_id, "left": False},
    )


@CARE.on(MenteeLeft)
def gone(body: MenteeLeft, at: Happening) -> Iterable[Change]:
    """Know who is in its care no more."""
    yield Patch(IN_CARE, (at.stream, body.enrolment_id), {"left": True})


@CARE.on(MentorshipReopened)
def reopened(_body: MentorshipReopened, at: Happening) -> Iterable[Change]:
    """Know that it goes on."""
    yield Patch(CARE_OVER, (at.stream,), {"over": False})


@CARE.on(MentorshipDeclined, MentorshipConcluded)
def over(_body: Any, at: Happening) -> Iterable[Change]:
    """Know that they are in it no more."""
    yield Patch(CARE_OVER, (at.stream,), {"over": True})


@CARE.on(MentorDisengaged)
def left(body: MentorDisengaged, at: Happening) -> Iterable[Change]:
    """Know who left whom."""
    yield Upsert(DEPARTURE, (at.stream, body.health_worker_id), {})


@CARE.on(MentorshipLeavingVoided)
def stayed(body: MentorshipLeavingVoided, at: Happening) -> Iterable[Change]:
    """Know who did not leave after all."""
    if body.side is Side.MENTOR:
        yield Delete(DEPARTURE, (at.stream, body.health_worker_id))
    else:
        yield Patch(IN_CARE, (at.stream, body.party_id), {"left": False})
