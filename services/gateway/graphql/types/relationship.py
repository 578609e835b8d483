"""Evaluations of the relationship between mentor and mentee."""

from datetime import date

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.reading import Node, key, leaf, one, read_model, where
from services.gateway.graphql.recording import recorded_by, recorded_for_another
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import LazyMentorship
from services.gateway.projections import RELATIONSHIP_EVALUATION
from services.gateway.read.declare import InUnit, Order
from shared.contracts.registry.mentorship import Side

RelationshipEvaluationOrder = order_enum(
    "RelationshipEvaluationOrder",
    "In which order evaluations are listed.",
    EVALUATED=(Order(columns=("evaluated_on",)), "By the day of the evaluation."),
    EVALUATED_DESC=(Order(columns=("evaluated_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which evaluations.")
class RelationshipEvaluationFilter:
    """Filters of `relationshipEvaluations`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    side: Side | None = where("side", "By this side.")
    voided: bool | None = where("voided_on", "Voided, or those that stand.", how="filled")


@read_model(
    RELATIONSHIP_EVALUATION,
    scope=InUnit(
        unit="org_unit_id",
        programme="programme",
        person="health_worker_id",
        parties="mentorship_id",
    ),
    description="How one party of a mentorship sees the relationship.",
)
class RelationshipEvaluation(Node):
    """An evaluation: its comment is confided to the parties of its mentorship."""

    id: ID = key("RelationshipEvaluation")
    programme: str = leaf("The programme's code.")
    side: Side = leaf("As mentor or as mentee.", convert=Side)
    evaluated_on: date = leaf("The day of the evaluation.")
    ratings: JSON = leaf("The rating of each statement: `[{item, rating}]`.")
    total: int = leaf("Points given, all statements together.")
    most: int = leaf("Points there were to give.")
    comment: str | None = leaf(
        "In their own words: for the parties of the mentorship alone, null for everybody else, "
        "whatever their role.",
        confided="mentorship_id",
    )
    voided_on: date | None = leaf("The day it was voided; null while it stands.")
    version: int = leaf("The record's version.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it belongs to."
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who evaluated, if in your scope."
    )
    recorded_by: str = recorded_by()
    recorded_for_another: bool | None = recorded_for_another(
        "the one who evaluated", person="health_worker_id"
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where the mentorship is."
    )
