"""What was taught last time, what is next; which drill, how often; how many cases were observed."""

from typing import Any

import pytest
from msgspec.structs import replace

from services.gateway.projections import SESSION, SESSION_DEBRIEF, SESSION_SIMULATION
from shared.contracts.sessions.substance import SessionDebriefed
from tests.support.definitions import BLEEDING, RESUSCITATION, definition
from tests.support.paired import Paired, paired, rules
from tests.unit.sessions.test_improvement_action_commands import agree
from tests.unit.sessions.test_session_commands import again, log, refused, told
from tests.unit.sessions.test_support_request_commands import ask


@pytest.fixture
async def pair() -> Paired:
    whole = definition()
    (area,) = rules().areas
    taught = replace(area, framework="test-newborn", framework_version=1)
    return await paired(
        replace(rules(), areas=(taught,), frameworks=whole.frameworks, validation=whole.validation)
    )


def the(pair: Paired) -> Any:
    (row,) = pair.house.rows(SESSION)
    return row


async def test_topics_competencies_drills_and_cases_of_a_session(pair: Paired) -> None:
    about = {
        "topics": ["Respectful care"],
        "competencies": [RESUSCITATION.code, BLEEDING.code],
        "simulations": [{"topic": RESUSCITATION.code, "doses": 4}],
        "observedCases": 3,
    }
    await log(pair, about=about, consentRecorded=True)
    row = the(pair)
    assert (list(row["topics"]), list(row["competencies"]), row["observed_cases"]) == (
        ["Respectful care"],
        ["HBB", "PPH"],
        3,
    )
    assert [(one["topic"], one["doses"]) for one in pair.house.rows(SESSION_SIMULATION)] == [
        ("HBB", 4)
    ]


async def test_feedback_homework_next_steps_strengths_and_weaknesses_are_each_ones_own(
    pair: Paired,
) -> None:
    session = await log(
        pair,
        present=[pair.mentors[0], *pair.mentees],
        debriefs=[
            {
                "healthWorkerId": pair.mentees[0],
                "strengths": "Calm under pressure.",
                "weaknesses": "Ventilates late.",
                "homework": "Ten drills.",
            },
            {"healthWorkerId": pair.mentees[1], "feedback": "Ask sooner.", "nextSteps": "PPH."},
        ],
    )
    rows = {row["health_worker_id"]: row for row in pair.house.rows(SESSION_DEBRIEF)}
    assert rows[pair.mentees[0]]["weaknesses"] == "Ventilates late."
    assert rows[pair.mentees[1]]["next_steps"] == "PPH."
    told_of = [
        event.health_worker_id
        for event in await pair.house.events(session)
        if isinstance(event, SessionDebriefed)
    ]
    assert told_of == list(pair.mentees)


async def test_a_correction_says_it_anew(pair: Paired) -> None:
    homework = {"healthWorkerId": pair.mentees[0], "homework": "Ten drills."}
    session = await log(pair, debriefs=[homework], about={"topics": ["Triage"]})
    await pair.send("sessionCorrect", **again(pair, session, about={"topics": ["Referral"]}))
    row = the(pair)
    assert list(row["topics"]) == ["Referral"]
    assert [
        one for one in pair.house.rows(SESSION_DEBRIEF) if one["words_id"] == row["words_id"]
    ] == []


async def test_a_session_takes_up_a_request_an_action_a_plan_of_its_own(pair: Paired) -> None:
    action, request = await agree(pair), await ask(pair)
    await log(pair, about={"improvementActionId": action, "supportRequestId": request})
    row = the(pair)
    assert (row["improvement_action_id"], row["support_request_id"]) == (action, request)
    elsewhere = told(
        pair,
        mentorshipId=await pair.another_mentorship(),
        about={"supportRequestId": request},
    )
    assert await refused(pair, "sessionLog", **elsewhere) == (
        "OF_ANOTHER_MENTORSHIP",
        "about.supportRequestId",
    )


async def test_what_is_practised_by_code_is_taught(pair: Paired) -> None:
    asked = told(pair, about={"competencies": ["TEA"]})
    assert await refused(pair, "sessionLog", **asked) == (
        "COMPETENCY_NOT_TAUGHT",
        "about.competencies",
    )


async def test_no_case_is_observed_without_consent(pair: Paired) -> None:
    asked = told(pair, about={"observedCases": 1})
    assert await refused(pair, "sessionLog", **asked) == (
        "CASES_WITHOUT_CONSENT",
        "consentRecorded",
    )


async def test_who_took_something_away_was_there(pair: Paired) -> None:
    for debriefs in ([pair.mentees[1]], [pair.mentees[0], pair.mentees[0]]):
        asked = told(
            pair, debriefs=[{"healthWorkerId": one, "feedback": "Good."} for one in debriefs]
        )
        assert await refused(pair, "sessionLog", **asked) == ("DEBRIEF_OF_THE_ABSENT", "debriefs")
