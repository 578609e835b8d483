"""From whom small cells are hidden, and what they cannot have counted side by side."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from services.gateway.figures.viewers import Counted, Question, merely_views
from shared.access.grants import Grant
from shared.access.policy import Actor
from shared.contracts.registry.access_grant import Role

TODAY = date(2026, 3, 1)
COUNTRY, DISTRICT, HOSPITAL, ELSEWHERE = uuid4(), uuid4(), uuid4(), uuid4()
PATHS = {
    COUNTRY: (COUNTRY,),
    DISTRICT: (DISTRICT, COUNTRY),
    HOSPITAL: (HOSPITAL, DISTRICT, COUNTRY),
    ELSEWHERE: (ELSEWHERE, COUNTRY),
}


def grant(role: str, unit: UUID | None = None, programme: str | None = None) -> Grant:
    return Grant(subject="she", role=Role(role), org_unit_id=unit, programme=programme, since=TODAY)


def hidden(*grants: Grant, programme: str | None = "P", under: UUID | None = None) -> bool:
    actor = Actor(subject="she", grants=grants)
    return merely_views(actor, lambda unit, _: PATHS[unit], TODAY, programme, under)


def test_a_viewer_sees_no_small_cell_and_everybody_else_sees_all() -> None:
    assert hidden(grant("VIEWER", DISTRICT))
    for role in ("ADMINISTRATOR", "COORDINATOR", "MENTOR", "AUDITOR"):
        assert not hidden(grant(role, DISTRICT)), role
    operator = Actor(subject="she", grants=(grant("VIEWER"),), operator=True)
    assert not merely_views(operator, lambda unit, _: PATHS[unit], TODAY, "P", None)


def test_who_holds_more_over_all_that_they_view_sees_all_of_it() -> None:
    viewer = grant("VIEWER", HOSPITAL)
    assert not hidden(viewer, grant("COORDINATOR", DISTRICT))
    assert not hidden(viewer, grant("COORDINATOR", HOSPITAL, "P"))
    assert hidden(viewer, grant("COORDINATOR", HOSPITAL, "Q")), "of another programme"
    assert hidden(viewer, grant("COORDINATOR", HOSPITAL, "P"), programme=None), "of any programme"
    assert hidden(viewer, grant("COORDINATOR", ELSEWHERE))
    assert hidden(viewer, grant("MENTEE", DISTRICT)), "who reads no figures"


def test_it_is_asked_of_the_unit_that_is_asked_for() -> None:
    both = (grant("VIEWER", COUNTRY), grant("COORDINATOR", DISTRICT))
    assert hidden(*both)
    assert not hidden(*both, under=DISTRICT)
    assert not hidden(*both, under=HOSPITAL)
    assert hidden(*both, under=ELSEWHERE)
    other = (grant("VIEWER", ELSEWHERE), grant("COORDINATOR", HOSPITAL))
    assert not hidden(*other, under=DISTRICT), "what they view is not in it"
    assert hidden(*other, under=COUNTRY)


def test_a_viewer_of_one_programme_views_no_other() -> None:
    assert not hidden(grant("VIEWER", None, "Q"), grant("COORDINATOR", DISTRICT, "P"))


MENTEES = frozenset({Counted.MENTEES})
TABLE = Question(figure="validation_table", counts=MENTEES, programme="P", frame=2021)
BY_AREA = replace(TABLE, rows=("area", "AREA"))
BY_UNIT = replace(TABLE, rows=("unit", "DISTRICT"))


@pytest.mark.parametrize(
    "other",
    [
        BY_AREA,
        BY_UNIT,
        replace(BY_UNIT, programme="Q", frame=2020),
        Question(figure="support_response", counts=frozenset({Counted.REQUESTS}), programme="P"),
    ],
)
def test_the_same_again_another_cut_another_programme_and_other_things_go_together(
    other: Question,
) -> None:
    assert BY_AREA.goes_with(other)
    assert other.goes_with(BY_AREA)


@pytest.mark.parametrize(
    "other",
    [
        replace(BY_AREA, rows=("area", "ASSOCIATION")),
        replace(BY_AREA, frame=2020),
        replace(BY_UNIT, frame=2020),
        replace(BY_AREA, under=HOSPITAL),
        Question(figure="indicator_report", counts=MENTEES, programme="P"),
        Question(figure="cohort_report", counts=MENTEES, programme=None),
    ],
)
def test_the_same_people_counted_otherwise_do_not(other: Question) -> None:
    assert not BY_AREA.goes_with(other)
    assert not other.goes_with(BY_AREA)


def test_rows_told_apart_by_several_go_with_none_that_share_a_kind() -> None:
    figure = Question(figure="encounter_figure", counts=MENTEES, programme="P")
    by_two = replace(figure, rows=("MONTH MODE", None), kinds=frozenset({"time", "mode"}))
    by_quarter = replace(figure, rows=("QUARTER", None), kinds=frozenset({"time"}))
    by_sex = replace(figure, rows=("SEX", None), kinds=frozenset({"sex"}))
    assert not by_two.goes_with(by_quarter), "months add up to quarters"
    assert by_two.goes_with(by_sex)
    assert by_two.goes_with(figure), "the total stands in both"
