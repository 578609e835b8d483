"""Small cells: what would tell of few is hidden, and cannot be had by subtraction either."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.figures.small_cells import Measure, hide, hide_overlapping

LEAST = 5
PEOPLE = (Measure("people"),)
NESTED = (
    Measure("mentees"),
    Measure("validated", within=("mentees",)),
    Measure("fully", within=("validated", "mentees")),
)


def shown(*counts: int, total: int | None = None, least: int = LEAST) -> list[int | None]:
    """Return rows of people as they are shown, and their total behind them, if there is one."""
    rows = [{"people": count} for count in counts]
    of_all: Any = None if total is None else {"people": total}
    hide(least, PEOPLE, of_all, rows)
    everything = rows if of_all is None else [*rows, of_all]
    assert all(row["suppressed"] == (row["people"] is None) for row in everything)
    return [row["people"] for row in everything]


@pytest.mark.parametrize(("count", "seen"), [(0, 0), (1, None), (4, None), (5, 5), (84, 84)])
def test_a_count_from_one_to_four_is_hidden_and_nobody_is_no_secret(
    count: int, seen: int | None
) -> None:
    assert shown(count) == [seen]


def test_the_bound_is_set_and_may_be_none() -> None:
    assert shown(3, 9, least=10) == [None, None]
    assert shown(3, 9, total=12, least=0) == [3, 9, 12]


def test_beside_a_total_a_single_hidden_row_takes_the_smallest_other_with_it() -> None:
    assert shown(3, 40, 12, 0, total=55) == [None, 40, None, 0, 55]
    assert shown(2, 3, 40, total=45) == [None, None, 40, 45], "5 together tell of nobody"
    assert shown(1, 3, 40, 12, total=56) == [None, None, 40, None, 56], "4 together would"


def test_a_total_goes_where_all_of_it_is_small() -> None:
    assert shown(3, 0, total=3) == [None, 0, None]


def test_what_adds_up_to_a_count_that_is_hidden_is_hidden_with_it() -> None:
    rows = [{"people": 8}, {"people": 5}]
    hide(LEAST, PEOPLE, {"people": None}, rows)
    assert [row["people"] for row in rows] == [None, None]


def test_rows_that_a_cut_list_leaves_out_are_had_by_subtraction_too() -> None:
    assert shown(40, 12, total=55) == [40, None, 55], "3 are in rows that are not listed"
    assert shown(3, 40, 12, total=85) == [None, 40, 12, 85], "30 are, and hide the 3"


def test_whoever_is_in_no_other_of_rows_that_share_people_is_hidden_as_well() -> None:
    total, rows = {"people": 12}, [{"people": count} for count in (9, 12, 7)]
    hide(LEAST, PEOPLE, total, rows)
    assert [row["people"] for row in rows] == [9, 12, 7], "they add up to more than all"
    hide_overlapping(LEAST, PEOPLE, total, rows)
    assert [row["people"] for row in rows] == [None, 12, 7], "three took none but the others"


def test_whoever_is_left_of_a_count_is_hidden_as_well() -> None:
    row: dict[str, Any] = {"mentees": 10, "validated": 9, "fully": 0}
    hide(LEAST, NESTED, None, [row])
    assert row == {"mentees": 10, "validated": None, "fully": 0, "suppressed": True}


def test_what_is_worked_out_over_few_is_told_with_them_alone() -> None:
    measures = (Measure("measured", shows=("mean",)),)
    few: dict[str, Any] = {"measured": 3, "mean": 71}
    many: dict[str, Any] = {"measured": 30, "mean": 64}
    hide(LEAST, measures, None, [few, many])
    assert (few["mean"], many["mean"]) == (None, 64)


# ── any table ─────────────────────────────────────────────────────────────────────────────────

AREAS, UNITS, STAGES = range(3), range(4), range(3)
ATOMS = tuple(product(AREAS, UNITS, STAGES))
"""Mentees of one area at one unit: not validated, validated in part, or in full."""
STAGES_OF = {"mentees": (0, 1, 2), "validated": (1, 2), "fully": (2,)}

Form = tuple[int, ...]
"""A sum of atoms: 1 for each that is in it."""


def form(where: Iterable[tuple[int, int]], stages: Sequence[int]) -> Form:
    held = set(where)
    return tuple(int((area, unit) in held and stage in stages) for area, unit, stage in ATOMS)


def slices() -> Iterator[tuple[str, list[tuple[int, int]]]]:
    yield "total", list(product(AREAS, UNITS))
    for area in AREAS:
        yield f"area {area}", [(area, unit) for unit in UNITS]
    for unit in UNITS:
        yield f"unit {unit}", [(area, unit) for area in AREAS]


def reduced(forms: Iterable[Form]) -> list[list[Fraction]]:
    """Return a basis of what can be had of some sums by adding and subtracting them."""
    basis: list[list[Fraction]] = []
    for each in forms:
        left = remainder([Fraction(one) for one in each], basis)
        if any(left):
            pivot = next(one for one in left if one)
            basis.append([one / pivot for one in left])
    return basis


def remainder(vector: list[Fraction], basis: list[list[Fraction]]) -> list[Fraction]:
    for row in basis:
        place = next(i for i, one in enumerate(row) if one)
        if vector[place]:
            factor = vector[place]
            vector = [a - factor * b for a, b in zip(vector, row, strict=True)]
    return vector


TABLES = st.lists(
    st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5, 8, 21]), min_size=len(ATOMS), max_size=len(ATOMS)
)


@given(TABLES)
def test_no_small_count_can_be_had_from_an_answer_by_unit_and_one_by_area(
    people: list[int],
) -> None:
    def count(sum_of: Form) -> int:
        return sum(n for n, one in zip(people, sum_of, strict=True) if one)

    told = {
        name: {measure: count(form(where, stages)) for measure, stages in STAGES_OF.items()}
        for name, where in slices()
    }
    rows: dict[str, dict[str, Any]] = {name: dict(counts) for name, counts in told.items()}
    # Two answers to one viewer: each has its rows, and the total.
    totals = [dict(rows["total"]), dict(rows["total"])]
    for total, kind in zip(totals, ("area", "unit"), strict=True):
        hide(LEAST, NESTED, total, [row for name, row in rows.items() if name.startswith(kind)])
    assert totals[0] == totals[1], "the total is one and the same, and so is what is hidden of it"
    rows["total"] = totals[0]

    published = reduced(
        form(where, stages)
        for name, where in slices()
        for measure, stages in STAGES_OF.items()
        if rows[name][measure] is not None
    )
    cells = {
        **STAGES_OF,
        "not validated": (0,),
        "validated in part": (1,),
        "not validated in full": (0, 1),
    }
    for name, where in slices():
        for cell, stages in cells.items():
            sum_of = form(where, stages)
            if 0 < count(sum_of) < LEAST:
                left = remainder([Fraction(one) for one in sum_of], published)
                assert any(left), f"{count(sum_of)} {cell} of {name}"
        for measure, counts in told[name].items():
            assert rows[name][measure] in (None, counts), "what is shown is true"
