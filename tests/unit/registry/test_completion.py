"""The end rule: all that it names holds, and what is missing is said."""

import pytest

from services.registry.aggregates.ending import Counted, EndRuleNotReached, must_be_reached
from shared.contracts.definition.assessment import End

ALL = End(sessions=7, validated="all", goals=True, indicators=True)
DONE = Counted(sessions=7, validated=4, competencies=4, goals=2, open_goals=0, indicators=True)


def test_an_end_that_is_reached_in_all_it_names_is_reached() -> None:
    must_be_reached(ALL, DONE)


def test_an_end_that_names_nothing_is_reached() -> None:
    must_be_reached(End(), Counted())


@pytest.mark.parametrize(
    ("end", "counted", "missing"),
    [
        (End(sessions=7), Counted(sessions=6), "6 of 7 sessions attended"),
        (End(validated=2), Counted(validated=1, competencies=9), "1 of 2 competencies validated"),
        (
            End(validated="all"),
            Counted(validated=8, competencies=9),
            "8 of all competencies validated",
        ),
        (End(validated="all"), Counted(), "0 of all competencies validated"),
        (End(goals=True), Counted(), "no learning goal set"),
        (End(goals=True), Counted(goals=3, open_goals=1), "1 of 3 learning goals open"),
        (End(indicators=True), Counted(), "indicators not all scored at baseline and again"),
    ],
)
def test_what_is_missing_is_said(end: End, counted: Counted, missing: str) -> None:
    with pytest.raises(EndRuleNotReached) as refused:
        must_be_reached(end, counted)
    assert refused.value.params["missing"] == missing


def test_everything_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(EndRuleNotReached) as refused:
        must_be_reached(ALL, Counted(sessions=7, validated=4, competencies=4))
    assert refused.value.params["missing"].count(";") == 1
