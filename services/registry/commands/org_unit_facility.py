"""Deciding on what a master facility list says of a facility since when."""

from typing import Any
from uuid import UUID

from services.registry.aggregates.facility_line import Held, held_of
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.commands.handlers import handlers
from shared.contracts.registry.org_unit import Facility, OrgUnitUpdateFacility
from shared.contracts.registry.org_unit_facility import (
    OrgUnitChangeFacility,
    OrgUnitCorrectFacility,
)
from shared.deciding.work import Work


@handlers.decides(OrgUnitUpdateFacility)
async def update_facility(
    command: OrgUnitUpdateFacility, work: Work[OrgUnitUpdateFacility]
) -> OrgUnit:
    """Say what the master facility list says of a facility, as a whole."""
    unit = await _facility(command.org_unit_id, work)
    unit.tell_facility(Held(command.facility), work.day)
    return unit


@handlers.decides(OrgUnitChangeFacility)
async def change_facility(
    command: OrgUnitChangeFacility, work: Work[OrgUnitChangeFacility]
) -> OrgUnit:
    """Say what is otherwise of a facility."""
    unit = await _facility(command.org_unit_id, work)
    said = {name: getattr(command, name) for name in Facility.__struct_fields__}
    unit.tell_facility(held_of(said, command.forget), work.day)
    return unit


@handlers.decides(OrgUnitCorrectFacility)
async def correct_facility(
    command: OrgUnitCorrectFacility, work: Work[OrgUnitCorrectFacility]
) -> OrgUnit:
    """Say anew what held of a facility since when."""
    unit = await _facility(command.org_unit_id, work)
    work.reason()
    for place, one in enumerate(command.facilities):
        work.must_have_come(one.since, f"facilities[{place}].since")
    unit.correct_facility(command.facilities)
    return unit


async def _facility(unit: UUID, work: Work[Any]) -> OrgUnit:
    found = await work.get(OrgUnit, unit, field="orgUnitId")
    await work.allow(at=found.id)
    return found
