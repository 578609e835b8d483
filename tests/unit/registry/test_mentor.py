"""Mentors: only the well oriented are certified, and only the certified mentor, up to a load."""

import pytest

from services.registry.aggregates.mentor import (
    AlreadyCertified,
    LoadReached,
    Mentor,
    NotCertified,
    NotOriented,
    OrientationTooLow,
)
from shared.contracts.definition import Orientation
from shared.contracts.registry.mentor import MentorNominated
from shared.domain import new_id

LEAST = Orientation(theory=80, practical=85)


def nominee() -> Mentor:
    return Mentor.begin(
        new_id(),
        MentorNominated(
            health_worker_id=new_id(),
            programme_version_id=new_id(),
            programme="ingobyi-hospital",
            area="RAM",
            org_unit_id=new_id(),
        ),
    )


def certified() -> Mentor:
    mentor = nominee()
    mentor.orient(theory=80, practical=85)
    mentor.certify(LEAST)
    return mentor


def test_reaching_both_marks_exactly_is_enough() -> None:
    assert certified().certified


@pytest.mark.parametrize(("theory", "practical"), [(79, 100), (100, 84)])
def test_one_mark_too_low_is_not_certified(theory: int, practical: int) -> None:
    mentor = nominee()
    mentor.orient(theory, practical)
    with pytest.raises(OrientationTooLow):
        mentor.certify(LEAST)
    assert not mentor.certified


def test_a_better_orientation_replaces_the_first() -> None:
    mentor = nominee()
    mentor.orient(10, 10)
    mentor.orient(90, 90)
    mentor.certify(LEAST)
    assert mentor.certified


def test_nobody_is_certified_without_orientation() -> None:
    with pytest.raises(NotOriented):
        nominee().certify(LEAST)


def test_the_certified_are_neither_oriented_nor_certified_again() -> None:
    mentor = certified()
    with pytest.raises(AlreadyCertified):
        mentor.orient(90, 90)
    with pytest.raises(AlreadyCertified):
        mentor.certify(LEAST)


def test_only_the_certified_take_on_a_mentorship() -> None:
    with pytest.raises(NotCertified):
        nominee().assign(new_id(), load=1)


def test_a_mentor_takes_on_as_many_mentorships_as_the_load_allows() -> None:
    mentor = certified()
    mentor.assign(new_id(), load=2)
    mentor.assign(new_id(), load=2)
    with pytest.raises(LoadReached):
        mentor.assign(new_id(), load=2)
    assert len(mentor.mentorships) == 2


def test_a_mentor_stays_in_the_partition_of_the_person() -> None:
    mentor = nominee()
    assert mentor.key == mentor.health_worker_id
