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
from shared.domain.findings import Findings
from tests.support.definitions import STRICT

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
    mentor.orient(LEAST, theory=80, practical=85, on=DAY)
    mentor.certify(LEAST, DAY)
    return mentor


def declare(mentor: Mentor, places: int, since: date = DAY, until: date | None = None) -> None:
    mentor.declare_availability(
        skills=("CPAP",), languages=("en",), places=places, since=since, until=until, load=3
    )


def take_on(mentor: Mentor, load: int, day: date = DAY) -> None:
    """Have a mentor take on a mentorship, under rules that refuse every departure."""
    findings = Findings(STRICT)
    mentor.must_be_free(load, day, findings)
    findings.must_be_recorded()
    mentor.assign(new_id(), day)


def test_reaching_both_marks_exactly_is_enough() -> None:
    assert certified().certified


@pytest.mark.parametrize(("theory", "practical"), [(79, 100), (100, 84)])
def test_one_mark_too_low_is_not_certified(theory: int, practical: int) -> None:
    mentor = nominee()
    mentor.orient(LEAST, theory, practical, DAY)
    with pytest.raises(OrientationTooLow):
        mentor.certify(LEAST, DAY)
    assert not mentor.certified


def test_a_better_orientation_replaces_the_first() -> None:
    mentor = nominee()
    mentor.orient(LEAST, 10, 10, DAY)
    mentor.orient(LEAST, 90, 90, DAY)
    mentor.certify(LEAST, DAY)
    assert mentor.certified


@pytest.mark.parametrize(
    ("theory", "practical", "field"), [(None, 90, "theory"), (90, None, "practical")]
)
def test_a_scored_orientation_has_both_scores(
    theory: int | None, practical: int | None, field: str
) -> None:
    with pytest.raises(ScoresMissing) as refused:
        nominee().orient(LEAST, theory, practical, DAY)
    assert refused.value.field == field


def test_an_orientation_that_is_not_scored_has_none() -> None:
    mentor = nominee()
    with pytest.raises(ScoresNotAsked):
        mentor.orient(None, None, 90, DAY)
    mentor.orient(None, None, None, DAY)
    mentor.certify(None, DAY)
    assert mentor.certified


def test_nobody_is_certified_without_orientation() -> None:
    with pytest.raises(NotOriented):
        nominee().certify(LEAST, DAY)


def test_the_certified_are_neither_oriented_nor_certified_again() -> None:
    mentor = certified()
    with pytest.raises(AlreadyCertified):
        mentor.orient(LEAST, 90, 90, DAY)
    with pytest.raises(AlreadyCertified):
        mentor.certify(LEAST, DAY)


def test_only_the_certified_take_on_a_mentorship() -> None:
    with pytest.raises(NotCertified):
        take_on(nominee(), load=1)


def test_a_mentor_takes_on_as_many_mentorships_as_the_load_allows() -> None:
    mentor = certified()
    take_on(mentor, load=2, day=DAY)
    take_on(mentor, load=2, day=DAY)
    with pytest.raises(LoadReached):
        take_on(mentor, load=2, day=DAY)
    assert len(mentor.mentorships) == 2


def test_what_is_given_back_makes_room_once() -> None:
    mentor = certified()
    mentorship = new_id()
    mentor.assign(mentorship, DAY)
    mentor.release(mentorship, DAY)
    take_on(mentor, load=1, day=DAY)
    with pytest.raises(NotCarried):
        mentor.release(mentorship, DAY)


def test_a_mentor_who_offers_fewer_places_than_the_load_carries_no_more() -> None:
    mentor = certified()
    declare(mentor, places=1)
    take_on(mentor, load=3, day=DAY)
    with pytest.raises(LoadReached):
        take_on(mentor, load=3, day=DAY)


def test_nobody_offers_more_places_than_the_load() -> None:
    declare(certified(), places=3)
    with pytest.raises(PlacesAboveLoad):
        declare(certified(), places=4)


def test_nobody_is_assigned_after_the_days_they_declared() -> None:
    mentor = certified()
    declare(mentor, places=2, until=LATER)
    take_on(mentor, load=3, day=DAY)
    take_on(mentor, load=3, day=LATER)
    declare(mentor, places=3, until=LATER)
    with pytest.raises(NotAvailable):
        take_on(mentor, load=3, day=date(2024, 4, 2))


def test_availability_does_not_end_before_it_begins() -> None:
    declare(certified(), places=1, since=DAY, until=DAY)
    with pytest.raises(AvailabilityBackwards):
        declare(certified(), places=1, since=LATER, until=DAY)


def test_a_later_declaration_is_not_replaced_by_one_that_arrives_late() -> None:
    mentor = certified()
    declare(mentor, places=1, since=LATER)
    with pytest.raises(LaterDeclared):
        declare(mentor, places=3, since=DAY)
    assert mentor.limit(3, LATER) == 1


def test_the_suspended_keep_what_they_carry_and_take_on_nothing() -> None:
    mentor = certified()
    take_on(mentor, load=3, day=DAY)
    mentor.suspend(DAY)
    with pytest.raises(MentorSuspendedNow):
        take_on(mentor, load=3, day=LATER)
    assert len(mentor.mentorships) == 1
    mentor.reinstate(LATER)
    take_on(mentor, load=3, day=LATER)


def test_the_suspended_are_not_certified() -> None:
    mentor = nominee()
    mentor.suspend(DAY)
    with pytest.raises(MentorSuspendedNow):
        mentor.certify(None, DAY)


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


def test_whoever_had_declared_nothing_by_a_day_was_available_on_it() -> None:
    mentor = certified()
    declare(mentor, places=0, since=LATER)
    take_on(mentor, load=1, day=DAY)
    with pytest.raises(LoadReached):
        take_on(mentor, load=1, day=LATER)


def test_load_and_suspension_are_those_of_the_day() -> None:
    mentor = certified()
    take_on(mentor, load=1, day=LATER)
    mentor.suspend(LATER)
    take_on(mentor, load=1, day=DAY)
    with pytest.raises(MentorSuspendedNow):
        take_on(mentor, load=9, day=LATER)


def test_nobody_takes_on_a_mentorship_before_the_day_of_their_certification() -> None:
    with pytest.raises(NotCertified):
        take_on(certified(), load=1, day=date(2024, 2, 29))
