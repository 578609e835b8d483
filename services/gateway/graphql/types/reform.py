"""Reforms of the hierarchy: what each is meant to change, and how far it has come."""

from datetime import date
from enum import StrEnum
from typing import Any

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import (
    Node,
    key,
    leaf,
    many,
    one,
    read_model,
    several,
    where,
)
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import REFORM, REFORM_CHANGE
from services.gateway.read.declare import InUnit, Order, Through
from shared.contracts.registry.org_unit import OrgUnitKind
from shared.contracts.registry.reform import ReformChangeKind

graphql_enum(OrgUnitKind)
graphql_enum(ReformChangeKind)


@graphql_enum
class ReformState(StrEnum):
    """How far a reform has come."""

    DRAFTED = "DRAFTED"
    APPROVED = "APPROVED"
    HELD_UP = "HELD_UP"
    CARRIED_OUT = "CARRIED_OUT"
    WITHDRAWN = "WITHDRAWN"


ReformOrder = order_enum(
    "ReformOrder",
    "In which order reforms are listed.",
    EFFECTIVE_ON=(Order(columns=("effective_on",)), "By the day they are for."),
    EFFECTIVE_ON_DESC=(Order(columns=("effective_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which reforms.")
class ReformFilter:
    """Filters of `reforms`."""

    state: ReformState | None = where("state", "That have come so far.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Within this unit, or one below it.", how="under", kind="OrgUnit"
    )


@strawberry.type(description="A rule that kept a reform from being carried out.")
class ReformFault:
    """By its code, and where in the list."""

    code: str = strawberry.field(description="The rule's code.")
    field: str | None = strawberry.field(description="Where in the list: `changes[3].intoId`.")


def _faults(found: list[dict[str, Any]]) -> list[ReformFault]:
    return [ReformFault(**fault) for fault in found]


@read_model(
    REFORM_CHANGE,
    scope=Through(to="Reform", by="reform_id"),
    description="One change of a reform; units that it brings are read once it is carried out.",
)
class ReformChange:
    """What happens to one unit."""

    place: int = leaf("Its place in the list, from 0.")
    kind: ReformChangeKind = leaf("What it does.", column="change_kind", convert=ReformChangeKind)
    code: str | None = leaf("The code of a unit that it establishes.")
    name: str | None = leaf("The name that it gives.")
    successor_codes: list[str] = leaf("The codes of the units that one is split up into.")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="The unit that it changes or establishes."
    )
    parent: OrgUnit | None = one(
        "OrgUnit", by="parent_id", description="Under which unit it comes."
    )
    into: OrgUnit | None = one("OrgUnit", by="into_id", description="What it becomes part of.")
    successors: list[OrgUnit] = several(
        "OrgUnit", by="successors", description="The units that it is split up into."
    )
    children: list[OrgUnit] = several(
        "OrgUnit", by="children", description="The units right under it that are moved one by one."
    )
    children_to: OrgUnit | None = one(
        "OrgUnit", by="children_to", description="Where all other units right under it go."
    )


@read_model(
    REFORM,
    scope=InUnit(unit="org_unit_id"),
    description="Changes of the hierarchy on one day: drafted, approved by another, carried out.",
)
class Reform(Node):
    """A reform."""

    id: ID = key("Reform")
    name: str = leaf("What it is called.")
    effective_on: date = leaf("The day of all that changes.")
    state: ReformState = leaf("How far it has come.", convert=ReformState)
    drafted_by: str = leaf("Who drafted it last, by the subject of their token.")
    approved_by: str | None = leaf("Who approved it as it is; null before.")
    carried_out_on: date | None = leaf("The day on which it was recorded; null before.")
    faults: list[ReformFault] = leaf("What held it up on its day.", convert=_faults)
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="The unit that all of it happens within."
    )
    changes: list[ReformChange] = many(
        "ReformChange",
        by="draft_id",
        own="draft_id",
        order=Order(columns=("place",)),
        description="All that changes, in its order.",
    )
