"""Org units: what stands where, and under whom since when."""

import asyncio
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.clock import today
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
from services.gateway.projections import (
    ORG_UNIT,
    ORG_UNIT_CODE,
    ORG_UNIT_FACILITY,
    ORG_UNIT_PARENT,
)
from services.gateway.read.declare import Many, Order, Published, models
from services.gateway.read.sql import Columns
from shared.contracts.registry.org_unit import FacilityFact, OrgUnitKind

graphql_enum(OrgUnitKind)
graphql_enum(FacilityFact)


_STANDARD = {kind.value: kind for kind in OrgUnitKind}


def _standard(code: str) -> OrgUnitKind:
    return _STANDARD.get(code, OrgUnitKind.OTHER)


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

    code: str | None = where(
        "code",
        "The one with this code, now or before: its own, or the one in `codeSystem`.",
        how="coded",
        beside="code_system",
    )
    codes: list[str] | None = where(
        "code", "Those with these codes, likewise.", how="coded_among", beside="code_system"
    )
    code_system: str | None = where(
        "id", "That have, or had, a code in this list: MFL, DHIS2, HR.", how="listed"
    )
    kind: OrgUnitKind | None = where(
        "unit_kind", "Of this kind; for one of the country's own, give `kindCode`."
    )
    kind_code: str | None = where("unit_kind", "Of the kind with this code: DISTRICT, SECTOR.")
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
    group_id: ID | None = where(
        "id", "Members of this group today, and all below them.", how="in_group", kind="Group"
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


@read_model(
    ORG_UNIT_FACILITY,
    scope=Published(),
    description="What the master facility list said of a facility from a day on, as a whole.",
)
class OrgUnitFacility:
    """What held; it ends where the next one begins."""

    since: date = leaf("The first day it held.")
    type: str | None = leaf("Dispensary, District hospital, …")
    level: str | None = leaf("The level of care, as the country names it.")
    ownership: str | None = leaf("Who runs it.")
    latitude: float | None = leaf("Degrees north.")
    longitude: float | None = leaf("Degrees east.")
    beds: int | None = leaf("Beds.")
    operational: bool = leaf("Whether it saw patients.")
    services: list[str] = leaf("What it offered, by the country's codes.")


@read_model(
    ORG_UNIT_CODE, scope=Published(), description="A code that an org unit has in a list, or had."
)
class OrgUnitCode:
    """One code; by it the unit is found for ever."""

    system: str = leaf("The list of codes: OWN is the unit's own, MFL, DHIS2, HR.")
    code: str = leaf("The code.")
    since: date = leaf("The first day with it.")
    until: date | None = leaf("The first day without it; null while it has it.")


_HELD = Many(to="OrgUnitFacility", by="org_unit_id", order=Order(columns=("since",)))


async def _facility_on(
    root: Any,
    info: Info[Any, Any],
    day: Annotated[date, strawberry.argument(description="The day.")],
) -> Annotated["OrgUnitFacility", strawberry.lazy(__name__)] | None:
    model = models["OrgUnitFacility"]
    asked = columns_for(info, model)
    columns = Columns(asked.fields, ("since",))
    held = await context_of(info).reader.many(_HELD, columns, root.c_id)
    return next((row for row in reversed(held) if row.c_since <= day), None)


_HEIRS = Columns((), ("id", "state", "into_id", "successors"))


async def _in_its_place(root: Any, info: Info[Any, Any]) -> list[Any]:
    reader, model = context_of(info).reader, models["OrgUnit"]
    found: list[UUID] = []
    seen, waiting = {root.c_id}, [root]
    while waiting:
        unit = waiting.pop(0)
        if unit.c_state == OrgUnitState.ACTIVE:
            found.append(unit.c_id)
            continue
        heirs = [*unit.c_successors, *([unit.c_into_id] if unit.c_into_id else [])]
        new = [heir for heir in heirs if heir not in seen]
        seen.update(new)
        rows = await asyncio.gather(*(reader.one(model, _HEIRS, heir) for heir in new))
        waiting += [row for row in rows if row is not None]
    columns = columns_for(info, model)
    shown = [id for id in found if id != root.c_id]
    return list(await asyncio.gather(*(reader.one(model, columns, id) for id in shown)))


async def _parents(
    root: Any,
    info: Info[Any, Any],
    as_of: Annotated[
        date | None, strawberry.argument(description="The day; today if left out.")
    ] = None,
) -> list[Any]:
    # The directory holds every dated standing in memory: the rows alone are fetched.
    context = context_of(info)
    on = as_of or today()
    path = context.parts.places.path_of(root.c_id, on)[1:]
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
    code: str = leaf("Its own code now; `codes` has those before, and those in other lists.")
    name: str = leaf("What it is called now.")
    kind: OrgUnitKind = leaf(
        "What sort of unit it is; OTHER, where its kind is one of the country's own.",
        column="unit_kind",
        convert=_standard,
        deprecated="It goes at the end of 2027: read `kindCode`.",
    )
    kind_code: str = leaf(
        "Its kind, by the code: a standard one, or one of the country's list of kinds.",
        column="unit_kind",
    )
    sees_patients: bool | None = leaf("Whether its kind is one of facilities.")
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
    services: list[str] | None = leaf(
        "What it offers, by the country's codes; of a facility.", column="facility_services"
    )
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
    in_its_place: list[LazyOrgUnit] = strawberry.field(
        resolver=_in_its_place,
        description="The units that are there today in the place of one that was split up or "
        "merged, through all that became of those; of one that is there, or was closed, none.",
        metadata=needing("id", "state", "into_id", "successors"),
    )
    codes: list[OrgUnitCode] = many(
        "OrgUnitCode",
        by="org_unit_id",
        order=Order(columns=("system", "since")),
        description="Every code it has or had, by list.",
    )
    facility_on: OrgUnitFacility | None = strawberry.field(
        resolver=_facility_on,
        description="What the master facility list said of it on a day; null where that is not "
        "known.",
        metadata=needing("id"),
    )
    facility_history: list[OrgUnitFacility] = many(
        "OrgUnitFacility",
        by="org_unit_id",
        order=Order(columns=("since",)),
        description="All that the master facility list said of it, since when.",
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
