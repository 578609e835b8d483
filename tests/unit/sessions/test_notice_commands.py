"""Notices, by policy and by command: each role once, and whoever is still to be told."""

from uuid import UUID

import pytest

from services.gateway.projections import NOTICE
from services.sessions.aggregates.notice import notice_id
from shared.contracts.definition.people import Disengagement
from shared.contracts.sessions.notice import NoticeGiven, NoticeRaised
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.paired import Paired, days_ago, paired, rules

TOLD = rules(disengagement=Disengagement(notify=("FOCAL-PERSON", "SECRETARIAT"), within_days=7))
LEFT = days_ago(15)


@pytest.fixture
async def pair() -> Paired:
    """Return a house where one mentor has just left, and the focal person was told."""
    found = await paired(TOLD)
    await found.send(
        "mentorshipDisengage",
        mentorshipId=found.mentorship,
        mentorId=found.mentor_ids[0],
        notified=[
            {"role": "FOCAL-PERSON", "name": "The county's focal person", "notifiedOn": LEFT}
        ],
        reason="They moved to another county.",
        occurredOn=LEFT,
    )
    return found


def the_notice(pair: Paired, role: str = "SECRETARIAT") -> UUID:
    return notice_id(pair.mentorship, pair.mentor_ids[0], role)


async def refused(pair: Paired, name: str, **content: object) -> str:
    with pytest.raises(MshauriError) as error:
        await pair.send(name, **content)
    return error.value.code


async def test_a_disengagement_raises_the_notices_that_were_not_given_yet(pair: Paired) -> None:
    (raised,) = await pair.house.events(the_notice(pair))
    assert isinstance(raised, NoticeRaised)
    assert (raised.role, raised.raised_on, raised.due) == ("SECRETARIAT", LEFT, days_ago(8))
    assert await pair.house.events(the_notice(pair, "FOCAL-PERSON")) == []


async def test_twice_is_once(pair: Paired) -> None:
    again = {
        "mentorshipId": pair.mentorship,
        "mentorId": pair.mentor_ids[0],
        "role": "SECRETARIAT",
        "due": days_ago(8),
        "occurredOn": LEFT,
    }
    assert await refused(pair, "noticeRaise", **again) == "ALREADY_RAISED"
    assert len(await pair.house.events(the_notice(pair))) == 1


async def test_who_came_back_and_leaves_again_is_told_of_again(pair: Paired) -> None:
    hers = {"mentorshipId": pair.mentorship, "mentorId": pair.mentor_ids[0]}
    back = {"replacesId": pair.mentor_ids[0], "occurredOn": days_ago(10)}
    await pair.send("mentorshipReassign", **hers, **back)
    for day in (5, 3):
        leave = {"reason": "Another leave.", "occurredOn": days_ago(day)}
        await pair.send("mentorshipDisengage", **hers, **leave)
        await pair.send("mentorshipReassign", **hers, **back | {"occurredOn": days_ago(day - 1)})
    raised = [(row["role"], row["due"]) for row in pair.house.rows(NOTICE)]
    assert sorted(raised, key=lambda one: (one[1], one[0])) == [
        ("SECRETARIAT", days_ago(8)),
        ("FOCAL-PERSON", days_ago(-2)),
        ("SECRETARIAT", days_ago(-2)),
        ("FOCAL-PERSON", days_ago(-4)),
        ("SECRETARIAT", days_ago(-4)),
    ]


async def test_notice_is_given_of_a_mentor_who_left_and_to_whom_the_programme_names(
    pair: Paired,
) -> None:
    asked = {"mentorshipId": pair.mentorship, "due": days_ago(8), "occurredOn": LEFT}
    stays = {**asked, "mentorId": pair.mentor_ids[1], "role": "SECRETARIAT"}
    assert await refused(pair, "noticeRaise", **stays) == "MENTOR_HAS_NOT_LEFT"
    neighbour = {**asked, "mentorId": pair.mentor_ids[0], "role": "NEIGHBOUR"}
    assert await refused(pair, "noticeRaise", **neighbour) == "ROLE_NOT_TOLD_HERE"
    mentor = await refused(pair, "noticeRaise", **neighbour, as_="person-1")
    assert mentor == "ACCESS_DENIED"


async def test_it_is_given_once_and_late_after_its_day(pair: Paired) -> None:
    give = {"noticeId": the_notice(pair), "givenTo": "The secretariat"}
    assert await refused(pair, "noticeGive", **give, occurredOn=days_ago(16)) == (
        "GIVEN_BEFORE_RAISED"
    )
    await pair.send("noticeGive", **give, occurredOn=days_ago(7))
    *_, given = await pair.house.events(the_notice(pair))
    assert isinstance(given, NoticeGiven)
    assert given.late
    assert await refused(pair, "noticeGive", **give) == "NOTICE_ALREADY_GIVEN"
    assert await refused(pair, "noticeGive", **(give | {"noticeId": new_id()})) == "NOT_FOUND"
