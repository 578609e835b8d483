"""Booking the points that a session earns, in the same transaction as the session itself."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.cpd_account import CpdAccount, Earning, account_id
from services.sessions.aggregates.session import Session
from shared.contracts.definition.visits import CpdSide
from shared.contracts.registry.mentorship import Side
from shared.deciding.work import Work
from shared.programmes.calendar import fiscal_year

Attendance = Mapping[UUID, tuple[Side, int]]


async def book_points(
    session: Session, before: Attendance, agreement: Agreement, work: Work[Any]
) -> None:
    """Have exactly what a session earns now booked on the accounts of all who are concerned.

    What their year's other sessions earn is looked at again: they share one cap.
    A programme without rules for points reads no account.

    Args:
        before: who had been there before it was corrected or voided; they lose what they had.
    """
    rules = agreement.rules
    sides = {rule.side for rule in rules.cpd}
    if not sides and not before:
        return
    caps = {(rules.programme, rule.code): rule.cap_per_year for rule in rules.cpd}
    after = session.attendance()
    for person, side in _everybody(before, after):
        # Who had been there may have points by another version, which this one does not give.
        if CpdSide(side) not in sides and person not in before:
            continue
        earnings = _earnings(person, after, session, agreement)
        account = await work.find(CpdAccount, account_id(person))
        if account is not None:
            account.settle(session.id, earnings, work.day, caps)
        elif (opened := CpdAccount.opened(earnings)) is not None:
            work.add(opened)


def _everybody(before: Attendance, after: Attendance) -> Iterable[tuple[UUID, Side]]:
    """Yield everybody once, in the same order whoever asks; nobody changes sides."""
    return sorted((person, side) for person, (side, _) in {**before, **after}.items())


def _earnings(
    person: UUID, attendance: Attendance, session: Session, agreement: Agreement
) -> list[Earning]:
    if person not in attendance or session.said is None:
        return []
    side, minutes = attendance[person]
    said, rules = session.said, agreement.rules
    return [
        Earning(
            health_worker_id=person,
            programme=rules.programme,
            rule=rule,
            source=session.id,
            org_unit_id=said.org_unit_id,
            minutes=minutes,
            fiscal_year=fiscal_year(rules, said.held_on),
            earned_on=said.held_on,
        )
        for rule in rules.cpd
        if rule.side == side.value
    ]
