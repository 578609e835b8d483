"""What was proved of each competency: attempts, validations with their end, and coaching plans."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    JSON,
    POSITION,
    TEXT,
    TEXTS,
    maybe,
)
from shared.contracts.validation.competency_correction import (
    AttemptCorrected,
    AttemptCountersigned,
    AttemptReinstated,
    AttemptVoided,
    BaselineCorrected,
    CompetencyRecognised,
    RecognitionWeighed,
)
from shared.contracts.validation.competency_record import (
    AboutMentee,
    AssessmentRecorded,
    AttemptFacts,
    AttemptJudged,
    AttemptsWeighed,
    BaselineAssessed,
    BaselineFacts,
    Cause,
    CoachingPlanSet,
    CompetencyLapsed,
    CompetencyRevoked,
    CompetencyValidated,
)
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

COMPETENCY_PROGRESS = Table(
    name="competency_progress",
    version=3,
    key=("mentee_id", "competency"),
    columns={
        "mentee_id": ID,
        "competency": TEXT,
        "name": TEXT,
        "framework": TEXT,
        "framework_version": INTEGER,
        "attempts": INTEGER,
        "raw": INTEGER,
        "max": INTEGER,
        "technique": BOOLEAN,
        "reached": maybe(BOOLEAN),
        "assessed_on": DATE,
        "validated_on": maybe(DATE),
        "renewed_on": maybe(DATE),
        "valid_until": maybe(DATE),
        "ended_on": maybe(DATE),
        "ended_by": maybe(TEXT),
    },
)
"""How a mentee stands at a competency: points, technique and day are those of the last attempt by
its day. `validated_on` is filled while the validation counts; `ended_by` says how one ended,
REVOKED, SUSPENDED or LAPSED. `reached` is empty where the programme only looks."""

ASSESSMENT = Table(
    name="assessment",
    version=3,
    key=("mentee_id", "competency", "attempt"),
    columns={
        "mentee_id": ID,
        "competency": TEXT,
        "attempt": INTEGER,
        "framework": TEXT,
        "framework_version": INTEGER,
        "health_worker_id": ID,
        "assessor_id": ID,
        "org_unit_id": ID,
        "assessed_on": DATE,
        "items": JSON,
        "raw": INTEGER,
        "max": INTEGER,
        "technique": BOOLEAN,
        "reached": maybe(BOOLEAN),
        "post_test_raw": maybe(INTEGER),
        "post_test_max": maybe(INTEGER),
        "formative": BOOLEAN,
        "counts": BOOLEAN,
        "unsigned": BOOLEAN,
        "voided_on": maybe(DATE),
        "recorded_by": TEXT,
        "recorded_for_another": maybe(BOOLEAN),
        "position": POSITION,
    },
    indexes=(("assessor_id", "assessed_on"),),
)
"""Every attempt, whatever it showed; `items` is a list of `{"item": code, "points": n}`. Whether
somebody else recorded it than the assessor is empty where it was told before that was kept."""

COMPETENCY_BASELINE = Table(
    name="competency_baseline",
    version=2,
    key=("mentee_id", "competency"),
    columns={
        "mentee_id": ID,
        "competency": TEXT,
        "assessor_id": ID,
        "assessed_on": DATE,
        "raw": INTEGER,
        "max": INTEGER,
        "recorded_by": TEXT,
        "counts": BOOLEAN,
    },
)
"""The pre-tests in one competency; the one in the whole area stands with the mentee."""

RECOGNITION = Table(
    name="recognition",
    version=3,
    key=("mentee_id", "competency", "attempt"),
    columns={
        "mentee_id": ID,
        "competency": TEXT,
        "attempt": INTEGER,
        "health_worker_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "from_mentee_id": ID,
        "from_framework": TEXT,
        "from_competency": TEXT,
        "proved_on": DATE,
        "recognised_on": DATE,
        "valid_until": maybe(DATE),
        "raw": INTEGER,
        "max": INTEGER,
        "evidence": maybe(TEXT),
        "recognised_by": TEXT,
        "voided_on": maybe(DATE),
        "fell_on": maybe(DATE),
    },
)
"""What was proved in another enrolment and counts here; `attempt` is its number here. `fell_on` is
filled while it is not proved there any more."""

VALIDATION_FACT = Table(
    name="validation_fact",
    version=2,
    key=("mentee_id", "competency", "record_version"),
    columns={
        "mentee_id": ID,
        "competency": TEXT,
        "record_version": INTEGER,
        "day": DATE,
        "counts": BOOLEAN,
        "afresh": maybe(BOOLEAN),
    },
    indexes=(("mentee_id", "competency", "day", "record_version"),),
)
"""Every validation and every end of one, in the order of `record_version`. A validation holds from
its `day` up to the `day` of the end that follows it, exclusively: what was assessed late may begin
before an earlier one's end. What stands before the last one that is `afresh` was said in error."""

