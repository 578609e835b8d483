"""The cascade map: who may mentor whom, because of which validation."""

from datetime import date
from enum import StrEnum

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import leaf, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.mentee import Mentee
from services.gateway.graphql.types.mentor import Mentor
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import RIGHT_TO_MENTOR
from services.gateway.read.declare import InUnit, Order


@graphql_enum
class RightStatus(StrEnum):
    """Whether a right to mentor holds."""

    HELD = "HELD"
    LOST = "LOST"


CascadeOrder = order_enum(
    "CascadeOrder",
    "In which order the cascade is listed.",
    EARNED=(Order(columns=("earned_on",)), "By the day the right was earned."),
    EARNED_DESC=(Order(columns=("earned_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which rights to mentor.")
class CascadeFilter:
    """Filters of `cascadeMap`."""

    programme: str | None = where("programme", "Earned in the programme with this code.")
    tier: str | None = where("tier", "To mentor in the programme with this code.")
    status: RightStatus | None = where("status", "That hold, or that were lost.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Earned at this unit, or at one below it.", how="under", kind="OrgUnit"
    )


@read_model(
    RIGHT_TO_MENTOR,
    scope=InUnit(unit="org_unit_id", programme="programme", person="health_worker_id"),
    description="Somebody's validations gave them the right to mentor a tier below.",
)
class RightToMentor:
    """A right, and what it rests on."""

    programme: str = leaf("The programme it was earned in, by code.")
    area: str = leaf("The area it was earned in.")
    tier: str = leaf("The programme they may mentor in, by code.")
    tier_area: str = leaf("The area there.")
    status: RightStatus = leaf("Whether it holds.", convert=RightStatus)
    because: list[str] = leaf("The competencies whose validations it rests on, by code.")
    earned_on: date = leaf("The day it was earned.")
    lost_on: date | None = leaf("The day it was lost; null while it holds.")
    lost_because: str | None = leaf("The competency whose validation ended, by code.")
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )
    mentee: Mentee | None = one("Mentee", by="mentee_id", description="The enrolment behind it.")
    mentor: Mentor | None = one(
        "Mentor",
        by="mentor_id",
        description="The record as mentor that came of it; null if none did, or if it is not in "
        "your scope.",
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where it was earned.")
