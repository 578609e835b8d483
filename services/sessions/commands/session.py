"""Deciding on sessions."""

from collections.abc import Collection
from dataclasses import replace as under
from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.guests import Visitor
from services.sessions.aggregates.meeting import Meeting
from services.sessions.aggregates.preparation import KnownPlan, asks_for_plans
from services.sessions.aggregates.same_day import Encounter
from services.sessions.aggregates.session import Session
from services.sessions.aggregates.visit import Visit
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.cpd import book_points
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named, somebody_named
from services.sessions.commands.standing import others_of_the_day, with_standing
from services.sessions.commands.substance import must_be_its_own
from services.sessions.commands.units import must_be_there
from services.sessions.views.encounters import ENCOUNTER
from services.sessions.views.plans import PLAN, PLAN_GROWTH
from shared.contracts.sessions.plan import PlanKind
from shared.contracts.sessions.session import (
    SessionCancel,
    SessionCorrect,
    SessionLog,
    SessionPlan,
    SessionReinstate,
    SessionReschedule,
    SessionSettle,
    SessionVoid,
)
from shared.deciding.work import Work
from shared.programmes.known import rules_of


@handlers.decides(SessionPlan)
async def plan(command: SessionPlan, work: Work[SessionPlan]) -> Session:
    """Plan a session; the signatures may still be to come."""
    agreement = await agreement_of(command.mentorship_id, work)
    await _allow(agreement, work)
    await _must_be_somewhere(command.org_unit_id, agreement, work)
    session = Session.planned(
        id=work.new_id(command.id, "session"),
        agreement=agreement,
        planned_for=command.planned_for,
        planned_on=work.day,
        mode=command.mode,
        org_unit_id=command.org_unit_id,
        findings=work.findings(agreement.rules.conduct),
    )
    work.add(session)
    return session


@handlers.decides(SessionReschedule)
async def reschedule(command: SessionReschedule, work: Work[SessionReschedule]) -> Session:
    """Put a planned session on another day."""
    session, agreement = await session_of(command.session_id, work)
    agreement.must_be_live("sessionId")
    work.reason()
    session.reschedule(command.planned_for, work.day)
    return session


@handlers.decides(SessionCancel)
async def cancel(command: SessionCancel, work: Work[SessionCancel]) -> Session:
    """Cancel a planned session, of a mentorship that is over too."""
    session, _ = await session_of(command.session_id, work)
    work.reason()
    session.cancel()
    return session


@handlers.decides(SessionLog)
async def log(command: SessionLog, work: Work[SessionLog]) -> Session:
    """Log a session, and what it earns those who were there, in one transaction."""
    agreement = await agreement_of(command.mentorship_id, work)
    await _allow(agreement, work)
    await _must_be_somewhere(command.org_unit_id, agreement, work)
    meeting = await _meeting(command, work.day, agreement, work)
    plans = await plans_of(agreement, work)
    id = work.new_id(command.id, "session")
    agreement = await with_standing(agreement, meeting.present, work.day, id, work)
    others = await others_of_the_day(meeting.present, work.day, id, work)
    findings = work.findings(agreement.rules.conduct)
    # Only what was planned has an id before it is logged, unless the client makes one.
    session = None if command.id is None else await work.find(Session, command.id)
    if session is None:
        session = Session.held(
            id=id,
            agreement=agreement,
            meeting=meeting,
            findings=findings,
            plans=plans,
            others=others,
        )
        work.add(session)
    else:
        session.hold(agreement, meeting, findings, plans, others)
    await book_points(session, {}, agreement, work)
    return session


@handlers.decides(SessionCorrect)
async def correct(command: SessionCorrect, work: Work[SessionCorrect]) -> Session:
    """Correct a session, and the points it earned; the mentorship is looked at as of its day."""
    work.must_have_come(command.held_on, "heldOn")
    session, agreement = await session_of(command.session_id, work)
    if session.said is None or session.said.held_on != command.held_on:
        agreement = await agreement_of(
            session.mentorship_id, work, field="sessionId", on=command.held_on
        )
    before = session.attendance()
    await _must_be_somewhere(command.org_unit_id, agreement, work)
    work.reason()
    meeting = await _meeting(command, command.held_on, agreement, work, also=before)
    agreement = await with_standing(agreement, meeting.present, command.held_on, session.id, work)
    others = await others_of_the_day(meeting.present, command.held_on, session.id, work)
    findings = work.findings(agreement.rules.conduct)
    session.correct(agreement, meeting, findings, await plans_of(agreement, work), others)
    await book_points(session, before, agreement, work)
    return session


@handlers.decides(SessionSettle)
async def settle(command: SessionSettle, work: Work[SessionSettle]) -> Session:
    """Say that a session is not what it was suspected to be, and book what it earns."""
    session, agreement = await session_of(command.session_id, work)
    work.reason()
    before = session.attendance()
    agreement, others = await as_it_was(session, agreement, work)
    findings = work.findings(agreement.rules.conduct)
    session.settle(agreement, findings, await plans_of(agreement, work), others)
    await book_points(session, before, agreement, work)
    return session


@handlers.decides(SessionVoid)
async def void(command: SessionVoid, work: Work[SessionVoid]) -> Session:
    """Void a session, and take back what it earned."""
    session, agreement = await session_of(command.session_id, work)
    work.reason()
    before = session.attendance()
    session.void(work.day)
    await book_points(session, before, agreement, work)
    return session


