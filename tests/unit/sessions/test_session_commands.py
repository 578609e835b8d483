"""Sessions, by command: as the mentorship stood on the day they were held, by whom it is known."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from shared.contracts.definition import Gate, Phase
from shared.contracts.definition.visits import DevelopmentPlan, SessionFormat
from shared.contracts.sessions.session import SessionCorrected, SessionHeld
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.paired import AREA, Paired, days_ago, paired, rules


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


def told(pair: Paired, **changes: Any) -> dict[str, Any]:
    """Return what is said of a session ten days ago."""
    return {
        "mentorshipId": pair.mentorship,
        "occurredOn": days_ago(10),
        "mode": "IN_PERSON",
        "minutes": 120,
        "present": [pair.mentors[0], pair.mentees[0]],
        **changes,
    }


async def log(pair: Paired, **changes: Any) -> UUID:
    return (await pair.send("sessionLog", **told(pair, **changes))).id


def again(pair: Paired, session: UUID, **changes: Any) -> dict[str, Any]:
    """Return a correction of a session, which says it all anew."""
    content = told(pair, sessionId=session, heldOn=days_ago(10), reason="A slip of the pen.")
    del content["mentorshipId"], content["occurredOn"]
    return content | changes


async def refused(pair: Paired, name: str, /, **content: Any) -> tuple[str, str | None]:
    with pytest.raises(MshauriError) as error:
        await pair.send(name, **content)
    return error.value.code, error.value.field


async def held(pair: Paired, session: UUID) -> SessionHeld:
    event = next(e for e in await pair.house.events(session) if isinstance(e, SessionHeld))
    assert isinstance(event, SessionHeld)
    return event


async def test_a_session_says_whom_it_counts_for(pair: Paired) -> None:
    said = await held(pair, await log(pair, present=[*pair.mentors, pair.mentees[0]]))
    assert (said.format, said.absent) == (SessionFormat.TEAM, (pair.mentees[1],))
    assert said.org_unit_id == pair.facility
    assert len(said.enrolments) == 1


async def test_a_session_is_of_a_mentorship_and_where_it_is_said_to_be(pair: Paired) -> None:
    name = "sessionLog"
    nowhere = told(pair, mentorshipId=new_id())
    assert await refused(pair, name, **nowhere) == ("NOT_FOUND", "mentorshipId")
    nowhere = told(pair, orgUnitId=new_id())
    assert await refused(pair, name, **nowhere) == ("NOT_FOUND", "orgUnitId")
    session = await log(pair, orgUnitId=pair.elsewhere)
    assert (await held(pair, session)).org_unit_id == pair.elsewhere


async def test_from_plan_to_session_under_one_id(pair: Paired) -> None:
    session = (
        await pair.send(
            "sessionPlan",
            mentorshipId=pair.mentorship,
            plannedFor=days_ago(12),
            mode="IN_PERSON",
            occurredOn=days_ago(20),
        )
    ).id
    later = {"sessionId": session, "plannedFor": days_ago(10), "occurredOn": days_ago(15)}
    assert await refused(pair, "sessionReschedule", **later) == ("REASON_MISSING", "reason")
    await pair.send("sessionReschedule", **later, reason="The road was flooded.")
    assert await log(pair, id=session) == session
    assert await refused(pair, "sessionLog", **told(pair, id=session)) == (
        "SESSION_HELD_ALREADY",
        "id",
    )


async def test_a_repeated_command_is_answered_as_before_and_recorded_once(pair: Paired) -> None:
    wish = told(pair, id=new_id(), commandId=new_id())
    first = await pair.send("sessionLog", **wish)
    assert await pair.send("sessionLog", **wish) == first
    assert len(await pair.house.events(first.id)) == 1


async def test_a_cancelled_session_is_not_held(pair: Paired) -> None:
    session = (
        await pair.send(
            "sessionPlan",
            mentorshipId=pair.mentorship,
            plannedFor=days_ago(12),
            mode="PHONE",
            occurredOn=days_ago(20),
        )
    ).id
    assert await refused(pair, "sessionCancel", sessionId=session) == ("REASON_MISSING", "reason")
    await pair.send("sessionCancel", sessionId=session, reason="A strike.")
    assert await refused(pair, "sessionLog", **told(pair, id=session)) == (
        "SESSION_CANCELLED",
        "id",
    )


async def test_what_changes_a_record_says_why(pair: Paired) -> None:
    session = await log(pair)
    correction = again(pair, session, reason=None)
    assert await refused(pair, "sessionCorrect", **correction) == ("REASON_MISSING", "reason")
    assert await refused(pair, "sessionVoid", sessionId=session) == ("REASON_MISSING", "reason")
    await pair.send("sessionVoid", sessionId=session, reason="It was logged twice.")
    assert await refused(pair, "sessionReinstate", sessionId=session) == (
        "REASON_MISSING",
        "reason",
    )
    await pair.send("sessionReinstate", sessionId=session, reason="It was not.")


async def test_a_correction_does_not_put_a_session_into_the_future(pair: Paired) -> None:
    session = await log(pair)
    ahead = again(pair, session, heldOn=days_ago(-2))
    assert await refused(pair, "sessionCorrect", **ahead) == ("OCCURRED_IN_FUTURE", "heldOn")


async def test_the_rest_of_the_rules_is_asked_again(pair: Paired) -> None:
    session = await log(pair)
    assert await refused(pair, "sessionCorrect", **again(pair, session, minutes=1)) == (
        "SESSION_TOO_SHORT",
        "minutes",
    )
    early = again(pair, session, heldOn=days_ago(31))
    assert await refused(pair, "sessionCorrect", **early) == ("BEFORE_AGREEMENT", "heldOn")
    await pair.send("sessionCorrect", **again(pair, session, minutes=90, heldOn=days_ago(9)))
    corrected = (await pair.house.events(session))[-1]
    assert isinstance(corrected, SessionCorrected)
    assert (corrected.minutes, corrected.held_on) == (90, days_ago(9))


async def disengage(pair: Paired, number: int, on: date) -> None:
    await pair.send(
        "mentorshipDisengage",
        mentorshipId=pair.mentorship,
        mentorId=pair.mentor_ids[number],
        reason="They were posted elsewhere.",
        occurredOn=on,
    )


async def another_mentor(pair: Paired) -> tuple[UUID, UUID]:
    """Return a certified mentor, and the health worker they are."""
    person = new_id()
    began = days_ago(40)
    await pair.send(
        "healthWorkerRegister",
        id=person,
        givenNames="Another",
        familyName="Mentor",
        cadre="NURSE",
        orgUnitId=pair.facility,
        occurredOn=began,
    )
    nominated = await pair.send(
        "mentorNominate",
        healthWorkerId=person,
        programmeVersionId=pair.version,
        area=AREA,
        occurredOn=began,
    )
    await pair.send("mentorOrient", mentorId=nominated.id, occurredOn=began)
    await pair.send("mentorCertify", mentorId=nominated.id, occurredOn=began)
    return nominated.id, person


async def test_from_disengagement_to_a_new_mentor_no_session_is_held_or_lost(pair: Paired) -> None:
    first, second = pair.mentors
    before = await log(pair, present=[first, second, pair.mentees[0]], occurredOn=days_ago(20))
    await disengage(pair, 0, days_ago(15))
    assert await refused(pair, "sessionLog", **told(pair)) == ("ATTENDEE_NOT_A_PARTY", "present")
    await log(pair, present=[second, pair.mentees[0]])
    await log(pair, occurredOn=days_ago(16))  # it was held before, and comes in late
    await disengage(pair, 1, days_ago(8))
    missing = told(pair, occurredOn=days_ago(8), present=[second, pair.mentees[0]])
    assert await refused(pair, "sessionLog", **missing) == ("MENTOR_MISSING", "mentorshipId")

    mentor, person = await another_mentor(pair)
    await pair.send(
        "mentorshipReassign",
        mentorshipId=pair.mentorship,
        replacesId=pair.mentor_ids[1],
        mentorId=mentor,
        occurredOn=days_ago(6),
    )
    unsigned = told(pair, occurredOn=days_ago(5), present=[person, pair.mentees[0]])
    assert await refused(pair, "sessionLog", **unsigned) == (
        "MENTORSHIP_NOT_SIGNED",
        "mentorshipId",
    )
    await pair.send(
        "mentorshipSign",
        mentorshipId=pair.mentorship,
        healthWorkerId=person,
        occurredOn=days_ago(4),
    )
    assert await refused(pair, "sessionLog", **unsigned) == ("BEFORE_AGREEMENT", "occurredOn")
    await log(pair, occurredOn=days_ago(4), present=[person, pair.mentees[0]])
    stays = again(pair, before, heldOn=days_ago(20), present=[first, second, pair.mentees[1]])
    await pair.send("sessionCorrect", **stays)


async def test_nothing_is_held_from_the_day_a_mentorship_ended(pair: Paired) -> None:
    session = await log(pair)
    await pair.send(
        "mentorshipConclude",
        mentorshipId=pair.mentorship,
        reason="They reached their goals.",
        occurredOn=days_ago(5),
    )
    ended = told(pair, occurredOn=days_ago(5))
    assert await refused(pair, "sessionLog", **ended) == ("MENTORSHIP_OVER", "mentorshipId")
    assert await refused(
        pair, "sessionPlan", mentorshipId=pair.mentorship, mode="PHONE", plannedFor=days_ago(0)
    ) == ("MENTORSHIP_OVER", "mentorshipId")
    await log(pair, occurredOn=days_ago(6))  # it was held before, and comes in late
    await pair.send("sessionCorrect", **again(pair, session, minutes=90))
    moved = again(pair, session, heldOn=days_ago(5))
    assert await refused(pair, "sessionCorrect", **moved) == ("MENTORSHIP_OVER", "sessionId")


async def test_the_phase_is_the_mentorships_own() -> None:
    groups = Phase(code="open", name="Open", formats=(SessionFormat.GROUP,))
    pair = await paired(rules(phases=(groups, Phase(code="coach", name="Coach"))))
    assert await refused(pair, "sessionLog", **told(pair)) == ("FORMAT_NOT_IN_PHASE", "present")
    await pair.send(
        "mentorshipChangePhase",
        mentorshipId=pair.mentorship,
        phase="coach",
        reason="They know each other.",
        occurredOn=days_ago(20),
    )
    assert (await held(pair, await log(pair))).phase == "coach"


async def test_a_visit_needs_a_plan_that_was_sent() -> None:
    pair = await paired(replace(rules(), gates=(Gate.PLAN_SENT,)))
    assert await refused(pair, "sessionLog", **told(pair)) == ("PLAN_NOT_SENT", None)
    plan = await pair.send(
        "planAgree",
        mentorshipId=pair.mentorship,
        planKind="VISIT",
        starts=days_ago(11),
        ends=days_ago(9),
        objectives=["Resuscitation within a minute"],
        occurredOn=days_ago(20),
    )
    assert await refused(pair, "sessionLog", **told(pair)) == ("PLAN_NOT_SENT", None)
    sent = {"planId": plan.id, "sentTo": "The hospital", "occurredOn": days_ago(15)}
    await pair.send("planSend", **sent)
    assert await refused(pair, "planSend", **sent) == ("PLAN_SENT_ALREADY", "planId")
    await log(pair)


async def test_one_to_one_needs_the_mentees_development_plan() -> None:
    under = replace(
        rules(), gates=(Gate.DEVELOPMENT_PLAN,), development_plan=DevelopmentPlan(strengths=1)
    )
    pair = await paired(under)
    assert await refused(pair, "sessionLog", **told(pair)) == (
        "DEVELOPMENT_PLAN_MISSING",
        "present",
    )
    await pair.send(
        "planAgree",
        mentorshipId=pair.mentorship,
        planKind="DEVELOPMENT",
        healthWorkerId=pair.mentees[0],
        starts=days_ago(20),
        ends=days_ago(0),
        objectives=["To lead a shift"],
        strengths=["She listens"],
        occurredOn=days_ago(20),
    )
    await log(pair)


@pytest.mark.parametrize(
    ("who", "code"),
    [("person-0", None), ("person-2", "ACCESS_DENIED"), ("stranger", "ACCESS_DENIED")],
    ids=["a mentor there", "a mentee", "a mentor elsewhere"],
)
async def test_sessions_are_logged_by_those_who_mentor_there(
    pair: Paired, who: str, code: str | None
) -> None:
    await pair.send(
        "accessGrantGive",
        subjectName="stranger",
        role="MENTOR",
        orgUnitId=pair.elsewhere,
        occurredOn=days_ago(30),
    )
    if code is None:
        await log(pair, as_=who)
    else:
        assert (await refused(pair, "sessionLog", **told(pair, as_=who)))[0] == code
