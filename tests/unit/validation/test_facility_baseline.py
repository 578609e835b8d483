"""Facility baselines: every item of every area, each time anew, added up exactly."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from services.validation.aggregates.facility_baseline import (
    BaselineAreaMissing,
    BaselineAreaRepeated,
    BaselineAreaUnknown,
    FacilityBaseline,
    Look,
    NoFacilityBaseline,
    facility_baseline_id,
)
from services.validation.aggregates.scoring import ItemMissing, ScoreBeyondMaximum
from shared.contracts.definition import ChecklistItem, Definition
from shared.contracts.definition.assessment import BaselineArea
from shared.contracts.validation.competency_record import ItemScore
from shared.contracts.validation.facility_baseline import AreaScores, FacilityBaselineAssessed
from shared.domain import new_id
from tests.support.definitions import definition
from tests.support.records import TODAY, told

FACILITY = new_id()
RULES = replace(
    definition(),
    facility_baseline=(
        BaselineArea(
            code="data",
            name="Health data",
            items=(
                ChecklistItem(code="register", text="The register is kept", points=3),
                ChecklistItem(code="report", text="The report is sent", points=2),
            ),
        ),
        BaselineArea(
            code="water",
            name="Infrastructure",
            items=(ChecklistItem(code="tap", text="Water runs", points=1),),
        ),
    ),
)


def scores(area: str, **points: int) -> AreaScores:
    return AreaScores(
        area=area, items=tuple(ItemScore(item=i, points=p) for i, p in points.items())
    )


DATA, WATER = scores("data", register=2, report=2), scores("water", tap=1)


def look(*areas: AreaScores, rules: Definition = RULES, on: date = TODAY) -> Look:
    return Look(
        org_unit_id=FACILITY,
        programme_version_id=new_id(),
        rules=rules,
        areas=areas,
        notes=None,
        on=on,
    )


def test_the_points_of_every_area_are_added_up() -> None:
    baseline = FacilityBaseline.begun(look(WATER, DATA))
    (seen,) = told(baseline, FacilityBaselineAssessed)
    assert [(area.area, area.raw, area.max) for area in seen.areas] == [
        ("water", 1, 1),
        ("data", 4, 5),
    ]
    assert (seen.raw, seen.max, seen.attempt) == (5, 6, 1)


def test_every_look_is_kept_and_counted_in_one_stream_a_facility_and_programme() -> None:
    baseline = FacilityBaseline.begun(look(DATA, WATER))
    baseline.assess(look(DATA, WATER))
    assert [seen.attempt for seen in told(baseline, FacilityBaselineAssessed)] == [1, 2]
    assert baseline.id == facility_baseline_id("test-hospital", FACILITY)


def test_the_first_look_is_the_earliest_even_if_it_is_told_later() -> None:
    baseline = FacilityBaseline.begun(look(DATA, WATER))
    earlier = TODAY - timedelta(days=3)
    baseline.assess(look(DATA, WATER, on=earlier))
    baseline.assess(look(DATA, WATER, on=TODAY + timedelta(days=3)))
    assert baseline.first_on == earlier


def test_no_area_is_left_out_repeated_or_made_up() -> None:
    with pytest.raises(BaselineAreaMissing):
        FacilityBaseline.begun(look(DATA))
    with pytest.raises(BaselineAreaRepeated) as repeated:
        FacilityBaseline.begun(look(DATA, WATER, WATER))
    assert repeated.value.field == "areas[2].area"
    with pytest.raises(BaselineAreaUnknown):
        FacilityBaseline.begun(look(DATA, WATER, scores("garden", tap=1)))


def test_no_item_is_left_out_and_none_has_more_points_than_there_are() -> None:
    with pytest.raises(ItemMissing) as missing:
        FacilityBaseline.begun(look(scores("data", register=1), WATER))
    assert missing.value.field == "areas[0].items"
    with pytest.raises(ScoreBeyondMaximum) as beyond:
        FacilityBaseline.begun(look(DATA, scores("water", tap=2)))
    assert beyond.value.field == "areas[1].items[0].points"


def test_a_programme_that_looks_at_no_facility_has_no_baseline_of_one() -> None:
    with pytest.raises(NoFacilityBaseline):
        FacilityBaseline.begun(look(DATA, rules=definition()))
