"""Enrolments: a health worker as mentee in one area of a programme, from a day on."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    CohortId,
    Command,
    EnrolmentId,
    Event,
    HealthWorkerId,
    Languages,
    LongText,
    NewId,
    OrgUnitId,
    PersonalLongText,
    ProgrammeVersionId,
    SealedSinceV2,
    Text,
    WorkshopId,
    asked,
    happened,
    later,
    ref,
)
from shared.contracts.deviation import Deviations, LaterWaivers
from shared.contracts.taking_back import Reinstated, Voided

Needs = Annotated[
    tuple[Code, ...],
    Meta(max_length=50, description="What they want to learn: competencies, topics, by code."),
]
Days = Annotated[int, Meta(ge=1, le=365, description="Days it took.")]


@happened("registry.enrolment.enrolled", subject="health_worker_id")
class MenteeEnrolled(Event, kw_only=True):
    """A health worker is a mentee, where they were posted that day, under the cohort's rules.

    `fiscal_year` is the programme's year that the day falls in: 2019 is the year that ends
    in 2019.
    """

    health_worker_id: HealthWorkerId
    cohort_id: CohortId
    programme_version_id: ProgrammeVersionId
    programme: Code
    area: Code
    association: Code | None = None
    technical_area: Code
    org_unit_id: OrgUnitId
    since: date
    fiscal_year: int
    needs: Needs = ()
    languages: Languages = ()
    supervisor_id: HealthWorkerId | None = None
    deviations: Deviations = ()


class NeedsSince(Struct, frozen=True, kw_only=True, rename="camel"):
    """What somebody wants to learn from a day on."""

    since: date
    needs: Needs


NeedsLine = Annotated[
    tuple[NeedsSince, ...],
    Meta(max_length=100, description="What they want to learn since when, in any order."),
]


@happened("registry.enrolment.needs_told", subject="health_worker_id")
class MenteeNeedsTold(Event, kw_only=True):
    """What they want to learn since when, the whole line, in place of what was said before.

    `removed` are the days on which needs were said to begin, and none do. The event's reason says
    why.
    """

    health_worker_id: HealthWorkerId
    needs: NeedsLine
    removed: Annotated[tuple[date, ...], Meta(max_length=100)] = ()


class TrainingFacts(Event, kw_only=True):
    """What is said of a course of the training that comes before mentoring.

    Attributes:
        course: by the programme's code for it; none: known by its name alone.
        workshop_id: the workshop it was taken at; none: it was told by itself.
        taken_on: the days on which they were at that workshop.
        trained_on: when they completed the last training that stands; none: told before events
            said so.
    """

    health_worker_id: HealthWorkerId
    training: Text
    days: Days
    completed_on: date
    course: Code | None = None
    workshop_id: WorkshopId | None = None
    taken_on: tuple[date, ...] = ()
    trained_on: date | None = None


@happened("registry.enrolment.trained", subject="health_worker_id")
class MenteeTrained(TrainingFacts, kw_only=True):
    """They took it."""


@happened("registry.enrolment.training_corrected", subject="health_worker_id")
class TrainingCorrected(TrainingFacts, kw_only=True):
    """What was said of a training is replaced by this; the event's reason says why.

    `facts_version` is the version of the record that told of the training first.
    """

    facts_version: Annotated[int, Meta(ge=1)]


@happened("registry.enrolment.training_voided", subject="health_worker_id")
class TrainingVoided(Event, kw_only=True):
    """They did not take it after all; the event's reason says why.

    Attributes:
        facts_version: the version of the record that told of the training first.
        trained_on: when they completed the last one that stands; none: none does.
    """

    health_worker_id: HealthWorkerId
    facts_version: Annotated[int, Meta(ge=1)]
    trained_on: date | None = None


@happened("registry.enrolment.training_reinstated", subject="health_worker_id")
class TrainingReinstated(Event, kw_only=True):
    """They took it, as it was said last; the event's reason says why.

    Attributes:
        facts_version: the version of the record that told of the training first.
        trained_on: when they completed the last one that stands.
    """

    health_worker_id: HealthWorkerId
    facts_version: Annotated[int, Meta(ge=1)]
    trained_on: date


@happened("registry.enrolment.goal_set", subject="health_worker_id", version=2, in_clear=1)
class GoalSet(SealedSinceV2, kw_only=True):
    """They mean to reach something by a day."""

    health_worker_id: HealthWorkerId
    goal: Code
    text: PersonalLongText
    due: date | None = None


@happened("registry.enrolment.goal_reached", subject="health_worker_id")
class GoalReached(Event, kw_only=True):
    """They reached it; `open` goals remain."""

    health_worker_id: HealthWorkerId
    goal: Code
    reached_on: date
    open: Annotated[int, Meta(ge=0)]


class HowFar(StrEnum):
    """How far somebody came with a goal that was not reached."""

    PARTLY = "PARTLY"
    """Some of it is reached."""
    NOT_REACHED = "NOT_REACHED"
    """None of it is."""


Open = Annotated[int, Meta(ge=0, description="Goals that are open now.")]


@happened("registry.enrolment.goal_evaluated", subject="health_worker_id")
class GoalEvaluated(Event, kw_only=True):
    """They did not reach it, or not all of it, by a day; it stays open."""

    health_worker_id: HealthWorkerId
    goal: Code
    how_far: HowFar
    comment: PersonalLongText | None = None
    evaluated_on: date


@happened("registry.enrolment.goal_corrected", subject="health_worker_id")
class GoalCorrected(Event, kw_only=True):
    """What was said of a goal is replaced by this, whole; the event's reason says why.

    `reached_on`: none: it was not reached after all.
    """

    health_worker_id: HealthWorkerId
    goal: Code
    text: PersonalLongText
    due: date | None = None
    reached_on: date | None = None
    open: Open


@happened("registry.enrolment.goal_voided", subject="health_worker_id")
class GoalVoided(Voided, kw_only=True):
    """They did not mean to reach it after all; the event's reason says why."""

    health_worker_id: HealthWorkerId
    goal: Code
    open: Open


