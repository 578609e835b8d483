"""Mentees: one row for each enrolment, with how far its competency record has come.

Two services fill a row: registry with the enrolment, validation with the progress. Each writes
columns of its own, so that it makes no difference whose events arrive first; therefore all columns
can be empty. `since` says whether the enrolment has arrived: where it is filled, every column of
`ENROLMENT` is but the association, which not every area has. A reader shows no other row. What a
mentee set out to learn stands in `learning`, what was proved of each competency in `proving`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    POSITION,
    TEXT,
    TEXTS,
    maybe,
)
from shared.contracts.base import Event
from shared.contracts.deviation import all_count
from shared.contracts.registry.enrolment import (
    CompletionReopened,
    EnrolmentRestored,
    EnrolmentSetAside,
    GoalCorrected,
    GoalEvaluated,
    GoalReached,
    GoalReinstated,
    GoalSet,
    GoalVoided,
    MenteeCompleted,
    MenteeEnrolled,
    MenteeMovedToVersion,
    MenteeNeedsTold,
    MenteeReadmitted,
    MenteeSelfAssessed,
    MenteeTrained,
    MenteeTransferred,
    MenteeWithdrawn,
    SelfAssessmentCorrected,
    TrainingCorrected,
    TrainingFacts,
    TrainingReinstated,
    TrainingVoided,
)
from shared.contracts.validation.competency_correction import (
    AttemptCorrected,
    AttemptCountersigned,
    AttemptReinstated,
    AttemptVoided,
    BaselineCorrected,
    CompetencyRecognised,
    FacilityLookedAt,
    RecognitionWeighed,
)
from shared.contracts.validation.competency_record import (
    AboutMentee,
    AssessmentRecorded,
    AttemptJudged,
    AttemptsWeighed,
    BaselineAssessed,
    BaselineFacts,
    CoachingPlanSet,
    CompetencyLapsed,
    CompetencyRecordOpened,
    CompetencyRevoked,
    CompetencyValidated,
    MenteeFullyValidated,
    RightToMentorEarned,
    RightToMentorLost,
)
from shared.projection import Change, Happening, Projection, Table, Upsert

ENROLMENT = {
    "health_worker_id": ID,
    "cohort_id": ID,
    "programme_version_id": ID,
    "programme": TEXT,
    "area": TEXT,
    "association": TEXT,
    "technical_area": TEXT,
    "org_unit_id": ID,
    "since": DATE,
    "fiscal_year": INTEGER,
    "status": TEXT,
    "org_unit_now_id": ID,
    "needs": TEXTS,
    "languages": TEXTS,
    "counts": BOOLEAN,
    "record_version": INTEGER,
    "registry_position": POSITION,
}
"""What registry says of every enrolment; `org_unit_id` is where they were posted on the day they
enrolled, `org_unit_now_id` where they are mentored now. `status` is ENROLLED, COMPLETED, WITHDRAWN
or SET_ASIDE; one `counts` unless it departs from a rule."""

LATER = {
    "supervisor_id": ID,
    "trained_on": DATE,
    "completed_on": DATE,
    "withdrawn_on": DATE,
    "withdrawal_cause": TEXT,
}
"""What registry says of some."""

PROGRESS = {
    "framework": TEXT,
    "framework_version": INTEGER,
    "baseline_raw": INTEGER,
    "baseline_max": INTEGER,
    "baseline_on": DATE,
    "validated": INTEGER,
    "competencies": INTEGER,
    "first_validated_on": DATE,
    "last_assessed_on": DATE,
    "fully_validated_on": DATE,
    "competency_record_version": INTEGER,
    "validation_position": POSITION,
}
"""What validation says, from the pre-test or the first assessment on: that many are `validated` of
the framework's `competencies`; `baseline_*` are the pre-test's points."""

MENTEE = Table(
    name="mentee",
    version=4,
    key=("id",),
    columns={
        "id": ID,
        **{name: maybe(column) for name, column in (ENROLMENT | LATER | PROGRESS).items()},
    },
    indexes=(
        ("since", "id"),
        ("programme", "since", "id"),
        ("programme", "area", "since", "id"),
        ("programme", "fiscal_year", "since", "id"),
        ("area", "since", "id"),
        ("fiscal_year", "since", "id"),
        ("association", "since", "id"),
        ("org_unit_id", "since", "id"),
        ("cohort_id", "since", "id"),
        ("fully_validated_on", "id"),
        ("health_worker_id", "since", "id"),
        ("status", "since", "id"),
    ),
)

MENTEES = Projection("mentees", MENTEE)


@MENTEES.on(MenteeEnrolled)
def enrolled(event: MenteeEnrolled, happening: Happening) -> Iterator[Change]:
    """Show who is mentored in what, where, and under which rules."""
    yield _enrolment(
        happening,
        health_worker_id=event.health_worker_id,
        cohort_id=event.cohort_id,
        programme_version_id=event.programme_version_id,
        programme=event.programme,
        area=event.area,
        association=event.association,
        technical_area=event.technical_area,
        org_unit_id=event.org_unit_id,
        org_unit_now_id=event.org_unit_id,
        since=event.since,
        fiscal_year=event.fiscal_year,
        status="ENROLLED",
        needs=event.needs,
        languages=event.languages,
        counts=all_count(event.deviations),
        supervisor_id=event.supervisor_id,
    )


@MENTEES.on(CompetencyRecordOpened)
def record_opened(event: CompetencyRecordOpened, happening: Happening) -> Iterator[Change]:
    """Show what there is to prove."""
    yield _proved(
        event,
        happening,
        framework=event.framework,
        framework_version=event.framework_version,
        validated=0,
        competencies=event.competencies,
    )


@MENTEES.on(BaselineAssessed, BaselineCorrected)
def baseline_assessed(event: BaselineFacts, happening: Happening) -> Iterator[Change]:
    """Show where mentoring begins, in the whole area."""
    whole = event.competency is None
    yield _proved(
        event,
        happening,
        **(
            {
                "baseline_raw": event.raw,
                "baseline_max": event.max,
                "baseline_on": event.assessed_on,
            }
            if whole
            else {}
        ),
    )


@MENTEES.on(AssessmentRecorded)
def assessment_recorded(event: AssessmentRecorded, happening: Happening) -> Iterator[Change]:
    """Show the day of the last attempt."""
    values = {} if event.formative else {"last_assessed_on": event.assessed_on}
    yield _proved(event, happening, **values)


@MENTEES.on(AttemptsWeighed)
def attempts_weighed(event: AttemptsWeighed, happening: Happening) -> Iterator[Change]:
    """Show the day of the last attempt, which was told before others."""
    yield _proved(event, happening, last_assessed_on=event.last_assessed_on)


@MENTEES.on(
    AttemptCorrected,
    AttemptVoided,
    AttemptReinstated,
    AttemptCountersigned,
    AttemptJudged,
    CoachingPlanSet,
    CompetencyRecognised,
    FacilityLookedAt,
    RecognitionWeighed,
    RightToMentorEarned,
    RightToMentorLost,
)
def record_went_on(event: AboutMentee, happening: Happening) -> Iterator[Change]:
    """Keep the record's version: what is new stands elsewhere."""
    yield _proved(event, happening)


