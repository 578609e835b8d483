"""Mentorships: a mentor or a team, and the mentees in their care, who come and go; agreed when all
have signed, where the programme has letters.
"""

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
    SealedSinceV2,
    Text,
    asked,
    happened,
    later,
    ref,
)
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.deviation import Deviations, LaterWaivers, Waivers
from shared.contracts.registry.pause import PauseCause, Paused, Resumed


class Side(StrEnum):
    """On which side of a mentorship a party stands."""

    MENTOR = "MENTOR"
    MENTEE = "MENTEE"


class MentorParty(Struct, frozen=True, kw_only=True, rename="camel"):
    """A mentor of the team, with the area they answer for; one who answers for two is two."""

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
        letters: everybody is to sign an acceptance letter; else it is agreed once it is taken up.
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
    letters: bool = True
    deviations: Deviations = ()


@happened("registry.mentorship.accepted")
class MentorshipAccepted(Event, kw_only=True):
    """A coordinator took up the proposal that the matching made.

    What it is of is said since it may depart from rules.
    """

    programme_version_id: ProgrammeVersionId | None = None
    programme: Code | None = None
    org_unit_id: OrgUnitId | None = None
    deviations: Deviations = ()


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


@happened("registry.mentorship.signature_corrected")
class SignatureCorrected(Event, kw_only=True):
    """One party signed on another day than was said; the event's reason says why.

    Attributes:
        instead_of: the day that was said before.
        agreed_on: the day of the agreement, where that is another now.
    """

    health_worker_id: HealthWorkerId
    side: Side
    signed_on: date
    instead_of: date
    agreed_on: date | None = None


@happened("registry.mentorship.signature_voided")
class SignatureVoided(Event, kw_only=True):
    """One party did not sign after all; the event's reason says why.

    Attributes:
        awaited: signatures still to come, theirs among them if they are in it now.
        unbinds: it was agreed, and is no more, until they have signed.
    """

    health_worker_id: HealthWorkerId
    side: Side
    voided_on: date
    awaited: Annotated[int, Meta(ge=0)]
    unbinds: bool = False


@happened("registry.mentorship.agreed")
class MentorshipAgreed(Event, kw_only=True):
    """Every party has signed, or it was taken up and needs no letters: sessions may be held."""

    agreed_on: date


@happened("registry.mentorship.phase_changed")
class MentorshipPhaseChanged(Event, kw_only=True):
    """It is in another phase since a day; the event's reason says why."""

    from_phase: Code
    phase: Code
    since: date


@happened("registry.mentorship.mentee_phase_changed")
class MenteePhaseChanged(Event, kw_only=True):
    """One mentee is in another phase since a day, until all are; the event's reason says why."""

    enrolment_id: EnrolmentId
    health_worker_id: HealthWorkerId
    from_phase: Code
    phase: Code
    since: date


@happened("registry.mentorship.moved")
class MentorshipMoved(Event, kw_only=True):
    """It is of another unit since a day; what happened in it before stays where it was."""

    org_unit_id: OrgUnitId
    since: date


@happened("registry.mentorship.moved_to_version")
class MentorshipMovedToVersion(Event, kw_only=True):
    """From that day on, what happens in it goes by another version of the programme's rules.

    Attributes:
        letters: whether that version has letters.
        phase: it is in from that day on; none: that version has none.
    """

    from_programme_version_id: ProgrammeVersionId
    programme_version_id: ProgrammeVersionId
    since: date
    letters: bool
    phase: Code | None = None


@happened("registry.mentorship.mentee_joined")
class MenteeJoined(Event, kw_only=True):
    """A mentee came into its care on a day. They sign too, where the programme has letters.

    Attributes:
        awaited: signatures still to come, theirs among them.
    """

    cohort_id: CohortId
    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    mentee: MenteeParty
    since: date
    awaited: Annotated[int, Meta(ge=0)] = 0
    deviations: Deviations = ()


class MenteeLeaving(StrEnum):
    """Why a mentee is in a mentorship's care no more."""

    REMOVED = "REMOVED"
    """Somebody took them out of it."""
    WITHDRAWN = "WITHDRAWN"
    """They left the programme before the end."""
    COMPLETED = "COMPLETED"
    """They came to the end of the programme."""


