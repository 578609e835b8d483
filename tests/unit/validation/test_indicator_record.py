"""Indicators: a baseline once, then as often as somebody looks; neither passed nor failed."""

from datetime import date, timedelta

import pytest

from services.validation.aggregates.indicator_record import (
    FollowUpBeforeBaseline,
    IndicatorBaselineMissing,
    IndicatorBaselineTaken,
    IndicatorRecord,
    IndicatorUnknown,
    Reading,
    indicator_record_id,
)
from services.validation.aggregates.mentee import BeforeEnrolment, EnrolmentOver, Mentee
from services.validation.aggregates.scoring import ScoreBeyondMaximum
from shared.contracts.definition.assessment import Formula, Indicator
from shared.contracts.validation.indicator import IndicatorScored, Occasion
from shared.deciding.repository import open_snapshot, take_snapshot
from shared.domain import new_id
from tests.support.records import TODAY, mentee, told

BASELINE, FOLLOW_UP = Occasion.BASELINE, Occasion.FOLLOW_UP
INDICATORS = tuple(
    Indicator(
        code=code,
        name=code,
        numerator="points",
        denominator="participants",
        most=20,
        formula=Formula.CHANGE_OF_MEANS,
    )
    for code in ("drive", "networks")
)
ABOUT = mentee()


def reading(
    indicator: str,
    occasion: Occasion,
    score: int,
    *,
    about: Mentee = ABOUT,
    on: date = TODAY,
) -> Reading:
    return Reading(
        mentee=about,
        indicators=INDICATORS,
        indicator=indicator,
        occasion=occasion,
        score=score,
        scorer_id=new_id(),
        on=on,
    )


def test_rounds_count_up_from_the_baseline_which_every_score_names() -> None:
    record = IndicatorRecord.begun(reading("drive", BASELINE, 8))
    record.score(reading("drive", FOLLOW_UP, 12))
    record.score(reading("drive", FOLLOW_UP, 15))
    assert [(e.round, e.score, e.baseline, e.most) for e in told(record, IndicatorScored)] == [
        (0, 8, 8, 20),
        (1, 12, 8, 20),
        (2, 15, 8, 20),
    ]
    assert (record.id, record.key) == (
        indicator_record_id(ABOUT.enrolment_id),
        ABOUT.health_worker_id,
    )


def test_it_is_complete_when_every_indicator_was_scored_again() -> None:
    record = IndicatorRecord.begun(reading("drive", BASELINE, 8))
    record.score(reading("drive", FOLLOW_UP, 12))
    record.score(reading("networks", BASELINE, 0))
    record.score(reading("networks", FOLLOW_UP, 5))
    record.score(reading("drive", FOLLOW_UP, 13))
    complete = [e.complete for e in told(record, IndicatorScored)]
    assert complete == [False, False, False, True, True]


def test_a_baseline_of_zero_is_a_baseline() -> None:
    record = IndicatorRecord.begun(reading("drive", BASELINE, 0))
    record.score(reading("drive", FOLLOW_UP, 5))
    with pytest.raises(IndicatorBaselineTaken):
        record.score(reading("drive", BASELINE, 1))


def test_the_baseline_comes_first_once_and_no_follow_up_before_its_day() -> None:
    with pytest.raises(IndicatorBaselineMissing):
        IndicatorRecord.begun(reading("drive", FOLLOW_UP, 8))
    record = IndicatorRecord.begun(reading("drive", BASELINE, 8))
    with pytest.raises(IndicatorBaselineMissing):
        record.score(reading("networks", FOLLOW_UP, 8))
    with pytest.raises(FollowUpBeforeBaseline):
        record.score(reading("drive", FOLLOW_UP, 8, on=TODAY - timedelta(days=1)))


def test_a_score_is_of_a_known_indicator_and_within_its_scale() -> None:
    with pytest.raises(IndicatorUnknown):
        IndicatorRecord.begun(reading("luck", BASELINE, 8))
    with pytest.raises(ScoreBeyondMaximum):
        IndicatorRecord.begun(reading("drive", BASELINE, 21))


def test_nobody_is_scored_before_their_enrolment_or_after_they_left() -> None:
    with pytest.raises(BeforeEnrolment):
        IndicatorRecord.begun(reading("drive", BASELINE, 8, on=date(2018, 10, 31)))
    gone = mentee(withdrawn_on=TODAY)
    with pytest.raises(EnrolmentOver):
        IndicatorRecord.begun(reading("drive", BASELINE, 8, about=gone))


def test_a_snapshot_remembers_where_they_stand() -> None:
    record = IndicatorRecord.begun(reading("drive", BASELINE, 8))
    record.score(reading("drive", FOLLOW_UP, 12))
    again = open_snapshot(IndicatorRecord, take_snapshot(record))
    assert again is not None
    assert again.scores == record.scores
