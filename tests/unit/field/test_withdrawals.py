"""Mentees leave for causes that can be told apart, and who must hear of it is put on notice, as
when a mentor leaves: guidelines similar to the mentors' applied to them.
"""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import MENTEE, NOTICE
from shared.contracts.definition.people import Disengagement
from shared.domain import new_id
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.sessions.test_session_commands import refused

TOLD = Disengagement(notify=("FOCAL-PERSON", "SECRETARIAT", "MENTEE"), within_days=7)
WHY = "She was posted to another county."


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules(disengagement=TOLD))


async def mentee(pair: Paired) -> dict[str, Any]:
    """Return one of the two mentees as figures see her."""
    (row,) = pair.house.rows(MENTEE, health_worker_id=pair.mentees[0])
    return row


async def withdraw(pair: Paired, on: int = 10, **more: Any) -> UUID:
    row = await mentee(pair)
    content = {"enrolmentId": row["id"], "reason": WHY, "occurredOn": days_ago(on)}
    await pair.send("menteeWithdraw", **content | more)
    enrolment: UUID = row["id"]
    return enrolment


def notices(pair: Paired) -> dict[str, Any]:
    return {row["role"]: row for row in pair.house.rows(NOTICE)}


async def test_why_she_left_is_told_by_kind(pair: Paired) -> None:
    await withdraw(pair, cause="TRANSFERRED")
    row = await mentee(pair)
    assert (row["status"], row["withdrawal_cause"]) == ("WITHDRAWN", "TRANSFERRED")


async def test_who_does_not_tell_the_cause_apart_still_withdraws_her(pair: Paired) -> None:
    await withdraw(pair)
    assert (await mentee(pair))["withdrawal_cause"] == "OTHER"


async def test_a_withdrawal_followed_by_its_undoing_restores_her_row(pair: Paired) -> None:
    apart = ("record_version", "registry_position")
    before = {name: value for name, value in (await mentee(pair)).items() if name not in apart}
    enrolment = await withdraw(pair, cause="HEALTH")
    await pair.send(
        "menteeReadmit", enrolmentId=enrolment, reason="It was her sister.", occurredOn=days_ago(10)
    )
    after = {name: value for name, value in (await mentee(pair)).items() if name not in apart}
    assert after == before


async def test_whoever_must_hear_of_it_is_put_on_notice_but_not_she_herself(pair: Paired) -> None:
    enrolment = await withdraw(pair)
    raised = notices(pair)
    assert set(raised) == {"FOCAL-PERSON", "SECRETARIAT"}
    for row in raised.values():
        assert (row["enrolment_id"], row["mentor_id"]) == (enrolment, None)
        assert row["due"] == row["open_due"] == days_ago(3)
    await pair.send(
        "noticeGive",
        noticeId=raised["SECRETARIAT"]["id"],
        givenTo="The secretariat",
        occurredOn=days_ago(2),
    )
    assert notices(pair)["SECRETARIAT"]["late"]


async def test_who_only_goes_to_another_team_is_no_news_to_anybody(pair: Paired) -> None:
    row = await mentee(pair)
    await pair.send(
        "mentorshipRemoveMentee",
        mentorshipId=pair.mentorship,
        enrolmentId=row["id"],
        reason="Another team is nearer.",
        occurredOn=days_ago(10),
    )
    assert notices(pair) == {}


async def test_a_programme_that_names_nobody_has_nobody_told() -> None:
    pair = await paired(rules())
    await withdraw(pair)
    assert notices(pair) == {}


async def test_who_withdraws_again_is_news_again(pair: Paired) -> None:
    enrolment = await withdraw(pair)
    await pair.send(
        "menteeReadmit", enrolmentId=enrolment, reason="She is back.", occurredOn=days_ago(6)
    )
    await withdraw(pair, on=5)
    due = sorted(row["due"] for row in pair.house.rows(NOTICE))
    assert due == [days_ago(3)] * 2 + [days_ago(-2)] * 2


async def test_notice_is_given_once_and_of_a_mentee_who_left(pair: Paired) -> None:
    row = await mentee(pair)
    wish = {
        "mentorshipId": pair.mentorship,
        "enrolmentId": row["id"],
        "role": "SECRETARIAT",
        "due": days_ago(3),
        "occurredOn": days_ago(10),
    }
    name = "noticeRaiseOfMentee"
    assert await refused(pair, name, **wish) == ("MENTEE_HAS_NOT_LEFT", "enrolmentId")
    stranger = wish | {"enrolmentId": new_id()}
    assert await refused(pair, name, **stranger) == ("MENTEE_HAS_NOT_LEFT", "enrolmentId")
    await withdraw(pair)
    assert await refused(pair, name, **wish) == ("ALREADY_RAISED", "role")
    neighbour = wish | {"role": "NEIGHBOUR"}
    assert await refused(pair, name, **neighbour) == ("ROLE_NOT_TOLD_HERE", "role")
