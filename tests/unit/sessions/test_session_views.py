"""What sessions has heard: who is a party of a mentorship, since when, and its plans."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.sessions.views import MENTORSHIP, MENTORSHIPS, PARTY, PLAN, PLANS
from shared.contracts.registry.mentorship import (
    MenteeParty,
    MentorDisengaged,
    MentorParty,
    MentorReassigned,
    MentorshipProposed,
)
from shared.domain import new_id
from shared.projection import Table
from tests.support.paired import Paired, days_ago, paired, rules


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


def of(pair: Paired, person: UUID) -> dict[str, Any]:
    (row,) = pair.house.rows(PARTY, mentorship_id=pair.mentorship, health_worker_id=person)
    return dict(row)


async def test_a_party_is_known_by_side_area_enrolment_and_signature(pair: Paired) -> None:
    mentor, mentee = of(pair, pair.mentors[0]), of(pair, pair.mentees[0])
    assert (mentor["side"], mentor["enrolment_ids"]) == ("MENTOR", [])
    assert (mentee["side"], len(mentee["enrolment_ids"])) == ("MENTEE", 1)
    assert mentor["areas"] == mentee["areas"] == ["NEWBORN"]
    assert {row["signed_on"] for row in pair.house.rows(PARTY)} == {days_ago(30)}


async def test_who_left_is_known_with_the_day(pair: Paired) -> None:
    await pair.send(
        "mentorshipDisengage",
        mentorshipId=pair.mentorship,
        mentorId=pair.mentor_ids[0],
        reason="They were posted elsewhere.",
        occurredOn=days_ago(7),
    )
    assert of(pair, pair.mentors[0])["left_on"] == days_ago(7)
    assert of(pair, pair.mentors[1])["left_on"] is None


async def test_a_mentorship_that_was_concluded_is_known_with_the_day(pair: Paired) -> None:
    (live,) = pair.house.rows(MENTORSHIP)
    assert (live["state"], live["ended_on"]) == ("LIVE", None)
    await pair.send(
        "mentorshipConclude",
        mentorshipId=pair.mentorship,
        reason="They reached their goals.",
        occurredOn=days_ago(3),
    )
    (over,) = pair.house.rows(MENTORSHIP)
    assert (over["state"], over["ended_on"]) == ("CONCLUDED", days_ago(3))


async def test_a_plan_is_found_by_its_mentorship(pair: Paired) -> None:
    plan = await pair.send(
        "planAgree",
        mentorshipId=pair.mentorship,
        planKind="VISIT",
        starts=days_ago(5),
        ends=days_ago(4),
        objectives=["To ventilate within a minute"],
        occurredOn=days_ago(9),
    )
    (row,) = pair.house.rows(PLAN, mentorship_id=pair.mentorship)
    assert (row["id"], row["sent_on"], row["agreed_on"]) == (plan.id, None, days_ago(9))
    await pair.send("planSend", planId=plan.id, sentTo="The hospital", occurredOn=days_ago(8))
    (row,) = pair.house.rows(PLAN, mentorship_id=pair.mentorship)
    assert row["sent_on"] == days_ago(8)


class At:
    """As much of a happening as these folds look at."""

    def __init__(self, stream: UUID) -> None:
        self.stream = stream


def written(table: Table, event: Any) -> dict[UUID, dict[str, Any]]:
    """Return what an event of a mentorship writes into a table, by person."""
    changes: Iterable[Any] = [
        change
        for fold in MENTORSHIPS.folds_of(type(event))
        for change in fold(event, At(new_id()))  # type: ignore[arg-type]
    ]
    return {one.key[-1]: one.values for one in changes if one.table is table}


def test_a_mentee_who_came_by_two_enrolments_is_one_party() -> None:
    mentee, first, second = new_id(), new_id(), new_id()
    proposed = MentorshipProposed(
        cohort_id=new_id(),
        programme_version_id=new_id(),
        programme="test",
        org_unit_id=new_id(),
        mentors=(MentorParty(mentor_id=new_id(), health_worker_id=new_id(), area="A"),),
        mentees=(
            MenteeParty(enrolment_id=first, health_worker_id=mentee, area="A"),
            MenteeParty(enrolment_id=second, health_worker_id=mentee, area="B"),
        ),
    )
    parties = written(PARTY, proposed)
    assert len(parties) == 2
    assert parties[mentee] == {
        "side": "MENTEE",
        "areas": ["A", "B"],
        "enrolment_ids": [first, second],
    }


def test_a_mentor_who_comes_back_has_to_sign_again() -> None:
    back = MentorReassigned(
        mentor=MentorParty(mentor_id=new_id(), health_worker_id=new_id(), area="A"),
        replaces_id=new_id(),
        since=date(2019, 1, 1),
        awaited=1,
    )
    row = written(PARTY, back)[back.mentor.health_worker_id]
    assert (row["joined_on"], row["signed_on"], row["left_on"]) == (back.since, None, None)


def test_every_row_of_a_view_is_written_by_one_mentorship() -> None:
    heard = (MENTORSHIPS.topics or frozenset()) | (PLANS.topics or frozenset())
    assert {topic.rsplit(".", 1)[0] for topic in heard} == {"registry.mentorship", "sessions.plan"}
    assert MentorDisengaged.subject is None, "its partition is the mentorship's"
    assert all(table.key[0] in ("id", "mentorship_id") for table in (MENTORSHIP, PARTY, PLAN))
