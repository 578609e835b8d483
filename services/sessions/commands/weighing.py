"""Weighing sessions again: something of their days became known after they were told."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.meeting import Meeting
from services.sessions.aggregates.same_day import Encounter, gives_way
from services.sessions.aggregates.session import Session
from services.sessions.aggregates.standing import NothingSuspected, State
from services.sessions.commands.cpd import book_points
from services.sessions.commands.handlers import handlers
from services.sessions.commands.session import as_it_was, plans_of, session_of
from services.sessions.commands.standing import others_of_the_day
from services.sessions.views.encounters import ENCOUNTER, PRESENCE
from services.sessions.views.mentorships import MENTORSHIP
from shared.contracts.sessions.session import SessionsWeigh, SessionTwinsWeigh
from shared.deciding.work import Work
from shared.domain.errors import Refusal

TIMES = 3
"""How often a session is looked at again: of three, each may give way to the next, where one was
voided while another was told.
"""


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


async def _weigh_each(sessions: Collection[UUID], work: Work[Any]) -> Session | None:
    """Hold each against its day, and book what it earns; return the last that has changed.

    Days in their order, and in each what was told first, first. Where one has changed, others of
    its day are looked at as well, and again, a few times, what gives way to it. What has become of
    one the views do not know yet: the next is told.
    """
    known = await work.facts.rows_among(ENCOUNTER, "id", set(sessions))
    known.sort(key=lambda row: (row["held_on"], row["told_in"], row["id"]))
    queue = [row["id"] for row in known]
    weighed = None
    waiting, times, by_now = set(queue), Counter(queue), dict[UUID, Session]()
    for id in queue:
        waiting.discard(id)
        session, agreement = await session_of(id, work)
        version, before = session.version, session.attendance()
        agreement, others = await as_it_was(session, agreement, work)
        others = [_as_weighed(one, by_now.get(one.session_id)) for one in others]
        findings = work.findings(agreement.rules.conduct)
        session.weigh(agreement, findings, await plans_of(agreement, work), others)
        if session.version != version:
            await book_points(session, before, agreement, work)
            weighed = by_now[id] = session
            due = {
                one.session_id
                for one in others
                if times[one.session_id] < (one.after or one.later) * TIMES + 1
            }
            again = sorted(due - waiting)
            queue += again
            waiting.update(again)
            times.update(again)
    return weighed


def _as_weighed(encounter: Encounter, session: Session | None) -> Encounter:
    if session is None or session.said is None:
        return encounter
    minutes = {person: credited for person, (_, credited) in session.attendance().items()}
    people = dict.fromkeys(encounter.people, 0) | minutes
    return replace(encounter, people=people, counts=session.said.counts)


async def _twins(session: Session, agreement: Agreement, work: Work[Any]) -> set[UUID]:
    """Return what was suspected of a session, what gives way to it where it stands, and whatever
    else there was in the days of who was there: the minutes of a day, and of a visit, are shared.
    """
    suspected = await work.facts.rows(ENCOUNTER, suspected_of=session.id)
    found = {row["id"] for row in suspected if row["stands"]}
    if session.said is not None and session.state is State.HELD:
        meant = Meeting.of(session.said).meant(session.mentorship_id)
        _, others = await as_it_was(session, agreement, work)
        found |= {one.session_id for one in others if gives_way(meant, one)}
    for facts in filter(None, (session.said, session.said_before)):
        there = (*facts.mentors, *facts.mentees)
        beside = await others_of_the_day(there, facts.held_on, session.id, work)
        found |= {one.session_id for one in beside}
    return found


async def _concerned(command: SessionsWeigh, work: Work[Any]) -> list[UUID]:
    """Return the sessions that it is about."""
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
    return [id for id, day in found.items() if day >= since]