@happened("registry.enrolment.goal_reinstated", subject="health_worker_id")
class GoalReinstated(Reinstated, kw_only=True):
    """It stands again, as it was said last; the event's reason says why."""

    health_worker_id: HealthWorkerId
    goal: Code
    open: Open


class SelfRating(Struct, frozen=True, kw_only=True, rename="camel"):
    """How well they think they do at something."""

    skill: Code
    level: Annotated[int, Meta(ge=1, le=5, description="1: not yet, 5: could teach it.")]


SelfRatings = Annotated[
    tuple[SelfRating, ...], Meta(min_length=1, max_length=100, description="Each skill once.")
]


@happened("registry.enrolment.self_assessed", subject="health_worker_id")
class MenteeSelfAssessed(Event, kw_only=True):
    """They said how well they think they do; every answer is kept."""

    health_worker_id: HealthWorkerId
    ratings: SelfRatings
    assessed_on: date


@happened("registry.enrolment.self_assessment_corrected", subject="health_worker_id")
class SelfAssessmentCorrected(Event, kw_only=True):
    """What they were said to think of themselves on a day is replaced by this, whole; the event's
    reason says why.

    Attributes:
        instead_of: the day that was said before; `skills`, those that were rated on it.
        ratings: none: they did not say so.
    """

    health_worker_id: HealthWorkerId
    instead_of: date
    skills: Annotated[tuple[Code, ...], Meta(max_length=1_000)]
    assessed_on: date
    ratings: Annotated[tuple[SelfRating, ...], Meta(max_length=100)] = ()


@happened("registry.enrolment.transferred", subject="health_worker_id")
class MenteeTransferred(Event, kw_only=True):
    """They are mentored at another facility since a day: where they are posted now."""

    health_worker_id: HealthWorkerId
    from_org_unit_id: OrgUnitId
    org_unit_id: OrgUnitId
    since: date


@happened("registry.enrolment.moved_to_version", subject="health_worker_id")
class MenteeMovedToVersion(Event, kw_only=True):
    """From that day on, they are under another version of the programme's rules."""

    health_worker_id: HealthWorkerId
    from_programme_version_id: ProgrammeVersionId
    programme_version_id: ProgrammeVersionId
    since: date


class WithdrawalCause(StrEnum):
    """Why a mentee leaves before the end, by kind."""

    TRANSFERRED = "TRANSFERRED"
    """They work elsewhere now, where the programme is not."""
    LEFT_SERVICE = "LEFT_SERVICE"
    """They work for it no more: resigned, retired, or dismissed."""
    HEALTH = "HEALTH"
    """Their own health."""
    WORKLOAD = "WORKLOAD"
    """They have no time for it, or are not released for it."""
    FAMILY = "FAMILY"
    """Their family needs them, or moved."""
    DECEASED = "DECEASED"
    """They died."""
    OTHER = "OTHER"
    """Something else."""


