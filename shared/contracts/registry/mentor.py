"""Mentors: nominated for an area of a programme, oriented, and certified if they did well."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    EnrolmentId,
    Event,
    HealthWorkerId,
    Languages,
    MentorId,
    MentorshipId,
    NewId,
    OrgUnitId,
    ProgrammeVersionId,
    WorkshopId,
    asked,
    happened,
    later,
)

Percent = Annotated[int, Meta(ge=0, le=100, description="Out of 100.")]


class NominatedBy(StrEnum):
    """What put them forward."""

    SELECTION = "SELECTION"
    """Somebody chose them, by the programme's criteria."""
    CASCADE = "CASCADE"
    """Their own validations in the tier above."""


Criteria = Annotated[
    tuple[Code, ...], Meta(max_length=30, description="Criteria of the selection they fulfil.")
]
Skills = Annotated[
    tuple[Code, ...],
    Meta(max_length=100, description="What they mentor best: competencies, topics, by code."),
]


@happened("registry.mentor.nominated", subject="health_worker_id")
class MentorNominated(Event, kw_only=True):
    """A health worker is put forward to mentor in one area of a programme.

    Attributes:
        criteria: those of the programme's selection that they fulfil.
        earned_in: the enrolment whose validations gave them the right, where it was the cascade.
    """

    health_worker_id: HealthWorkerId
    programme_version_id: ProgrammeVersionId
    programme: Code
    area: Code
    association: Code | None = None
    org_unit_id: OrgUnitId
    nominated_by: NominatedBy = NominatedBy.SELECTION
    criteria: Criteria = ()
    earned_in: EnrolmentId | None = None


@happened("registry.mentor.oriented", subject="health_worker_id")
class MentorOriented(Event, kw_only=True):
    """They took the orientation, with its theoretical and practical evaluation if it has them.

    Attributes:
        oriented_on: the day; none: recorded before events said it themselves.
        workshop_id: the workshop that oriented them; none: it was told by itself.
        suspended: they are suspended meanwhile.
    """

    health_worker_id: HealthWorkerId
    theory: Percent | None = None
    practical: Percent | None = None
    oriented_on: date | None = None
    workshop_id: WorkshopId | None = None
    suspended: bool = False


@happened("registry.mentor.orientation_voided", subject="health_worker_id")
class MentorOrientationVoided(Event, kw_only=True):
    """They did not take that orientation after all; the event's reason says why.

    Attributes:
        facts_version: the version of the record that told of it.
        theory, practical, oriented_on: of the last one that stands.
        oriented: whether one does.
        suspended: they are suspended meanwhile.
    """

    health_worker_id: HealthWorkerId
    facts_version: Annotated[int, Meta(ge=1)]
    oriented: bool
    theory: Percent | None = None
    practical: Percent | None = None
    oriented_on: date | None = None
    suspended: bool = False


@happened("registry.mentor.certified", subject="health_worker_id")
class MentorCertified(Event, kw_only=True):
    """They may mentor, and assess, in their area.

    `certified_on` is the day; none: recorded before events said it themselves.
    """

    health_worker_id: HealthWorkerId
    programme: Code
    area: Code
    certified_on: date | None = None


@happened("registry.mentor.certification_corrected", subject="health_worker_id")
class MentorCertificationCorrected(Event, kw_only=True):
    """They may mentor since another day than was said; the event's reason says why.

    `instead_of` is the day that was said before; none: before events said it themselves.
    """

    health_worker_id: HealthWorkerId
    programme: Code
    area: Code
    certified_on: date
    instead_of: date | None = None


@happened("registry.mentor.certification_voided", subject="health_worker_id")
class MentorCertificationVoided(Event, kw_only=True):
    """They were not certified after all; the event's reason says why.

    Attributes:
        certified_on: the day that was said.
        oriented: how far they had come; `suspended`, whether they are suspended besides.
    """

    health_worker_id: HealthWorkerId
    programme: Code
    area: Code
    certified_on: date | None = None
    voided_on: date
    oriented: bool
    suspended: bool = False


@happened("registry.mentor.assigned", subject="health_worker_id")
class MentorAssigned(Event, kw_only=True):
    """A mentorship counts towards their load since a day; none: from whenever they were asked."""

    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId
    since: date | None = None


@happened("registry.mentor.released", subject="health_worker_id")
class MentorReleased(Event, kw_only=True):
    """A mentorship counts towards their load no more from a day on; none: it never did."""

    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId
    since: date | None = None


@happened("registry.mentor.availability_declared", subject="health_worker_id")
class MentorAvailabilityDeclared(Event, kw_only=True):
    """What they offer, and between which days; a later one replaces it.

    `places` are the mentorships they would carry at a time: within the programme's load.
    """

    health_worker_id: HealthWorkerId
    skills: Skills = ()
    languages: Languages = ()
    places: Annotated[int, Meta(ge=0, le=100)]
    since: date
    until: date | None = None


