"""Partitions come in any order, and services do: the rows must not show it."""

from collections import defaultdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.projections import PROJECTIONS
from services.gateway.projector import KEPT
from shared.projection import Happening, Projection
from tests.support.rows import Rows
from tests.support.story import STORY, happenings, place_of

PLACES = [place_of(told) for told in STORY]


def in_order_of(places: list[tuple[str, int]]) -> list[Happening]:
    """Return the story with its places taking turns like this; within each, order is kept."""
    waiting: dict[tuple[str, int], list[Happening]] = defaultdict(list)
    for told, happening in zip(STORY, happenings(), strict=True):
        waiting[place_of(told)].append(happening)
    return [waiting[place].pop(0) for place in places]


def rows_of(story: list[Happening]) -> dict[str, list[dict[str, Any]]]:
    """Return every table as the story leaves it."""
    rows = Rows()
    for happening in story:
        rows.happen(KEPT, happening)
    return {name: rows.of(name) for name in sorted(rows.tables)}


EXPECTED = rows_of(happenings())


@given(st.permutations(PLACES))
@settings(deadline=None, max_examples=200)
def test_whatever_order_partitions_come_in_the_rows_are_the_same(
    places: list[tuple[str, int]],
) -> None:
    assert rows_of(in_order_of(places)) == EXPECTED


@given(st.permutations(PLACES), st.data())
@settings(deadline=None, max_examples=50)
def test_a_row_is_shown_as_a_mentee_only_once_the_enrolment_is_known(
    places: list[tuple[str, int]], data: st.DataObject
) -> None:
    from services.gateway.projections import ENROLMENT

    rows = Rows()
    for happening in in_order_of(places)[: data.draw(st.integers(0, len(places)))]:
        rows.happen(PROJECTIONS, happening)
    for row in rows.of("mentee"):
        if row["since"] is not None:
            assert all(row[name] is not None for name in ENROLMENT if name != "association")


def tables_of(projections: tuple[Projection, ...]) -> list[str]:
    return [table.name for projection in projections for table in projection.tables]


def test_no_two_read_models_declare_the_same_table() -> None:
    assert len(tables_of(KEPT)) == len(set(tables_of(KEPT)))


def test_the_story_fills_every_table() -> None:
    assert EXPECTED.keys() == set(tables_of(KEPT))
