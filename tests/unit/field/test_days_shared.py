"""What sessions of one day leave to each other is theirs again when one of them falls, and is given
back when it stands again.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from services.gateway.projections import SESSION_ATTENDANCE
from shared.contracts.definition import Minutes
from tests.support.paired import Paired, days_ago
from tests.unit.field.test_sessions_of_a_day import at, deviations, gentle, points, shown
from tests.unit.field.test_visits import visit
from tests.unit.sessions.test_session_commands import again, log

WHY = {"reason": "It was another week."}


async def eight_hours_a_day(**changes: Any) -> Paired:
    return await gentle(minutes=Minutes(min=60, target=480, per_day=480), **changes)


def with_the_other(pair: Paired) -> dict[str, Any]:
    return {"present": [pair.mentors[0], pair.mentees[1]]}


async def test_who_was_elsewhere_at_the_time_was_not_once_that_is_void() -> None:
    pair = await gentle()
    first = await log(pair, begins=at(8), ends=at(10))
    other = await log(pair, begins=at(9), ends=at(12), minutes=180, **with_the_other(pair))
    before = shown(pair, [first, other])
    await pair.send("sessionVoid", sessionId=first, **WHY)
    assert (deviations(pair, other), points(pair)) == ([], Decimal(3))
    await pair.send("sessionReinstate", sessionId=first, **WHY)
    assert shown(pair, [first, other])[:2] == before[:2]


async def test_a_day_has_room_again_once_what_filled_it_is_void() -> None:
    pair = await eight_hours_a_day()
    first, second = await log(pair, minutes=400), await log(pair, **long(pair))
    before = shown(pair, [first, second])
    await pair.send("sessionVoid", sessionId=first, **WHY)
    assert (deviations(pair, second), points(pair)) == ([], Decimal(5))
    await pair.send("sessionReinstate", sessionId=first, **WHY)
    assert shown(pair, [first, second])[:2] == before[:2], "and none once it stands again"


def long(pair: Paired) -> dict[str, Any]:
    return {"minutes": 300, **with_the_other(pair)}


async def test_a_day_has_room_again_once_what_filled_it_was_on_another() -> None:
    pair = await eight_hours_a_day()
    first, second = await log(pair, minutes=400), await log(pair, **long(pair))
    await pair.send("sessionCorrect", **again(pair, first, minutes=400, heldOn=days_ago(12)))
    assert (deviations(pair, first), deviations(pair, second)) == ([], [])


async def test_what_has_room_again_leaves_no_more_than_the_rest_of_it_to_the_next() -> None:
    pair = await eight_hours_a_day()
    first, _ = await log(pair, minutes=400), await log(pair, **long(pair))
    third = await log(pair, minutes=300, mode="PHONE")
    await pair.send("sessionVoid", sessionId=first, **WHY)
    assert (deviations(pair, third), points(pair)) == (["DAY_TOO_LONG"], Decimal(8))


async def test_minutes_of_a_visit_count_in_the_other_area_once_the_first_is_void() -> None:
    pair = await gentle()
    both = {"visitId": await visit(pair)}
    first = await log(pair, **both)
    second = await log(pair, **both, mentorshipId=await pair.another_mentorship())
    assert credited(pair, second) == 0
    await pair.send("sessionVoid", sessionId=first, **WHY)
    assert (credited(pair, second), points(pair)) == (120, Decimal(2))


def credited(pair: Paired, session: UUID) -> int | None:
    """Return how many minutes count for the mentor."""
    (found,) = [
        row["credited"]
        for row in pair.house.rows(SESSION_ATTENDANCE, health_worker_id=pair.mentors[0])
        if row["session_id"] == session and row["present"]
    ]
    return found  # type: ignore[no-any-return]


async def test_a_letter_taken_back_leaves_the_day_to_another_mentorship() -> None:
    pair = await eight_hours_a_day()
    elsewhere = await pair.another_mentorship()
    await log(pair, minutes=400)
    second = await log(pair, minutes=300, mentorshipId=elsewhere)
    assert deviations(pair, second) == ["DAY_TOO_LONG"]
    letter = {"mentorshipId": pair.mentorship, "healthWorkerId": pair.mentees[0]}
    await pair.send("mentorshipVoidSignature", **letter, **WHY)
    assert (deviations(pair, second), points(pair)) == ([], Decimal(5))
    await pair.send("mentorshipSign", **letter, occurredOn=days_ago(30))
    assert points(pair) == 8


async def test_what_counts_again_takes_of_the_day_of_whoever_else_was_there() -> None:
    pair = await eight_hours_a_day()
    mentor, colleague, mentee = *pair.mentors, pair.mentees[1]
    first = await log(pair, begins=at(8), ends=at(10))
    second = await log(pair, begins=at(9), minutes=300, present=[mentor, mentee])
    third = await log(pair, mode="PHONE", minutes=400, present=[colleague, mentee])
    assert (deviations(pair, second), deviations(pair, third)) == (["SESSION_OVERLAPS"], [])
    await pair.send("sessionVoid", sessionId=first, **WHY)
    assert (deviations(pair, second), deviations(pair, third)) == ([], ["DAY_TOO_LONG"])
