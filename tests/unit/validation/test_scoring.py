"""Scoring: whole numbers, held against the rule exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.validation.aggregates.scoring import (
    ItemMissing,
    ItemRepeated,
    ItemUnknown,
    ScoreBeyondMaximum,
    score,
)
from shared.contracts.definition import ChecklistItem, Competency, Validation
from shared.contracts.definition.assessment import Operator
from shared.contracts.validation.competency_record import ItemScore
from tests.support.definitions import RESUSCITATION

RULE = Validation(threshold=85, technique=True)


def given_points(**points: int) -> tuple[ItemScore, ...]:
    return tuple(ItemScore(item=item, points=value) for item, value in points.items())


def one_item(most: int) -> Competency:
    return Competency(
        code="C", name="C", checklist=(ChecklistItem(code="all", text="All of it", points=most),)
    )


def test_a_mentee_at_exactly_85_percent_with_technique_reaches_the_rule() -> None:
    assert score(RESUSCITATION, given_points(prepare=25, ventilate=60), True, RULE).reached


def test_a_mentee_at_84_52_percent_is_not_validated() -> None:
    # 71 of 84, the figure that seed 002 prints as 85 %.
    assert not score(one_item(84), given_points(all=71), True, RULE).reached


def test_a_full_score_without_technique_does_not_reach_the_rule() -> None:
    assert not score(RESUSCITATION, given_points(prepare=40, ventilate=60), False, RULE).reached


def test_technique_does_not_count_where_the_programme_does_not_ask_for_it() -> None:
    rule = Validation(threshold=85, technique=False)
    assert score(RESUSCITATION, given_points(prepare=40, ventilate=60), False, rule).reached


def test_a_critical_item_must_be_whole_where_the_programme_says_so() -> None:
    rule = Validation(threshold=85, technique=True, critical_items=True)
    points = given_points(prepare=40, ventilate=59)
    assert score(RESUSCITATION, points, True, RULE).reached
    assert not score(RESUSCITATION, points, True, rule).reached


def test_exactly_85_percent_is_not_above_85() -> None:
    above = Validation(threshold=85, operator=Operator.ABOVE, technique=True)
    assert not score(RESUSCITATION, given_points(prepare=25, ventilate=60), True, above).reached
    assert score(RESUSCITATION, given_points(prepare=26, ventilate=60), True, above).reached


def test_without_a_rule_a_score_reaches_nothing_and_misses_nothing() -> None:
    result = score(RESUSCITATION, given_points(prepare=40, ventilate=60), True, None)
    assert (result.raw, result.max, result.reached) == (100, 100, None)


@given(st.integers(1, 100), st.integers(0, 100), st.integers(0, 100))
def test_the_comparison_is_that_of_the_fraction_itself(most: int, raw: int, threshold: int) -> None:
    raw = min(raw, most)
    rule = Validation(threshold=threshold, technique=False)
    result = score(one_item(most), given_points(all=raw), False, rule)
    assert result.reached == (Fraction(raw, most) >= Fraction(threshold, 100))
    assert (result.raw, result.max) == (raw, most)


def test_an_item_of_another_checklist_is_refused() -> None:
    with pytest.raises(ItemUnknown) as refused:
        score(RESUSCITATION, given_points(prepare=1, sing=1), True, RULE)
    assert refused.value.field == "items[1].item"


def test_an_item_scored_twice_is_refused() -> None:
    twice = (*given_points(prepare=1, ventilate=1), *given_points(prepare=2))
    with pytest.raises(ItemRepeated):
        score(RESUSCITATION, twice, True, RULE)


def test_an_item_left_out_is_refused() -> None:
    with pytest.raises(ItemMissing):
        score(RESUSCITATION, given_points(prepare=40), True, RULE)


def test_more_points_than_there_are_is_refused() -> None:
    with pytest.raises(ScoreBeyondMaximum) as refused:
        score(RESUSCITATION, given_points(prepare=40, ventilate=61), True, RULE)
    assert refused.value.field == "items[1].points"
