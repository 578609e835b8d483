"""Deciding on notices."""

from typing import Any
from uuid import UUID

from services.sessions.aggregates.notice import (
    AlreadyRaised,
    Notice,
    notice_id,
    notice_of_another_leaving,
    notice_of_mentee_id,
)
from services.sessions.aggregates.parties import stays
from services.sessions.commands.agreement import Agreement, agreement_of
from services.sessions.commands.handlers import handlers
from services.sessions.views.departures import DEPARTURE
from services.sessions.views.mentorships import PARTY_CHANGE
from shared.contracts.sessions.notice import NoticeGive, NoticeRaise, NoticeRaiseOfMentee
from shared.deciding.work import Work
from shared.domain.errors import Refusal


class MentorHasNotLeft(Refusal):
    """Notice is given of a mentor who left."""

    code = "MENTOR_HAS_NOT_LEFT"
    template = "The mentor {mentor} has not left this mentorship."
    remedy_template = "Record that they leave with `mentorshipDisengage` first."


class MenteeHasNotLeft(Refusal):
    """Notice is given of a mentee who left."""

    code = "MENTEE_HAS_NOT_LEFT"
    template = "The mentee {mentee} has not left this mentorship."
    remedy_template = "Record that they withdraw with `menteeWithdraw` first."


@handlers.decides(NoticeRaise)
async def raise_notice(command: NoticeRaise, work: Work[NoticeRaise]) -> Notice:
    """Have a role told that a mentor left, under the one id that this notice always has; who came
    back and left again is told of again.
    """
    agreement = await _agreement(command, work)
    id = notice_id(command.mentorship_id, command.mentor_id, command.role)
    before = await work.find(Notice, id)
    left = await work.facts.find(DEPARTURE, command.mentorship_id, command.mentor_id)
    if left is None:
        raise MentorHasNotLeft("mentorId", mentor=command.mentor_id)
    if before is not None and before.raised_on < left["left_on"]:
        id = notice_of_another_leaving(id, left["left_on"])
    await _must_be_new(id, command.role, work)
    notice = Notice.raised(
        id,
        agreement=agreement,
        mentor_id=command.mentor_id,
        role=command.role,
        raised_on=work.day,
        due=command.due,
    )
    work.add(notice)
    return notice


@handlers.decides(NoticeRaiseOfMentee)
async def raise_of_mentee(command: NoticeRaiseOfMentee, work: Work[NoticeRaiseOfMentee]) -> Notice:
    """Have a role told that a mentee withdrew, likewise."""
    agreement = await _agreement(command, work)
    id = notice_of_mentee_id(command.mentorship_id, command.enrolment_id, command.role, work.day)
    await _must_be_new(id, command.role, work)
    told = stays(await work.facts.rows(PARTY_CHANGE, mentorship_id=command.mentorship_id))
    hers = [stay for stay in told if stay.party_id == command.enrolment_id]
    if not any(stay.ends or stay.until for stay in hers):
        raise MenteeHasNotLeft("enrolmentId", mentee=command.enrolment_id)
    notice = Notice.raised(
        id,
        agreement=agreement,
        enrolment_id=command.enrolment_id,
        role=command.role,
        raised_on=work.day,
        due=command.due,
    )
    work.add(notice)
    return notice


async def _agreement(command: NoticeRaise | NoticeRaiseOfMentee, work: Work[Any]) -> Agreement:
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(at=agreement.org_unit_id, programme=agreement.rules.programme)
    return agreement


async def _must_be_new(id: UUID, role: str, work: Work[Any]) -> None:
    before = await work.find(Notice, id)
    if before is not None:
        raise AlreadyRaised("role", role=role, due=before.due)


@handlers.decides(NoticeGive)
async def give(command: NoticeGive, work: Work[NoticeGive]) -> Notice:
    """Record that they were told."""
    notice = await work.get(Notice, command.notice_id, field="noticeId")
    agreement = await agreement_of(notice.mentorship_id, work, field="noticeId")
    await work.allow(at=notice.org_unit_id, programme=notice.programme, people=agreement.people)
    notice.give(command.given_to, work.day)
    return notice
