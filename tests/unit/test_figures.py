"""Figures: where a fact counts as units come and go, and how an indicator's change is shown."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.gateway.figures.indicators import worked_out
from services.gateway.figures.places import Places, Unit, survivor
from shared.contracts.definition.assessment import Formula, Indicator
from tests.support.story import id_of

NORTH, SOUTH, OLD, NEW, WARD = map(id_of, ("North", "South", "old", "new", "ward"))
THEN, MOVED, TODAY = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)


class Standings:
    """The old unit was under the North and moved to the South; the new one is under the North."""

    def path_of(self, unit: UUID, on: date) -> tuple[UUID, ...]:
        above = {OLD: NORTH if on < MOVED else SOUTH, NEW: NORTH}
        return (unit, above[unit]) if unit in above else (unit,)

    def subtree_of(self, units: Iterable[UUID], on: date) -> frozenset[UUID]:
        raise NotImplementedError


def places(merged: dict[UUID, UUID]) -> Places:
    kinds = {NORTH: "DISTRICT", SOUTH: "DISTRICT", OLD: "FACILITY", NEW: "FACILITY"}
    return Places(
        hierarchy=Standings(),
        units={id: Unit(code=str(id), name="", kind=kind) for id, kind in kinds.items()},
        merged=merged,
        today=TODAY,
    )


def test_as_it_was_a_fact_counts_where_its_unit_stood_on_its_day() -> None:
    apart = places({})
    assert apart.place(OLD, THEN, as_is=False, level="DISTRICT") == NORTH
    assert apart.place(OLD, TODAY, as_is=False, level="DISTRICT") == SOUTH


def test_as_it_is_a_fact_counts_where_its_unit_stands_today() -> None:
    assert places({}).place(OLD, THEN, as_is=True, level="DISTRICT") == SOUTH


def test_a_merge_moves_what_is_and_nothing_of_what_was() -> None:
    merged = places({OLD: NEW})
    assert merged.place(OLD, THEN, as_is=True, level=None) == NEW
    assert merged.place(OLD, THEN, as_is=True, level="DISTRICT") == NORTH
    assert merged.place(OLD, THEN, as_is=False, level=None) == OLD


def test_what_is_under_no_unit_of_the_level_counts_under_none() -> None:
    assert places({}).place(WARD, THEN, as_is=False, level="DISTRICT") is None


def test_merges_are_followed_to_the_last_and_never_in_a_circle() -> None:
    assert survivor(OLD, {OLD: NEW, NEW: WARD}) == WARD
    assert survivor(OLD, {OLD: NEW, NEW: OLD}) in {OLD, NEW}


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
