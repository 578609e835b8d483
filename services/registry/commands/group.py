"""Deciding on groups. A unit may keep one; who changes it answers for the member's place."""

from typing import Any, TypeAlias

from services.registry.aggregates.group import Group
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.commands.handlers import handlers
from shared.contracts.registry.group import (
    GroupEstablish,
    GroupEstablished,
    GroupMemberAdd,
    GroupMemberCorrect,
    GroupMemberRemove,
    GroupOfficeCorrect,
    GroupOfficeLeave,
    GroupOfficeTake,
)
from shared.deciding.work import Work
from shared.domain.phrases import Phrase


@handlers.decides(GroupEstablish)
async def establish(command: GroupEstablish, work: Work[GroupEstablish]) -> Group:
    """Establish a group of a unit, or of nobody's; its code is nobody else's."""
    await work.allow(at=command.org_unit_id)
    if command.org_unit_id is not None:
        unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
        unit.must_be_open_on(work.day, "orgUnitId")
    group = Group.begin(
        work.new_id(command.id, "group"),
        GroupEstablished(
            code=command.code,
            name=command.name,
            group_kind=command.group_kind,
            since=work.day,
            org_unit_id=command.org_unit_id,
        ),
    )
    work.claim_identifier(
        "group:code",
        command.code,
        field="code",
        what=Phrase("The code {code}", code=command.code),
    )
    work.add(group)
    return group


@handlers.decides(GroupMemberAdd)
async def add_member(command: GroupMemberAdd, work: Work[GroupMemberAdd]) -> Group:
    """Take in a unit that is there, or a person by the record that stands for them."""
    group = await _group(command, work)
    member = await _member(command, work)
    if isinstance(member, OrgUnit):
        member.must_be_open_on(work.day, "orgUnitId")
        await _give_there(member, group, work)
    else:
        member.must_stand_for_itself("healthWorkerId")
    group.add(command.org_unit_id, command.health_worker_id, work.day)
    return group


@handlers.decides(GroupMemberRemove)
async def remove_member(command: GroupMemberRemove, work: Work[GroupMemberRemove]) -> Group:
    """Let a unit or a person go, whatever became of them."""
    group = await _group(command, work)
    await _member(command, work)
    group.remove(command.org_unit_id, command.health_worker_id, work.day)
    return group


@handlers.decides(GroupMemberCorrect)
async def correct_member(command: GroupMemberCorrect, work: Work[GroupMemberCorrect]) -> Group:
    """Say anew when a unit or a person belonged to it, for a reason."""
    group = await _group(command, work)
    member = await _member(command, work)
    work.reason()
    for place, stay in enumerate(command.stays):
        work.must_have_come(stay.until or stay.since, f"stays[{place}]")
        if isinstance(member, OrgUnit):
            member.must_be_open_on(stay.since, f"stays[{place}].since")
    if isinstance(member, OrgUnit) and command.stays:
        await _give_there(member, group, work)
    group.correct(command.org_unit_id, command.health_worker_id, command.stays)
    return group


@handlers.decides(GroupOfficeTake)
async def take_office(command: GroupOfficeTake, work: Work[GroupOfficeTake]) -> Group:
    """Let a person in service hold an office in it, by the record that stands for them."""
    group, worker = await _officer(command, work)
    worker.must_stand_for_itself("healthWorkerId")
    worker.must_be_in_service(work.day, "healthWorkerId")
    if command.org_unit_id is not None:
        await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    group.take_office(command.office, worker.id, command.org_unit_id, work.day)
    return group


@handlers.decides(GroupOfficeLeave)
async def leave_office(command: GroupOfficeLeave, work: Work[GroupOfficeLeave]) -> Group:
    """Let a person leave an office."""
    group, worker = await _officer(command, work)
    group.leave_office(command.office, worker.id, work.day)
    return group


@handlers.decides(GroupOfficeCorrect)
async def correct_office(command: GroupOfficeCorrect, work: Work[GroupOfficeCorrect]) -> Group:
    """Say anew when a person held an office, for a reason."""
    group, worker = await _officer(command, work)
    work.reason()
    for place, term in enumerate(command.terms):
        work.must_have_come(term.until or term.since, f"terms[{place}]")
    group.correct_office(command.office, worker.id, command.terms)
    return group


OfOffice: TypeAlias = GroupOfficeTake | GroupOfficeLeave | GroupOfficeCorrect


async def _officer(command: OfOffice, work: Work[Any]) -> tuple[Group, HealthWorker]:
    """Return a group and who holds an office in it: whom is for the group's unit to say, or, of a
    group that no unit keeps, for the place they work at.
    """
    group = await work.get(Group, command.group_id, field="groupId")
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=group.org_unit_id or worker.org_unit_id)
    return group, worker


async def _give_there(unit: OrgUnit, group: Group, work: Work[Any]) -> None:
    """Ask for what a unit in the group brings: whoever holds a role over the group holds it there.

    Otherwise a coordinator, who gives no role, could take their unit into a group whose
    administrator they are.
    """
    for role, programme in group.entrusted:
        await work.may_give(role, at=unit.id, programme=programme)


OfMember: TypeAlias = GroupMemberAdd | GroupMemberRemove | GroupMemberCorrect


async def _group(command: OfMember, work: Work[Any]) -> Group:
    """Return a group; in one that a unit keeps, members are for who may act there."""
    group = await work.get(Group, command.group_id, field="groupId")
    if group.org_unit_id is not None:
        await work.allow(at=group.org_unit_id)
    return group


async def _member(command: OfMember, work: Work[Any]) -> OrgUnit | HealthWorker:
    Group.must_be_one(command.org_unit_id, command.health_worker_id)
    if command.org_unit_id is not None:
        unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
        await work.allow(at=unit.id)
        return unit
    assert command.health_worker_id is not None, "one of the two is named"
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    return worker
