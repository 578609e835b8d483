"""Visits: the days on which mentors were at a unit, and the sessions held in them."""

from datetime import date

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import Session
from services.gateway.projections import VISIT
from services.gateway.read.declare import InUnit, Order

VisitOrder = order_enum(
    "VisitOrder",
    "In which order visits are listed.",
    STARTS=(Order(columns=("starts",)), "By their first day."),
    STARTS_DESC=(Order(columns=("starts",), descending=True), "The latest first."),
)


@strawberry.input(description="Which visits.")
class VisitFilter:
    """Filters of `visits`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "To this unit, or to one below it.", how="under", kind="OrgUnit"
    )


@read_model(
    VISIT,
    scope=InUnit(unit="org_unit_id", programme="programme"),
    description="Mentors were at a unit for some days in a row.",
)
class Visit(Node):
    """A visit with its days and sessions."""

    id: ID = key("Visit")
    programme: str = leaf("The programme's code.")
    starts: date = leaf("The first day.")
    ends: date = leaf("The last day.")
    days: int = leaf("How many days in a row.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The unit visited.")
    sessions: list[Session] = many(
        "Session",
        by="visit_id",
        order=Order(columns=("day", "id")),
        description="The sessions held in it, day by day.",
    )
