"""Mentees: one health worker enrolled in one area, and how far they have come in it."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.audit import AuditEntry, AuditOrder
from services.gateway.graphql.types.history import HistoryEntry, HistoryFilter, HistoryOrder
from services.gateway.graphql.types.learning import (
    LearningGoal,
    MenteeNeeds,
    MenteeVersion,
    SelfRating,
    Training,
)
from services.gateway.graphql.types.mentee_status import MenteeStatus
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.programme import Cohort, ProgrammeVersion
from services.gateway.graphql.types.proving import (
    Assessment,
    CoachingPlan,
    CompetencyBaseline,
    CompetencyProgress,
    IndicatorScore,
    Recognition,
)
from services.gateway.projections import MENTEE
from services.gateway.read.declare import InUnit, Order
from shared.contracts.registry.enrolment import WithdrawalCause

if TYPE_CHECKING:
    from services.gateway.graphql.types.health_worker import HealthWorker
    from services.gateway.graphql.types.mentorship import MentorshipMentee

LazyHealthWorker = Annotated[
    "HealthWorker", strawberry.lazy("services.gateway.graphql.types.health_worker")
]

graphql_enum(WithdrawalCause)

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
        "status",
        "org_unit_now_id",
        "needs",
        "languages",
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
    status: MenteeStatus | None = where("status", "Whose enrolment stands so.")
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
    group_id: ID | None = where(
        "org_unit_id",
        "Members of this group today, and who enrolled at its units or below them.",
        how="in_group",
        kind="Group",
    )


@read_model(
    MENTEE,
    scope=InUnit(unit="org_unit_id", programme="programme", person="health_worker_id"),
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
    status: MenteeStatus = leaf("How the enrolment stands.", convert=MenteeStatus)
    counts: bool | None = leaf("Whether figures count the enrolment: it departs from no rule.")
    needs: list[str] = leaf("What they want to learn now: competencies, topics, by code.")
    languages: list[str] = leaf("Languages they would be mentored in.")
    trained_on: date | None = leaf("The day they completed a training; null before.")
    completed_on: date | None = leaf("The day they came to the end; null before.")
    withdrawn_on: date | None = leaf("The day they left before the end; null if they did not.")
    withdrawal_cause: WithdrawalCause | None = leaf(
        "Why they left, by kind; null if not for you to read, or if it was not told apart.",
        convert=WithdrawalCause,
        personal=True,
    )
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
    org_unit_now: OrgUnit | None = one(
        "OrgUnit", by="org_unit_now_id", description="Where they are mentored now."
    )
    supervisor: LazyHealthWorker | None = one(
        "HealthWorker",
        by="supervisor_id",
        description="Their supervisor, who is never matched with them; if in your scope.",
    )
    needs_over_time: list[MenteeNeeds] = many(
        "MenteeNeeds",
        by="mentee_id",
        order=Order(columns=("since",)),
        description="What they wanted to learn since when, from the first day on.",
    )
    goals: list[LearningGoal] = many(
        "LearningGoal",
        by="mentee_id",
        order=Order(columns=("set_on", "goal")),
        description="What they mean to reach.",
    )
    mentorships: list[
        Annotated["MentorshipMentee", strawberry.lazy("services.gateway.graphql.types.mentorship")]
    ] = many(
        "MentorshipMentee",
        by="mentee_id",
        order=Order(columns=("joined_on", "mentorship_id")),
        description="In whose care they are or were, since when.",
    )
    trainings: list[Training] = many(
        "Training",
        by="mentee_id",
        order=Order(columns=("completed_on",)),
        description="The trainings they took.",
    )
    self_ratings: list[SelfRating] = many(
        "SelfRating",
        by="mentee_id",
        order=Order(columns=("assessed_on", "skill")),
        description="How well they thought they did, each time.",
    )
    programme_versions: list[MenteeVersion] = many(
        "MenteeVersion",
        by="mentee_id",
        order=Order(columns=("since",)),
        description="Every version of the rules they were under.",
    )
    competencies: list[CompetencyProgress] = many(
        "CompetencyProgress",
        by="mentee_id",
        order=Order(columns=("competency",)),
        description="How they stand at each competency they were assessed at.",
    )
    competency_baselines: list[CompetencyBaseline] = many(
        "CompetencyBaseline",
        by="mentee_id",
        order=Order(columns=("competency",)),
        description="The pre-tests they took in single competencies.",
    )
    assessments: list[Assessment] = many(
        "Assessment",
        by="mentee_id",
        order=Order(columns=("competency", "attempt")),
        description="Every attempt, in order.",
    )
    recognitions: list[Recognition] = many(
        "Recognition",
        by="mentee_id",
        order=Order(columns=("competency", "attempt")),
        description="What was proved in other enrolments, and counts in this one.",
    )
    coaching_plans: list[CoachingPlan] = many(
        "CoachingPlan",
        by="mentee_id",
        order=Order(columns=("set_on", "competency", "attempt")),
        description="What was to be practised after failed attempts.",
    )
    indicators: list[IndicatorScore] = many(
        "IndicatorScore",
        by="mentee_id",
        order=Order(columns=("indicator", "round")),
        description="Every score on every indicator, from the baseline on.",
    )
    audit_trail: Connection[AuditEntry] = pages(
        "AuditEntry",
        by="health_worker_id",
        own="health_worker_id",
        orders=AuditOrder,
        known_by="recorded",
        description="Every event that names the person, in the order it was recorded.",
    )
    history: Connection[HistoryEntry] = pages(
        "HistoryEntry",
        by="health_worker_id",
        own="health_worker_id",
        orders=HistoryOrder,
        filter=HistoryFilter,
        known_by="recorded",
        description="The person's history in words, by all of their names: see `HealthWorker`.",
    )