@handlers.decides(SessionReinstate)
async def reinstate(command: SessionReinstate, work: Work[SessionReinstate]) -> Session:
    """Let a session count again, and award what it earns anew."""
    session, agreement = await session_of(command.session_id, work)
    work.reason()
    agreement, others = await as_it_was(session, agreement, work)
    findings = work.findings(agreement.rules.conduct)
    plans = await plans_of(agreement, work)
    session.reinstate(agreement, findings, work.day, plans, others)
    await book_points(session, {}, agreement, work)
    return session


async def session_of(session_id: UUID, work: Work[Any]) -> tuple[Session, Agreement]:
    """Return a session that was recorded, and its mentorship as of the day it was held, if the
    sender may touch them: its parties of that day, and whoever was there.
    """
    session = await work.get(Session, session_id, field="sessionId")
    said = session.said
    held_on = None if said is None else said.held_on
    agreement = await agreement_of(session.mentorship_id, work, field="sessionId", on=held_on)
    await _allow(agreement, work, also=() if said is None else (*said.mentors, *said.mentees))
    return session, agreement


async def as_it_was(
    session: Session, agreement: Agreement, work: Work[Any]
) -> tuple[Agreement, list[Encounter]]:
    """Return the agreement under the version that the session was weighed by last, with how those
    stood who were there, and what else they did that day.
    """
    if session.said is None:
        return agreement, []
    said = session.said
    version_id = said.programme_version_id
    if version_id != agreement.programme_version_id:
        rules = await rules_of(work.facts, version_id, field="sessionId")
        agreement = under(agreement, programme_version_id=version_id, rules=rules)
    people = (*said.mentors, *said.mentees)
    agreement = await with_standing(agreement, people, said.held_on, session.id, work)
    told = await work.facts.find(ENCOUNTER, session.id)
    others = await others_of_the_day(people, said.held_on, session.id, work, told=told)
    return agreement, others


async def _allow(agreement: Agreement, work: Work[Any], *, also: Collection[UUID] = ()) -> None:
    """Ask the policy; a session is the own record of the parties, and of whoever was there."""
    await work.allow(
        at=agreement.org_unit_id,
        programme=agreement.rules.programme,
        people=agreement.people.union(also),
    )


async def _meeting(
    told: SessionLog | SessionCorrect,
    held_on: date,
    agreement: Agreement,
    work: Work[Any],
    *,
    also: Collection[UUID] = (),
) -> Meeting:
    """Return what is told of a meeting, its people by the records that they are parties under."""
    named = {
        *told.present,
        *(part.health_worker_id for part in told.partly),
        *(one.health_worker_id for one in told.debriefs),
    }
    await must_be_its_own(told.about, agreement, work)
    if told.visit_id is not None:
        visit = await work.get(Visit, told.visit_id, field="visitId")
        visit.must_hold(held_on, agreement.rules.programme)
    party = {one: await party_named(one, agreement, work, also=also) for one in sorted(named)}
    return Meeting(
        held_on=held_on,
        mode=told.mode,
        minutes=told.minutes,
        present=tuple(party[one] for one in told.present),
        steps=told.steps,
        partly=tuple(
            replace(part, health_worker_id=party[part.health_worker_id]) for part in told.partly
        ),
        visit_id=told.visit_id,
        about=told.about,
        debriefs=tuple(
            replace(one, health_worker_id=party[one.health_worker_id]) for one in told.debriefs
        ),
        begins=told.begins,
        ends=told.ends,
        guests=await _visitors(told, agreement, work),
        org_unit_id=told.org_unit_id,
        initiative=told.initiative,
        consent_recorded=told.consent_recorded,
    )


async def _visitors(
    told: SessionLog | SessionCorrect, agreement: Agreement, work: Work[Any]
) -> tuple[Visitor, ...]:
    """Return the guests, each by the record that stands for them."""

    async def stands_for(record: UUID | None) -> UUID | None:
        if record is None:
            return None
        return await somebody_named(record, agreement, work, field="guests")

    return tuple(
        [
            Visitor(
                role=guest.role,
                health_worker_id=await stands_for(guest.health_worker_id),
                name=guest.name,
            )
            for guest in told.guests
        ]
    )


async def _must_be_somewhere(unit: UUID | None, agreement: Agreement, work: Work[Any]) -> None:
    if unit not in (None, agreement.org_unit_id):
        await must_be_there(unit, work, field="orgUnitId")


async def plans_of(agreement: Agreement, work: Work[Any]) -> list[KnownPlan]:
    """Return the mentorship's plans, where the programme's gates ask for any."""
    if not asks_for_plans(agreement):
        return []
    known = await work.facts.rows(PLAN, mentorship_id=agreement.mentorship_id)
    return [
        KnownPlan(
            kind=PlanKind(row["plan_kind"]),
            health_worker_id=row["health_worker_id"],
            starts=row["starts"],
            ends=row["ends"],
            strengths=row["strengths"],
            agreed_on=row["agreed_on"],
            sent_on=row["sent_on"],
            growth=await _growth(row["id"], work),
        )
        for row in known
    ]


async def _growth(plan_id: UUID, work: Work[Any]) -> tuple[tuple[date, int], ...]:
    grown = await work.facts.rows(PLAN_GROWTH, plan_id=plan_id)
    grown.sort(key=lambda row: row["told_at"])
    return tuple((row["amended_on"], row["strengths"]) for row in grown)
