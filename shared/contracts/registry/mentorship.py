"""Mentorships: a mentor or a team, and the mentees in their care: agreed when all have signed."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    CohortId,
    Command,
    EnrolmentId,
    Event,
    HealthWorkerId,
    MentorId,
    MentorshipId,
    NewId,
    OrgUnitId,
    ProgrammeVersionId,
    asked,
    happened,
    ref,
)


class Side(StrEnum):
    """On which side of a mentorship a party stands."""

    MENTOR = "MENTOR"
    MENTEE = "MENTEE"


class MentorParty(Struct, frozen=True, kw_only=True, rename="camel"):
    """A mentor of the team, with the area they answer for."""

    mentor_id: MentorId
    health_worker_id: HealthWorkerId
    area: Code


class MenteeParty(Struct, frozen=True, kw_only=True, rename="camel"):
    """A mentee in its care, by the enrolment that brought them."""

    enrolment_id: EnrolmentId
    health_worker_id: HealthWorkerId
    area: Code


@happened("registry.mentorship.proposed")
class MentorshipProposed(Event, kw_only=True):
    """A team and its mentees are put together; nobody has signed yet."""

    cohort_id: CohortId
    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    mentors: tuple[MentorParty, ...]
    mentees: tuple[MenteeParty, ...]


@happened("registry.mentorship.signed")
class AgreementSigned(Event, kw_only=True):
    """One party signed the acceptance letter."""

    health_worker_id: HealthWorkerId
    side: Side
    signed_on: date
    awaited: Annotated[int, Meta(ge=0, description="Signatures still to come.")]


@happened("registry.mentorship.agreed")
class MentorshipAgreed(Event, kw_only=True):
    """Every party has signed: sessions may be held."""

    agreed_on: date


MentorIds = Annotated[
    tuple[Annotated[UUID, ref("Mentor")], ...],
    Meta(min_length=1, max_length=20, description="The team of mentors."),
]
EnrolmentIds = Annotated[
    tuple[Annotated[UUID, ref("Mentee")], ...],
    Meta(min_length=1, max_length=100, description="The mentees, by their enrolments."),
]


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipPropose(Command, kw_only=True):
    """Put a team of certified mentors and enrolled mentees together at a facility."""

    id: NewId = None
    cohort_id: CohortId
    org_unit_id: OrgUnitId
    mentor_ids: MentorIds
    enrolment_ids: EnrolmentIds


@asked("registry", "Mentorship", by="administrator coordinator mentor mentee")
class MentorshipSign(Command, kw_only=True):
    """Record one party's signature on the acceptance letter."""

    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId
