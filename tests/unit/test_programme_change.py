"""Change from baseline: three formulas, exact; undefined where there is nothing to divide by."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.definition.assessment import Formula
from shared.programmes.change import Change, change

MEANS, EACH, DIFFERENCE = Formula.CHANGE_OF_MEANS, Formula.MEAN_OF_CHANGES, Formula.DIFFERENCE
PAIRS = [(4, 6), (10, 12), (6, 12)]
scores = st.integers(0, 100)
people = st.lists(st.tuples(scores, scores), max_size=12)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (MEANS, Fraction(10, 20)),
        (EACH, (Fraction(2, 4) + Fraction(2, 10) + Fraction(6, 6)) / 3),
        (DIFFERENCE, Fraction(10, 3)),
    ],
    ids=["change of means", "mean of changes", "difference"],
)
def test_each_formula_has_its_own_answer(formula: Formula, value: Fraction) -> None:
    assert change(formula, PAIRS) == Change(n=3, undefined=0, value=value)


def test_manis_65_percent_is_exact() -> None:
    assert change(MEANS, [(40, 66), (60, 99)]).value == Fraction(65, 100)


def test_who_began_at_zero_has_no_change_of_their_own_and_is_counted_apart() -> None:
    assert change(EACH, [(0, 5), (4, 6)]) == Change(n=1, undefined=1, value=Fraction(1, 2))
    assert change(EACH, [(0, 5), (0, 0)]) == Change(n=0, undefined=2, value=None)


def test_means_take_everybody_in_unless_all_began_at_zero() -> None:
    assert change(MEANS, [(0, 5), (4, 6)]) == Change(n=2, undefined=0, value=Fraction(7, 4))
    assert change(MEANS, [(0, 5), (0, 6)]) == Change(n=0, undefined=2, value=None)


def test_a_difference_of_points_needs_no_baseline_above_zero() -> None:
    assert change(DIFFERENCE, [(0, 5), (0, 6)]) == Change(n=2, undefined=0, value=Fraction(11, 2))


@pytest.mark.parametrize("formula", Formula)
def test_nobody_has_no_change(formula: Formula) -> None:
    assert change(formula, []) == Change(n=0, undefined=0, value=None)


@pytest.mark.parametrize("formula", Formula)
@given(pairs=people)
def test_everybody_is_counted_once(formula: Formula, pairs: list[tuple[int, int]]) -> None:
    result = change(formula, pairs)
    assert result.n + result.undefined == len(pairs)
    assert (result.value is None) == (result.n == 0)
