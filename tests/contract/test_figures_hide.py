"""What counts people, or what they did, can hide: a new figure that cannot stops the build."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from strawberry.types.base import (
    StrawberryContainer,
    StrawberryObjectDefinition,
    get_object_definition,
)

import services.gateway.graphql.schema
from services.gateway.figures.frame.declared import DECLARED
from services.gateway.figures.small_cells import Measure
from services.gateway.graphql.queries.attention import AttentionQueries
from services.gateway.graphql.queries.figures import FigureQueries
from services.gateway.graphql.queries.following import FollowingQueries
from services.gateway.graphql.types.suppression import Suppressible
from services.gateway.graphql.types.target import TargetProgress
from services.gateway.read.declare import models

assert services.gateway.graphql.schema, "it declares every read type"

ONE_RECORD = "a row is about one record, which whoever sees the row may read"
ONE_UNIT = "a row counts periods of one unit, and no people"
POINTS = "it tells points of a facility, and counts no people"
COUNTS: dict[str, str] = {
    "MentorCaseload": ONE_RECORD,
    "OverdueVisit": ONE_RECORD,
    "Vacancy": ONE_RECORD,
    "QuietMentee": ONE_RECORD,
    "LapsingValidation": ONE_RECORD,
    "IdleRight": ONE_RECORD,
    "OverdueOversight": ONE_UNIT,
    "FacilityProgress": POINTS,
    "AreaProgress": POINTS,
    "FacilityLack": POINTS,
    "IndicatorAverage": "it counts indicators; a change that is hidden leaves it empty",
    "CpdStatement": ONE_RECORD,
    "CpdBooking": ONE_RECORD,
}
"""What counts and hides nothing, and why not."""


def bare(hint: Any) -> Any:
    while isinstance(hint, StrawberryContainer):
        hint = hint.of_type
    return hint


def figures(kind: Any, seen: set[str]) -> Iterator[StrawberryObjectDefinition]:
    """Yield the types that a query leads to, up to what is read as it is declared."""
    definition = get_object_definition(kind)
    if definition is None or definition.name in seen or definition.name in models:
        return
    seen.add(definition.name)
    yield definition
    for field in definition.fields:
        yield from figures(bare(field.type), seen)


FOUND = {
    each.name: each
    for queries in (
        FigureQueries,
        FollowingQueries,
        AttentionQueries,
        TargetProgress,
        *(one.shape for one in DECLARED.values()),
    )
    for each in figures(queries, set())
    if any(bare(field.type) is int for field in each.fields)
}


@pytest.mark.parametrize("name", FOUND)
def test_what_counts_can_hide_or_says_why_not(name: str) -> None:
    assert issubclass(FOUND[name].origin, Suppressible) or name in COUNTS, (
        "hide its small cells from viewers (services/gateway/figures/small_cells.py), or say here"
        " why it tells of nobody"
    )


def test_nothing_is_excused_that_does_not_count() -> None:
    assert COUNTS.keys() <= FOUND.keys()


@pytest.mark.parametrize("name", DECLARED)
def test_every_value_of_a_declared_figure_is_hidden_by_a_measure(name: str) -> None:
    declared = DECLARED[name]
    hidden = {each for one in declared.measures for each in (one.name, *one.shows)}
    assert hidden == declared.values.keys()
    assert declared.counts, "what is counted is held against what else a viewer asks for"


def test_a_figure_whose_value_no_measure_hides_is_not_declared() -> None:
    (encounters,) = (one for one in DECLARED.values() if one.name == "encounter_figure")
    with pytest.raises(ValueError, match="minutes"):
        replace(encounters, measures=(*encounters.measures[1:], Measure("encounters")))
