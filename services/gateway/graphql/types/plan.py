"""Plans of mentorships, of visits, and of a mentee's development."""

from datetime import date

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import LazyMentorship
from services.gateway.projections import PLAN
from services.gateway.read.declare import InUnit, Order
from shared.contracts.sessions.plan import PlanKind

graphql_enum(PlanKind)

PlanOrder = order_enum(
    "PlanOrder",
    "In which order plans are listed.",
    STARTS=(Order(columns=("starts",)), "By the first day they are for."),
    STARTS_DESC=(Order(columns=("starts",), descending=True), "The latest first."),
)


@strawberry.input(description="Which plans.")
class PlanFilter:
    """Filters of `plans`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    kind: PlanKind | None = where("plan_kind", "Of this kind.")
    health_worker_id: ID | None = where(
        "health_worker_id", "Of this person's development.", kind="HealthWorker"
    )
    sent: bool | None = where("sent_on", "Sent to where it is carried out, or not.", how="filled")


@read_model(
    PLAN,
    scope=InUnit(unit="org_unit_id", programme="programme", parties="mentorship_id"),
    description="What both sides agreed to reach, and by when.",
)
class Plan(Node):
    """A plan, agreed and perhaps sent."""

    id: ID = key("Plan")
    programme: str = leaf("The programme's code.")
    kind: PlanKind = leaf("What it is a plan of.", column="plan_kind", convert=PlanKind)
    starts: date = leaf("The first day it is for.")
    ends: date = leaf("The last day it is for.")
    objectives: list[str] | None = leaf(
        "What is to be reached; null if not for you to read.", personal=True
    )
    strengths: list[str] | None = leaf(
        "The strengths that it was first agreed on with; null if not for you to read.",
        personal=True,
    )
    own_strengths: list[str] | None = leaf(
        "The strengths that the mentee has named by now; null if not for you to read.",
        personal=True,
    )
    amended_on: date | None = leaf("The day it was last amended, if it was.")
    agreed_on: date = leaf("The day both sides agreed on it.")
    sent_to: str | None = leaf("To whom it was sent; null if not for you to read.", personal=True)
    sent_on: date | None = leaf("The day it was sent; null before.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it belongs to."
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker",
        by="health_worker_id",
        description="Whose development plan it is, if in your scope; null for other plans.",
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where it is for.")
