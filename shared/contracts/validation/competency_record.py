"""Competency records: what one enrolled mentee was assessed at, attempt by attempt, and proved."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    EnrolmentId,
    Event,
    HealthWorkerId,
    LongText,
    OrgUnitId,
    ProgrammeVersionId,
    asked,
    happened,
)

Points = Annotated[int, Meta(ge=0, le=10_000, description="Points.")]


class ItemScore(Struct, frozen=True, kw_only=True, rename="camel"):
    """The points one checklist item was given."""

    item: Code
    points: Points


Actions = Annotated[
    tuple[LongText, ...], Meta(min_length=1, max_length=20, description="What will be practised.")
]
ItemScores = Annotated[
    tuple[ItemScore, ...],
    Meta(min_length=1, max_length=200, description="A score for every item of the checklist."),
]


class AboutMentee(Event, kw_only=True):
    """What every event of a record begins with: whose it is, under which rules, and where."""

    health_worker_id: HealthWorkerId
    enrolment_id: EnrolmentId
    programme_version_id: ProgrammeVersionId
    programme: Code
    area: Code
    org_unit_id: OrgUnitId


@happened("validation.competency_record.opened", subject="health_worker_id")
class CompetencyRecordOpened(AboutMentee, kw_only=True):
    """A record is kept for an enrolled mentee, by the framework that their programme names."""

    framework: Code
    framework_version: int
    competencies: int


@happened("validation.competency_record.baseline_assessed", subject="health_worker_id")
class BaselineAssessed(AboutMentee, kw_only=True):
    """The mentee took the pre-test that shows where mentoring begins."""

    assessor_id: HealthWorkerId
    assessed_on: date
    raw: Points
    max: Points


@happened("validation.competency_record.assessment_recorded", subject="health_worker_id")
class AssessmentRecorded(AboutMentee, kw_only=True):
    """One attempt at one competency, kept for ever whatever it shows.

    `reached` is None where the programme has no rule for validation: it only looks.
    """

    competency: Code
    competency_name: str
    framework: Code
    framework_version: int
    assessor_id: HealthWorkerId
    assessed_on: date
    attempt: int
    items: ItemScores
    raw: Points
    max: Points
    technique: bool
    reached: bool | None


@happened("validation.competency_record.competency_validated", subject="health_worker_id")
class CompetencyValidated(AboutMentee, kw_only=True):
    """The attempt reached the rule: the mentee is validated on this competency.

    `validated` counts the competencies validated so far, of the framework's `competencies`;
    `counts_to_end` says that these are as many as the programme's end rule asks.
    """

    competency: Code
    attempt: int
    validated_on: date
    validated: int
    competencies: int
    valid_until: date | None = None
    counts_to_end: bool = False


@happened("validation.competency_record.coaching_plan_set", subject="health_worker_id")
class CoachingPlanSet(AboutMentee, kw_only=True):
    """After a failed attempt: what will be practised before the next one."""

    competency: Code
    attempt: int
    actions: Actions
    until: date | None = None
    set_on: date


@happened("validation.competency_record.revoked", subject="health_worker_id")
class CompetencyRevoked(AboutMentee, kw_only=True):
    """A validation counts no more; the event's reason says why. So many are left `validated`."""

    competency: Code
    revoked_on: date
    validated: int
    competencies: int


@happened("validation.competency_record.lapsed", subject="health_worker_id")
class CompetencyLapsed(AboutMentee, kw_only=True):
    """A validation came to its last day. So many are left `validated`."""

    competency: Code
    lapsed_on: date
    validated: int
    competencies: int


@happened("validation.competency_record.right_to_mentor_earned", subject="health_worker_id")
class RightToMentorEarned(AboutMentee, kw_only=True):
    """Their validations give them the right to mentor a tier below.

    Attributes:
        tier: the code of the programme they may mentor in, and `tier_area` its area.
        because: the competencies whose validations it rests on.
    """

    tier: Code
    tier_area: Code
    because: tuple[Code, ...]
    earned_on: date


@happened("validation.competency_record.right_to_mentor_lost", subject="health_worker_id")
class RightToMentorLost(AboutMentee, kw_only=True):
    """The validations it rested on do not reach the rule any more: `because` of this competency."""

    tier: Code
    tier_area: Code
    because: Code
    lost_on: date


@happened("validation.competency_record.fully_validated", subject="health_worker_id")
class MenteeFullyValidated(AboutMentee, kw_only=True):
    """Every competency of the framework is validated."""

    validated_on: date


@asked("validation", "CompetencyRecord", by="coordinator mentor")
class CompetencyBaselineAssess(Command, kw_only=True):
    """Record the pre-test of an enrolled mentee, on the day it occurred on."""

    enrolment_id: EnrolmentId
    assessor_id: HealthWorkerId
    raw: Points
    max: Annotated[int, Meta(ge=1, le=10_000, description="The most points there were.")]


@asked("validation", "CompetencyRecord", by="coordinator mentor")
class CompetencyAssess(Command, kw_only=True):
    """Record one attempt of an enrolled mentee at a competency, item by item."""

    enrolment_id: EnrolmentId
    competency: Code
    assessor_id: HealthWorkerId
    items: ItemScores
    technique: Annotated[bool, Meta(description="The technique was performed properly.")]


@asked("validation", "CompetencyRecord", by="coordinator mentor")
class CompetencyCoach(Command, kw_only=True):
    """Set a coaching plan after a failed attempt at a competency."""

    enrolment_id: EnrolmentId
    competency: Code
    actions: Actions
    until: Annotated[date, Meta(description="By when it is practised.")] | None = None


@asked("validation", "CompetencyRecord", by="administrator coordinator")
class CompetencyRevoke(Command, kw_only=True):
    """Revoke the validation of a competency; `reason` says why. It may be validated anew."""

    enrolment_id: EnrolmentId
    competency: Code


@asked("validation", "CompetencyRecord", by="coordinator policy")
class CompetencyLapse(Command, kw_only=True):
    """Record that a validation came to its last day."""

    enrolment_id: EnrolmentId
    competency: Code
