"""Deciding on org units."""

from typing import Any
from uuid import UUID

from services.registry.aggregates.org_unit import BeforeEstablished, OrgUnit
from services.registry.commands.handlers import handlers
from shared.contracts.registry.org_unit import (
    OrgUnitEstablish,
    OrgUnitEstablished,
    OrgUnitRename,
    OrgUnitReparent,
)
from shared.runtime.work import Work


@handlers.decides(OrgUnitEstablish)
async def establish(command: OrgUnitEstablish, work: Work[OrgUnitEstablish]) -> OrgUnit:
    """Establish a unit; its code is nobody else's."""
    await work.allow(at=command.parent_id)
    if command.parent_id is not None:
        parent = await work.get(OrgUnit, command.parent_id, field="parentId")
        if work.day < parent.established:
            raise BeforeEstablished("occurredOn", since=work.day, last=parent.established)
    unit = OrgUnit.begin(
        work.new_id(command.id, "org_unit"),
        OrgUnitEstablished(
            code=command.code,
            name=command.name,
            unit_kind=command.unit_kind,
            parent_id=command.parent_id,
            since=work.day,
            facility=command.facility,
        ),
    )
    work.claim(f"org_unit:code:{command.code}", field="code", what=f"The code {command.code}")
    work.add(unit)
    return unit


@handlers.decides(OrgUnitRename)
async def rename(command: OrgUnitRename, work: Work[OrgUnitRename]) -> OrgUnit:
    """Rename a unit."""
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    await work.allow(at=unit.id)
    unit.rename(command.name, work.day)
    return unit


@handlers.decides(OrgUnitReparent)
async def reparent(command: OrgUnitReparent, work: Work[OrgUnitReparent]) -> OrgUnit:
    """Move a unit; who does so answers for both the old place and the new one."""
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    parent = await work.get(OrgUnit, command.parent_id, field="parentId")
    await work.allow(at=parent.id)
    await work.allow(at=unit.id)
    unit.reparent(parent.id, await _ancestors(parent, work), work.day)
    return unit


async def _ancestors(unit: OrgUnit, work: Work[Any]) -> tuple[UUID, ...]:
    line: list[UUID] = []
    while unit.parent_id is not None:
        unit = await work.get(OrgUnit, unit.parent_id, field="parentId")
        line.append(unit.id)
    return tuple(line)
