"""Finding the agreement that a command is held against, and the sessions held under it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.parties import Stay, stays
from services.sessions.aggregates.session import Session
from services.sessions.commands.fitness import unfit_on, workplaces_on
from services.sessions.views.mentorships import (
    DECLINED,
    MENTORSHIP,
    PARTY_CHANGE,
    PAUSE,
    PHASE_SINCE,
    UNIT_SINCE,
    VERSION_SINCE,
    WAIVED,
)
from shared.contracts.registry.mentorship import Side
from shared.deciding.facts import Facts, Row
from shared.deciding.work import Work
from shared.domain.errors import Refusal
from shared.programmes.known import rules_of

Said = TypeVar("Said")

__all__ = ["Agreement", "agreement_of", "must_be_its_session"]


class SessionOfAnother(Refusal):
    """What is said of a session is said in its own mentorship."""

    code = "SESSION_OF_ANOTHER_MENTORSHIP"
    template = "The session {session} belongs to another mentorship."
    remedy_template = "Name a session of this mentorship, or none."


async def agreement_of(
    mentorship_id: UUID, work: Work[Any], *, field: str = "mentorshipId", on: date | None = None
) -> Agreement:
    """Return a mentorship as it stood on a day, by default the day the command occurred.

    Raises:
        NotFound: nobody has heard of it; the error names `field`.
    """
    day = on or work.day
    facts = work.facts
    known = await facts.get(MENTORSHIP, mentorship_id, field=field, kind="Mentorship")
    version_id = await _version_on(day, known, facts)
    rules = await rules_of(facts, version_id, field=field)
    told = stays(await facts.rows(PARTY_CHANGE, mentorship_id=mentorship_id))
    there = [stay for stay in told if stay.includes(day)]
    mentors = [stay for stay in there if stay.side is Side.MENTOR]
    mentees = [stay for stay in there if stay.side is Side.MENTEE]
    phase, phases = await _phases_on(day, known, mentees, facts)
    suspended, uncertified = await unfit_on(day, rules.programme, mentors, facts)
    return Agreement(
        mentorship_id=mentorship_id,
        programme_version_id=version_id,
        rules=rules,
        org_unit_id=await _unit_on(day, known, facts),
        mentors=frozenset(stay.person for stay in mentors),
        mentees=frozenset(stay.person for stay in mentees),
        enrolments=_each(mentees, lambda stay: stay.party_id),
        areas=_each(there, lambda stay: stay.area),
        phase=phase,
        phases=phases,
        signed_on={stay.person: stay.signed_on for stay in there},
        live=known["ended_on"] is None or day < known["ended_on"],
        declined=known["state"] == DECLINED,
        ended=_all_ended(day, mentees),
        workplaces=await workplaces_on(day, mentees, rules, facts),
        departs=await _departures(known, there, facts),
        paused=await _paused_on(day, known, facts),
        suspended=suspended,
        uncertified=uncertified,
    )


def _each(stays: Iterable[Stay], of: Callable[[Stay], Said]) -> dict[UUID, tuple[Said, ...]]:
    found: dict[UUID, tuple[Said, ...]] = {}
    for stay in stays:
        found[stay.person] = (*found.get(stay.person, ()), of(stay))
    return found


def _all_ended(day: date, mentees: Iterable[Stay]) -> frozenset[UUID]:
    going_on = {stay.person for stay in mentees if not stay.is_over(day)}
    return frozenset(stay.person for stay in mentees if stay.person not in going_on)


async def _version_on(day: date, known: Row, facts: Facts) -> UUID:
    """Return the version that decided on a day: its own, not that of any of its mentees."""
    moves = await facts.rows(VERSION_SINCE, mentorship_id=known["id"])
    begun = [move for move in moves if move["since"] <= day]
    last = max(begun, key=lambda move: move["version"], default=known)
    version: UUID = last["programme_version_id"]
    return version


async def _unit_on(day: date, known: Row, facts: Facts) -> UUID:
    """Return the unit that it was of on a day."""
    moves = await facts.rows(UNIT_SINCE, mentorship_id=known["id"])
    begun = [move for move in moves if move["since"] <= day]
    last = max(begun, key=lambda move: move["version"], default=known)
    unit: UUID = last["org_unit_id"]
    return unit


async def _phases_on(
    day: date, known: Row, mentees: Iterable[Stay], facts: Facts
) -> tuple[str | None, dict[UUID, str]]:
    """Return the phase that a mentorship was in on a day, and those of mentees in another."""
    phase: str | None = known["phase"]
    person = {stay.party_id: stay.person for stay in mentees}
    others: dict[UUID, str] = {}
    changes = await facts.rows(PHASE_SINCE, mentorship_id=known["id"])
    for change in sorted(changes, key=lambda change: change["version"]):
        if change["since"] > day:
            continue
        if change["enrolment_id"] in person:
            others[person[change["enrolment_id"]]] = change["phase"]
        elif change["enrolment_id"] is None:
            phase, others = change["phase"], {}
    return phase, others


async def _departures(known: Row, there: Iterable[Stay], facts: Facts) -> tuple[str, ...]:
    """Return the rules for which a mentorship does not count, but for those that were waived."""
    rules = {*known["departs"], *(known["departed"] or ())}
    rules |= {rule for stay in there for rule in stay.departs}
    if rules:
        waived = await facts.rows(WAIVED, mentorship_id=known["id"])
        rules -= {row["rule"] for row in waived}
    return tuple(sorted(rules))


async def _paused_on(day: date, known: Row, facts: Facts) -> bool:
    pauses = [
        pause
        for record in (known["id"], known["cohort_id"])
        for pause in await facts.rows(PAUSE, record_id=record)
    ]
    return any(
        pause["since"] <= day and (pause["until"] is None or day < pause["until"])
        for pause in pauses
    )


async def must_be_its_session(
    agreement: Agreement, session_id: UUID | None, work: Work[Any], *, field: str = "sessionId"
) -> None:
    """Refuse to speak of a session that belongs to another mentorship; of none is fine.

    Raises:
        NotFound: there is no such session.
        SessionOfAnother: as it says.
    """
    if session_id is None:
        return
    session = await work.get(Session, session_id, field=field)
    if session.mentorship_id != agreement.mentorship_id:
        raise SessionOfAnother(field, session=session_id)
