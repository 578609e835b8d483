"""Deciding on improvement actions."""

from typing import Any
from uuid import UUID

from services.sessions.aggregates.coordination_meeting import CoordinationMeeting
from services.sessions.aggregates.improvement_action import (
    ActionFromWhat,
    Holder,
    ImprovementAction,
    Origin,
    Owner,
)
from services.sessions.aggregates.oversight import must_be_told
from services.sessions.aggregates.supervision_visit import SupervisionVisit
from services.sessions.commands.agreement import Agreement, agreement_of, must_be_its_session
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import anybody_named, somebody_named
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
    """Agree on an action with its owner: in a mentorship, after a visit, or at a meeting."""
    _must_arise_from_one(command)
    agreement = None
    if command.mentorship_id is not None:
        agreement = await agreement_of(command.mentorship_id, work)
        origin = await _of_mentorship(command, agreement, work)
    else:
        origin = await _of_oversight(command, work)
    action = ImprovementAction.agreed(
        id=work.new_id(command.id, "improvement_action"),
        origin=origin,
        title=command.title,
        root_causes=command.root_causes,
        owner=await _owner(command, agreement, work),
        agreed_on=work.day,
        due=command.due,
    )
    work.add(action)
    return action


def _must_arise_from_one(command: ActionAgree) -> None:
    origins = (
        command.mentorship_id,
        command.supervision_visit_id,
        command.coordination_meeting_id,
    )
    if sum(origin is not None for origin in origins) != 1:
        raise ActionFromWhat("mentorshipId")
    if command.session_id is not None and command.mentorship_id is None:
        raise ActionFromWhat("sessionId")
    if command.supervision_visit_id is None:
        must_be_told(command.finding, 0, "finding")
    if command.coordination_meeting_id is None:
        must_be_told(command.decision, 0, "decision")


async def _of_mentorship(
    command: ActionAgree, agreement: Agreement, work: Work[ActionAgree]
) -> Origin:
    await work.allow(
        at=agreement.org_unit_id, programme=agreement.rules.programme, people=agreement.people
    )
    await must_be_its_session(agreement, command.session_id, work)
    return Origin.of_mentorship(agreement, command.session_id)


async def _of_oversight(command: ActionAgree, work: Work[ActionAgree]) -> Origin:
    held: SupervisionVisit | CoordinationMeeting
    if command.supervision_visit_id is not None:
        held = await work.get(
            SupervisionVisit, command.supervision_visit_id, field="supervisionVisitId"
        )
        told = command.finding
    else:
        assert command.coordination_meeting_id is not None
        held = await work.get(
            CoordinationMeeting, command.coordination_meeting_id, field="coordinationMeetingId"
        )
        told = command.decision
    people = () if command.owner_id is None else (command.owner_id,)
    await work.allow(at=held.org_unit_id, programme=held.programme, people=people)
    held.must_give_rise(told, work.day)
    return Origin(
        programme=held.programme,
        org_unit_id=held.org_unit_id,
        supervision_visit_id=command.supervision_visit_id,
        finding=command.finding,
        coordination_meeting_id=command.coordination_meeting_id,
        decision=command.decision,
    )


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
    people = set() if action.owner is None else {action.owner}
    if action.mentorship_id is not None:
        agreement = await agreement_of(action.mentorship_id, work, field="improvementActionId")
        people |= agreement.people
    await work.allow(at=action.org_unit_id, programme=action.programme, people=people)
    return action


async def _owner(command: ActionAgree, agreement: Agreement | None, work: Work[Any]) -> Owner:
    person = command.owner_id
    if person is not None:
        if agreement is None:
            person = await anybody_named(person, work, field="ownerId")
        else:
            person = await somebody_named(person, agreement, work, field="ownerId")
    if command.owner_unit_id is not None:
        await must_be_there(command.owner_unit_id, work, field="ownerUnitId")
    return Owner(person, command.owner_office, command.owner_unit_id)
