"""Finding the agreement that a command is held against, and the sessions held under it."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.session import Session
from services.sessions.views.mentorships import DECLINED, MENTORSHIP, PARTY, PHASE_SINCE
from shared.contracts.definition import Definition
from shared.contracts.registry.mentorship import Side
from shared.deciding.facts import Row
from shared.deciding.work import Work
from shared.domain.errors import Refusal
from shared.programmes.known import rules_of

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
    known = await work.facts.get(MENTORSHIP, mentorship_id, field=field, kind="Mentorship")
    version_id = known["programme_version_id"]
    rules = await rules_of(work.facts, version_id, field=field)
    parties = [
        party
        for party in await work.facts.rows(PARTY, mentorship_id=mentorship_id)
        if _was_there(party, day)
    ]
    return Agreement(
        mentorship_id=mentorship_id,
        programme_version_id=version_id,
        rules=rules,
        org_unit_id=known["org_unit_id"],
        mentors=_of(Side.MENTOR, parties),
        mentees=_of(Side.MENTEE, parties),
        enrolments={party["health_worker_id"]: tuple(party["enrolment_ids"]) for party in parties},
        areas={party["health_worker_id"]: tuple(party["areas"]) for party in parties},
        phase=await _phase_on(day, known, rules, work),
        signed_on={party["health_worker_id"]: party["signed_on"] for party in parties},
        live=known["ended_on"] is None or day < known["ended_on"],
        declined=known["state"] == DECLINED,
    )


async def _phase_on(day: date, known: Row, rules: Definition, work: Work[Any]) -> str | None:
    """Return the phase that a mentorship was in on a day; None: its programme has none."""
    if known["phase"] is None:
        return None
    order = [phase.code for phase in rules.phases]
    changes = sorted(
        await work.facts.rows(PHASE_SINCE, mentorship_id=known["id"]),
        key=lambda change: (change["since"], order.index(change["phase"])),
    )
    begun = [change["phase"] for change in changes if change["since"] <= day]
    before: list[str] = [change["from_phase"] for change in changes]
    phase: str = (begun[-1:] or before[:1] or [known["phase"]])[0]
    return phase


def _was_there(party: Row, day: date) -> bool:
    """Say whether a party was one on that day: the day they left is the first without them."""
    joined_on, left_on = party["joined_on"], party["left_on"]
    return (joined_on is None or joined_on <= day) and (left_on is None or day < left_on)


def _of(side: Side, parties: Iterable[Row]) -> frozenset[UUID]:
    return frozenset(party["health_worker_id"] for party in parties if party["side"] == side)


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
