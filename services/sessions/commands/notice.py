"""Deciding on notices."""

from services.sessions.aggregates.notice import AlreadyRaised, Notice, notice_id
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from services.sessions.views.departures import DEPARTURE
from shared.contracts.sessions.notice import NoticeGive, NoticeRaise
from shared.deciding.work import Work
from shared.domain.errors import Refusal


class MentorHasNotLeft(Refusal):
    """Notice is given of a mentor who left."""

    code = "MENTOR_HAS_NOT_LEFT"
    template = "The mentor {mentor} has not left this mentorship."
    remedy_template = "Record that they leave with `mentorshipDisengage` first."


@handlers.decides(NoticeRaise)
async def raise_notice(command: NoticeRaise, work: Work[NoticeRaise]) -> Notice:
    """Have a role told, under the one id that this notice always has."""
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(at=agreement.org_unit_id, programme=agreement.rules.programme)
    id = notice_id(command.mentorship_id, command.mentor_id, command.role)
    before = await work.find(Notice, id)
    if before is not None:
        raise AlreadyRaised("role", role=command.role, due=before.due)
    left = await work.facts.find(DEPARTURE, command.mentorship_id, command.mentor_id)
    if left is None:
        raise MentorHasNotLeft("mentorId", mentor=command.mentor_id)
    notice = Notice.raised(
        agreement=agreement,
        mentor_id=command.mentor_id,
        role=command.role,
        raised_on=work.day,
        due=command.due,
    )
    work.add(notice)
    return notice


@handlers.decides(NoticeGive)
async def give(command: NoticeGive, work: Work[NoticeGive]) -> Notice:
    """Record that they were told."""
    notice = await work.get(Notice, command.notice_id, field="noticeId")
    agreement = await agreement_of(notice.mentorship_id, work, field="noticeId")
    await work.allow(at=notice.org_unit_id, programme=notice.programme, people=agreement.people)
    notice.give(command.given_to, work.day)
    return notice
