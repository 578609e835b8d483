"""Support requests, by command: whose they are, when they were, and whom they are passed on to."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.contracts.definition import Phase
from shared.contracts.definition.visits import Support
from shared.contracts.sessions.support_request import (
    SupportRequestAcknowledged,
    SupportRequestAnswered,
    SupportRequestRaised,
)
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.paired import AREA, ZONE, Paired, days_ago, paired, rules

PHASED = rules(
    phases=(
        Phase(code="proactive", name="Proactive", support_requests=False),
        Phase(code="reactive", name="Reactive"),
    ),
    support=Support(acknowledge_hours=24, answer_hours=72),
)


@pytest.fixture
async def pair() -> Paired:
    found = await paired(PHASED)
    await found.send(
        "mentorshipChangePhase",
        mentorshipId=found.mentorship,
        phase="reactive",
        reason="They know the work now.",
        occurredOn=days_ago(20),
    )
    return found


def noon(days: int) -> datetime:
    """Return noon, there, some days ago."""
    return datetime.combine(days_ago(days), datetime.min.time(), ZONE) + timedelta(hours=12)


async def ask(pair: Paired, **changes: object) -> UUID:
    asked = {
        "mentorshipId": pair.mentorship,
        "healthWorkerId": pair.mentees[0],
        "topic": "Oxytocin",
        "question": "How is it kept where there is no fridge?",
    }
    return (await pair.send("supportRequestRaise", **(asked | changes))).id


async def refused(pair: Paired, name: str, **content: object) -> str:
    with pytest.raises(MshauriError) as error:
        await pair.send(name, **content)
    return error.value.code


async def test_from_question_to_answer_with_the_time_it_took(pair: Paired) -> None:
    request = await ask(pair, occurredOn=days_ago(10), at=noon(10))
    await pair.send(
        "supportRequestAcknowledge",
        supportRequestId=request,
        healthWorkerId=pair.mentors[0],
        occurredOn=days_ago(10),
        at=noon(10) + timedelta(minutes=30),
    )
    await pair.send(
        "supportRequestAnswer",
        supportRequestId=request,
        healthWorkerId=pair.mentors[1],
        answer="In a cool box, for a day.",
        occurredOn=days_ago(8),
        at=noon(8),
    )
    raised, acknowledged, answered = await pair.house.events(request)
    assert isinstance(raised, SupportRequestRaised)
    assert isinstance(acknowledged, SupportRequestAcknowledged)
    assert isinstance(answered, SupportRequestAnswered)
    assert (raised.area, raised.phase, raised.answer_hours) == (AREA, "reactive", 72)
    assert (acknowledged.after, answered.after) == (1_800, 2 * 86_400)


async def test_an_instant_is_said_or_is_now_and_never_guessed(pair: Paired) -> None:
    base = {
        "mentorshipId": pair.mentorship,
        "healthWorkerId": pair.mentees[0],
        "topic": "Oxytocin",
        "question": "How is it kept?",
    }
    soon = datetime.now(UTC) + timedelta(minutes=6)
    name = "supportRequestRaise"
    assert await refused(pair, name, **base, occurredOn=days_ago(3)) == "AT_MISSING"
    assert await refused(pair, name, **base, at=soon) == "AT_IN_FUTURE"
    assert await refused(pair, name, **base, at=noon(3)) == "AT_OTHER_DAY"
    assert await refused(pair, name, **base, occurredOn=days_ago(2), at=noon(3)) == "AT_OTHER_DAY"
    before = datetime.now(UTC)
    request = await ask(pair)
    (raised,) = await pair.house.events(request)
    assert isinstance(raised, SupportRequestRaised)
    assert before <= raised.raised_at <= datetime.now(UTC)


async def test_a_phone_that_is_minutes_ahead_says_now_and_its_word_is_kept(pair: Paired) -> None:
    before = datetime.now(UTC)
    ahead = before + timedelta(minutes=4)
    request = await ask(pair, at=ahead)
    mentor = {"supportRequestId": request, "healthWorkerId": pair.mentors[0]}
    await pair.send("supportRequestAcknowledge", **mentor, at=before + timedelta(seconds=90))
    await pair.send("supportRequestAnswer", **mentor, answer="In a cool box.")
    raised, acknowledged, answered = await pair.house.events(request)
    after = datetime.now(UTC)
    assert isinstance(raised, SupportRequestRaised)
    assert isinstance(acknowledged, SupportRequestAcknowledged)
    assert isinstance(answered, SupportRequestAnswered)
    assert before <= raised.raised_at <= acknowledged.acknowledged_at <= answered.answered_at
    assert answered.answered_at <= after
    assert (raised.said_at, answered.said_at) == (ahead, None)
    assert acknowledged.said_at == before + timedelta(seconds=90)


async def test_a_phone_that_is_farther_ahead_is_told_our_time(pair: Paired) -> None:
    with pytest.raises(MshauriError) as refused:
        await ask(pair, at=datetime.now(UTC) + timedelta(minutes=6))
    assert (refused.value.code, refused.value.field) == ("AT_IN_FUTURE", "at")
    assert f"here it is {datetime.now(UTC):%Y-%m-%d}" in str(refused.value)


async def test_a_mentee_asks_for_themselves_and_answers_nobody(pair: Paired) -> None:
    mine = {"mentorshipId": pair.mentorship, "topic": "Oxytocin", "question": "How is it kept?"}
    raise_ = "supportRequestRaise"
    other = await refused(pair, raise_, **mine, healthWorkerId=pair.mentees[1], as_="person-2")
    assert other == "ACCESS_DENIED"
    request = await ask(pair, as_="person-2")
    acknowledge = {"supportRequestId": request, "healthWorkerId": pair.mentors[1]}
    name = "supportRequestAcknowledge"
    assert await refused(pair, name, **acknowledge, as_="person-2") == "ACCESS_DENIED"
    await pair.send(name, **acknowledge, as_="person-1")


async def test_it_is_passed_on_upwards_and_for_a_reason(pair: Paired) -> None:
    request = await ask(pair)
    name = "supportRequestEscalate"

    async def code(unit: object, reason: str | None = "The district keeps the fridges.") -> str:
        return await refused(pair, name, supportRequestId=request, toOrgUnitId=unit, reason=reason)

    assert await code(pair.district, reason=None) == "REASON_MISSING"
    assert await code(new_id()) == "NOT_FOUND"
    assert await code(pair.elsewhere) == "NOT_A_UNIT_ABOVE"
    assert await code(pair.facility) == "NOT_A_UNIT_ABOVE"
    for unit in (pair.district, pair.country):
        await pair.send(
            name, supportRequestId=request, toOrgUnitId=unit, reason="They keep the fridges."
        )
    assert await code(pair.district) == "ALREADY_ESCALATED_THERE"


async def test_closing_needs_an_answer_or_a_reason(pair: Paired) -> None:
    request = await ask(pair)
    close = "supportRequestClose"
    assert await refused(pair, close, supportRequestId=request) == "REASON_MISSING"
    await pair.send(close, supportRequestId=request, reason="They moved to another ward.")
    assert await refused(pair, close, supportRequestId=request) == "REQUEST_CLOSED"
    answered = await ask(pair)
    await pair.send(
        "supportRequestAnswer",
        supportRequestId=answered,
        healthWorkerId=pair.mentors[0],
        answer="In a cool box.",
    )
    await pair.send(close, supportRequestId=answered, as_="person-2")


async def test_there_is_no_answer_to_what_nobody_asked(pair: Paired) -> None:
    nowhere = await refused(
        pair,
        "supportRequestAnswer",
        supportRequestId=new_id(),
        healthWorkerId=pair.mentors[0],
        answer="In a cool box.",
    )
    assert nowhere == "NOT_FOUND"
