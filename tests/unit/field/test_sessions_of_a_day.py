"""The same session twice, two at a time, three times 24 hours in a day: suspected, and settled."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.gateway.projections import CPD_ACCOUNT, DEVIATION, SESSION, SESSION_ATTENDANCE
from services.registry.views.progress import sessions_attended
from shared.contracts.definition import Conduct, Minutes, Mode
from shared.contracts.definition.visits import CpdRule, CpdSide, ModeMinutes
from shared.domain.errors import MshauriError
from tests.support.house import MemoryFacts
from tests.support.paired import ZONE, Paired, days_ago, paired, rules
from tests.unit.sessions.test_session_commands import again, log, refused, told

POINTS = (CpdRule(code="HOUR", side=CpdSide.MENTOR, points_per_hour=Decimal(1)),)


async def gentle(**changes: Any) -> Paired:
    return await paired(replace(rules(cpd=POINTS), conduct=Conduct(), **changes))


def at(hour: int, days: int = 10) -> datetime:
    return datetime.combine(days_ago(days), datetime.min.time(), ZONE) + timedelta(hours=hour)


def deviations(pair: Paired, session: UUID) -> list[str]:
    return sorted(
        row["rule"]
        for row in pair.house.rows(DEVIATION)
        if row["record_id"] == session and row["stands"]
    )


def points(pair: Paired) -> Decimal:
    (account,) = pair.house.rows(CPD_ACCOUNT)
    return Decimal(account["balance"])


async def test_two_phones_tell_of_one_session() -> None:
    pair = await gentle()
    first = await log(pair)
    again_ = await log(pair, minutes=110)
    assert (deviations(pair, first), deviations(pair, again_)) == ([], ["SESSION_TWICE"])
    assert points(pair) == 2


async def test_a_coordinator_settles_that_there_were_two_sessions() -> None:
    pair = await gentle()
    await log(pair)
    second = await log(pair, guests=[{"role": "DIRECTOR", "name": "Doctor Mugisha"}])
    await pair.send("sessionSettle", sessionId=second, reason="The mentees say so.")
    assert deviations(pair, second) == []
    assert points(pair) == 4
    await pair.send("sessionCorrect", **again(pair, second, minutes=118))
    assert deviations(pair, second) == ["SESSION_TWICE"]


async def test_a_settled_session_keeps_the_names_of_its_guests() -> None:
    pair = await gentle()
    await log(pair)
    second = await log(pair, guests=[{"role": "DIRECTOR", "name": "Doctor Mugisha"}])
    (before,) = [row for row in pair.house.rows(SESSION) if row["id"] == second]
    await pair.send("sessionSettle", sessionId=second, reason="The mentees say so.")
    (after,) = [row for row in pair.house.rows(SESSION) if row["id"] == second]
    assert after["words_id"] == before["words_id"]
    assert after["facts_id"] != before["facts_id"]


async def test_what_is_suspected_of_nothing_is_not_settled() -> None:
    pair = await gentle()
    session = await log(pair)
    settled = {"sessionId": session, "reason": "I know."}
    assert await refused(pair, "sessionSettle", **settled) == ("SESSION_NOT_SUSPECTED", "sessionId")


async def test_once_the_other_is_void_it_is_suspected_no_more() -> None:
    pair = await gentle()
    first, second, third = [await log(pair) for _ in range(3)]
    await pair.send("sessionVoid", sessionId=first, reason="It was told twice.")
    assert (deviations(pair, second), deviations(pair, third)) == ([], ["SESSION_TWICE"])
    assert points(pair) == 2, "one of the two that are left counts"


async def test_once_the_other_stands_again_it_is_suspected_as_before() -> None:
    pair = await gentle()
    sessions = [await log(pair, minutes=minutes) for minutes in (120, 115)]
    await pair.send("sessionCorrect", **again(pair, sessions[1], minutes=110))
    before = shown(pair, sessions)
    await pair.send("sessionVoid", sessionId=sessions[0], reason="It was told twice.")
    assert points(pair) < 2
    await pair.send("sessionReinstate", sessionId=sessions[0], reason="It was the right one.")
    assert shown(pair, sessions) == before
    weigh = {"sessionId": sessions[0]}
    assert await refused(pair, "sessionTwinsWeigh", **weigh) == (
        "SESSION_NOTHING_SUSPECTED",
        "sessionId",
    )


async def test_once_the_other_was_otherwise_it_is_suspected_no_more() -> None:
    pair = await gentle()
    first, second = await log(pair), await log(pair)
    await pair.send("sessionCorrect", **again(pair, first, mode="PHONE"))
    assert (deviations(pair, first), deviations(pair, second)) == ([], [])
    await pair.send("sessionCorrect", **again(pair, first))
    assert deviations(pair, first) == ["SESSION_TWICE"], "what is told last is suspected"


def shown(pair: Paired, sessions: list[UUID]) -> Any:
    """Return what is shown of sessions and points, but when it was recorded."""
    recorded = {"record_version", "position", "recorded_at"}
    return [
        points(pair),
        [deviations(pair, session) for session in sessions],
        [
            {name: value for name, value in row.items() if name not in recorded}
            for table in (SESSION, SESSION_ATTENDANCE)
            for row in pair.house.rows(table)
        ],
    ]


async def test_morning_and_afternoon_are_two_sessions() -> None:
    pair = await gentle()
    await log(pair, begins=at(8))
    assert deviations(pair, await log(pair, begins=at(14))) == []


async def test_nobody_is_in_two_sessions_at_a_time() -> None:
    pair = await gentle()
    await log(pair, begins=at(8), ends=at(10))
    other = await log(
        pair, begins=at(9), ends=at(12), minutes=180, present=[pair.mentors[0], pair.mentees[1]]
    )
    assert deviations(pair, other) == ["SESSION_OVERLAPS"]
    assert points(pair) == 2


async def test_a_day_counts_up_to_its_ceiling() -> None:
    pair = await gentle(minutes=Minutes(min=60, target=480, per_day=480))
    await log(pair, minutes=400)
    second = await log(pair, minutes=1440, present=[pair.mentors[0], pair.mentees[1]])
    assert deviations(pair, second) == ["DAY_TOO_LONG"]
    assert points(pair) == 8
    credited = {
        row["health_worker_id"]: row["credited"]
        for row in pair.house.rows(SESSION_ATTENDANCE)
        if row["session_id"] == second and row["present"]
    }
    assert credited == {pair.mentors[0]: 80, pair.mentees[1]: 480}
    (row,) = [row for row in pair.house.rows(SESSION) if row["id"] == second]
    assert row["counts"], "it counts, up to there"


async def test_a_ten_minute_call_counts_where_calls_have_minutes_of_their_own() -> None:
    by_mode = (ModeMinutes(mode=Mode.PHONE, min=10, target=20),)
    pair = await gentle(minutes=Minutes(min=60, target=480, by_mode=by_mode))
    assert deviations(pair, await log(pair, mode="PHONE", minutes=10)) == []
    assert deviations(pair, await log(pair, minutes=10)) == ["SESSION_TOO_SHORT"]


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ({"begins": at(10), "ends": at(9)}, "ENDS_BEFORE_IT_BEGINS"),
        ({"begins": at(9), "ends": at(10)}, "LONGER_THAN_ITS_TIMES"),
        ({"begins": at(9, days=9)}, "BEGINS_OTHER_DAY"),
    ],
)
async def test_times_fit_what_else_is_said(times: dict[str, Any], code: str) -> None:
    pair = await gentle()
    assert (await refused(pair, "sessionLog", **told(pair, **times)))[0] == code


async def test_a_session_across_midnight_counts_on_its_first_day() -> None:
    pair = await gentle()
    session = await log(pair, begins=at(23), minutes=180)
    (row,) = [row for row in pair.house.rows(SESSION) if row["id"] == session]
    assert (row["held_on"], row["ends"]) == (days_ago(10), at(26))


async def test_a_version_may_refuse_what_it_suspects() -> None:
    pair = await paired(
        replace(rules(), conduct=Conduct(refuse=("SESSION_TWICE",)))  # type: ignore[arg-type]
    )
    await log(pair)
    with pytest.raises(MshauriError) as error:
        await log(pair)
    assert error.value.code == "SESSION_TWICE"


async def test_what_does_not_count_is_not_counted_towards_the_end() -> None:
    pair = await gentle()
    await log(pair)
    await log(pair)
    registry = MemoryFacts(pair.house._parts["registry"].reader.tables)
    (enrolment,) = (await pair.house.events(pair.mentorship))[0].mentees[:1]  # type: ignore[attr-defined]
    assert await sessions_attended(registry, [enrolment.enrolment_id]) == 1  # type: ignore[arg-type]
