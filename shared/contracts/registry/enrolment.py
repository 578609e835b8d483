"""Enrolments: a health worker as mentee in one area of a programme, from a day on."""

from datetime import date

from shared.contracts.base import (
    Code,
    CohortId,
    Command,
    Event,
    HealthWorkerId,
    NewId,
    OrgUnitId,
    ProgrammeVersionId,
    asked,
    happened,
)


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


@asked("registry", "Mentee", by="administrator coordinator")
class MenteeEnrol(Command, kw_only=True):
    """Enrol a health worker as mentee in an area of a cohort's programme."""

    id: NewId = None
    health_worker_id: HealthWorkerId
    cohort_id: CohortId
    area: Code
