"""Deciding on improvement actions."""

from typing import Any
from uuid import UUID

from services.sessions.aggregates.improvement_action import Holder, ImprovementAction, Owner
from services.sessions.commands.agreement import Agreement, agreement_of, must_be_its_session
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import somebody_named
from services.sessions.commands.units import must_be_there, must_stand_above
from shared.contracts.sessions.improvement_action import (
    ActionAgree,
    ActionComplete,
    ActionDrop,
    ActionEscalate,
    ActionReportProgress,
    ActionReschedule,
    ActionResolve,
    ActionReturn,
)
from shared.deciding.work import Work


@handlers.decides(ActionAgree)
async def agree(command: ActionAgree, work: Work[ActionAgree]) -> ImprovementAction:
    """Agree on an action with its owner, at a session of the same mentorship if at one."""
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(
        at=agreement.org_unit_id, programme=agreement.rules.programme, people=agreement.people
    )
    await must_be_its_session(agreement, command.session_id, work)
    action = ImprovementAction.agreed(
        id=work.new_id(command.id, "improvement_action"),
        agreement=agreement,
        session_id=command.session_id,
        title=command.title,
        root_causes=command.root_causes,
        owner=await _owner(command, agreement, work),
        agreed_on=work.day,
        due=command.due,
    )
    work.add(action)
    return action


@handlers.decides(ActionComplete)
async def complete(command: ActionComplete, work: Work[ActionComplete]) -> ImprovementAction:
    """Record that it is done."""
    action = await _of(command.improvement_action_id, work)
    action.complete(command.result, work.day)
    return action


@handlers.decides(ActionReschedule)
async def reschedule(command: ActionReschedule, work: Work[ActionReschedule]) -> ImprovementAction:
    """Move the day it is due."""
    action = await _of(command.improvement_action_id, work)
    work.reason()
    action.reschedule(command.due, work.day)
    return action


@handlers.decides(ActionReportProgress)
async def report_progress(
    command: ActionReportProgress, work: Work[ActionReportProgress]
) -> ImprovementAction:
    """Note what was done so far."""
    action = await _of(command.improvement_action_id, work)
    action.progress(command.note, work.day)
    return action


@handlers.decides(ActionDrop)
async def drop(command: ActionDrop, work: Work[ActionDrop]) -> ImprovementAction:
    """Let it be."""
    action = await _of(command.improvement_action_id, work)
    work.reason()
    action.drop(work.day)
    return action


@handlers.decides(ActionEscalate)
async def escalate(command: ActionEscalate, work: Work[ActionEscalate]) -> ImprovementAction:
    """Pass it on to a unit above the last that had it, or to an office outside the tree."""
    action = await _of(command.improvement_action_id, work)
    work.reason()
    if command.to_org_unit_id is not None:
        await must_stand_above(command.to_org_unit_id, action.with_unit, work, field="toOrgUnitId")
    action.escalate(Holder(command.to_org_unit_id, command.to_office), work.day)
    return action


@handlers.decides(ActionReturn)
async def send_back(command: ActionReturn, work: Work[ActionReturn]) -> ImprovementAction:
    """Return it to who had it before."""
    action = await _of(command.improvement_action_id, work)
    work.reason()
    action.send_back(work.day)
    return action


@handlers.decides(ActionResolve)
async def resolve(command: ActionResolve, work: Work[ActionResolve]) -> ImprovementAction:
    """Record how the unit above solved it."""
    action = await _of(command.improvement_action_id, work)
    action.resolve(command.result, work.day)
    return action


async def _of(action_id: UUID, work: Work[Any]) -> ImprovementAction:
    action = await work.get(ImprovementAction, action_id, field="improvementActionId")
    agreement = await agreement_of(action.mentorship_id, work, field="improvementActionId")
    people = agreement.people if action.owner is None else agreement.people | {action.owner}
    await work.allow(at=action.org_unit_id, programme=action.programme, people=people)
    return action


async def _owner(command: ActionAgree, agreement: Agreement, work: Work[Any]) -> Owner:
    person = command.owner_id
    if person is not None:
        person = await somebody_named(person, agreement, work, field="ownerId")
    if command.owner_unit_id is not None:
        await must_be_there(command.owner_unit_id, work, field="ownerUnitId")
    return Owner(person, command.owner_office, command.owner_unit_id)
