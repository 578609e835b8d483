"""Mentees: one health worker enrolled in one area, and how far they have come in it."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.audit import AuditEntry, AuditOrder
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.programme import Cohort, ProgrammeVersion
from services.gateway.projections import ASSESSMENT, COMPETENCY_PROGRESS, MENTEE
from services.gateway.read.declare import InUnit, Order, Through

if TYPE_CHECKING:
    from services.gateway.graphql.types.health_worker import HealthWorker

LazyHealthWorker = Annotated[
    "HealthWorker", strawberry.lazy("services.gateway.graphql.types.health_worker")
]

ENROLLED = frozenset(
    {
        "health_worker_id",
        "cohort_id",
        "programme_version_id",
        "programme",
        "area",
        "technical_area",
        "org_unit_id",
        "fiscal_year",
        "record_version",
    }
)
"""What is filled once the enrolment is known, which `since` says."""

MenteeOrder = order_enum(
    "MenteeOrder",
    "In which order mentees are listed.",
    SINCE=(Order(columns=("since",)), "By the day they enrolled."),
    SINCE_DESC=(Order(columns=("since",), descending=True), "The latest first."),
)


@strawberry.input(description="Which mentees.")
class MenteeFilter:
    """Filters of `mentees`."""

    programme: str | None = where("programme", "In the programme with this code.")
    area: str | None = where("area", "In this area.")
    association: str | None = where("association", "In an area of this association.")
    fiscal_year: int | None = where("fiscal_year", "Enrolled in this fiscal year.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Enrolled at this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    cohort_id: ID | None = where("cohort_id", "Of this cohort.", kind="Cohort")
    health_worker_id: ID | None = where(
        "health_worker_id", "The enrolments of this person.", kind="HealthWorker"
    )
    validated: bool | None = where(
        "first_validated_on",
        "Validated in at least one competency, or in none.",
        how="filled",
        unindexed="about half of all rows on either side: no index would help",
    )
    fully_validated: bool | None = where(
        "fully_validated_on", "Validated in every competency, or not.", how="filled"
    )


@read_model(
    ASSESSMENT,
    scope=Through(to="Mentee", by="mentee_id"),
    description="One attempt at one competency, kept for ever whatever it shows.",
)
class Assessment:
    """An attempt."""

    competency: str = leaf("The competency's code.")
    attempt: int = leaf("The number of the attempt, from 1.")
    assessed_on: date = leaf("The day of the assessment.")
    raw: int = leaf("Points reached.")
    max: int = leaf("Points there were.")
    technique: bool = leaf("Whether the technique was performed properly.")
    reached: bool = leaf("Whether the rule for validation was reached.")
    framework: str = leaf("The framework's code.")
    framework_version: int = leaf("The version of its checklists.")
    items: JSON = leaf("The points of each checklist item: `[{item, points}]`.")
    assessor: LazyHealthWorker | None = one(
        "HealthWorker", by="assessor_id", description="Who assessed, if in your scope."
    )


@read_model(
    COMPETENCY_PROGRESS,
    scope=Through(to="Mentee", by="mentee_id"),
    description="How a mentee stands at one competency, by the last attempt.",
)
class CompetencyProgress:
    """Progress at a competency."""

    competency: str = leaf("The competency's code.")
    name: str = leaf("What the competency is called.")
    framework: str = leaf("The framework's code.")
    framework_version: int = leaf("The version of its checklists.")
    attempts: int = leaf("Attempts so far.")
    raw: int = leaf("Points reached at the last attempt.")
    max: int = leaf("Points there were at the last attempt.")
    technique: bool = leaf("Whether the technique was performed properly then.")
    reached: bool = leaf("Whether the last attempt reached the rule.")
    assessed_on: date = leaf("The day of the last attempt.")
    validated_on: date | None = leaf("The day of the validation; null before it.")


@read_model(
    MENTEE,
    scope=InUnit(unit="org_unit_id", programme="programme"),
    exists="since",
    then=ENROLLED,
    description="A health worker enrolled as mentee in one area, with their progress.",
)
class Mentee(Node):
    """A mentee in one area."""

    id: ID = key("Mentee")
    programme: str = leaf("The programme's code.")
    area: str = leaf("The area they are mentored in.")
    association: str | None = leaf("The professional association behind that area.")
    technical_area: str = leaf("The technical area it counts for.")
    since: date = leaf("The day they enrolled.")
    fiscal_year: int = leaf("The programme's year of that day: 2021 ends in 2021.")
    baseline_raw: int | None = leaf("Points of the pre-test; null before it.")
    baseline_max: int | None = leaf("Points there were in the pre-test.")
    baseline_on: date | None = leaf("The day of the pre-test.")
    validated: int = leaf("Competencies validated so far.", empty=0)
    competency_count: int | None = leaf(
        "Competencies there are; null before the first validation.", column="competencies"
    )
    first_validated_on: date | None = leaf("The day of the first validation.")
    last_assessed_on: date | None = leaf("The day of the last attempt.")
    fully_validated_on: date | None = leaf("The day every competency was validated.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    competency_record_version: int | None = leaf(
        "The version of its competency record, for `expectedVersion` of assessments."
    )
    health_worker: LazyHealthWorker | None = one(
        "HealthWorker",
        by="health_worker_id",
        description="The person; null once they work outside of your scope.",
    )
    cohort: Cohort | None = one("Cohort", by="cohort_id", description="Where they started.")
    programme_version: ProgrammeVersion | None = one(
        "ProgrammeVersion", by="programme_version_id", description="The rules they are under."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where they worked when they enrolled."
    )
    competencies: list[CompetencyProgress] = many(
        "CompetencyProgress",
        by="mentee_id",
        order=Order(columns=("competency",)),
        description="How they stand at each competency they were assessed at.",
    )
    assessments: list[Assessment] = many(
        "Assessment",
        by="mentee_id",
        order=Order(columns=("competency", "attempt")),
        description="Every attempt, in order.",
    )
    audit_trail: Connection[AuditEntry] = pages(
        "AuditEntry",
        by="health_worker_id",
        own="health_worker_id",
        orders=AuditOrder,
        known_by="recorded",
        description="Every event that names the person, in the order it was recorded.",
    )
