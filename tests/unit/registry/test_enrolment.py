"""Enrolments: goals keep their codes, the place follows the person, and what is over stays so."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from services.registry.aggregates.enrolment import Enrolment, Standing
from services.registry.aggregates.enrolment_rules import (
    AlreadyThere,
    BeforeEnrolment,
    BeforeItsEnd,
    EnrolmentEnded,
    GoalAlreadyReached,
    GoalDueBefore,
    GoalTwice,
    GoalUnknown,
    NothingToReopen,
    NotSetAside,
    NotWithdrawn,
    SkillTwice,
)
from shared.contracts.registry.enrolment import (
    GoalReached,
    MenteeCompleted,
    MenteeEnrolled,
    MenteeTransferred,
    SelfRating,
)
from shared.domain import new_id

DAY = date(2024, 1, 15)
BEFORE = date(2024, 1, 14)
LATER = date(2024, 6, 1)


def enrolled() -> Enrolment:
    return Enrolment.begin(
        new_id(),
        MenteeEnrolled(
            health_worker_id=new_id(),
            cohort_id=new_id(),
            programme_version_id=new_id(),
            programme="kenya-hrh",
            area="HR",
            technical_area="HR",
            org_unit_id=new_id(),
            since=DAY,
            fiscal_year=2024,
        ),
    )


CHANGES: dict[str, Callable[[Enrolment, date], None]] = {
    "goal set": lambda mentee, day: mentee.set_goal("G9", "Lead a committee", None, day),
    "goal reached": lambda mentee, day: mentee.reach_goal("G1", day),
    "self-assessed": lambda mentee, day: mentee.assess_self(
        (SelfRating(skill="HR1", level=2),), day
    ),
    "transferred": lambda mentee, day: mentee.transfer(new_id(), day),
    "moved": lambda mentee, day: mentee.move_to(new_id(), day),
    "withdrawn": lambda mentee, day: mentee.withdraw(day),
    "completed": lambda mentee, day: mentee.complete(day, sessions=0, validated=0),
}
ENDS: dict[str, Callable[[Enrolment], None]] = {
    "withdrawn": lambda mentee: mentee.withdraw(LATER),
    "completed": lambda mentee: mentee.complete(LATER, sessions=7, validated=0),
    "set aside": lambda mentee: mentee.set_aside(new_id()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_happens_before_the_first_day(change: str) -> None:
    mentee = enrolled()
    mentee.set_goal("G1", "Know the labour law", None, DAY)
    with pytest.raises(BeforeEnrolment):
        CHANGES[change](mentee, BEFORE)
    CHANGES[change](mentee, DAY)


@pytest.mark.parametrize("change", [*CHANGES, "trained", "set aside"])
@pytest.mark.parametrize("end", ENDS)
def test_what_is_over_is_not_changed(change: str, end: str) -> None:
    mentee = enrolled()
    mentee.set_goal("G1", "Know the labour law", None, DAY)
    ENDS[end](mentee)
    changes = CHANGES | {
        "trained": lambda mentee, day: mentee.train("Five days", 5, day),
        "set aside": lambda mentee, _day: mentee.set_aside(new_id()),
    }
    with pytest.raises(EnrolmentEnded):
        changes[change](mentee, LATER + timedelta(days=1))


LEARNING = ("goal set", "goal reached", "self-assessed")


@pytest.mark.parametrize("change", LEARNING)
@pytest.mark.parametrize("end", ["withdrawn", "completed"])
def test_what_was_learned_before_the_end_is_recorded_after_it(change: str, end: str) -> None:
    mentee = enrolled()
    mentee.set_goal("G1", "Know the labour law", None, DAY)
    ENDS[end](mentee)
    CHANGES[change](mentee, LATER)


def test_a_completion_has_some_days_of_grace_and_a_withdrawal_none() -> None:
    wrap_up = LATER + timedelta(days=5)
    for end, late in (("completed", 6), ("withdrawn", 1)):
        mentee = enrolled()
        mentee.set_goal("G1", "Know the labour law", None, DAY)
        ENDS[end](mentee)
        if end == "completed":
            mentee.reach_goal("G1", wrap_up, grace_days=5)
        with pytest.raises(EnrolmentEnded):
            mentee.set_goal("G2", "Teach it", None, LATER + timedelta(days=late), grace_days=5)


def test_only_a_withdrawal_is_undone_and_not_before_it() -> None:
    mentee = enrolled()
    with pytest.raises(NotWithdrawn):
        mentee.readmit(LATER)
    mentee.withdraw(LATER)
    with pytest.raises(BeforeItsEnd):
        mentee.readmit(DAY)
    mentee.readmit(LATER)
    assert mentee.active


def test_only_a_completion_is_reopened() -> None:
    mentee = enrolled()
    with pytest.raises(NothingToReopen):
        mentee.reopen(LATER)
    mentee.complete(LATER, sessions=7, validated=0)
    mentee.reopen(LATER)
    assert mentee.active


def test_where_they_are_mentored_is_known_by_the_day() -> None:
    mentee = enrolled()
    first, second = mentee.org_unit_id, new_id()
    mentee.transfer(second, LATER)
    assert [mentee.unit_on(day) for day in (BEFORE, DAY, LATER)] == [first, first, second]


def test_the_training_may_have_come_before_the_enrolment() -> None:
    mentee = enrolled()
    mentee.train("HR management", 5, BEFORE)
    assert mentee.trained_days(None, BEFORE) == 5


def test_the_days_of_several_courses_add_up() -> None:
    mentee = enrolled()
    mentee.train("HR management", 3, DAY, "HRM")
    mentee.train("HR management", 2, LATER, "HRM")
    mentee.train("Excel for beginners", 5, DAY)
    assert mentee.trained_days("HRM", DAY) == 3
    assert mentee.trained_days("HRM", LATER) == 5
    assert mentee.trained_days(None, LATER) == 10


def test_a_goal_keeps_its_code() -> None:
    mentee = enrolled()
    mentee.set_goal("G1", "Know the labour law", LATER, DAY)
    with pytest.raises(GoalTwice):
        mentee.set_goal("G1", "Something else", None, DAY)


def test_a_goal_is_not_due_before_it_is_set() -> None:
    with pytest.raises(GoalDueBefore):
        enrolled().set_goal("G1", "Know the labour law", DAY, LATER)


def test_a_goal_is_reached_once_and_says_how_many_are_open() -> None:
    mentee = enrolled()
    mentee.set_goal("G1", "Know the labour law", None, DAY)
    mentee.set_goal("G2", "Revive the committee", None, DAY)
    with pytest.raises(GoalUnknown, match="G3"):
        mentee.reach_goal("G3", LATER)
    mentee.reach_goal("G2", LATER)
    last = mentee.recorded[-1]
    assert isinstance(last, GoalReached)
    assert last.open == 1
    with pytest.raises(GoalAlreadyReached):
        mentee.reach_goal("G2", LATER)


def test_a_skill_is_rated_once_at_a_time_and_again_another_day() -> None:
    mentee = enrolled()
    twice = (SelfRating(skill="HR1", level=2), SelfRating(skill="HR1", level=5))
    with pytest.raises(SkillTwice):
        mentee.assess_self(twice, DAY)
    mentee.assess_self(twice[:1], DAY)
    mentee.assess_self(twice[1:], LATER)


def test_it_follows_the_person_and_says_from_where() -> None:
    mentee = enrolled()
    before, there = mentee.org_unit_id, new_id()
    mentee.transfer(there, LATER)
    moved = mentee.recorded[-1]
    assert isinstance(moved, MenteeTransferred)
    assert (moved.from_org_unit_id, mentee.org_unit_id) == (before, there)
    with pytest.raises(AlreadyThere):
        mentee.transfer(there, LATER)


def test_what_is_completed_is_completed_where_and_under_what_it_stands() -> None:
    mentee = enrolled()
    mentee.transfer(new_id(), LATER)
    mentee.move_to(new_id(), LATER)
    mentee.complete(LATER, sessions=7, validated=3)
    done = mentee.recorded[-1]
    assert isinstance(done, MenteeCompleted)
    assert done.org_unit_id == mentee.org_unit_id
    assert done.programme_version_id == mentee.programme_version_id
    assert (done.sessions, done.validated) == (7, 3)


def test_what_was_set_aside_goes_on_as_before() -> None:
    mentee = enrolled()
    mentee.set_goal("G1", "Know the labour law", None, DAY)
    mentee.set_aside(new_id())
    mentee.restore()
    assert mentee.standing is Standing.ACTIVE
    mentee.reach_goal("G1", LATER)


def test_only_what_rests_is_restored() -> None:
    mentee = enrolled()
    with pytest.raises(NotSetAside):
        mentee.restore()
    mentee.withdraw(LATER)
    with pytest.raises(NotSetAside):
        mentee.restore()


def test_an_enrolment_stays_in_the_partition_of_the_person() -> None:
    mentee = enrolled()
    assert mentee.key == mentee.health_worker_id