@happened("registry.enrolment.withdrawn", subject="health_worker_id")
class MenteeWithdrawn(Event, kw_only=True):
    """They left before the end; the event's reason says why.

    `cause`: why, by kind; none: recorded before it was told apart.
    """

    health_worker_id: HealthWorkerId
    withdrawn_on: date
    cause: WithdrawalCause | None = None


@happened("registry.enrolment.completed", subject="health_worker_id")
class MenteeCompleted(Event, kw_only=True):
    """They came to the end of the programme, by its own rule where it has one.

    Attributes:
        sessions: sessions they attended.
        validated: competencies they were validated on.
    """

    health_worker_id: HealthWorkerId
    programme_version_id: ProgrammeVersionId
    programme: Code
    area: Code
    org_unit_id: OrgUnitId
    completed_on: date
    sessions: Annotated[int, Meta(ge=0)]
    validated: Annotated[int, Meta(ge=0)]


@happened("registry.enrolment.readmitted", subject="health_worker_id")
class MenteeReadmitted(Event, kw_only=True):
    """They did not leave after all, or came back: they go on where they stood.

    The event's reason says why.
    """

    health_worker_id: HealthWorkerId
    since: date


@happened("registry.enrolment.completion_reopened", subject="health_worker_id")
class CompletionReopened(Event, kw_only=True):
    """They have not come to the end after all: what the completion rested on is no more.

    The event's reason says why.

    Attributes:
        fell: with a correction: where that is undone, they had come to the end on that day.
    """

    health_worker_id: HealthWorkerId
    programme: Code
    area: Code
    org_unit_id: OrgUnitId
    completed_on: date
    since: date
    fell: bool = False


@happened("registry.enrolment.set_aside", subject="health_worker_id", version=2)
class EnrolmentSetAside(Event, kw_only=True):
    """It rests: its record was merged into one with an active enrolment of the same kind.

    Attributes:
        goes_on_in: the person's enrolment that goes on, with which this one is added up; none: the
            first version of this event did not say.
    """

    health_worker_id: HealthWorkerId
    goes_on_in: EnrolmentId | None = None

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Leave it unsaid in which it goes on: both are as they were, until merged anew."""


@happened("registry.enrolment.restored", subject="health_worker_id", version=2)
class EnrolmentRestored(Event, kw_only=True):
    """It goes on as before: the merge was reversed.

    Attributes:
        went_on_in: the enrolment with which it was added up, and is no more; none: with none, or
            the first version of this event did not say.
    """

    health_worker_id: HealthWorkerId
    went_on_in: EnrolmentId | None = None

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Leave it unsaid: with none was anything added up then."""


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeEnrol(Command, kw_only=True):
    """Enrol a health worker as mentee in an area of a cohort's programme."""

    id: NewId = None
    health_worker_id: HealthWorkerId
    cohort_id: CohortId
    area: Code
    needs: Needs = ()
    languages: Languages = ()
    supervisor_id: (
        Annotated[UUID, ref("HealthWorker", "Their supervisor, who is never matched with them.")]
        | None
    ) = None
    waivers: LaterWaivers = ()


@asked("registry", "Mentee", by="administrator coordinator mentor mentee")
class MenteeChangeNeeds(Command, kw_only=True):
    """Say what a mentee wants to learn from the day it occurred on, which may be past; `reason`
    says why.
    """

    enrolment_id: EnrolmentId
    needs: Needs


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeCorrectNeeds(Command, kw_only=True):
    """Say anew what a mentee wanted to learn since when, from the first day on; `reason` says why.

    `needs` takes the place of all that was said before.
    """

    enrolment_id: EnrolmentId
    needs: NeedsLine


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeTrain(Command, kw_only=True):
    """Record that a mentee completed a course of the training on the day it occurred on."""

    enrolment_id: EnrolmentId
    training: Text
    days: Days
    course: Annotated[Code | None, later("Which course, by the programme's code for it.")] = None


FirstTold = Annotated[
    int, Meta(ge=1, description="The version of the mentee's record that told of it first.")
]


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeTrainingCorrect(Command, kw_only=True):
    """Correct what was said of a training: give it again, whole; `reason` says why."""

    enrolment_id: EnrolmentId
    facts_version: FirstTold
    training: Text
    days: Days
    completed_on: Annotated[date, Meta(description="The day they completed it.")]
    course: Annotated[Code, Meta(description="Which course, by the programme's code.")] | None = (
        None
    )


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeTrainingVoid(Command, kw_only=True):
    """Void a training that a mentee did not take; `reason` says why."""

    enrolment_id: EnrolmentId
    facts_version: FirstTold


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeTrainingReinstate(Command, kw_only=True):
    """Let a voided training stand again, as it was said last; `reason` says why."""

    enrolment_id: EnrolmentId
    facts_version: FirstTold


