"""Screenings of the register for people who are in it twice."""

from datetime import date
from enum import StrEnum

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import SCREENING
from services.gateway.read.declare import Order, Published


@graphql_enum
class ScreeningState(StrEnum):
    """How far a screening has come."""

    RUNNING = "RUNNING"
    THROUGH = "THROUGH"
    STOPPED = "STOPPED"


ScreeningOrder = order_enum(
    "ScreeningOrder",
    "In which order screenings are listed.",
    SINCE_DESC=(Order(columns=("since",), descending=True), "The latest first."),
    SINCE=(Order(columns=("since",)), "By the day they began on."),
)


@strawberry.input(description="Which screenings.")
class ScreeningFilter:
    """Filters of `screenings`."""

    state: ScreeningState | None = where("state", "Of this state.")


@read_model(
    SCREENING,
    scope=Published(),
    description="The whole register held against itself for people who are in it twice; what was "
    "found stands in `suspectedDuplicates`.",
)
class Screening(Node):
    """One screening."""

    id: ID = key("Screening")
    state: ScreeningState = leaf("How far it has come.", convert=ScreeningState)
    since: date = leaf("The day it began on.")
    ended_on: date | None = leaf("The day it was through, or stopped; null while it runs.")
    done: int = leaf("How much of the register is screened, in thousandths.")
    looked: int = leaf("Places in blocks that were looked at; most people have several.")
    found: int = leaf("Pairs that were come upon, some of them in several steps.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="The country by whose nicknames it compares names."
    )
