"""What was proved of each competency: attempts, validations with their end, and coaching plans."""

from collections.abc import Iterator
from datetime import date

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
from shared.contracts.validation.competency_record import (
    AboutMentee,
    AssessmentRecorded,
    CoachingPlanSet,
    CompetencyLapsed,
    CompetencyRevoked,
    CompetencyValidated,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

COMPETENCY_PROGRESS = Table(
    name="competency_progress",
    version=2,
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
        "valid_until": maybe(DATE),
        "ended_on": maybe(DATE),
        "ended_by": maybe(TEXT),
    },
)
"""How a mentee stands at a competency: points, technique and day are those of the last attempt.
`validated_on` is filled while the validation counts; `ended_by` says how one ended, REVOKED or
LAPSED. `reached` is empty where the programme only looks."""

ASSESSMENT = Table(
    name="assessment",
    version=2,
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
        "position": POSITION,
    },
    indexes=(("assessor_id", "assessed_on"),),
)
"""Every attempt, whatever it showed; `items` is a list of `{"item": code, "points": n}`."""

VALIDATION_FACT = Table(
    name="validation_fact",
    version=1,
    key=("mentee_id", "competency", "record_version"),
    columns={
        "mentee_id": ID,
        "competency": TEXT,
        "record_version": INTEGER,
        "day": DATE,
        "counts": BOOLEAN,
    },
    indexes=(("mentee_id", "competency", "day", "record_version"),),
)
"""Every validation and every end of one, in the order of `record_version`. A validation holds from
its `day` up to the `day` of the end that follows it, exclusively: what was assessed late may begin
before an earlier one's end."""

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

PROVING = Projection("proving", COMPETENCY_PROGRESS, ASSESSMENT, VALIDATION_FACT, COACHING_PLAN)


@PROVING.on(AssessmentRecorded)
def assessment_recorded(event: AssessmentRecorded, happening: Happening) -> Iterator[Change]:
    """Keep the attempt, and show it as the last one."""
    attempt = {
        "framework": event.framework,
        "framework_version": event.framework_version,
        "raw": event.raw,
        "max": event.max,
        "technique": event.technique,
        "reached": event.reached,
        "assessed_on": event.assessed_on,
    }
    yield Upsert(
        ASSESSMENT,
        (event.enrolment_id, event.competency, event.attempt),
        {
            **attempt,
            "health_worker_id": event.health_worker_id,
            "assessor_id": event.assessor_id,
            "org_unit_id": event.org_unit_id,
            "items": event.items,
            "position": happening.position,
        },
    )
    yield Upsert(
        COMPETENCY_PROGRESS,
        (event.enrolment_id, event.competency),
        {**attempt, "name": event.competency_name, "attempts": event.attempt},
    )


@PROVING.on(CompetencyValidated)
def competency_validated(event: CompetencyValidated, happening: Happening) -> Iterator[Change]:
    """Show that the mentee reached the rule at this competency."""
    yield Patch(
        COMPETENCY_PROGRESS,
        (event.enrolment_id, event.competency),
        {
            "validated_on": event.validated_on,
            "valid_until": event.valid_until,
            "ended_on": None,
            "ended_by": None,
        },
    )
    yield _fact(event, event.competency, happening, event.validated_on, counts=True)


@PROVING.on(CompetencyRevoked)
def revoked(event: CompetencyRevoked, happening: Happening) -> Iterator[Change]:
    """Show that a validation was taken back."""
    yield _ended(event, event.competency, event.revoked_on, "REVOKED")
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


def _ended(event: AboutMentee, competency: str, on: date, how: str) -> Patch:
    return Patch(
        COMPETENCY_PROGRESS,
        (event.enrolment_id, competency),
        {"validated_on": None, "valid_until": None, "ended_on": on, "ended_by": how},
    )


def _fact(
    event: AboutMentee, competency: str, happening: Happening, day: date, *, counts: bool
) -> Upsert:
    return Upsert(
        VALIDATION_FACT,
        (event.enrolment_id, competency, happening.version),
        {"day": day, "counts": counts},
    )