class SuspensionGround(StrEnum):
    """What somebody is suspended for: it decides what becomes of what they do meanwhile."""

    CONDUCT = "CONDUCT"
    """They behaved wrongly: what they mentor meanwhile earns nothing."""
    LEAVE = "LEAVE"
    """They are on leave: they take on nothing new, and lose no right."""
    LEFT_SERVICE = "LEFT_SERVICE"
    """They left the service, died, or were struck off: they mentor and assess no more."""
    RIGHT_LOST = "RIGHT_LOST"
    """The validation that put them forward counts no more."""
    RIGHT_FELL = "RIGHT_FELL"
    """It fell with a correction: nobody has failed, and they go on once it is held again."""
    OTHER = "OTHER"
    """Something else: what they mentor meanwhile earns nothing."""


@happened("registry.mentor.suspended", subject="health_worker_id")
class MentorSuspended(Event, kw_only=True):
    """They take on no mentorship since that day; what becomes of theirs, the ground decides.

    `ground`: none: recorded before it was told apart; mentorships they were in went on.
    """

    health_worker_id: HealthWorkerId
    programme: Code
    area: Code
    since: date
    ground: SuspensionGround | None = None


@happened("registry.mentor.reinstated", subject="health_worker_id")
class MentorReinstated(Event, kw_only=True):
    """They are suspended no more from that day on.

    Attributes:
        oriented: whether they had come so far; `certified`, whether they may mentor again.
    """

    health_worker_id: HealthWorkerId
    programme: Code
    area: Code
    since: date
    oriented: bool = True
    certified: bool = True


@happened("registry.mentor.suspension_voided", subject="health_worker_id")
class MentorSuspensionVoided(Event, kw_only=True):
    """They were not suspended from that day on after all.

    Attributes:
        until: the day they were said to be reinstated; none: they would be suspended still.
        oriented, certified, certified_on: how far they had come.
    """

    health_worker_id: HealthWorkerId
    programme: Code
    area: Code
    since: date
    until: date | None = None
    oriented: bool = True
    certified: bool = True
    certified_on: date | None = None


@asked("registry", "Mentor", by="administrator coordinator")
class MentorNominate(Command, kw_only=True):
    """Put a health worker forward to mentor in an area of a programme.

    Every criterion of the programme's selection must be among `criteria`.
    """

    id: NewId = None
    health_worker_id: HealthWorkerId
    programme_version_id: ProgrammeVersionId
    area: Code
    criteria: Criteria = ()


@asked("registry", "Mentor", by="administrator coordinator policy")
class MentorNominateByCascade(Command, kw_only=True):
    """Put a health worker forward by the right that their validations in the tier above gave them.

    The programme is meant in the version published last.
    """

    enrolment_id: EnrolmentId
    programme: Code
    area: Code


@asked("registry", "Mentor", by="administrator coordinator")
class MentorOrient(Command, kw_only=True):
    """Record a nominated mentor's orientation and its two evaluations."""

    mentor_id: MentorId
    theory: Percent | None = None
    practical: Percent | None = None


@asked("registry", "Mentor", by="administrator coordinator")
class MentorOrientationVoid(Command, kw_only=True):
    """Void the orientation that was told last, before they are certified; `reason` says why."""

    mentor_id: MentorId


@asked("registry", "Mentor", by="administrator coordinator")
class MentorCertify(Command, kw_only=True):
    """Certify an oriented mentor whose evaluations reach what the programme asks."""

    mentor_id: MentorId


@asked("registry", "Mentor", by="administrator coordinator")
class MentorCorrectCertification(Command, kw_only=True):
    """Say since which day a mentor is certified after all; `reason` says why."""

    mentor_id: MentorId
    certified_on: Annotated[date, Meta(description="The day they were certified.")]


@asked("registry", "Mentor", by="administrator coordinator")
class MentorVoidCertification(Command, kw_only=True):
    """Take back a certification that was not given; `reason` says why.

    Whoever is certified later is certified with `mentorCertify`.
    """

    mentor_id: MentorId


@asked("registry", "Mentor", by="administrator coordinator mentor")
class MentorDeclareAvailability(Command, kw_only=True):
    """Say what a mentor offers, how many mentorships they would carry, and until when."""

    mentor_id: MentorId
    skills: Skills = ()
    languages: Languages = ()
    places: Annotated[int, Meta(ge=0, le=100, description="Mentorships at a time.")]
    until: Annotated[date, Meta(description="The last day they are available.")] | None = None


@asked("registry", "Mentor", by="administrator coordinator policy")
class MentorSuspend(Command, kw_only=True):
    """Suspend a mentor from the day it occurred on; `reason` says why."""

    mentor_id: MentorId
    ground: Annotated[SuspensionGround, later("What for, by kind.")] = SuspensionGround.OTHER


@asked("registry", "Mentor", by="administrator coordinator policy")
class MentorReinstate(Command, kw_only=True):
    """Let a suspended mentor mentor again; `reason` says why."""

    mentor_id: MentorId
