"""A call for help is never refused; it becomes a thread, and leads to where it was answered."""

from services.gateway.projections import SUPPORT_FOLLOW_UP, SUPPORT_REQUEST
from shared.contracts.definition.visits import Support
from tests.support.paired import paired, rules
from tests.unit.sessions.test_session_commands import log
from tests.unit.sessions.test_support_request_commands import PHASED, ask, noon, refused


async def test_a_nurse_asks_for_help_in_the_proactive_phase() -> None:
    pair = await paired(PHASED)
    request = await ask(pair)
    (row,) = pair.house.rows(SUPPORT_REQUEST)
    assert (row["id"], row["phase"], row["status"]) == (request, "proactive", "RAISED")


async def test_a_nurse_asks_in_a_programme_that_promises_no_answer() -> None:
    pair = await paired(rules())
    await ask(pair)
    (row,) = pair.house.rows(SUPPORT_REQUEST)
    assert (row["acknowledge_by"], row["answer_by"]) == (None, None)


async def test_a_second_answer_and_a_second_question_make_a_thread() -> None:
    pair = await paired(PHASED)
    request = await ask(pair)
    said = {"supportRequestId": request, "healthWorkerId": pair.mentors[0]}
    await pair.send("supportRequestAnswer", **said, answer="In a cool box.")
    await pair.send("supportRequestAnswer", **said, answer="For a day at the most.")
    asked = said | {"healthWorkerId": pair.mentees[0]}
    await pair.send("supportRequestFollowUp", **asked, text="And without a cool box?")
    thread = [(row["side"], row["text"]) for row in pair.house.rows(SUPPORT_FOLLOW_UP)]
    assert sorted(thread) == [
        ("MENTEE", "And without a cool box?"),
        ("MENTOR", "For a day at the most."),
    ]
    (row,) = pair.house.rows(SUPPORT_REQUEST)
    assert (row["status"], row["answer"]) == ("FOLLOWED_UP", "In a cool box.")


async def test_an_answer_leads_to_its_session_and_what_was_practised() -> None:
    pair = await paired(PHASED)
    session = await log(pair)
    request = await ask(pair)
    said = {"supportRequestId": request, "healthWorkerId": pair.mentors[0]}
    at_it = {"sessionId": session, "competency": "PPH"}
    await pair.send("supportRequestAnswer", **said, **at_it, answer="We did it together.")
    (row,) = pair.house.rows(SUPPORT_REQUEST)
    assert (row["session_id"], row["competency"]) == (session, "PPH")
    another = await ask(pair)
    elsewhere = await pair.another_mentorship()
    other = await log(pair, mentorshipId=elsewhere)
    wrong = said | {"supportRequestId": another, "sessionId": other, "text": "See there."}
    assert await refused(pair, "supportRequestFollowUp", **wrong) == "SESSION_OF_ANOTHER_MENTORSHIP"


async def test_what_is_late_now_can_be_told_from_the_row() -> None:
    pair = await paired(rules(support=Support(acknowledge_hours=2, answer_hours=24)))
    request = await ask(pair, at=noon(10), occurredOn=noon(10).date())
    (row,) = pair.house.rows(SUPPORT_REQUEST)
    waited = [row[name] - row["raised_at"] for name in ("acknowledge_by", "answer_by")]
    assert [wait.total_seconds() / 3600 for wait in waited] == [2, 24]
    said = {"supportRequestId": request, "healthWorkerId": pair.mentors[0]}
    await pair.send("supportRequestAcknowledge", **said)
    (row,) = pair.house.rows(SUPPORT_REQUEST)
    assert row["acknowledge_by"] is None
    assert row["answer_by"] is not None
    await pair.send("supportRequestAnswer", **said, answer="In a cool box.")
    (row,) = pair.house.rows(SUPPORT_REQUEST)
    assert row["answer_by"] is None
