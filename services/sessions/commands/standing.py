"""What a session must know of those who were there: who had left, who was suspended, and what else
they did that day.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.same_day import Encounter
from services.sessions.views.encounters import ENCOUNTER, PRESENCE, stood_when_told
from shared.contracts.definition import Gate, Mode
from shared.contracts.definition.visits import SessionFormat
from shared.deciding.facts import Row
from shared.deciding.work import Work


async def with_standing(
    agreement: Agreement,
    present: Collection[UUID],
    day: date,
    session_id: UUID | None,
    work: Work[Any],
) -> Agreement:
    """Return the agreement with how those present stood on a session's day: who was not its mentor
    or mentee any more, although they are its parties; and, where a plan is due by the number of
    their one-to-one sessions, how many they had had.
    """
    plan = agreement.rules.development_plan
    one_to_one = {}
    if Gate.DEVELOPMENT_PLAN in agreement.rules.gates and plan and plan.before_session > 1:
        for person in agreement.mentees.intersection(present):
            one_to_one[person] = await _one_to_one_before(person, agreement, day, session_id, work)
    return replace(agreement, one_to_one=one_to_one)


async def _one_to_one_before(
    person: UUID, agreement: Agreement, day: date, session_id: UUID | None, work: Work[Any]
) -> int:
    """Count somebody's one-to-one sessions in this mentorship before a day."""
    count = 0
    told_at = {
        row["session_id"]: row["told_at"]
        for row in await work.facts.rows(PRESENCE, health_worker_id=person)
        if row["session_id"] != session_id and row["held_on"] < day
    }
    for known in await work.facts.rows_among(ENCOUNTER, "id", told_at):
        here = known["mentorship_id"] == agreement.mentorship_id
        still = known["stands"] and told_at[known["id"]] == known["told_at"]
        count += here and still and known["format"] == SessionFormat.INDIVIDUAL
    return count


async def others_of_the_day(
    present: Collection[UUID],
    day: date,
    session_id: UUID | None,
    work: Work[Any],
    *,
    told: Row | None = None,
) -> list[Encounter]:
    """Return the other sessions of a day with any of those present, as they are said to be now.

    Args:
        told: the row of the session itself, where it is not told only now.
    """
    there: dict[UUID, dict[UUID, Row]] = {}
    for row in await work.facts.rows_among(PRESENCE, "health_worker_id", present, held_on=day):
        if row["session_id"] != session_id:
            there.setdefault(row["session_id"], {})[row["health_worker_id"]] = row
    found = await work.facts.rows_among(ENCOUNTER, "id", there)
    found.sort(key=lambda known: known["id"])
    return [
        _encounter(known, there[known["id"]], told)
        for known in found
        if known["stands"] and _still_said(known, there[known["id"]])
    ]


def _still_said(known: Row, there: dict[UUID, Row]) -> bool:
    return any(row["told_at"] == known["told_at"] for row in there.values())


def _encounter(known: Row, there: dict[UUID, Row], told: Row | None) -> Encounter:
    beside = told is not None and told["mentorship_id"] == known["mentorship_id"]
    people = dict.fromkeys(known["people"], 0)
    if known["counts"]:
        people |= {
            person: row["minutes"]
            for person, row in there.items()
            if row["told_at"] == known["told_at"]
        }
    return Encounter(
        session_id=known["id"],
        mentorship_id=known["mentorship_id"],
        visit_id=known["visit_id"],
        mode=Mode(known["mode"]),
        minutes=known["minutes"],
        begins=known["begins"],
        ends=known["ends"],
        people=people,
        counts=known["counts"],
        settled=bool(known["settled"]),
        after=beside and told is not None and stood_when_told(told, known),
        later=beside and told is not None and told["told_in"] < known["told_in"],
    )
