"""Coaching plans: where the programme asks for one, a failed attempt is coached before the next."""

from datetime import timedelta

import pytest

from services.validation.aggregates.competency_record import CompetencyRecord
from services.validation.aggregates.mentee import EnrolmentOver
from services.validation.aggregates.refusals import (
    CoachingBeforeAttempt,
    CoachingEndsBeforeSet,
    CoachingPlanMissing,
    CoachingPlanThere,
    NothingToCoach,
)
from shared.contracts.definition import Validation
from shared.contracts.validation.competency_record import CoachingPlanSet
from tests.support.definitions import BLEEDING
from tests.support.records import FRAMEWORK, POORLY, TODAY, WELL, attempt, mentee, told

ASKS = Validation(threshold=85, technique=True, coaching_plan=True)
PRACTISE = ("Ventilate a doll, ten times a day",)
TOMORROW = TODAY + timedelta(days=1)


def test_no_second_attempt_before_a_coaching_plan() -> None:
    about = mentee(rule=ASKS)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, POORLY)
    with pytest.raises(CoachingPlanMissing):
        attempt(record, about, WELL)
    record.coach(about, "HBB", PRACTISE, TOMORROW, TODAY)
    attempt(record, about, WELL)
    assert [plan.attempt for plan in told(record, CoachingPlanSet)] == [1]


def test_each_failed_attempt_asks_for_a_plan_of_its_own() -> None:
    about = mentee(rule=ASKS)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    for _ in range(2):
        attempt(record, about, POORLY)
        with pytest.raises(CoachingPlanMissing):
            attempt(record, about, POORLY)
        record.coach(about, "HBB", PRACTISE, None, TODAY)
    assert [plan.attempt for plan in told(record, CoachingPlanSet)] == [1, 2]


def test_another_competency_is_attempted_meanwhile() -> None:
    about = mentee(rule=ASKS)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, POORLY)
    attempt(record, about, WELL, BLEEDING)


def test_where_the_programme_does_not_ask_the_next_attempt_needs_no_plan() -> None:
    about = mentee()
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, POORLY)
    attempt(record, about, POORLY)


def test_there_is_nothing_to_coach_without_a_failed_attempt() -> None:
    about = mentee(rule=ASKS)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    with pytest.raises(NothingToCoach):
        record.coach(about, "HBB", PRACTISE, None, TODAY)
    attempt(record, about, WELL)
    with pytest.raises(NothingToCoach):
        record.coach(about, "HBB", PRACTISE, None, TODAY)


def test_a_failed_attempt_has_one_plan() -> None:
    about = mentee(rule=ASKS)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, POORLY)
    record.coach(about, "HBB", PRACTISE, None, TODAY)
    with pytest.raises(CoachingPlanThere):
        record.coach(about, "HBB", PRACTISE, None, TODAY)


def test_a_plan_is_not_set_before_the_attempt_nor_over_before_it_is_set() -> None:
    about = mentee(rule=ASKS)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, POORLY)
    yesterday = TODAY - timedelta(days=1)
    with pytest.raises(CoachingBeforeAttempt):
        record.coach(about, "HBB", PRACTISE, None, yesterday)
    with pytest.raises(CoachingEndsBeforeSet):
        record.coach(about, "HBB", PRACTISE, yesterday, TODAY)


def test_who_withdrew_is_not_coached() -> None:
    about = mentee(rule=ASKS)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, POORLY)
    left = mentee(rule=ASKS, withdrawn_on=TODAY)
    with pytest.raises(EnrolmentOver):
        record.coach(left, "HBB", PRACTISE, None, TOMORROW)
