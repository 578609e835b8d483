"""Queries of places: org units, the groups that cut across them, and countries' lists of words."""

from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.paging import pages
from services.gateway.graphql.queries.single import single
from services.gateway.graphql.reading import Positions, by_id
from services.gateway.graphql.selection import columns_for
from services.gateway.graphql.types.code_list import (
    CodeListEntry,
    CodeListEntryFilter,
    CodeListEntryOrder,
)
from services.gateway.graphql.types.facility_baseline import (
    FacilityBaseline,
    FacilityBaselineFilter,
    FacilityBaselineOrder,
)
from services.gateway.graphql.types.figure import MOST_ROWS
from services.gateway.graphql.types.group import Group, GroupFilter, GroupOrder
from services.gateway.graphql.types.left_behind import Asked as LeftBehindAsked
from services.gateway.graphql.types.left_behind import LeftBehind, LeftBehindAs, left_behind
from services.gateway.graphql.types.org_unit import OrgUnit, OrgUnitFilter, OrgUnitOrder
from services.gateway.read.codes import unit_coded
from services.gateway.read.declare import models
from shared.contracts.registry.org_unit_codes import OWN
from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase


async def _org_unit(
    info: Info[Any, Any],
    id: Annotated[ID | None, strawberry.argument(description="Its id.")] = None,
    code: Annotated[
        str | None, strawberry.argument(description="A code of it, today's or an earlier one.")
    ] = None,
    code_system: Annotated[
        str | None,
        strawberry.argument(description="Whose list of codes: MFL, DHIS2; its own if left out."),
    ] = None,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    if (id is None) == (code is None):
        raise Malformed("id", problem=Phrase("give either an id or a code"), expected="orgUnit")
    if id is not None:
        return await by_id(info, "OrgUnit", id)
    assert code is not None
    model = models["OrgUnit"]
    columns = columns_for(info, model)
    if code_system in (None, OWN):
        found = await context.reader.one(model, columns, code, by="code")
        if found is not None:
            return found
    unit = await unit_coded(context.reader, code, code_system or OWN)
    return None if unit is None else await context.reader.one(model, columns, unit)


async def _left_behind(
    info: Info[Any, Any],
    first: Annotated[int, strawberry.argument(description=f"How many rows: 1 to {MOST_ROWS}.")],
    skip: Annotated[int, strawberry.argument(description="How many rows to leave out before.")] = 0,
    org_unit_id: Annotated[
        ID | None,
        strawberry.argument(description="At this unit, or at one below it; else anywhere."),
    ] = None,
    points_as: Annotated[
        list[LeftBehindAs] | None,
        strawberry.argument(description="In these ways alone; in any if left out."),
    ] = None,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    asked = LeftBehindAsked(
        under=None if org_unit_id is None else uuid_of(org_unit_id, "OrgUnit", "orgUnitId"),
        ways=points_as or (),
        first=first,
        skip=skip,
    )
    return await left_behind(context.reader, context.parts.places.grants_over, asked)


@strawberry.type
class PlaceQueries:
    """What can be asked of places."""

    org_unit: OrgUnit | None = strawberry.field(
        resolver=_org_unit,
        description="One org unit, by its id or by its code; null if there is none.",
    )
    org_units: Connection[OrgUnit] = pages(
        "OrgUnit",
        orders=OrgUnitOrder,
        filter=OrgUnitFilter,
        description="Org units: countries, districts, facilities.",
    )
    left_behind: list[LeftBehind] = strawberry.field(
        resolver=_left_behind,
        metadata=weighing(200),
        description="What still points at units that were closed, merged or split up: who is "
        "posted there, what is cared for there, who has rights there; with the command that leads "
        "it on to what stands in their place.",
    )
    group = single("Group", Group, "One group.")
    groups: Connection[Group] = pages(
        "Group",
        orders=GroupOrder,
        filter=GroupFilter,
        description="Clusters, associations and projects.",
    )
    code_list_entries: Connection[CodeListEntry] = pages(
        "CodeListEntry",
        orders=CodeListEntryOrder,
        filter=CodeListEntryFilter,
        description="What countries take for cadres, kinds of units and nicknames.",
    )
    facility_baselines: Connection[FacilityBaseline] = pages(
        "FacilityBaseline",
        orders=FacilityBaselineOrder,
        filter=FacilityBaselineFilter,
        description="How facilities stood, every time somebody looked.",
    )
