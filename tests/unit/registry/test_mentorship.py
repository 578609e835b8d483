"""Mentorships: the team fits the ratio, nobody is on both sides, and all must sign."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.aggregates.mentorship import (
    AlreadySigned,
    MenteeCount,
    MentorIsMentee,
    Mentorship,
    NotAParty,
    OneOfEachArea,
    TeamSize,
)
from shared.contracts.definition import Ratio
from shared.contracts.registry.mentorship import (
    MenteeParty,
    MentorParty,
    MentorshipAgreed,
    MentorshipProposed,
)
from shared.domain import new_id

AREAS = ("RPA", "RAM", "RSOG")
RATIO = Ratio(mentors=3, mentees=(1, 20), one_of_each_area=True, load=4)
DAY = date(2018, 11, 5)


def team(*areas: str) -> tuple[MentorParty, ...]:
    return tuple(
        MentorParty(mentor_id=new_id(), health_worker_id=new_id(), area=area) for area in areas
    )


def mentees(count: int) -> tuple[MenteeParty, ...]:
    return tuple(
        MenteeParty(enrolment_id=new_id(), health_worker_id=new_id(), area="RAM")
        for _ in range(count)
    )


def proposed(mentee_count: int = 2) -> Mentorship:
    return Mentorship.begin(
        new_id(),
        MentorshipProposed(
            cohort_id=new_id(),
            programme_version_id=new_id(),
            programme="ingobyi-hospital",
            org_unit_id=new_id(),
            mentors=team(*AREAS),
            mentees=mentees(mentee_count),
        ),
    )


def test_a_team_of_three_with_one_of_each_area_fits() -> None:
    Mentorship.must_fit(RATIO, AREAS, team("RSOG", "RPA", "RAM"), mentees(20))


def test_a_team_of_two_does_not_fit() -> None:
    with pytest.raises(TeamSize):
        Mentorship.must_fit(RATIO, AREAS, team("RPA", "RAM"), mentees(1))


def test_one_person_twice_is_not_a_team_of_three() -> None:
    one, two, _ = team(*AREAS)
    again = MentorParty(mentor_id=new_id(), health_worker_id=one.health_worker_id, area="RSOG")
    with pytest.raises(TeamSize):
        Mentorship.must_fit(RATIO, AREAS, (one, two, again), mentees(1))


def test_two_mentors_of_one_area_do_not_fit() -> None:
    with pytest.raises(OneOfEachArea):
        Mentorship.must_fit(RATIO, AREAS, team("RPA", "RPA", "RAM"), mentees(1))


@pytest.mark.parametrize("count", [0, 21])
def test_a_team_cares_for_as_many_mentees_as_the_ratio_says(count: int) -> None:
    with pytest.raises(MenteeCount):
        Mentorship.must_fit(RATIO, AREAS, team(*AREAS), mentees(count))


def test_nobody_mentors_themselves() -> None:
    mentors = team(*AREAS)
    herself = MenteeParty(
        enrolment_id=new_id(), health_worker_id=mentors[0].health_worker_id, area="RAM"
    )
    with pytest.raises(MentorIsMentee):
        Mentorship.must_fit(RATIO, AREAS, mentors, (herself,))


def test_a_stranger_does_not_sign() -> None:
    with pytest.raises(NotAParty):
        proposed().sign(new_id(), DAY)


def test_nobody_signs_twice() -> None:
    mentorship = proposed()
    party = next(iter(mentorship.sides))
    mentorship.sign(party, DAY)
    with pytest.raises(AlreadySigned):
        mentorship.sign(party, DAY)


@given(st.permutations(range(5)))
def test_it_is_agreed_with_the_last_signature_whoever_gives_it(order: list[int]) -> None:
    mentorship = proposed(mentee_count=2)
    parties: list[UUID] = list(mentorship.sides)
    for place, index in enumerate(order, start=1):
        mentorship.sign(parties[index], DAY)
        agreed = any(isinstance(event, MentorshipAgreed) for event in mentorship.recorded)
        assert agreed == (place == 5)


def test_it_is_agreed_on_the_day_of_the_latest_signature() -> None:
    mentorship = proposed(mentee_count=1)
    late, *others = mentorship.sides
    mentorship.sign(late, date(2018, 12, 1))
    for party in others:
        mentorship.sign(party, DAY)
    assert mentorship.recorded[-1] == MentorshipAgreed(agreed_on=date(2018, 12, 1))
