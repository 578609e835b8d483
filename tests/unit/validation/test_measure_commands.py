"""Commands on facility baselines and indicators, through the house."""

from typing import Any

from services.validation.aggregates.facility_baseline import facility_baseline_id
from services.validation.aggregates.indicator_record import indicator_record_id
from shared.contracts.validation.facility_baseline import FacilityBaselineAssessed
from shared.contracts.validation.indicator import IndicatorScored
from shared.domain import new_id
from tests.support.hospital import Hospital
from tests.support.records import DRIVE, WATER

SEEN = [{"area": "water", "items": [{"item": "tap", "points": 1}]}]


def looked(hospital: Hospital, **changes: Any) -> dict[str, Any]:
    return {
        "orgUnitId": hospital.unit,
        "programmeVersionId": hospital.version,
        "areas": SEEN,
        **changes,
    }


async def test_a_facility_is_looked_at_again_and_again_in_one_record() -> None:
    hospital = await Hospital.built(facility_baseline=(WATER,))
    for _ in range(2):
        await hospital.send("facilityBaselineAssess", **looked(hospital))
    events = await hospital.house.events(facility_baseline_id("test-hospital", hospital.unit))
    attempts = [e.attempt for e in events if isinstance(e, FacilityBaselineAssessed)]
    assert attempts == [1, 2]


async def test_a_facility_that_nobody_established_is_not_looked_at() -> None:
    hospital = await Hospital.built(facility_baseline=(WATER,))
    nowhere = looked(hospital, orgUnitId=new_id())
    assert await hospital.refused("facilityBaselineAssess", **nowhere) == "NOT_FOUND"


async def test_a_programme_that_looks_at_no_facility_has_no_baseline() -> None:
    hospital = await Hospital.built()
    code = await hospital.refused("facilityBaselineAssess", **looked(hospital))
    assert code == "NO_FACILITY_BASELINE"


async def test_a_mentee_is_scored_at_baseline_and_again() -> None:
    hospital = await Hospital.built(indicators=(DRIVE,))
    score = {"enrolmentId": hospital.enrolment, "indicator": "drive", "occasion": "FOLLOW_UP"}
    code = await hospital.refused("indicatorScore", **score, score=12)
    assert code == "INDICATOR_BASELINE_MISSING"
    await hospital.send("indicatorScore", **{**score, "occasion": "BASELINE"}, score=0)
    await hospital.send("indicatorScore", **score, score=12, scorerId=hospital.mentor)
    events = await hospital.house.events(indicator_record_id(hospital.enrolment))
    scored = [e for e in events if isinstance(e, IndicatorScored)]
    assert [(e.round, e.baseline, e.score, e.complete) for e in scored] == [
        (0, 0, 0, False),
        (1, 0, 12, True),
    ]
    assert [e.scorer_id for e in scored] == [None, hospital.mentor]


async def test_an_indicator_is_refused_that_the_programme_does_not_have() -> None:
    hospital = await Hospital.built(indicators=(DRIVE,))
    score = {"enrolmentId": hospital.enrolment, "occasion": "BASELINE", "score": 21}
    code = await hospital.refused("indicatorScore", **score, indicator="luck")
    assert code == "INDICATOR_UNKNOWN"
    code = await hospital.refused("indicatorScore", **score, indicator="drive")
    assert code == "SCORE_BEYOND_MAXIMUM"
    code = await hospital.refused("indicatorScore", "2018-10-31", **score, indicator="drive")
    assert code == "ASSESSED_BEFORE_ENROLMENT"
