"""Figures: how an indicator's change is shown, and as of which day."""

from datetime import UTC, date, datetime
from decimal import Decimal

from services.gateway.figures.calendars import Calendar
from services.gateway.figures.indicators import worked_out
from shared.contracts.definition.assessment import Formula, Indicator


def indicator(formula: Formula) -> Indicator:
    return Indicator(
        code="I", name="An indicator", numerator="n", denominator="d", most=10, formula=formula
    )


def test_a_change_is_told_with_its_formula_and_never_rounded_for_show() -> None:
    line = worked_out(indicator(Formula.CHANGE_OF_MEANS), [(3, 5), (3, 5), (3, 4)])
    assert (line.formula, line.measured, line.n, line.undefined) == (
        Formula.CHANGE_OF_MEANS,
        3,
        3,
        0,
    )
    assert line.baseline_mean == 3
    assert line.last_mean == Decimal("4.666666666666666666666666667")
    assert line.change == Decimal("0.5555555555555555555555555556")


def test_whoever_began_at_zero_has_no_change_of_their_own() -> None:
    line = worked_out(indicator(Formula.MEAN_OF_CHANGES), [(0, 5), (4, 6)])
    assert (line.measured, line.n, line.undefined, line.change) == (2, 1, 1, Decimal("0.5"))


def test_without_anybody_measured_twice_there_is_no_figure() -> None:
    line = worked_out(indicator(Formula.DIFFERENCE), [])
    assert (line.n, line.baseline_mean, line.last_mean, line.change) == (0, None, None, None)


def test_of_a_few_measured_nothing_is_told_where_small_cells_are_hidden() -> None:
    few = worked_out(indicator(Formula.CHANGE_OF_MEANS), [(3, 5), (3, 5), (3, 4)], least=5)
    assert few.suppressed
    assert (few.measured, few.n, few.baseline_mean, few.last_mean, few.change) == (None,) * 5
    zero = worked_out(indicator(Formula.MEAN_OF_CHANGES), [(0, 5), *[(4, 6)] * 9], least=5)
    assert (zero.measured, zero.n, zero.undefined, zero.change) == (10, None, None, None)
    assert zero.baseline_mean == Decimal("3.6"), "of ten"


def test_which_day_it_is_the_programmes_zone_says() -> None:
    evening = datetime(2020, 9, 30, 22, 30, tzinfo=UTC)
    assert Calendar(zone="Africa/Kigali").day(evening) == date(2020, 10, 1)
    assert Calendar().day(evening) == date(2020, 9, 30)
