"""Mentees: one row for each enrolment, with how far its competency record has come.

Two services fill a row: registry with the enrolment, validation with the progress. Each writes
columns of its own, so that it makes no difference whose events arrive first; therefore all columns
can be empty. `since` says whether the enrolment has arrived: where it is filled, every column of
`ENROLMENT` is but the association, which not every area has. A reader shows no other row.
"""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    JSON,
    POSITION,
    TEXT,
    maybe,
)
from shared.contracts.registry.enrolment import MenteeEnrolled
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    BaselineAssessed,
    CompetencyRecordOpened,
    CompetencyValidated,
    MenteeFullyValidated,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

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
    "record_version": INTEGER,
    "registry_position": POSITION,
}
"""What registry says; `org_unit_id` is where they were posted on the day they enrolled."""

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
    version=1,
    key=("id",),
    columns={
        "id": ID,
        **{name: maybe(column) for name, column in (ENROLMENT | PROGRESS).items()},
    },
    indexes=(
        ("since", "id"),
        ("programme", "since", "id"),
        ("programme", "area", "since", "id"),
        ("programme", "fiscal_year", "since", "id"),
        ("association", "since", "id"),
        ("org_unit_id", "since", "id"),
        ("cohort_id", "since", "id"),
        ("fully_validated_on", "id"),
        ("health_worker_id", "since", "id"),
    ),
)

COMPETENCY_PROGRESS = Table(
    name="competency_progress",
    version=1,
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
        "reached": BOOLEAN,
        "assessed_on": DATE,
        "validated_on": maybe(DATE),
    },
)
"""How a mentee stands at a competency: points, technique and day are those of the last attempt."""

ASSESSMENT = Table(
    name="assessment",
    version=1,
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
        "reached": BOOLEAN,
        "position": POSITION,
    },
    indexes=(("assessor_id", "assessed_on"),),
)
"""Every attempt, whatever it showed; `items` is a list of `{"item": code, "points": n}`."""

MENTEES = Projection("mentees", MENTEE, COMPETENCY_PROGRESS, ASSESSMENT)


@MENTEES.on(MenteeEnrolled)
def enrolled(event: MenteeEnrolled, happening: Happening) -> Iterator[Change]:
    """Show who is mentored in what, where, and under which rules."""
    yield Upsert(
        MENTEE,
        (happening.stream,),
        {
            "health_worker_id": event.health_worker_id,
            "cohort_id": event.cohort_id,
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "area": event.area,
            "association": event.association,
            "technical_area": event.technical_area,
            "org_unit_id": event.org_unit_id,
            "since": event.since,
            "fiscal_year": event.fiscal_year,
            "record_version": happening.version,
            "registry_position": happening.position,
        },
    )


@MENTEES.on(CompetencyRecordOpened)
def record_opened(event: CompetencyRecordOpened, happening: Happening) -> Iterator[Change]:
    """Show what there is to prove."""
    yield Upsert(
        MENTEE,
        (event.enrolment_id,),
        {
            "framework": event.framework,
            "framework_version": event.framework_version,
            "validated": 0,
            "competencies": event.competencies,
            **_progress(happening),
        },
    )


@MENTEES.on(BaselineAssessed)
def baseline_assessed(event: BaselineAssessed, happening: Happening) -> Iterator[Change]:
    """Show where mentoring begins."""
    yield Upsert(
        MENTEE,
        (event.enrolment_id,),
        {
            "baseline_raw": event.raw,
            "baseline_max": event.max,
            "baseline_on": event.assessed_on,
            **_progress(happening),
        },
    )


@MENTEES.on(AssessmentRecorded)
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
    yield Upsert(
        MENTEE,
        (event.enrolment_id,),
        {"last_assessed_on": event.assessed_on, **_progress(happening)},
    )


@MENTEES.on(CompetencyValidated)
def competency_validated(event: CompetencyValidated, happening: Happening) -> Iterator[Change]:
    """Show that the mentee reached the rule at this competency."""
    yield Patch(
        COMPETENCY_PROGRESS,
        (event.enrolment_id, event.competency),
        {"validated_on": event.validated_on},
    )
    first = {"first_validated_on": event.validated_on} if event.validated == 1 else {}
    yield Upsert(
        MENTEE,
        (event.enrolment_id,),
        {
            "validated": event.validated,
            "competencies": event.competencies,
            **first,
            **_progress(happening),
        },
    )


@MENTEES.on(MenteeFullyValidated)
def fully_validated(event: MenteeFullyValidated, happening: Happening) -> Iterator[Change]:
    """Show that the mentee reached the rule at every competency."""
    yield Upsert(
        MENTEE,
        (event.enrolment_id,),
        {"fully_validated_on": event.validated_on, **_progress(happening)},
    )


def _progress(happening: Happening) -> dict[str, int]:
    return {
        "competency_record_version": happening.version,
        "validation_position": happening.position,
    }