@MENTEES.on(CompetencyValidated)
def competency_validated(event: CompetencyValidated, happening: Happening) -> Iterator[Change]:
    """Show how many competencies they are validated on, and since when on any."""
    first = event.first_on or (event.validated_on if event.validated == 1 else None)
    yield _proved(
        event,
        happening,
        validated=event.validated,
        competencies=event.competencies,
        **({} if first is None else {"first_validated_on": first}),
    )


@MENTEES.on(CompetencyRevoked)
def revoked(event: CompetencyRevoked, happening: Happening) -> Iterator[Change]:
    """Show how many are left."""
    yield _left(event, happening, event.validated, event.competencies, event.first_on)


@MENTEES.on(CompetencyLapsed)
def lapsed(event: CompetencyLapsed, happening: Happening) -> Iterator[Change]:
    """Show how many are left."""
    yield _left(event, happening, event.validated, event.competencies, event.first_on)


@MENTEES.on(MenteeFullyValidated)
def fully_validated(event: MenteeFullyValidated, happening: Happening) -> Iterator[Change]:
    """Show that the mentee reached the rule at every competency."""
    yield _proved(event, happening, fully_validated_on=event.validated_on)


@MENTEES.on(
    GoalSet,
    GoalReached,
    GoalEvaluated,
    GoalCorrected,
    GoalVoided,
    GoalReinstated,
    MenteeSelfAssessed,
    SelfAssessmentCorrected,
)
def learning_went_on(_event: Event, happening: Happening) -> Iterator[Change]:
    """Keep the record's version: the goals themselves stand in `learning`."""
    yield _enrolment(happening)


