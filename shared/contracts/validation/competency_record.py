"""Competency records: what one enrolled mentee was assessed at, attempt by attempt, and proved."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    EnrolmentId,
    Event,
    HealthWorkerId,
    LongText,
    OrgUnitId,
    PersonalNotes,
    ProgrammeVersionId,
    asked,
    happened,
    later,
)
from shared.contracts.definition.assessment import FailedRetest
from shared.contracts.deviation import Deviations

Points = Annotated[int, Meta(ge=0, le=10_000, description="Points.")]


MostPoints = Annotated[int, Meta(ge=1, le=10_000, description="The most points there were.")]


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


Technique = Annotated[bool, Meta(description="The technique was performed properly.")]


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


class BaselineFacts(AboutMentee, kw_only=True):
    """What is said of a pre-test.

    Attributes:
        competency: what it was in; None: in the whole area.
        counts: it opens the gate PRE_TEST; every deviation's rule says whether it does.
        deviations: the rules of the programme that it departs from.
    """

    assessor_id: HealthWorkerId
    assessed_on: date
    raw: Points
    max: Points
    competency: Code | None = None
    counts: bool = True
    deviations: Deviations = ()


@happened("validation.competency_record.baseline_assessed", subject="health_worker_id")
class BaselineAssessed(BaselineFacts, kw_only=True):
    """The mentee took the pre-test that shows where mentoring begins."""


class PostTest(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a written test beside the checklist came to: `raw` of `max` points."""

    raw: Points
    max: MostPoints


class AttemptFacts(AboutMentee, kw_only=True):
    """What is said of one attempt at one competency.

    Attributes:
        attempt: its number; they are counted as they are told, not by their days.
        reached: None where the programme has no rule for validation: it only looks.
        valid_until: the last day of the validation that it gives, if it reached the rule.
        failed_retest: what follows if they were validated, where it did not reach the rule.
        post_test: the written test beside the checklist, if there was one.
        formative: the checklist was used to learn by; it proves nothing, and is no attempt.
        recorded_for_another: somebody else than the assessor recorded it; None: told before that
            was kept.
        unsigned: it proves nothing until the assessor has countersigned it.
        counts: it proves what it shows; every deviation's rule says whether it does.
        deviations: the rules of the programme that it departs from.
        asked: the rules that it is held against again when something earlier comes late, each with
            whether it counts in spite of it.
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
    valid_until: date | None = None
    failed_retest: FailedRetest | None = None
    post_test: PostTest | None = None
    formative: bool = False
    recorded_for_another: bool | None = None
    unsigned: bool = False
    counts: bool = True
    deviations: Deviations = ()
    asked: Deviations = ()


@happened("validation.competency_record.assessment_recorded", subject="health_worker_id")
class AssessmentRecorded(AttemptFacts, kw_only=True):
    """An attempt was made; it is kept for ever whatever it shows."""


@happened("validation.competency_record.attempt_judged", subject="health_worker_id")
class AttemptJudged(AboutMentee, kw_only=True):
    """What an attempt departs from is another, by what came late or was corrected."""

    competency: Code
    attempt: int
    assessor_id: HealthWorkerId
    assessed_on: date
    counts: bool
    deviations: Deviations = ()


@happened("validation.competency_record.attempts_weighed", subject="health_worker_id")
class AttemptsWeighed(AboutMentee, kw_only=True):
    """What stands of the attempts at a competency, where it is not what was told last: one came
    late, was corrected, voided or reinstated.

    Attributes:
        attempts: how many stand.
        last: the number of the last of them by its day, and what it showed; None: none stands.
        last_assessed_on: the day of the last attempt at any competency.
    """

    competency: Code
    competency_name: str
    attempts: int
    last: int | None = None
    framework: Code | None = None
    framework_version: int | None = None
    assessed_on: date | None = None
    raw: Points = 0
    max: Points = 0
    technique: bool = False
    reached: bool | None = None
    last_assessed_on: date | None = None


@happened("validation.competency_record.competency_validated", subject="health_worker_id")
class CompetencyValidated(AboutMentee, kw_only=True):
    """The attempt reached the rule: the mentee is validated on this competency, or stays so.

    `validated` counts the competencies validated so far, of the framework's `competencies`;
    `counts_to_end` says that these are as many as the programme's end rule asks.

    Attributes:
        validated_on: since when they are, without a break.
        renewed_on: the day of the attempt, where they were validated before it.
        first_on: since when they are validated on any competency; None: told before it was kept.
    """

    competency: Code
    attempt: int
    validated_on: date
    validated: int
    competencies: int
    valid_until: date | None = None
    counts_to_end: bool = False
    renewed_on: date | None = None
    first_on: date | None = None


@happened(
    "validation.competency_record.coaching_plan_set",
    subject="health_worker_id",
    version=2,
    in_clear=1,
)
class CoachingPlanSet(AboutMentee, kw_only=True):
    """After a failed attempt: what will be practised before the next one."""

    competency: Code
    attempt: int
    actions: PersonalNotes
    until: date | None = None
    set_on: date

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Leave it as it is: what was said in clear is read as it was said."""


class Cause(StrEnum):
    """Why a validation counts no more."""

    REVOKED = "REVOKED"
    """It was taken back."""
    SUSPENDED = "SUSPENDED"
    """A later attempt failed, where the programme lets that suspend it."""
    FELL = "FELL"
    """What it rested on was corrected or voided, or is another by what came late. Nothing that was
    told of validations on this competency holds; what does is told after it."""


@happened("validation.competency_record.revoked", subject="health_worker_id")
class CompetencyRevoked(AboutMentee, kw_only=True):
    """A validation counts no more; the event's reason says why. So many are left `validated`.

    Attributes:
        cause: how it ended.
        retold: it was told before, and is told again since what lies before it has changed.
        first_on: as in `CompetencyValidated`, of what is left.
    """

    competency: Code
    revoked_on: date
    validated: int
    competencies: int
    cause: Cause = Cause.REVOKED
    retold: bool = False
    first_on: date | None = None


@happened("validation.competency_record.lapsed", subject="health_worker_id")
class CompetencyLapsed(AboutMentee, kw_only=True):
    """A validation came to its last day. So many are left `validated`.

    Attributes:
        follows: it follows from an attempt of a later day, and falls with it; else the day itself
            was noticed.
        first_on: as in `CompetencyValidated`, of what is left.
    """

    competency: Code
    lapsed_on: date
    validated: int
    competencies: int
    follows: bool = False
    first_on: date | None = None


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
    """The validations it rested on do not reach the rule any more: `because` of this competency.

    Attributes:
        fell: by a correction: nobody has failed, and what is corrected once more gives it back.
    """

    tier: Code
    tier_area: Code
    because: Code
    lost_on: date
    fell: bool = False


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
    max: MostPoints
    competency: (
        Annotated[str, later("What it was in, by its code; left out: in the whole area.")] | None
    ) = None


@asked("validation", "CompetencyRecord", by="coordinator mentor")
class CompetencyAssess(Command, kw_only=True):
    """Record one attempt of an enrolled mentee at a competency, item by item."""

    enrolment_id: EnrolmentId
    competency: Code
    assessor_id: HealthWorkerId
    items: ItemScores
    technique: Technique
    post_test_raw: (
        Annotated[int, Meta(ge=0, le=10_000), later("Points of a written test beside it.")] | None
    ) = None
    post_test_max: (
        Annotated[int, Meta(ge=1, le=10_000), later("The most points there were in it.")] | None
    ) = None
    formative: Annotated[bool, later("To learn by: it proves nothing, and is no attempt.")] = False


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
