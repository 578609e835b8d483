"""Deciding on improvement actions."""

from typing import Any
from uuid import UUID

from services.sessions.aggregates.improvement_action import ImprovementAction
from services.sessions.commands.agreement import agreement_of, must_be_its_session
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named
from services.sessions.commands.units import must_stand_above
from shared.contracts.sessions.improvement_action import (
    ActionAgree,
    ActionComplete,
    ActionEscalate,
    ActionResolve,
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
        owner=await party_named(command.owner_id, agreement, work),
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


@handlers.decides(ActionEscalate)
async def escalate(command: ActionEscalate, work: Work[ActionEscalate]) -> ImprovementAction:
    """Pass it on to a unit above the mentorship's."""
    action = await _of(command.improvement_action_id, work)
    work.reason()
    await must_stand_above(command.to_org_unit_id, action.org_unit_id, work, field="toOrgUnitId")
    action.escalate(command.to_org_unit_id, work.day)
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
    await work.allow(at=action.org_unit_id, programme=action.programme, people=agreement.people)
    return action
