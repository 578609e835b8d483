"""Initiatives and plans grow: a measure comes later, strengths by homework; some are given up."""

from typing import Any

import pytest
from msgspec.structs import replace

from services.gateway.projections import INITIATIVE, INITIATIVE_MEASURE, INITIATIVE_NOTE, PLAN
from shared.contracts.definition import Conduct, Gate
from shared.contracts.definition.visits import DevelopmentPlan
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.field.test_sessions_of_a_day import deviations
from tests.unit.sessions.test_session_commands import log, refused

QUEUE = {
    "code": "QUEUE",
    "name": "Patients in the queue",
    "kind": "LAGGING",
    "unit": "at ten",
    "target": "0",
}
COUNTERS = QUEUE | {"code": "COUNTERS", "name": "Counters open", "kind": "LEADING", "target": "3"}


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


async def choose(pair: Paired) -> dict[str, Any]:
    answer = await pair.send(
        "initiativeChoose",
        mentorshipId=pair.mentorship,
        healthWorkerId=pair.mentees[0],
        title="A laboratory without a queue",
        rootCauses=["One counter"],
        measures=[QUEUE],
        occurredOn=days_ago(20),
    )
    return {"initiativeId": answer.id}


async def test_the_process_measure_of_an_initiative_comes_later(pair: Paired) -> None:
    initiative = await choose(pair)
    await pair.send("initiativeAddMeasure", **initiative, measure=COUNTERS)
    measures = sorted(pair.house.rows(INITIATIVE_MEASURE), key=lambda row: row["place"])
    assert [row["code"] for row in measures] == ["QUEUE", "COUNTERS"]
    await pair.send("initiativeMeasure", **initiative, measure="COUNTERS", value="2")


async def test_a_setback_is_told_and_an_initiative_closed_or_given_up(pair: Paired) -> None:
    initiative = await choose(pair)
    note = {"noteKind": "SETBACK", "text": "The second counter closed again."}
    await pair.send("initiativeNote", **initiative, **note)
    assert [row["note_kind"] for row in pair.house.rows(INITIATIVE_NOTE)] == ["SETBACK"]
    given_up = initiative | {"ending": "ABANDONED"}
    assert await refused(pair, "initiativeEnd", **given_up) == ("REASON_MISSING", "reason")
    await pair.send("initiativeEnd", **given_up, reason="She was transferred.")
    (row,) = pair.house.rows(INITIATIVE)
    assert (row["status"], row["ending_reason"]) == ("ABANDONED", "She was transferred.")
    assert await refused(pair, "initiativeEnd", **given_up, reason="Again.") == (
        "INITIATIVE_OVER",
        "initiativeId",
    )


def development(pair: Paired) -> dict[str, Any]:
    return {
        "mentorshipId": pair.mentorship,
        "planKind": "DEVELOPMENT",
        "healthWorkerId": pair.mentees[0],
        "starts": days_ago(29),
        "ends": days_ago(-100),
        "objectives": ["Lead the ward round"],
        "occurredOn": days_ago(29),
    }


async def test_a_coach_asks_for_strengths_in_the_first_one_to_one() -> None:
    pair = await paired(
        replace(
            rules(development_plan=DevelopmentPlan(strengths=2, before_session=2)),
            gates=(Gate.SIGNATURES, Gate.DEVELOPMENT_PLAN),
            conduct=Conduct(),
        )
    )
    plan = await pair.send("planAgree", **development(pair))
    assert deviations(pair, await log(pair, occurredOn=days_ago(20))) == []
    second = await log(pair, occurredOn=days_ago(15))
    assert deviations(pair, second) == ["DEVELOPMENT_PLAN_MISSING"]
    await pair.send(
        "planAmend",
        planId=plan.id,
        starts=days_ago(29),
        ends=days_ago(-100),
        objectives=["Lead the ward round"],
        strengths=["Calm", "Exact"],
        reason="Her homework.",
        occurredOn=days_ago(12),
    )
    assert deviations(pair, await log(pair)) == []
    again = await log(pair, occurredOn=days_ago(14))
    assert deviations(pair, again) == ["DEVELOPMENT_PLAN_MISSING"], "on that day it named none"


async def test_strengths_that_nobody_may_read_there_are_counted_all_the_same() -> None:
    pair = await paired(
        replace(
            rules(development_plan=DevelopmentPlan(strengths=2)),
            gates=(Gate.SIGNATURES, Gate.DEVELOPMENT_PLAN),
            conduct=Conduct(),
        )
    )
    await pair.send("planAgree", **development(pair), strengths=["Calm", "Exact"])
    assert deviations(pair, await log(pair)) == []


async def test_a_plan_is_amended_whole_for_a_reason(pair: Paired) -> None:
    plan = {"planId": (await pair.send("planAgree", **development(pair))).id}
    amended = plan | {
        "starts": days_ago(29),
        "ends": days_ago(-200),
        "objectives": ["Lead the ward round", "Chair the review"],
        "strengths": ["Calm"],
    }
    assert await refused(pair, "planAmend", **amended) == ("REASON_MISSING", "reason")
    why = {"reason": "She wants more."}
    early = amended | why | {"occurredOn": days_ago(30)}
    assert (await refused(pair, "planAmend", **early))[0] == "AMENDED_BEFORE_AGREED"
    backwards = amended | why | {"ends": days_ago(30)}
    assert (await refused(pair, "planAmend", **backwards))[0] == "PLAN_ENDS_BEFORE_START"
    await pair.send("planAmend", **amended, **why)
    (row,) = pair.house.rows(PLAN)
    assert (row["ends"], list(row["own_strengths"])) == (days_ago(-200), ["Calm"])
    assert len(row["objectives"]) == 2


async def test_strengths_are_a_mentees_own(pair: Paired) -> None:
    whole = development(pair) | {"planKind": "MENTORSHIP", "healthWorkerId": None}
    plan = await pair.send("planAgree", **whole)
    amended = {
        "planId": plan.id,
        "starts": days_ago(29),
        "ends": days_ago(-200),
        "objectives": ["All of it"],
        "reason": "More.",
    }
    named = amended | {"strengths": ["Calm"]}
    assert await refused(pair, "planAmend", **named) == ("STRENGTHS_OF_NOBODY", "strengths")
    await pair.send("planAmend", **amended)
