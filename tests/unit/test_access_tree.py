"""The org units on a day: paths up, subtrees down."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.access.tree import DatedTree, Standing, Tree

COUNTRY, OLD, NEW, HOSPITAL = (UUID(int=n) for n in range(1, 5))
MOVED = date(2022, 7, 1)
STANDINGS = [
    Standing(COUNTRY, date(2000, 1, 1), None),
    Standing(OLD, date(2000, 1, 1), COUNTRY),
    Standing(NEW, date(2000, 1, 1), COUNTRY),
    Standing(HOSPITAL, date(2010, 1, 1), OLD),
    Standing(HOSPITAL, MOVED, NEW),
]


def test_a_path_names_the_unit_and_then_its_parents() -> None:
    assert Tree.on(MOVED, STANDINGS).path(HOSPITAL) == (HOSPITAL, NEW, COUNTRY)


def test_the_day_before_it_was_moved_it_stood_where_it_stood() -> None:
    assert Tree.on(date(2022, 6, 30), STANDINGS).path(HOSPITAL) == (HOSPITAL, OLD, COUNTRY)


def test_before_its_first_day_a_unit_stands_where_it_first_will() -> None:
    assert Tree.on(date(2009, 1, 1), STANDINGS).path(HOSPITAL) == (HOSPITAL, OLD, COUNTRY)


def test_an_unknown_unit_has_no_path_and_no_subtree() -> None:
    tree = Tree.on(MOVED, STANDINGS)
    assert tree.path(UUID(int=99)) == ()
    assert tree.subtree([UUID(int=99)]) == frozenset()


def test_a_subtree_is_the_unit_and_all_below() -> None:
    tree = Tree.on(MOVED, STANDINGS)
    assert tree.subtree([COUNTRY]) == {COUNTRY, OLD, NEW, HOSPITAL}
    assert tree.subtree([NEW, OLD]) == {OLD, NEW, HOSPITAL}
    assert tree.subtree([OLD]) == {OLD}


def test_a_ring_of_units_ends() -> None:
    ring = Tree({OLD: NEW, NEW: OLD, HOSPITAL: OLD})
    assert ring.path(HOSPITAL) == (HOSPITAL, OLD, NEW)
    assert ring.subtree([OLD]) == {OLD, NEW, HOSPITAL}


units = st.sampled_from([UUID(int=n) for n in range(1, 9)])
standings = st.lists(
    st.builds(Standing, units, st.dates(date(2020, 1, 1), date(2020, 1, 5)), st.none() | units),
    max_size=20,
)


@given(standings, st.dates(date(2019, 12, 30), date(2020, 1, 7)), units, units)
def test_below_and_above_are_one_relation_however_units_were_moved(
    known: list[Standing], day: date, one: UUID, other: UUID
) -> None:
    tree = Tree.on(day, known)
    assert (one in tree.subtree([other])) is (
        one in {s.unit for s in known}
        and other in {s.unit for s in known}
        and other in tree.path(one)
    )


@given(standings, st.lists(st.dates(date(2019, 12, 30), date(2020, 1, 7)), min_size=1), units)
def test_a_path_is_the_same_in_the_tree_of_one_day_and_of_all(
    known: list[Standing], days: list[date], unit: UUID
) -> None:
    # Of two that say where a unit stands since one day, what is told later holds.
    last = {(each.unit, each.since): each for each in known}
    tree = DatedTree()
    for each in known:
        tree.take(each)
    for day in days:
        of_day = Tree.on(day, last.values())
        assert tree.path(unit, day) == of_day.path(unit)
        assert tree.subtree([unit], day) == of_day.subtree([unit])
