"""Deciding on support requests."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from services.sessions.aggregates.support_request import Ground, SupportRequest
from services.sessions.commands.agreement import Agreement, agreement_of, must_be_its_session
from services.sessions.commands.handlers import handlers
from services.sessions.commands.instants import instant_of
from services.sessions.commands.parties import party_named
from services.sessions.commands.units import must_stand_above
from shared.contracts.sessions.support_request import (
    SupportRequestAcknowledge,
    SupportRequestAnswer,
    SupportRequestClose,
    SupportRequestEscalate,
    SupportRequestFollowUp,
    SupportRequestRaise,
)
from shared.deciding.work import Work


@handlers.decides(SupportRequestRaise)
async def raise_request(
    command: SupportRequestRaise, work: Work[SupportRequestRaise]
) -> SupportRequest:
    """Ask for help: the mentee themselves, or a mentor whom they told."""
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(
        at=agreement.org_unit_id,
        programme=agreement.rules.programme,
        people=agreement.mentors | {command.health_worker_id},
    )
    moment = instant_of(command.at, agreement.rules.calendar.zone, work)
    mentee = await party_named(command.health_worker_id, agreement, work)
    request = SupportRequest.raised(
        id=work.new_id(command.id, "support_request"),
        agreement=agreement,
        mentee=mentee,
        area=command.area,
        topic=command.topic,
        question=command.question,
        at=moment.at,
        said_at=moment.said_at,
        private=command.private,
    )
    await _in_confidence(request, {mentee}, agreement, work)
    work.add(request)
    return request


@handlers.decides(SupportRequestAcknowledge)
async def acknowledge(
    command: SupportRequestAcknowledge, work: Work[SupportRequestAcknowledge]
) -> SupportRequest:
    """Record that a mentor has seen it."""
    request, agreement = await _of(command.support_request_id, {command.health_worker_id}, work)
    moment = instant_of(command.at, agreement.rules.calendar.zone, work)
    mentor = await party_named(command.health_worker_id, agreement, work)
    await _in_confidence(request, {mentor}, agreement, work)
    request.acknowledge(agreement, mentor, *moment)
    return request


@handlers.decides(SupportRequestAnswer)
async def answer(command: SupportRequestAnswer, work: Work[SupportRequestAnswer]) -> SupportRequest:
    """Record a mentor's answer."""
    request, agreement = await _of(command.support_request_id, {command.health_worker_id}, work)
    moment = instant_of(command.at, agreement.rules.calendar.zone, work)
    mentor = await party_named(command.health_worker_id, agreement, work)
    await _in_confidence(request, {mentor}, agreement, work)
    ground = await _ground(command, agreement, work)
    request.answer(agreement, mentor, command.answer, *moment, ground=ground)
    return request


@handlers.decides(SupportRequestFollowUp)
async def follow_up(
    command: SupportRequestFollowUp, work: Work[SupportRequestFollowUp]
) -> SupportRequest:
    """Record what either side says more."""
    request, agreement = await _of(command.support_request_id, {command.health_worker_id}, work)
    moment = instant_of(command.at, agreement.rules.calendar.zone, work)
    person = await party_named(command.health_worker_id, agreement, work)
    await _in_confidence(request, {person} - _others(request, agreement), agreement, work)
    ground = await _ground(command, agreement, work)
    request.follow_up(agreement, person, command.text, *moment, ground=ground)
    return request


@handlers.decides(SupportRequestEscalate)
async def escalate(
    command: SupportRequestEscalate, work: Work[SupportRequestEscalate]
) -> SupportRequest:
    """Pass it on to a unit above the mentorship's."""
    request, agreement = await _of(command.support_request_id, None, work, of_others=False)
    await _in_confidence(request, {request.mentee}, agreement, work)
    work.reason()
    await must_stand_above(command.to_org_unit_id, request.org_unit_id, work, field="toOrgUnitId")
    moment = instant_of(command.at, agreement.rules.calendar.zone, work)
    request.escalate(command.to_org_unit_id, *moment)
    return request


@handlers.decides(SupportRequestClose)
async def close(command: SupportRequestClose, work: Work[SupportRequestClose]) -> SupportRequest:
    """End it; one that was never answered says why."""
    request, agreement = await _of(command.support_request_id, None, work)
    theirs = (agreement.people - _others(request, agreement)) | {request.mentee}
    await _in_confidence(request, theirs, agreement, work)
    request.close(*instant_of(command.at, agreement.rules.calendar.zone, work))
    if request.answered_at is None:
        work.reason()
    return request


def _others(request: SupportRequest, agreement: Agreement) -> frozenset[UUID]:
    """Return the mentorship's other mentees: another's request is not theirs to act on."""
    return agreement.mentees - {request.mentee}


async def _in_confidence(
    request: SupportRequest, allowed: Collection[UUID], agreement: Agreement, work: Work[Any]
) -> None:
    """Let nobody speak or act for another in what is private.

    Raises:
        InConfidence: the sender is none of `allowed`, by any of their records.
    """
    if request.private:
        records = work.actor.people_on(work.today)
        asked = (request.mentee,)
        senders = {await party_named(one, agreement, work, also=asked) for one in records}
        request.must_be_of(senders, allowed)


async def _ground(
    command: SupportRequestAnswer | SupportRequestFollowUp, agreement: Agreement, work: Work[Any]
) -> Ground:
    await must_be_its_session(agreement, command.session_id, work)
    return Ground(session_id=command.session_id, competency=command.competency)


async def _of(
    request_id: UUID, people: set[UUID] | None, work: Work[Any], *, of_others: bool = True
) -> tuple[SupportRequest, Agreement]:
    """Return a request, with the agreement it was raised under.

    Args:
        people: whose own record it is; None: any of its parties', its other mentees' if
            `of_others`, and its mentee's, who may have left since.
    """
    request = await work.get(SupportRequest, request_id, field="supportRequestId")
    agreement = await agreement_of(request.mentorship_id, work, field="supportRequestId")
    parties = agreement.people if of_others else agreement.people - _others(request, agreement)
    await work.allow(
        at=request.org_unit_id,
        programme=request.programme,
        people=parties | {request.mentee} if people is None else people,
    )
    return request, agreement