@asked("registry", "Mentee", by="coordinator mentor mentee")
class MenteeSetGoal(Command, kw_only=True):
    """Set a learning goal, under a code that it keeps."""

    enrolment_id: EnrolmentId
    goal: Code
    text: LongText
    due: Annotated[date, Meta(description="By when.")] | None = None


@asked("registry", "Mentee", by="coordinator mentor")
class MenteeReachGoal(Command, kw_only=True):
    """Record that a learning goal was reached on the day it occurred on."""

    enrolment_id: EnrolmentId
    goal: Code


@asked("registry", "Mentee", by="coordinator mentor")
class MenteeEvaluateGoal(Command, kw_only=True):
    """Record that a learning goal was not reached, or not wholly, by the day it occurred on."""

    enrolment_id: EnrolmentId
    goal: Code
    how_far: Annotated[HowFar, Meta(description="How far they came with it.")]
    comment: PersonalLongText | None = None


@asked("registry", "Mentee", by="coordinator mentor")
class MenteeCorrectGoal(Command, kw_only=True):
    """Correct a learning goal: give it again, whole; `reason` says why.

    Without `reachedOn`, it was not reached.
    """

    enrolment_id: EnrolmentId
    goal: Code
    text: LongText
    due: Annotated[date, Meta(description="By when.")] | None = None
    reached_on: Annotated[date, Meta(description="The day it was reached, if it was.")] | None = (
        None
    )


@asked("registry", "Mentee", by="coordinator mentor")
class MenteeVoidGoal(Command, kw_only=True):
    """Void a learning goal that was set by mistake: nobody waits for it; `reason` says why."""

    enrolment_id: EnrolmentId
    goal: Code


@asked("registry", "Mentee", by="coordinator mentor")
class MenteeReinstateGoal(Command, kw_only=True):
    """Let a voided learning goal stand again; `reason` says why."""

    enrolment_id: EnrolmentId
    goal: Code


@asked("registry", "Mentee", by="coordinator mentor mentee")
class MenteeSelfAssess(Command, kw_only=True):
    """Record a mentee's own view of how well they do."""

    enrolment_id: EnrolmentId
    ratings: SelfRatings


AssessedOn = Annotated[date, Meta(description="The day that was said.")]


@asked("registry", "Mentee", by="coordinator mentor mentee")
class MenteeCorrectSelfAssessment(Command, kw_only=True):
    """Correct a self-assessment: give it again, whole, with its day; `reason` says why."""

    enrolment_id: EnrolmentId
    instead_of: AssessedOn
    assessed_on: Annotated[date, Meta(description="The day it was.")]
    ratings: SelfRatings


@asked("registry", "Mentee", by="coordinator mentor mentee")
class MenteeVoidSelfAssessment(Command, kw_only=True):
    """Void what a mentee was said to think of themselves on a day; `reason` says why."""

    enrolment_id: EnrolmentId
    assessed_on: AssessedOn


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeTransfer(Command, kw_only=True):
    """Let the enrolment follow the person to where they are posted on that day."""

    enrolment_id: EnrolmentId


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeMoveToVersion(Command, kw_only=True):
    """Put a mentee under a newer version of the programme; `reason` says why."""

    enrolment_id: EnrolmentId
    programme_version_id: ProgrammeVersionId


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeWithdraw(Command, kw_only=True):
    """Withdraw a mentee; `reason` says why. They may be enrolled anew."""

    enrolment_id: EnrolmentId
    cause: Annotated[WithdrawalCause, later("Why, by kind.")] = WithdrawalCause.OTHER


@asked("registry", "Mentee", by="administrator coordinator policy")
class MenteeComplete(Command, kw_only=True):
    """Complete an enrolment whose end rule is reached; without one, the coordinator says so."""

    enrolment_id: EnrolmentId


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeReadmit(Command, kw_only=True):
    """Undo a withdrawal: the mentee goes on where they stood; `reason` says why."""

    enrolment_id: EnrolmentId


@asked("registry", "Mentee", by="administrator coordinator policy")
class MenteeReopen(Command, kw_only=True):
    """Reopen a completion whose end rule is not reached any more, or that was a mistake.

    `reason` says why.
    """

    enrolment_id: EnrolmentId
