"""Weighing sessions again: something of their days became known after they were told."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.meeting import Meeting
from services.sessions.aggregates.same_day import gives_way
from services.sessions.aggregates.session import Session
from services.sessions.aggregates.standing import NothingSuspected, State
from services.sessions.commands.cpd import book_points
from services.sessions.commands.handlers import handlers
from services.sessions.commands.session import as_it_was, plans_of, session_of
from services.sessions.views.encounters import ENCOUNTER, PRESENCE
from services.sessions.views.mentorships import MENTORSHIP
from shared.contracts.sessions.session import SessionsWeigh, SessionTwinsWeigh
from shared.deciding.work import Work
from shared.domain.errors import Refusal


class SessionsStand(Refusal):
    """Nothing that became known changes what sessions count for."""

    code = "SESSIONS_STAND"
    template = "No session since {since} is weighed otherwise than it was."
    remedy_template = "Nothing is left to do."


@handlers.decides(SessionsWeigh)
async def weigh(command: SessionsWeigh, work: Work[SessionsWeigh]) -> Session:
    """Weigh them one by one, each by its own day, with what it earns."""
    weighed = await _weigh_each(await _concerned(command, work), work)
    if weighed is None:
        raise SessionsStand("since", since=command.since)
    return weighed


@handlers.decides(SessionTwinsWeigh)
async def weigh_twins(command: SessionTwinsWeigh, work: Work[SessionTwinsWeigh]) -> Session:
    """Weigh what was suspected of being a session, and what is by now."""
    session, agreement = await session_of(command.session_id, work)
    if await _weigh_each(await _twins(session, agreement, work), work) is None:
        raise NothingSuspected("sessionId")
    return session


async def _weigh_each(sessions: Iterable[UUID], work: Work[Any]) -> Session | None:
    """Hold each against its day, and book what it earns; return the last that has changed."""
    weighed = None
    for id in sessions:
        session, agreement = await session_of(id, work)
        version, before = session.version, session.attendance()
        agreement, others = await as_it_was(session, agreement, work)
        findings = work.findings(agreement.rules.conduct)
        session.weigh(agreement, findings, await plans_of(agreement, work), others)
        if session.version != version:
            await book_points(session, before, agreement, work)
            weighed = session
    return weighed


async def _twins(session: Session, agreement: Agreement, work: Work[Any]) -> list[UUID]:
    """Return what was suspected of being a session, and what gives way to it where it stands."""
    suspected = await work.facts.rows(ENCOUNTER, suspected_of=session.id)
    found = {row["id"] for row in suspected if row["stands"]}
    if session.said is not None and session.state is State.HELD:
        meant = Meeting.of(session.said).meant(session.mentorship_id)
        _, others = await as_it_was(session, agreement, work)
        found |= {one.session_id for one in others if gives_way(meant, one)}
    return sorted(found)


async def _concerned(command: SessionsWeigh, work: Work[Any]) -> list[UUID]:
    """Return the sessions that it is about, by their days."""
    facts, since = work.facts, command.since
    mentorships = [] if command.mentorship_id is None else [command.mentorship_id]
    if command.cohort_id is not None:
        rows = await facts.rows(MENTORSHIP, cohort_id=command.cohort_id)
        mentorships += [row["id"] for row in rows]
    found = {}
    for row in await facts.rows_among(ENCOUNTER, "mentorship_id", mentorships):
        found[row["id"]] = row["held_on"]
    if command.health_worker_id is not None:
        for row in await facts.rows(PRESENCE, health_worker_id=command.health_worker_id):
            found[row["session_id"]] = row["held_on"]
    return sorted((id for id, day in found.items() if day >= since), key=lambda id: (found[id], id))
