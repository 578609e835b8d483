"""A visit holds its days and sessions: three days in a row, two areas at once, minutes once."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import SESSION, SESSION_ATTENDANCE, VISIT
from tests.support.paired import Paired, days_ago
from tests.unit.field.test_sessions_of_a_day import at, deviations, gentle, points
from tests.unit.sessions.test_session_commands import log, refused, told


@pytest.fixture
async def pair() -> Paired:
    return await gentle()


def days(pair: Paired, first: int, last: int) -> dict[str, Any]:
    return {
        "programmeVersionId": pair.version,
        "orgUnitId": pair.facility,
        "starts": days_ago(first),
        "ends": days_ago(last),
    }


async def visit(pair: Paired, first: int = 12, last: int = 10) -> UUID:
    return (await pair.send("visitLog", **days(pair, first, last))).id


async def test_three_consecutive_days_are_one_visit(pair: Paired) -> None:
    id = await visit(pair)
    for ago in (12, 11, 10):
        await log(pair, visitId=id, occurredOn=days_ago(ago))
    (row,) = pair.house.rows(VISIT)
    assert row["days"] == 3
    assert [one["visit_id"] for one in pair.house.rows(SESSION)] == [id] * 3


async def test_two_areas_in_one_visit_count_the_mentors_minutes_once(pair: Paired) -> None:
    id = await visit(pair)
    other_area = await pair.another_mentorship()
    await log(pair, visitId=id, minutes=240)
    second = await log(pair, visitId=id, minutes=300, mentorshipId=other_area)
    assert deviations(pair, second) == []
    assert points(pair) == 5
    credited = {
        row["credited"]
        for row in pair.house.rows(SESSION_ATTENDANCE)
        if row["session_id"] == second and row["present"]
    }
    assert credited == {60}


async def test_one_after_the_other_both_count_in_full(pair: Paired) -> None:
    id = await visit(pair)
    other_area = await pair.another_mentorship()
    await log(pair, visitId=id, begins=at(8), minutes=120)
    later = await log(pair, visitId=id, begins=at(9), minutes=120, mentorshipId=other_area)
    assert deviations(pair, later) == [], "two areas at one bedside are no overlap"
    await log(pair, visitId=id, begins=at(14), minutes=60, mentorshipId=other_area)
    assert points(pair) == 4


async def test_a_session_lies_within_its_visit(pair: Paired) -> None:
    asked = told(pair, visitId=await visit(pair), occurredOn=days_ago(9))
    assert await refused(pair, "sessionLog", **asked) == ("OUTSIDE_VISIT", "visitId")


async def test_a_visits_days_are_corrected_for_a_reason(pair: Paired) -> None:
    id = {"visitId": await visit(pair)}
    longer = id | {"starts": days_ago(12), "ends": days_ago(9)}
    assert await refused(pair, "visitCorrect", **longer) == ("REASON_MISSING", "reason")
    await pair.send("visitCorrect", **longer, reason="They stayed.")
    await log(pair, **id, occurredOn=days_ago(9))


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (10, 12, "VISIT_ENDS_BEFORE_START"),
        (32, 1, "VISIT_TOO_LONG"),
        (-2, -4, "VISIT_TO_COME"),
    ],
)
async def test_a_visit_is_of_some_days_that_have_begun(
    pair: Paired, first: int, last: int, code: str
) -> None:
    assert (await refused(pair, "visitLog", **days(pair, first, last)))[0] == code
