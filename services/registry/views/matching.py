"""What the matching looks at: mentees with their needs, mentors with what they offer, where both
work, who is in whose care, and who left it.
"""

from collections.abc import Iterable
from typing import Any

from shared.contracts.registry.enrolment import (
    EnrolmentRestored,
    EnrolmentSetAside,
    MenteeCompleted,
    MenteeEnrolled,
    MenteeTransferred,
    MenteeWithdrawn,
)
from shared.contracts.registry.mentor import MentorAvailabilityDeclared, MentorNominated
from shared.contracts.registry.mentorship import (
    MentorDisengaged,
    MentorshipConcluded,
    MentorshipDeclined,
    MentorshipProposed,
)
from shared.contracts.registry.org_unit import OrgUnitEstablished, OrgUnitReparented
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

_ID = Column(type="uuid")
_TEXT = Column(type="text")
_TEXTS = Column(type="text[]")
_DEGREES = Column(type="double precision", nullable=True)

SEEKER = Table(
    name="known_seeker",
    version=1,
    key=("enrolment_id",),
    columns={
        "enrolment_id": _ID,
        "cohort_id": _ID,
        "health_worker_id": _ID,
        "area": _TEXT,
        "org_unit_id": _ID,
        "needs": _TEXTS,
        "languages": _TEXTS,
        "supervisor_id": Column(type="uuid", nullable=True),
        "active": Column(type="boolean"),
    },
    indexes=(("cohort_id", "active"),),
)
"""Mentees and what they want to learn."""

OFFER = Table(
    name="known_offer",
    version=1,
    key=("mentor_id",),
    columns={
        "mentor_id": _ID,
        "programme": _TEXT,
        "health_worker_id": _ID,
        "area": _TEXT,
        "org_unit_id": _ID,
        "skills": _TEXTS,
        "languages": _TEXTS,
    },
    indexes=(("programme",),),
)
"""Mentors and what they mentor best; whether they may, and have time, the record itself says."""

LOCATION = Table(
    name="known_location",
    version=1,
    key=("org_unit_id",),
    columns={
        "org_unit_id": _ID,
        "parent_id": Column(type="uuid", nullable=True),
        "latitude": _DEGREES,
        "longitude": _DEGREES,
    },
)
"""Where org units are."""

CARE = Table(
    name="known_care",
    version=1,
    key=("mentorship_id", "enrolment_id"),
    columns={"mentorship_id": _ID, "enrolment_id": _ID, "cohort_id": _ID},
    indexes=(("cohort_id",),),
)
"""Which mentees were put into which mentorship."""

CARE_OVER = Table(
    name="known_care_over",
    version=1,
    key=("mentorship_id",),
    columns={"mentorship_id": _ID, "cohort_id": _ID, "over": Column(type="boolean")},
    indexes=(("cohort_id",),),
)
"""Whether a mentorship is declined or concluded."""

DEPARTURE = Table(
    name="known_departure",
    version=1,
    key=("mentorship_id", "health_worker_id"),
    columns={"mentorship_id": _ID, "health_worker_id": _ID},
)
"""Mentors who left a mentorship: they are not proposed to the same mentees again."""

MATCHING = Projection("matching", SEEKER, OFFER, LOCATION, CARE, CARE_OVER, DEPARTURE)


@MATCHING.on(MenteeEnrolled)
def enrolled(body: MenteeEnrolled, at: Happening) -> Iterable[Change]:
    """Know a mentee and their needs."""
    yield Upsert(
        SEEKER,
        (at.stream,),
        {
            "cohort_id": body.cohort_id,
            "health_worker_id": body.health_worker_id,
            "area": body.area,
            "org_unit_id": body.org_unit_id,
            "needs": body.needs,
            "languages": body.languages,
            "supervisor_id": body.supervisor_id,
            "active": True,
        },
    )


@MATCHING.on(MenteeTransferred)
def transferred(body: MenteeTransferred, at: Happening) -> Iterable[Change]:
    """Know where they are mentored now."""
    yield Patch(SEEKER, (at.stream,), {"org_unit_id": body.org_unit_id})


@MATCHING.on(MenteeWithdrawn, MenteeCompleted, EnrolmentSetAside)
def rests(_body: Any, at: Happening) -> Iterable[Change]:
    """Know that they seek nobody."""
    yield Patch(SEEKER, (at.stream,), {"active": False})


@MATCHING.on(EnrolmentRestored)
def restored(_body: Any, at: Happening) -> Iterable[Change]:
    """Know that they do again."""
    yield Patch(SEEKER, (at.stream,), {"active": True})


@MATCHING.on(MentorNominated)
def nominated(body: MentorNominated, at: Happening) -> Iterable[Change]:
    """Know a mentor, who has declared nothing yet."""
    yield Upsert(
        OFFER,
        (at.stream,),
        {
            "programme": body.programme,
            "health_worker_id": body.health_worker_id,
            "area": body.area,
            "org_unit_id": body.org_unit_id,
            "skills": (),
            "languages": (),
        },
    )


@MATCHING.on(MentorAvailabilityDeclared)
def declared(body: MentorAvailabilityDeclared, at: Happening) -> Iterable[Change]:
    """Know what they offer."""
    yield Patch(OFFER, (at.stream,), {"skills": body.skills, "languages": body.languages})


@MATCHING.on(OrgUnitEstablished)
def established(body: OrgUnitEstablished, at: Happening) -> Iterable[Change]:
    """Know where a unit is."""
    facility = body.facility
    yield Upsert(
        LOCATION,
        (at.stream,),
        {
            "parent_id": body.parent_id,
            "latitude": facility.latitude if facility else None,
            "longitude": facility.longitude if facility else None,
        },
    )


@MATCHING.on(OrgUnitReparented)
def reparented(body: OrgUnitReparented, at: Happening) -> Iterable[Change]:
    """Know which unit it is in now."""
    yield Patch(LOCATION, (at.stream,), {"parent_id": body.parent_id})


@MATCHING.on(MentorshipProposed)
def proposed(body: MentorshipProposed, at: Happening) -> Iterable[Change]:
    """Know who is in whose care."""
    yield Upsert(CARE_OVER, (at.stream,), {"cohort_id": body.cohort_id, "over": False})
    for mentee in body.mentees:
        yield Upsert(CARE, (at.stream, mentee.enrolment_id), {"cohort_id": body.cohort_id})


@MATCHING.on(MentorshipDeclined, MentorshipConcluded)
def over(_body: Any, at: Happening) -> Iterable[Change]:
    """Know that they are in it no more."""
    yield Patch(CARE_OVER, (at.stream,), {"over": True})


@MATCHING.on(MentorDisengaged)
def left(body: MentorDisengaged, at: Happening) -> Iterable[Change]:
    """Know who left whom."""
    yield Upsert(DEPARTURE, (at.stream, body.health_worker_id), {})
