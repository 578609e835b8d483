"""A mentor's grant reaches their own mentorships and the people in them, and nobody else's."""

from typing import Any
from uuid import UUID

import pytest

from shared.domain.errors import MshauriError
from tests.support.paired import Paired, days_ago, paired, rules

STRANGER = "a stranger"


@pytest.fixture
async def pair() -> Paired:
    """A mentorship, and a mentor of the same facility who has no part in it."""
    found = await paired(rules())
    await stranger(found)
    return found


async def stranger(pair: Paired, subject: str = STRANGER, **changes: Any) -> UUID:
    """Let another mentor of the same facility in."""
    answer = await pair.send(
        "healthWorkerRegister",
        givenNames="Ines",
        familyName="Mutesi",
        cadre="NURSE",
        orgUnitId=pair.facility,
        occurredOn=days_ago(40),
    )
    await pair.send(
        "accessGrantGive",
        subjectName=subject,
        role="MENTOR",
        orgUnitId=pair.facility,
        healthWorkerId=answer.id,
        occurredOn=days_ago(40),
        **changes,
    )
    return answer.id


async def refused(pair: Paired, name: str, /, **content: Any) -> str:
    with pytest.raises(MshauriError) as error:
        await pair.send(name, **content)
    return error.value.code


def session(pair: Paired) -> dict[str, Any]:
    return {
        "mentorshipId": pair.mentorship,
        "occurredOn": days_ago(10),
        "mode": "IN_PERSON",
        "minutes": 120,
        "present": [pair.mentors[0], pair.mentees[0]],
    }


async def test_a_mentor_logs_the_sessions_of_their_own_mentorship(pair: Paired) -> None:
    await pair.send("sessionLog", **session(pair), as_="person-0")


async def test_a_stranger_logs_no_session_of_others(pair: Paired) -> None:
    assert await refused(pair, "sessionLog", **session(pair), as_=STRANGER) == "ACCESS_DENIED"


async def test_a_stranger_signs_for_nobody(pair: Paired) -> None:
    for person in (*pair.mentors, *pair.mentees):
        wish = {"mentorshipId": pair.mentorship, "healthWorkerId": person}
        assert await refused(pair, "mentorshipSign", **wish, as_=STRANGER) == "ACCESS_DENIED"


async def test_a_mentor_signs_for_themselves_alone(pair: Paired) -> None:
    wish = {"mentorshipId": pair.mentorship, "healthWorkerId": pair.mentors[1]}
    assert await refused(pair, "mentorshipSign", **wish, as_="person-0") == "ACCESS_DENIED"
    signed = await refused(pair, "mentorshipSign", **wish, as_="person-1")
    assert signed == "ALREADY_SIGNED", "it would be theirs to do"


async def test_a_mentor_sets_goals_with_their_own_mentees_alone(pair: Paired) -> None:
    first, *_ = await pair.house.events(pair.mentorship)
    enrolment = first.mentees[0].enrolment_id  # type: ignore[attr-defined]
    goal = {"enrolmentId": enrolment, "goal": "G1", "text": "Suture a tear alone."}
    await pair.send("menteeSetGoal", **goal, as_="person-0")
    other = goal | {"goal": "G2"}
    assert await refused(pair, "menteeSetGoal", **other, as_=STRANGER) == "ACCESS_DENIED"


async def test_colleagues_stand_in_for_each_other_where_their_grants_say_so(pair: Paired) -> None:
    await stranger(pair, "stands in", standsIn=True)
    await pair.send("sessionLog", **session(pair), as_="stands in")


async def test_a_grant_that_does_not_say_who_its_holder_is_reaches_what_it_did(
    pair: Paired,
) -> None:
    await pair.send(
        "accessGrantGive",
        subjectName="nobody said who",
        role="MENTOR",
        orgUnitId=pair.facility,
        occurredOn=days_ago(40),
    )
    await pair.send("sessionLog", **session(pair), as_="nobody said who")