COACHING_PLAN = Table(
    name="coaching_plan",
    version=1,
    key=("mentee_id", "competency", "attempt"),
    columns={
        "mentee_id": ID,
        "competency": TEXT,
        "attempt": INTEGER,
        "actions": TEXTS,
        "set_on": DATE,
        "until": maybe(DATE),
    },
)
"""What will be practised after a failed attempt."""

PROVING = Projection(
    "proving",
    COMPETENCY_PROGRESS,
    ASSESSMENT,
    RECOGNITION,
    COMPETENCY_BASELINE,
    VALIDATION_FACT,
    COACHING_PLAN,
)


@PROVING.on(AssessmentRecorded)
def assessment_recorded(event: AssessmentRecorded, happening: Happening) -> Iterator[Change]:
    """Keep the attempt, and show it as the last one."""
    yield _kept(event, happening)
    if not event.formative:
        yield Upsert(
            COMPETENCY_PROGRESS,
            (event.enrolment_id, event.competency),
            {**_shown(event), "name": event.competency_name, "attempts": event.attempt},
        )


@PROVING.on(AttemptCorrected)
def attempt_corrected(event: AttemptCorrected, happening: Happening) -> Iterator[Change]:
    """Keep it as it was after all."""
    yield _kept(event, happening)


@PROVING.on(CompetencyRecognised)
def recognised(event: CompetencyRecognised, _happening: Happening) -> Iterator[Change]:
    """Keep what was proved elsewhere."""
    yield Upsert(
        RECOGNITION,
        (event.enrolment_id, event.competency, event.attempt),
        {
            "health_worker_id": event.health_worker_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "from_mentee_id": event.from_enrolment_id,
            "from_framework": event.from_framework,
            "from_competency": event.from_competency,
            "proved_on": event.proved_on,
            "recognised_on": event.recognised_on,
            "valid_until": event.valid_until,
            "raw": event.raw,
            "max": event.max,
            "evidence": event.evidence,
            "recognised_by": event.approver,
        },
    )


@PROVING.on(RecognitionWeighed)
def recognition_weighed(event: RecognitionWeighed, _happening: Happening) -> Iterator[Change]:
    """Show it as it is proved where it was proved, or that it is not any more."""
    key = (event.enrolment_id, event.competency, event.attempt)
    if event.parted:  # it was somebody else's
        yield Delete(RECOGNITION, key)
        return
    yield Patch(
        RECOGNITION,
        key,
        {
            "proved_on": event.proved_on,
            "valid_until": event.valid_until,
            "raw": event.raw,
            "max": event.max,
            "fell_on": None if event.holds else event.weighed_on,
        },
    )


@PROVING.on(AttemptVoided)
def attempt_voided(event: AttemptVoided, _happening: Happening) -> Iterator[Change]:
    """Show that it does not count."""
    yield from _voided(event, event.competency, event.attempt, event.voided_on)


@PROVING.on(AttemptReinstated)
def attempt_reinstated(event: AttemptReinstated, _happening: Happening) -> Iterator[Change]:
    """Show that it counts again."""
    yield from _voided(event, event.competency, event.attempt, None)


@PROVING.on(AttemptCountersigned)
def attempt_countersigned(event: AttemptCountersigned, _happening: Happening) -> Iterator[Change]:
    """Show that its assessor has signed it."""
    yield _of_attempt(event, event.competency, event.attempt, unsigned=False)


@PROVING.on(AttemptJudged)
def attempt_judged(event: AttemptJudged, _happening: Happening) -> Iterator[Change]:
    """Show whether it counts after all."""
    yield _of_attempt(event, event.competency, event.attempt, counts=event.counts)


@PROVING.on(AttemptsWeighed)
def attempts_weighed(event: AttemptsWeighed, _happening: Happening) -> Iterator[Change]:
    """Show which attempts stand after all, and the last of them by its day."""
    key = (event.enrolment_id, event.competency)
    if event.last is None:
        yield Delete(COMPETENCY_PROGRESS, key)
    else:
        yield Upsert(
            COMPETENCY_PROGRESS,
            key,
            {**_shown(event), "name": event.competency_name, "attempts": event.attempts},
        )


