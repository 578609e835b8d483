"""Queries of places: org units, the groups that cut across them, and countries' lists of words."""

from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.context import context_of
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
from services.gateway.graphql.types.group import Group, GroupFilter, GroupOrder
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
