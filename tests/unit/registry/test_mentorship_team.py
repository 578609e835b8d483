"""Teams: as many mentors and mentees as the programme's ratio says, and nobody on both sides."""

from collections.abc import Sequence

import pytest

from services.registry.aggregates import team as teams
from services.registry.aggregates.mentorship_rules import (
    AreaNotCovered,
    MenteeCount,
    MenteeTwice,
    MentorIsMentee,
    MentorTwice,
    OneOfEachArea,
    TeamSize,
)
from shared.contracts.definition import Ratio
from shared.contracts.registry.mentorship import MenteeParty, MentorParty
from shared.domain import new_id
from shared.domain.findings import Findings
from tests.support.definitions import STRICT

AREAS = ("RPA", "RAM", "RSOG")
RATIO = Ratio(mentors=3, mentees=(1, 20), one_of_each_area=True, load=4)
PAIR = Ratio(mentors=1, mentees=(1, 1), load=1)
TEAM_TO_TEAM = Ratio(mentors=(2, 4), mentees=(5, 9), load=1)


def must_fit(
    ratio: Ratio,
    areas: Sequence[str],
    mentors: Sequence[MentorParty],
    mentees: Sequence[MenteeParty],
) -> None:
    """Refuse what does not fit, under rules that refuse every departure."""
    findings = Findings(STRICT)
    teams.must_fit(ratio, areas, mentors, mentees, findings)
    findings.must_be_recorded()


def team(*areas: str) -> tuple[MentorParty, ...]:
    return tuple(
        MentorParty(mentor_id=new_id(), health_worker_id=new_id(), area=area) for area in areas
    )


def mentees(count: int) -> tuple[MenteeParty, ...]:
    return tuple(
        MenteeParty(enrolment_id=new_id(), health_worker_id=new_id(), area="RAM")
        for _ in range(count)
    )


def test_a_team_of_three_with_one_of_each_area_fits() -> None:
    must_fit(RATIO, AREAS, team("RSOG", "RPA", "RAM"), mentees(20))


def test_a_team_of_two_does_not_fit() -> None:
    with pytest.raises(TeamSize):
        must_fit(RATIO, AREAS, team("RPA", "RAM"), mentees(1))


@pytest.mark.parametrize("mentors", [2, 3, 4])
def test_a_team_within_the_range_fits(mentors: int) -> None:
    must_fit(TEAM_TO_TEAM, AREAS, team(*["RAM"] * mentors), mentees(5))


@pytest.mark.parametrize("mentors", [1, 5])
def test_a_team_outside_the_range_does_not(mentors: int) -> None:
    with pytest.raises(TeamSize, match="2 to 4"):
        must_fit(TEAM_TO_TEAM, AREAS, team(*["RAM"] * mentors), mentees(5))


def test_one_person_twice_is_not_a_team_of_three() -> None:
    one, two, _ = team(*AREAS)
    again = MentorParty(mentor_id=new_id(), health_worker_id=one.health_worker_id, area="RSOG")
    with pytest.raises(TeamSize):
        must_fit(RATIO, AREAS, (one, two, again), mentees(1))


def test_two_mentors_of_one_area_do_not_fit() -> None:
    with pytest.raises(OneOfEachArea):
        must_fit(RATIO, AREAS, team("RPA", "RPA", "RAM"), mentees(1))


@pytest.mark.parametrize("count", [0, 21])
def test_a_team_cares_for_as_many_mentees_as_the_ratio_says(count: int) -> None:
    with pytest.raises(MenteeCount):
        must_fit(RATIO, AREAS, team(*AREAS), mentees(count))


@pytest.mark.parametrize("count", [4, 10])
def test_a_group_of_five_to_nine_is_no_smaller_and_no_larger(count: int) -> None:
    with pytest.raises(MenteeCount, match="5 to 9"):
        must_fit(TEAM_TO_TEAM, AREAS, team("RAM", "RAM"), mentees(count))


def test_one_mentee_twice_is_not_two() -> None:
    (one,) = mentees(1)
    with pytest.raises(MenteeTwice):
        must_fit(RATIO, AREAS, team(*AREAS), (one, one))


def test_a_mentee_is_mentored_by_somebody_of_their_area() -> None:
    must_fit(PAIR, AREAS, team("RAM"), mentees(1))
    with pytest.raises(AreaNotCovered):
        must_fit(PAIR, AREAS, team("RPA"), mentees(1))


def test_nobody_mentors_themselves() -> None:
    mentors = team(*AREAS)
    herself = MenteeParty(
        enrolment_id=new_id(), health_worker_id=mentors[0].health_worker_id, area="RAM"
    )
    with pytest.raises(MentorIsMentee):
        must_fit(RATIO, AREAS, mentors, (herself,))


def test_one_mentor_of_two_areas_is_a_team_of_one() -> None:
    one, other = team("RPA", "RAM")
    again = MentorParty(
        mentor_id=other.mentor_id, health_worker_id=one.health_worker_id, area="RAM"
    )
    must_fit(PAIR, AREAS, (one, again), mentees(1))
    with pytest.raises(MentorTwice):
        must_fit(PAIR, AREAS, (one, one), mentees(1))