@PROVING.on(BaselineAssessed, BaselineCorrected)
def baseline_assessed(event: BaselineFacts, happening: Happening) -> Iterator[Change]:
    """Keep where mentoring in a competency begins."""
    if event.competency is not None:
        yield Upsert(
            COMPETENCY_BASELINE,
            (event.enrolment_id, event.competency),
            {
                "assessor_id": event.assessor_id,
                "assessed_on": event.assessed_on,
                "raw": event.raw,
                "max": event.max,
                "counts": event.counts,
                "recorded_by": happening.meta.actor,
            },
        )


@PROVING.on(CompetencyValidated)
def competency_validated(event: CompetencyValidated, happening: Happening) -> Iterator[Change]:
    """Show that the mentee reached the rule at this competency."""
    yield Patch(
        COMPETENCY_PROGRESS,
        (event.enrolment_id, event.competency),
        {
            "validated_on": event.validated_on,
            "renewed_on": event.renewed_on,
            "valid_until": event.valid_until,
            "ended_on": None,
            "ended_by": None,
        },
    )
    yield _fact(event, event.competency, happening, event.validated_on, counts=True)


@PROVING.on(CompetencyRevoked)
def revoked(event: CompetencyRevoked, happening: Happening) -> Iterator[Change]:
    """Show that a validation was taken back, or suspended; what fell never was."""
    if event.cause is Cause.FELL:
        yield _ended(event, event.competency, None, None)
        yield _fact(event, event.competency, happening, event.revoked_on, counts=False, afresh=True)
    else:
        yield _ended(event, event.competency, event.revoked_on, event.cause.value)
        yield _fact(event, event.competency, happening, event.revoked_on, counts=False)


@PROVING.on(CompetencyLapsed)
def lapsed(event: CompetencyLapsed, happening: Happening) -> Iterator[Change]:
    """Show that a validation came to its last day."""
    yield _ended(event, event.competency, event.lapsed_on, "LAPSED")
    yield _fact(event, event.competency, happening, event.lapsed_on, counts=False)


@PROVING.on(CoachingPlanSet)
def coaching_plan_set(event: CoachingPlanSet, _happening: Happening) -> Iterator[Change]:
    """Show what will be practised."""
    yield Upsert(
        COACHING_PLAN,
        (event.enrolment_id, event.competency, event.attempt),
        {"actions": event.actions, "set_on": event.set_on, "until": event.until},
    )


def _shown(event: AttemptFacts | AttemptsWeighed) -> dict[str, Any]:
    return {
        "framework": event.framework,
        "framework_version": event.framework_version,
        "raw": event.raw,
        "max": event.max,
        "technique": event.technique,
        "reached": event.reached,
        "assessed_on": event.assessed_on,
    }


def _kept(event: AttemptFacts, happening: Happening) -> Upsert:
    return Upsert(
        ASSESSMENT,
        (event.enrolment_id, event.competency, event.attempt),
        {
            **_shown(event),
            "health_worker_id": event.health_worker_id,
            "assessor_id": event.assessor_id,
            "org_unit_id": event.org_unit_id,
            "items": event.items,
            "post_test_raw": None if event.post_test is None else event.post_test.raw,
            "post_test_max": None if event.post_test is None else event.post_test.max,
            "formative": event.formative,
            "counts": event.counts,
            "unsigned": event.unsigned,
            "recorded_by": happening.meta.actor,
            "recorded_for_another": event.recorded_for_another,
            "position": happening.position,
        },
    )


def _of_attempt(event: AboutMentee, competency: str, attempt: int, **values: Any) -> Patch:
    return Patch(ASSESSMENT, (event.enrolment_id, competency, attempt), values)


def _voided(event: AboutMentee, competency: str, attempt: int, on: date | None) -> Iterator[Patch]:
    for table in (ASSESSMENT, RECOGNITION):  # one number is either's
        yield Patch(table, (event.enrolment_id, competency, attempt), {"voided_on": on})


def _ended(event: AboutMentee, competency: str, on: date | None, how: str | None) -> Patch:
    return Patch(
        COMPETENCY_PROGRESS,
        (event.enrolment_id, competency),
        {
            "validated_on": None,
            "renewed_on": None,
            "valid_until": None,
            "ended_on": on,
            "ended_by": how,
        },
    )


def _fact(
    event: AboutMentee,
    competency: str,
    happening: Happening,
    day: date,
    *,
    counts: bool,
    afresh: bool | None = None,
) -> Upsert:
    return Upsert(
        VALIDATION_FACT,
        (event.enrolment_id, competency, happening.version),
        {"day": day, "counts": counts, "afresh": afresh},
    )
