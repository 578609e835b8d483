"""Deciding on sessions."""

from typing import Any
from uuid import UUID

from services.sessions.aggregates.session import Agreement, Session
from services.sessions.views import MENTORSHIP
from shared.contracts.sessions.session import SessionLog
from shared.programmes.known import rules_of
from shared.runtime.handlers import Handlers
from shared.runtime.work import Work

handlers = Handlers("sessions")


@handlers.decides(SessionLog)
async def log(command: SessionLog, work: Work[SessionLog]) -> Session:
    """Log a session, under its mentorship's agreement and its programme's rules."""
    agreement = await _agreement(command.mentorship_id, work)
    await work.allow(at=agreement.org_unit_id, programme=agreement.rules.programme)
    session = Session.held(
        id=work.new_id(command.id, "session"),
        agreement=agreement,
        held_on=work.day,
        mode=command.mode,
        minutes=command.minutes,
        steps=command.steps,
        present=command.present,
        consent_recorded=command.consent_recorded,
    )
    work.add(session)
    return session


async def _agreement(mentorship_id: UUID, work: Work[Any]) -> Agreement:
    known = await work.facts.get(MENTORSHIP, mentorship_id, field="mentorshipId", kind="Mentorship")
    version_id = known["programme_version_id"]
    rules = await rules_of(work.facts, version_id, field="mentorshipId")
    return Agreement(
        mentorship_id=mentorship_id,
        programme_version_id=version_id,
        org_unit_id=known["org_unit_id"],
        mentors=frozenset(known["mentors"]),
        mentees=frozenset(known["mentees"]),
        awaited=known["awaited"],
        agreed_on=known["agreed_on"],
        rules=rules,
    )
