"""Org units: what stands where, and under whom since when."""

import asyncio
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.context import context_of
from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import (
    Node,
    key,
    leaf,
    many,
    needing,
    one,
    read_model,
    several,
    where,
)
from services.gateway.graphql.selection import columns_for
from services.gateway.projections import ORG_UNIT, ORG_UNIT_PARENT
from services.gateway.read.declare import Order, Published, models
from shared.contracts.registry.org_unit import OrgUnitKind

graphql_enum(OrgUnitKind)


@graphql_enum
class OrgUnitState(StrEnum):
    """What became of a unit."""

    ACTIVE = "ACTIVE"
    SPLIT = "SPLIT"
    MERGED = "MERGED"
    CLOSED = "CLOSED"


LazyOrgUnit = Annotated["OrgUnit", strawberry.lazy("services.gateway.graphql.types.org_unit")]

OrgUnitOrder = order_enum(
    "OrgUnitOrder",
    "In which order org units are listed.",
    NAME=(Order(columns=("name_folded",)), "By name, from A."),
    NAME_DESC=(Order(columns=("name_folded",), descending=True), "By name, from Z."),
)


@strawberry.input(description="Which org units.")
class OrgUnitFilter:
    """Filters of `orgUnits`."""

    code: str | None = where("code", "The one with this code.")
    codes: list[str] | None = where("code", "Those with these codes.", how="among")
    kind: OrgUnitKind | None = where("unit_kind", "Of this kind.")
    state: OrgUnitState | None = where(
        "state", "Of this state.", unindexed="nearly every unit is active: no index would help"
    )
    parent_id: ID | None = where("parent_id", "Right under this unit today.", kind="OrgUnit")
    name_contains: str | None = where(
        "name_folded",
        "Whose name holds this text.",
        how="contains",
        unindexed="some ten thousand short rows: a scan in the order's index ends early",
    )


@read_model(
    ORG_UNIT_PARENT, scope=Published(), description="Under which unit an org unit stood since when."
)
class OrgUnitParent:
    """One standing; it ends where the next one begins."""

    since: date = leaf("The first day it stood there.")
    parent: LazyOrgUnit | None = one(
        "OrgUnit", by="parent_id", description="The unit it stood under; null for a root."
    )


async def _parents(
    root: Any,
    info: Info[Any, Any],
    as_of: Annotated[
        date | None, strawberry.argument(description="The day; today if left out.")
    ] = None,
) -> list[Any]:
    # The directory holds every dated standing in memory: the rows alone are fetched.
    context = context_of(info)
    on = as_of or datetime.now(UTC).date()
    path = context.parts.directory.path_of(root.c_id, on)[1:]
    model = models["OrgUnit"]
    columns = columns_for(info, model)
    rows = await asyncio.gather(*(context.reader.one(model, columns, unit) for unit in path))
    return [row for row in rows if row is not None]


@read_model(
    ORG_UNIT,
    scope=Published(),
    description="A country, a district, a facility: a place in the hierarchy, with its dates.",
)
class OrgUnit(Node):
    """An org unit as it is now, and how it came there."""

    id: ID = key("OrgUnit")
    code: str = leaf("Its stable key; for a facility, the master facility list's code.")
    name: str = leaf("What it is called now.")
    kind: OrgUnitKind = leaf("What sort of unit it is.", column="unit_kind", convert=OrgUnitKind)
    since: date = leaf("The day it was established.")
    state: OrgUnitState = leaf("What became of it.", convert=OrgUnitState)
    ended_on: date | None = leaf("The first day on which it was no more; null while it is.")
    facility_type: str | None = leaf("Dispensary, District hospital, …; of a facility.")
    facility_level: str | None = leaf("The level of care, as the country names it.")
    facility_ownership: str | None = leaf("Who runs it.")
    latitude: float | None = leaf("Degrees north.", column="facility_latitude")
    longitude: float | None = leaf("Degrees east.", column="facility_longitude")
    beds: int | None = leaf("Beds.", column="facility_beds")
    operational: bool | None = leaf("Whether it sees patients.", column="facility_operational")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    parent: LazyOrgUnit | None = one(
        "OrgUnit", by="parent_id", description="The unit it stands under now; null for a root."
    )
    merged_into: LazyOrgUnit | None = one(
        "OrgUnit", by="into_id", description="The unit that it became part of."
    )
    predecessors: list[LazyOrgUnit] = several(
        "OrgUnit", by="predecessors", description="The units that were split up into it."
    )
    successors: list[LazyOrgUnit] = several(
        "OrgUnit", by="successors", description="The units that it was split up into."
    )
    standings: list[OrgUnitParent] = many(
        "OrgUnitParent",
        by="org_unit_id",
        order=Order(columns=("since",)),
        description="Every unit it stood under, with the day it came there.",
    )
    children: Connection[LazyOrgUnit] = pages(
        "OrgUnit",
        by="parent_id",
        orders=OrgUnitOrder,
        description="The units right under it today.",
    )

    parents: list[LazyOrgUnit] = strawberry.field(
        resolver=_parents,
        description="The units above it on a day, from the nearest to the root.",
        metadata=needing("id"),
    )
