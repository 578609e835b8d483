"""Deciding on targets."""

from typing import Any
from uuid import UUID

from services.registry.aggregates.group import Group
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.aggregates.target import Target, must_be_a_target, must_be_days
from services.registry.commands.cascade import NoSuchProgramme
from services.registry.commands.handlers import handlers
from shared.contracts.registry.target import TargetCorrect, TargetSet, TargetTold, TargetWithdraw
from shared.deciding.work import Work
from shared.programmes.calendar import year_days
from shared.programmes.known import latest_version


@handlers.decides(TargetSet)
async def set_target(command: TargetSet, work: Work[TargetSet]) -> Target:
    """Set a target for the first time, or another number from a day on."""
    await _allow(command.programme, command.org_unit_id, command.group_id, work)
    version_id = await latest_version(work.facts, command.programme)
    if version_id is None:
        raise NoSuchProgramme("programme", programme=command.programme)
    version = await work.get(ProgrammeVersion, version_id, field="programme")
    if command.org_unit_id is not None:
        unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
        unit.must_be_open_on(work.day, "orgUnitId")
    told = _told(command, version, work)
    must_be_a_target(told)
    if told.area is not None:
        version.area(told.area)
    known = await work.find(Target, Target.id_of(told))
    if known is None:
        known = Target.told(told)
        work.add(known)
    else:
        known.change(command.number, work.day)
    return known


@handlers.decides(TargetCorrect)
async def correct(command: TargetCorrect, work: Work[TargetCorrect]) -> Target:
    """Say anew which numbers it had, for a reason."""
    target = await _target(command.target_id, work)
    work.reason()
    for place, each in enumerate(command.numbers):
        work.must_have_come(each.since, f"numbers[{place}].since")
    target.correct(command.numbers)
    return target


@handlers.decides(TargetWithdraw)
async def withdraw(command: TargetWithdraw, work: Work[TargetWithdraw]) -> Target:
    """Let it be none any more, for a reason."""
    target = await _target(command.target_id, work)
    work.reason()
    target.withdraw(work.day)
    return target


def _told(command: TargetSet, version: ProgrammeVersion, work: Work[Any]) -> TargetTold:
    """Return what is told of a target, its days worked out."""
    must_be_days(
        command.fiscal_year,
        command.quarter,
        command.fiscal_year_start,
        (command.starts, command.ends),
    )
    starts, ends = command.starts, command.ends
    if command.fiscal_year is not None:
        begins = version.definition.calendar.fiscal_year_start
        if command.fiscal_year_start is not None:
            begins = f"{command.fiscal_year_start:02}-01"
        starts, ends = year_days(begins, command.fiscal_year, command.quarter)
    assert starts is not None, "the days are clear"
    assert ends is not None, "the days are clear"
    return TargetTold(
        programme=command.programme,
        measure=command.measure,
        starts=starts,
        ends=ends,
        number=command.number,
        since=work.day,
        org_unit_id=command.org_unit_id,
        group_id=command.group_id,
        area=command.area,
        fiscal_year=command.fiscal_year,
        quarter=command.quarter,
    )


async def _target(target_id: UUID, work: Work[Any]) -> Target:
    target = await work.get(Target, target_id, field="targetId")
    await _allow(target.programme, target.org_unit_id, target.group_id, work)
    return target


async def _allow(
    programme: str, org_unit_id: UUID | None, group_id: UUID | None, work: Work[Any]
) -> None:
    """Ask who may set it: whoever may act at its unit, or at the one that keeps its group; of the
    whole programme, or of a group that no unit keeps, whoever may act everywhere.
    """
    at = org_unit_id
    if at is None and group_id is not None:
        at = (await work.get(Group, group_id, field="groupId")).org_unit_id
    await work.allow(at=at, programme=programme)
