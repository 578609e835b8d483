"""Improvement actions, by command: at a session of their own, escalated upwards, for a reason."""

from uuid import UUID

import pytest

from shared.contracts.sessions.improvement_action import ActionCompleted
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.paired import Paired, days_ago, paired, rules


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


async def agree(pair: Paired, **changes: object) -> UUID:
    asked = {
        "mentorshipId": pair.mentorship,
        "title": "Oxytocin is kept cold",
        "ownerId": pair.mentees[0],
        "due": days_ago(10),
        "occurredOn": days_ago(20),
    }
    return (await pair.send("actionAgree", **(asked | changes))).id


async def refused(pair: Paired, name: str, **content: object) -> str:
    with pytest.raises(MshauriError) as error:
        await pair.send(name, **content)
    return error.value.code


async def hold_session(pair: Paired, mentorship: UUID) -> UUID:
    answer = await pair.send(
        "sessionLog",
        mentorshipId=mentorship,
        mode="IN_PERSON",
        minutes=60,
        present=[pair.mentors[0], pair.mentees[0]],
        occurredOn=days_ago(20),
    )
    return answer.id


async def test_an_action_is_agreed_at_a_session_of_its_own_mentorship(pair: Paired) -> None:
    await agree(pair, sessionId=await hold_session(pair, pair.mentorship))
    with pytest.raises(MshauriError) as error:
        await agree(pair, sessionId=new_id())
    assert (error.value.code, error.value.field) == ("NOT_FOUND", "sessionId")


async def test_its_owner_records_that_it_is_done_and_that_it_is_late(pair: Paired) -> None:
    action = await agree(pair)
    await pair.send(
        "actionComplete",
        improvementActionId=action,
        result="A key hangs in the ward.",
        occurredOn=days_ago(9),
        as_="person-2",
    )
    *_, completed = await pair.house.events(action)
    assert isinstance(completed, ActionCompleted)
    assert completed.late


async def test_it_is_escalated_upwards_for_a_reason_and_resolved_there(pair: Paired) -> None:
    action = await agree(pair)
    there = {"improvementActionId": action, "toOrgUnitId": pair.district}
    assert await refused(pair, "actionEscalate", **there) == "REASON_MISSING"
    sideways = {**there, "toOrgUnitId": pair.elsewhere, "reason": "They keep the fridges."}
    assert await refused(pair, "actionEscalate", **sideways) == "NOT_A_UNIT_ABOVE"
    resolve = {"improvementActionId": action, "result": "They sent a solar fridge."}
    assert await refused(pair, "actionResolve", **resolve) == "NOT_ESCALATED"
    await pair.send("actionEscalate", **there, reason="They keep the fridges.")
    done = await refused(pair, "actionComplete", improvementActionId=action, result="Done.")
    assert done == "ACTION_IS_ESCALATED"
    assert await refused(pair, "actionResolve", **resolve, as_="person-0") == "ACCESS_DENIED"
    await pair.send("actionResolve", **resolve)
    assert await refused(pair, "actionResolve", **resolve) == "ACTION_ENDED"


async def test_a_mentee_does_not_agree_on_actions_for_others(pair: Paired) -> None:
    asked = {
        "mentorshipId": pair.mentorship,
        "title": "Tea",
        "ownerId": pair.mentors[0],
        "due": days_ago(0),
    }
    assert await refused(pair, "actionAgree", **asked, as_="person-2") == "ACCESS_DENIED"


async def test_an_action_is_not_agreed_at_another_mentorships_session(pair: Paired) -> None:
    other = await pair.another_mentorship()
    session = await hold_session(pair, other)
    with pytest.raises(MshauriError) as error:
        await agree(pair, sessionId=session)
    assert error.value.code == "SESSION_OF_ANOTHER_MENTORSHIP"
    assert error.value.field == "sessionId"
