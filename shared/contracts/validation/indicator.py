"""Indicators: scored at baseline and again; neither passed nor failed."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    EnrolmentId,
    HealthWorkerId,
    asked,
    happened,
    ref,
)
from shared.contracts.validation.competency_record import AboutMentee


class Occasion(StrEnum):
    """When it was scored."""

    BASELINE = "BASELINE"
    FOLLOW_UP = "FOLLOW_UP"


Score = Annotated[int, Meta(ge=0, le=10_000, description="Points on the indicator's scale.")]


@happened("validation.indicator_record.scored", subject="health_worker_id")
class IndicatorScored(AboutMentee, kw_only=True):
    """A mentee stands at so many points, of `most`, on an indicator.

    Attributes:
        round: 0 for the baseline; then counting up.
        baseline: the baseline's score, for whoever works out the change.
        complete: every indicator of the programme is scored at baseline and again.
        scorer_id: who scored; None: the mentee.
    """

    indicator: Code
    occasion: Occasion
    round: Annotated[int, Meta(ge=0)]
    score: Score
    most: Score
    baseline: Score
    complete: bool
    scored_on: date
    scorer_id: HealthWorkerId | None = None


@asked("validation", "IndicatorRecord", by="coordinator mentor")
class IndicatorScore(Command, kw_only=True):
    """Score a mentee on an indicator; the baseline comes first, once."""

    enrolment_id: EnrolmentId
    indicator: Code
    occasion: Occasion
    score: Score
    scorer_id: Annotated[UUID, ref("HealthWorker", "Who scored, if not the mentee.")] | None = None
