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
    Text,
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


Reasons = Annotated[
    tuple[Text, ...], Meta(max_length=20, description="Why they fit, in short sentences.")
]


@happened("registry.mentorship.proposed")
class MentorshipProposed(Event, kw_only=True):
    """A team and its mentees are put together; nobody has signed yet.

    Attributes:
        phase: the first of the programme's phases, where it has any.
        matched: the matching proposed it, for a coordinator to accept or decline.
        score: how well they fit, by the programme's weights, out of 100.
        reasons: why, each in a short sentence.
    """

    cohort_id: CohortId
    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    mentors: tuple[MentorParty, ...]
    mentees: tuple[MenteeParty, ...]
    phase: Code | None = None
    matched: bool = False
    score: float | None = None
    reasons: Reasons = ()


@happened("registry.mentorship.accepted")
class MentorshipAccepted(Event, kw_only=True):
    """A coordinator took up the proposal that the matching made."""


@happened("registry.mentorship.declined")
class MentorshipDeclined(Event, kw_only=True):
    """A coordinator turned the proposal down; the event's reason says why."""


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


@happened("registry.mentorship.phase_changed")
class MentorshipPhaseChanged(Event, kw_only=True):
    """It is in another phase since a day; the event's reason says why."""

    from_phase: Code
    phase: Code
    since: date


class Notified(Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody who was told."""

    role: Code
    name: Annotated[str, Meta(max_length=200, description="The office or person, in words.")]
    notified_on: date


NotifiedPeople = Annotated[
    tuple[Notified, ...], Meta(max_length=20, description="Who was told, in which role, and when.")
]


@happened("registry.mentorship.mentor_disengaged")
class MentorDisengaged(Event, kw_only=True):
    """A mentor cannot go on, and left it formally; the event's reason says why.

    Attributes:
        notified: who was told already.
        due: the roles that the programme names and that were not told yet, and until when.
        team: mentors who remain. While there are fewer than the ratio asks, no session is held.
        awaited: signatures still to come from those who remain.
    """

    mentor_id: MentorId
    health_worker_id: HealthWorkerId
    programme: Code
    org_unit_id: OrgUnitId
    left_on: date
    notified: NotifiedPeople = ()
    due: tuple[Code, ...] = ()
    due_on: date | None = None
    team: Annotated[int, Meta(ge=0)]
    awaited: Annotated[int, Meta(ge=0)] = 0


@happened("registry.mentorship.mentor_reassigned")
class MentorReassigned(Event, kw_only=True):
    """Another mentor takes the place of one who left; every session so far stays with it.

    They have to sign too: so many signatures are `awaited`.
    """

    mentor: MentorParty
    replaces_id: MentorId
    since: date
    awaited: Annotated[int, Meta(ge=0)]


@happened("registry.mentorship.concluded")
class MentorshipConcluded(Event, kw_only=True):
    """It is over; nothing more is held under it."""

    concluded_on: date


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


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipAccept(Command, kw_only=True):
    """Take up a proposal of the matching: the parties can sign."""

    mentorship_id: MentorshipId


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipDecline(Command, kw_only=True):
    """Turn a proposal down that nobody has signed; `reason` says why."""

    mentorship_id: MentorshipId


@asked("registry", "Mentorship", by="coordinator mentor")
class MentorshipChangePhase(Command, kw_only=True):
    """Take a mentorship to a later phase of the programme; `reason` says why."""

    mentorship_id: MentorshipId
    phase: Code


@asked("registry", "Mentorship", by="administrator coordinator mentor")
class MentorshipDisengage(Command, kw_only=True):
    """Record that a mentor cannot go on, and who was told; `reason` says why."""

    mentorship_id: MentorshipId
    mentor_id: MentorId
    notified: NotifiedPeople = ()


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipReassign(Command, kw_only=True):
    """Put another mentor into the place of one who left; no session is lost."""

    mentorship_id: MentorshipId
    replaces_id: MentorId
    mentor_id: MentorId


@asked("registry", "Mentorship", by="administrator coordinator policy")
class MentorshipConclude(Command, kw_only=True):
    """Conclude a mentorship; its mentors are free for others. `reason` says why."""

    mentorship_id: MentorshipId