@MENTEES.on(MenteeNeedsTold)
def needs_told(event: MenteeNeedsTold, happening: Happening) -> Iterator[Change]:
    """Show what they want to learn now: nothing is said of days to come."""
    now = max(event.needs, key=lambda one: one.since)
    yield _enrolment(happening, needs=now.needs)


@MENTEES.on(MenteeTrained, TrainingCorrected)
def trained(event: TrainingFacts, happening: Happening) -> Iterator[Change]:
    """Show when they completed the last training."""
    yield _enrolment(happening, trained_on=event.trained_on or event.completed_on)


@MENTEES.on(TrainingVoided)
def training_voided(event: TrainingVoided, happening: Happening) -> Iterator[Change]:
    """Show when they completed the last one that stands, if one does."""
    yield _enrolment(happening, trained_on=event.trained_on)


@MENTEES.on(TrainingReinstated)
def training_reinstated(event: TrainingReinstated, happening: Happening) -> Iterator[Change]:
    """Show when they completed the last one."""
    yield _enrolment(happening, trained_on=event.trained_on)


@MENTEES.on(MenteeTransferred)
def transferred(event: MenteeTransferred, happening: Happening) -> Iterator[Change]:
    """Show where they are mentored now; where they enrolled stays."""
    yield _enrolment(happening, org_unit_now_id=event.org_unit_id)


@MENTEES.on(MenteeMovedToVersion)
def moved_to_version(event: MenteeMovedToVersion, happening: Happening) -> Iterator[Change]:
    """Show the rules they are under now."""
    yield _enrolment(happening, programme_version_id=event.programme_version_id)


@MENTEES.on(MenteeWithdrawn)
def withdrawn(event: MenteeWithdrawn, happening: Happening) -> Iterator[Change]:
    """Show that they left before the end."""
    yield _enrolment(
        happening,
        status="WITHDRAWN",
        withdrawn_on=event.withdrawn_on,
        withdrawal_cause=event.cause.value if event.cause else None,
    )


@MENTEES.on(MenteeCompleted)
def completed(event: MenteeCompleted, happening: Happening) -> Iterator[Change]:
    """Show that they came to the end."""
    yield _enrolment(happening, status="COMPLETED", completed_on=event.completed_on)


@MENTEES.on(MenteeReadmitted)
def readmitted(_event: MenteeReadmitted, happening: Happening) -> Iterator[Change]:
    """Show that they go on."""
    yield _enrolment(happening, status="ENROLLED", withdrawn_on=None, withdrawal_cause=None)


@MENTEES.on(CompletionReopened)
def reopened(_event: CompletionReopened, happening: Happening) -> Iterator[Change]:
    """Show that they have not come to the end after all."""
    yield _enrolment(happening, status="ENROLLED", completed_on=None)


@MENTEES.on(EnrolmentSetAside)
def set_aside(_event: EnrolmentSetAside, happening: Happening) -> Iterator[Change]:
    """Show that it rests."""
    yield _enrolment(happening, status="SET_ASIDE")


@MENTEES.on(EnrolmentRestored)
def restored(_event: EnrolmentRestored, happening: Happening) -> Iterator[Change]:
    """Show that it goes on: only an active enrolment was ever set aside."""
    yield _enrolment(happening, status="ENROLLED")


def _enrolment(happening: Happening, **values: Any) -> Upsert:
    return Upsert(
        MENTEE,
        (happening.stream,),
        {
            **values,
            "record_version": happening.version,
            "registry_position": happening.position,
        },
    )


def _proved(event: AboutMentee, happening: Happening, **values: Any) -> Upsert:
    return Upsert(
        MENTEE,
        (event.enrolment_id,),
        {
            **values,
            "competency_record_version": happening.version,
            "validation_position": happening.position,
        },
    )


def _left(
    event: AboutMentee,
    happening: Happening,
    validated: int,
    competencies: int,
    first_on: date | None,
) -> Upsert:
    # Not all of them any more; and with none left, there is no first one.
    known = {"first_validated_on": first_on} if validated == 0 or first_on is not None else {}
    return _proved(
        event,
        happening,
        validated=validated,
        competencies=competencies,
        fully_validated_on=None,
        **known,
    )