@happened("registry.mentorship.mentee_left")
class MenteeLeft(Event, kw_only=True):
    """A mentee is in its care no more; whoever has not signed is waited for no more.

    Attributes:
        left_on: the last day they were in its care.
        mentees: enrolments that are still in its care.
        awaited: signatures still to come from those who remain.
        stays: the person is in its care still, in another area.
        due: where they withdrew, the roles that the programme has told of it, and until when.
    """

    enrolment_id: EnrolmentId
    health_worker_id: HealthWorkerId
    left_on: date
    cause: MenteeLeaving
    mentees: Annotated[int, Meta(ge=0)]
    awaited: Annotated[int, Meta(ge=0)] = 0
    stays: bool = False
    due: tuple[Code, ...] = ()
    due_on: date | None = None


@happened("registry.mentorship.paused")
class MentorshipPaused(Paused, kw_only=True):
    """Nothing is due in it from a day on; the event's reason says more."""


@happened("registry.mentorship.resumed")
class MentorshipResumed(Resumed, kw_only=True):
    """It goes on from that day on."""


@happened("registry.mentorship.waived")
class MentorshipWaived(Event, kw_only=True):
    """An office waived a rule that it departs from: from now on it counts in spite of that.

    Attributes:
        counts: it departs from nothing any more that was not waived.
    """

    rule: ConductRule
    approved_by: Text
    waived_on: date
    counts: bool


