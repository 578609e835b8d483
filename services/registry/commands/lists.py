"""Deciding on code lists, and which of them holds at a unit: its country's own, or everybody's.

The list itself is read, not a view of it: what is recorded by a list rests on the list as it is.
"""

from typing import Any
from uuid import UUID

from services.registry.aggregates.code_list import CodeList, NotOfACountry, must_be_a_list
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.commands.handlers import handlers
from shared.contracts.registry.code_list import CodeListKind, CodeListTell, CodeListTold
from shared.deciding.work import Work


@handlers.decides(CodeListTell)
async def tell(command: CodeListTell, work: Work[CodeListTell]) -> CodeList:
    """Tell a list of a country, or of everywhere, for the first time or anew."""
    await work.allow(at=command.org_unit_id)
    if command.org_unit_id is not None:
        unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
        country = await root_of(unit.id, work)
        if country.id != unit.id:
            raise NotOfACountry("orgUnitId", root=country.code)
    must_be_a_list(command.list, command.entries)
    told = CodeListTold(org_unit_id=command.org_unit_id, list=command.list, entries=command.entries)
    id = CodeList.id_of(command.org_unit_id, command.list)
    known = await work.find_rare(CodeList, id)
    if known is None:
        known = CodeList.begin(id, told)
        work.add(known)
    else:
        known.tell(told)
    return known


async def listed(work: Work[Any], unit_id: UUID | None, list: CodeListKind) -> CodeList | None:
    """Return the list that holds at a unit; None: nobody told one, and any words are taken.

    A country's own list holds there, whole; without one, the list of everywhere does. `unit_id`
    None asks for that of everywhere.
    """
    if unit_id is not None:
        country = await root_of(unit_id, work)
        own = await work.find_rare(CodeList, CodeList.id_of(country.id, list))
        if own is not None:
            return own
    return await work.find_rare(CodeList, CodeList.id_of(None, list))


async def root_of(unit_id: UUID, work: Work[Any]) -> OrgUnit:
    """Return the unit at the root of a unit's line upwards now: its country."""
    seen: set[UUID] = set()
    unit = await work.get(OrgUnit, unit_id, field="orgUnitId")
    # Two units may have been moved under each other.
    while unit.parent_id is not None and unit.id not in seen:
        seen.add(unit.id)
        unit = await work.get(OrgUnit, unit.parent_id, field="orgUnitId")
    return unit
