"""What sessions has heard: who is a party of a mentorship, since when, and its plans."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.sessions.aggregates.parties import Stay, stays
from services.sessions.views import MENTORSHIP, MENTORSHIPS, PLAN, PLANS
from services.sessions.views.mentorships import PARTY_CHANGE
from shared.contracts.registry.mentorship import (
    MenteeParty,
    MentorParty,
    MentorshipProposed,
    Side,
)
from shared.domain import new_id
from shared.projection import Table
from tests.support.paired import Paired, days_ago, paired, rules


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


def of(pair: Paired, person: UUID) -> Stay:
    rows = pair.house.rows(PARTY_CHANGE, mentorship_id=pair.mentorship)
    (stay,) = [stay for stay in stays(rows) if stay.person == person]
    return stay


async def test_a_party_is_known_by_side_area_enrolment_and_signature(pair: Paired) -> None:
    mentor, mentee = of(pair, pair.mentors[0]), of(pair, pair.mentees[0])
    assert (mentor.side, mentor.party_id) == (Side.MENTOR, pair.mentor_ids[0])
    assert mentee.side is Side.MENTEE
    assert mentor.area == mentee.area == "NEWBORN"
    assert mentor.signed_on == mentee.signed_on == days_ago(30)


async def test_who_left_is_known_with_the_day(pair: Paired) -> None:
    await pair.send(
        "mentorshipDisengage",
        mentorshipId=pair.mentorship,
        mentorId=pair.mentor_ids[0],
        reason="They were posted elsewhere.",
        occurredOn=days_ago(7),
    )
    assert of(pair, pair.mentors[0]).until == days_ago(7)
    assert of(pair, pair.mentors[1]).until is None


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
        self.stream, self.version = stream, 1


def written(table: Table, event: Any) -> list[dict[str, Any]]:
    """Return the rows that an event of a mentorship writes into a table."""
    changes: Iterable[Any] = [
        change
        for fold in MENTORSHIPS.folds_of(type(event))
        for change in fold(event, At(new_id()))  # type: ignore[arg-type]
    ]
    return [
        dict(zip(table.key, one.key, strict=True)) | one.values
        for one in changes
        if one.table is table
    ]


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
    told = stays(written(PARTY_CHANGE, proposed))
    assert len(told) == 3
    theirs = [(stay.party_id, stay.area) for stay in told if stay.person == mentee]
    assert theirs == [(first, "A"), (second, "B")]


def change(version: int, person: UUID, what: str, day: date | None, side: str) -> dict[str, Any]:
    return {
        "version": version,
        "party_id": person,
        "health_worker_id": person,
        "change": what,
        "day": day,
        "side": side,
        "area": "A",
        "departs": None,
    }


@pytest.mark.parametrize(("side", "signs_again"), [("MENTOR", True), ("MENTEE", False)])
def test_who_comes_back_was_there_before_and_a_mentor_has_to_sign_again(
    side: str, signs_again: bool
) -> None:
    person = new_id()
    signed, left, back = date(2019, 1, 1), date(2019, 2, 1), date(2019, 3, 1)
    first, second = stays(
        [
            change(1, person, "JOINED", None, side),
            change(2, person, "SIGNED", signed, side),
            change(3, person, "LEFT", left, side),
            change(4, person, "JOINED", back, side),
        ]
    )
    assert (first.signed_on, first.until) == (signed, left)
    assert (second.since, second.until) == (back, None)
    assert second.signed_on == (None if signs_again else signed)


def test_every_row_of_a_view_is_written_by_one_mentorship() -> None:
    heard = (MENTORSHIPS.topics or frozenset()) | (PLANS.topics or frozenset())
    assert {topic.rsplit(".", 1)[0] for topic in heard} == {
        "registry.cohort",
        "registry.mentorship",
        "sessions.plan",
    }
    # A pause is known by the id of what pauses: a row of a cohort's is no mentorship's.
    assert all(
        table.key[0] in ("id", "mentorship_id", "record_id")
        for table in (*MENTORSHIPS.tables, PLAN)
    )