class Notified(Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody who was told."""

    role: Code
    name: Annotated[str, Meta(max_length=200, description="The office or person, in words.")]
    notified_on: date


NotifiedPeople = Annotated[
    tuple[Notified, ...], Meta(max_length=20, description="Who was told, in which role, and when.")
]


class MentorLeaving(StrEnum):
    """Why a mentor cannot go on, as far as it matters later."""

    LEAVE = "LEAVE"
    """Parental, sick or study leave: they may come back."""
    TRANSFER = "TRANSFER"
    """They work elsewhere now."""
    WORKLOAD = "WORKLOAD"
    """They have no time for it."""
    CONFLICT = "CONFLICT"
    """The two sides did not get on: they are not put together again."""
    MISCONDUCT = "MISCONDUCT"
    """They behaved wrongly: they are not put together again."""
    LEFT_SERVICE = "LEFT_SERVICE"
    """They work for it no more: resigned, retired, or struck off."""
    DECEASED = "DECEASED"
    """They died."""
    OTHER = "OTHER"
    """Something else."""

    @property
    def parts_for_good(self) -> bool:
        """Whether the two sides are not put together again."""
        return self in (MentorLeaving.CONFLICT, MentorLeaving.MISCONDUCT)


@happened(
    "registry.mentorship.mentor_disengaged", subject="health_worker_id", version=2, in_clear=1
)
class MentorDisengaged(SealedSinceV2, kw_only=True):
    """A mentor cannot go on, and left it formally; the event's reason says why.

    Attributes:
        health_worker_id: the mentor, whose key seals who was told.
        notified: who was told already.
        due: the roles that the programme names and that were not told yet, and until when.
        team: mentors who remain. While there are fewer than the ratio asks, no session is held.
        awaited: signatures still to come from those who remain.
        cause: why, by kind; none: recorded before it was told apart.
        stays: they mentor in it still, in another area.
    """

    mentor_id: MentorId
    health_worker_id: HealthWorkerId
    programme: Code
    org_unit_id: OrgUnitId
    left_on: date
    notified: Annotated[
        NotifiedPeople, Meta(description="Who was told. Personal.", extra={"personal": True})
    ] = ()
    due: tuple[Code, ...] = ()
    due_on: date | None = None
    team: Annotated[int, Meta(ge=0)]
    awaited: Annotated[int, Meta(ge=0)] = 0
    cause: MentorLeaving | None = None
    stays: bool = False


@happened("registry.mentorship.leaving_voided")
class MentorshipLeavingVoided(Event, kw_only=True):
    """A party did not leave after all: it stays in it as before, and what it had signed holds.

    Attributes:
        party_id: the mentor or the enrolment; `left_on` is what was said of them.
        awaited: signatures still to come from all who are in it.
        agreed: it is agreed again, as it was; `over`, it has ended meanwhile, and stays so.
    """

    party_id: UUID
    health_worker_id: HealthWorkerId
    side: Side
    left_on: date
    awaited: Annotated[int, Meta(ge=0)] = 0
    agreed: bool = False
    over: bool = False


@happened("registry.mentorship.mentor_reassigned")
class MentorReassigned(Event, kw_only=True):
    """Another mentor takes the place of one who left; every session so far stays with it.

    They have to sign too: so many signatures are `awaited`. What it is of is said since it may
    depart from rules.
    """

    mentor: MentorParty
    replaces_id: MentorId
    since: date
    awaited: Annotated[int, Meta(ge=0)]
    programme_version_id: ProgrammeVersionId | None = None
    programme: Code | None = None
    org_unit_id: OrgUnitId | None = None
    deviations: Deviations = ()


@happened("registry.mentorship.concluded")
class MentorshipConcluded(Event, kw_only=True):
    """It is over; nothing more is held under it.

    `with_last`: it ended by itself with the last enrolment in its care, and that day still belongs
    to it.
    """

    concluded_on: date
    with_last: bool = False


@happened("registry.mentorship.reopened")
class MentorshipReopened(Event, kw_only=True):
    """It goes on: somebody came back into the care that had ended with them."""

    since: date


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
    waivers: LaterWaivers = ()


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipAddMentee(Command, kw_only=True):
    """Take an enrolled mentee into a mentorship's care, from the day it occurred on."""

    mentorship_id: MentorshipId
    enrolment_id: EnrolmentId
    waivers: Waivers = ()


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipRemoveMentee(Command, kw_only=True):
    """Take a mentee out of a mentorship's care; their last day is the day it occurred on.

    `reason` says why. A mentorship ends with the last of its mentees.
    """

    mentorship_id: MentorshipId
    enrolment_id: EnrolmentId


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipWaive(Command, kw_only=True):
    """Waive a rule that a mentorship departs from, so that it counts; `reason` says why."""

    mentorship_id: MentorshipId
    rule: ConductRule
    approved_by: Annotated[
        str, Meta(min_length=1, max_length=200, description="The office that waives it.")
    ]


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipPause(Command, kw_only=True):
    """Let a mentorship pause from the day it occurred on; `reason` says why."""

    mentorship_id: MentorshipId
    cause: PauseCause


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipResume(Command, kw_only=True):
    """Let a mentorship that pauses go on, from the day it occurred on."""

    mentorship_id: MentorshipId


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipMove(Command, kw_only=True):
    """Take a mentorship to another unit, since the day it occurred on: to the one that stands in
    the place of its own, or where its mentees went.
    """

    mentorship_id: MentorshipId
    org_unit_id: OrgUnitId


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipMoveToVersion(Command, kw_only=True):
    """Put a mentorship, and the mentees in its care, under a newer version; `reason` says why."""

    mentorship_id: MentorshipId
    programme_version_id: ProgrammeVersionId


@asked("registry", "Mentorship", by="administrator coordinator mentor mentee")
class MentorshipSign(Command, kw_only=True):
    """Record one party's signature on the acceptance letter."""

    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipCorrectSignature(Command, kw_only=True):
    """Say on which day a party signed after all; `reason` says why."""

    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId
    signed_on: Annotated[date, Meta(description="The day on the letter.")]


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipVoidSignature(Command, kw_only=True):
    """Take back the signature of a party who did not sign; `reason` says why.

    Whoever did sign, signs with `mentorshipSign`.
    """

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
    """Take a mentorship, or one of its mentees, to another phase; `reason` says why."""

    mentorship_id: MentorshipId
    phase: Code
    enrolment_id: (
        Annotated[UUID, ref("Mentee"), later("The one mentee it is about; the id of a mentee.")]
        | None
    ) = None


@asked("registry", "Mentorship", by="administrator coordinator mentor")
class MentorshipDisengage(Command, kw_only=True):
    """Record that a mentor cannot go on, and who was told; `reason` says why."""

    mentorship_id: MentorshipId
    mentor_id: MentorId
    notified: NotifiedPeople = ()
    cause: Annotated[MentorLeaving | None, later("Why, as far as it matters later.")] = None


@asked("registry", "Mentorship", by="administrator coordinator")
class MentorshipReassign(Command, kw_only=True):
    """Put another mentor, or the same who is back, into the place of one who left."""

    mentorship_id: MentorshipId
    replaces_id: MentorId
    mentor_id: MentorId
    waivers: LaterWaivers = ()


@asked("registry", "Mentorship", by="administrator coordinator policy")
class MentorshipConclude(Command, kw_only=True):
    """Conclude a mentorship; its mentors are free for others. `reason` says why."""

    mentorship_id: MentorshipId
