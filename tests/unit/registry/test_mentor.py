"""Mentors: only the well oriented are certified, and only the certified mentor, up to a load."""

from datetime import date

import pytest

from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.mentor_rules import (
    AlreadyCertified,
    AlreadySuspended,
    AvailabilityBackwards,
    BeforeSuspension,
    LaterDeclared,
    LoadReached,
    MentorSuspendedNow,
    NotAvailable,
    NotCarried,
    NotCertified,
    NotOriented,
    NotSuspended,
    OrientationTooLow,
    PlacesAboveLoad,
    ScoresMissing,
    ScoresNotAsked,
)
from shared.contracts.definition import Orientation
from shared.contracts.registry.mentor import MentorNominated
from shared.domain import new_id

LEAST = Orientation(theory=80, practical=85)
DAY = date(2024, 3, 1)
LATER = date(2024, 4, 1)


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
    mentor.orient(LEAST, theory=80, practical=85)
    mentor.certify(LEAST)
    return mentor


def declare(mentor: Mentor, places: int, since: date = DAY, until: date | None = None) -> None:
    mentor.declare_availability(
        skills=("CPAP",), languages=("en",), places=places, since=since, until=until, load=3
    )


def test_reaching_both_marks_exactly_is_enough() -> None:
    assert certified().certified


@pytest.mark.parametrize(("theory", "practical"), [(79, 100), (100, 84)])
def test_one_mark_too_low_is_not_certified(theory: int, practical: int) -> None:
    mentor = nominee()
    mentor.orient(LEAST, theory, practical)
    with pytest.raises(OrientationTooLow):
        mentor.certify(LEAST)
    assert not mentor.certified


def test_a_better_orientation_replaces_the_first() -> None:
    mentor = nominee()
    mentor.orient(LEAST, 10, 10)
    mentor.orient(LEAST, 90, 90)
    mentor.certify(LEAST)
    assert mentor.certified


@pytest.mark.parametrize(
    ("theory", "practical", "field"), [(None, 90, "theory"), (90, None, "practical")]
)
def test_a_scored_orientation_has_both_scores(
    theory: int | None, practical: int | None, field: str
) -> None:
    with pytest.raises(ScoresMissing) as refused:
        nominee().orient(LEAST, theory, practical)
    assert refused.value.field == field


def test_an_orientation_that_is_not_scored_has_none() -> None:
    mentor = nominee()
    with pytest.raises(ScoresNotAsked):
        mentor.orient(None, None, 90)
    mentor.orient(None, None, None)
    mentor.certify(None)
    assert mentor.certified


def test_nobody_is_certified_without_orientation() -> None:
    with pytest.raises(NotOriented):
        nominee().certify(LEAST)


def test_the_certified_are_neither_oriented_nor_certified_again() -> None:
    mentor = certified()
    with pytest.raises(AlreadyCertified):
        mentor.orient(LEAST, 90, 90)
    with pytest.raises(AlreadyCertified):
        mentor.certify(LEAST)


def test_only_the_certified_take_on_a_mentorship() -> None:
    with pytest.raises(NotCertified):
        nominee().assign(new_id(), load=1, day=DAY)


def test_a_mentor_takes_on_as_many_mentorships_as_the_load_allows() -> None:
    mentor = certified()
    mentor.assign(new_id(), load=2, day=DAY)
    mentor.assign(new_id(), load=2, day=DAY)
    with pytest.raises(LoadReached):
        mentor.assign(new_id(), load=2, day=DAY)
    assert len(mentor.mentorships) == 2


def test_what_is_given_back_makes_room_once() -> None:
    mentor = certified()
    mentorship = new_id()
    mentor.assign(mentorship, load=1, day=DAY)
    mentor.release(mentorship)
    mentor.assign(new_id(), load=1, day=DAY)
    with pytest.raises(NotCarried):
        mentor.release(mentorship)


def test_a_mentor_who_offers_fewer_places_than_the_load_carries_no_more() -> None:
    mentor = certified()
    declare(mentor, places=1)
    mentor.assign(new_id(), load=3, day=DAY)
    with pytest.raises(LoadReached):
        mentor.assign(new_id(), load=3, day=DAY)


def test_nobody_offers_more_places_than_the_load() -> None:
    declare(certified(), places=3)
    with pytest.raises(PlacesAboveLoad):
        declare(certified(), places=4)


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2024, 4, 2)])
def test_nobody_is_assigned_outside_the_days_they_declared(day: date) -> None:
    mentor = certified()
    declare(mentor, places=2, until=LATER)
    mentor.assign(new_id(), load=3, day=DAY)
    mentor.assign(new_id(), load=3, day=LATER)
    declare(mentor, places=3, until=LATER)
    with pytest.raises(NotAvailable):
        mentor.assign(new_id(), load=3, day=day)


def test_availability_does_not_end_before_it_begins() -> None:
    declare(certified(), places=1, since=DAY, until=DAY)
    with pytest.raises(AvailabilityBackwards):
        declare(certified(), places=1, since=LATER, until=DAY)


def test_a_later_declaration_is_not_replaced_by_one_that_arrives_late() -> None:
    mentor = certified()
    declare(mentor, places=1, since=LATER)
    with pytest.raises(LaterDeclared):
        declare(mentor, places=3, since=DAY)
    assert mentor.limit(load=3) == 1


def test_the_suspended_keep_what_they_carry_and_take_on_nothing() -> None:
    mentor = certified()
    mentor.assign(new_id(), load=3, day=DAY)
    mentor.suspend(DAY)
    with pytest.raises(MentorSuspendedNow):
        mentor.assign(new_id(), load=3, day=LATER)
    assert len(mentor.mentorships) == 1
    mentor.reinstate(LATER)
    mentor.assign(new_id(), load=3, day=LATER)


def test_the_suspended_are_not_certified() -> None:
    mentor = nominee()
    mentor.suspend(DAY)
    with pytest.raises(MentorSuspendedNow):
        mentor.certify(None)


def test_a_suspension_begins_once_and_ends_once_after_it_began() -> None:
    mentor = certified()
    with pytest.raises(NotSuspended):
        mentor.reinstate(LATER)
    mentor.suspend(LATER)
    with pytest.raises(AlreadySuspended):
        mentor.suspend(LATER)
    with pytest.raises(BeforeSuspension):
        mentor.reinstate(DAY)
    mentor.reinstate(LATER)
    with pytest.raises(NotSuspended):
        mentor.reinstate(LATER)


def test_a_mentor_stays_in_the_partition_of_the_person() -> None:
    mentor = nominee()
    assert mentor.key == mentor.health_worker_id
