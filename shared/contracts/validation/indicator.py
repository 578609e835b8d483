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


class IndicatorFacts(AboutMentee, kw_only=True):
    """A mentee stands at so many points, of `most`, on an indicator.

    Attributes:
        round: 0 for the first baseline; then counting up, as they are told.
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


@happened("validation.indicator_record.scored", subject="health_worker_id")
class IndicatorScored(IndicatorFacts, kw_only=True):
    """Somebody scored a mentee, at baseline or again."""


@happened("validation.indicator_record.corrected", subject="health_worker_id")
class IndicatorCorrected(IndicatorFacts, kw_only=True):
    """What was said of a score is replaced by this, whole; the event's reason says why."""


@happened("validation.indicator_record.voided", subject="health_worker_id")
class IndicatorVoided(AboutMentee, kw_only=True):
    """It was not scored after all, or does not count; the event's reason says why.

    Attributes:
        complete: every indicator is still scored at baseline and again.
    """

    indicator: Code
    round: int
    complete: bool
    voided_on: date


@happened("validation.indicator_record.reinstated", subject="health_worker_id")
class IndicatorReinstated(AboutMentee, kw_only=True):
    """It counts again; the event's reason says why.

    Attributes:
        complete: every indicator is scored at baseline and again.
    """

    indicator: Code
    round: int
    complete: bool
    reinstated_on: date


@asked("validation", "IndicatorRecord", by="coordinator mentor")
class IndicatorScore(Command, kw_only=True):
    """Score a mentee on an indicator; the baseline comes first, once."""

    enrolment_id: EnrolmentId
    indicator: Code
    occasion: Occasion
    score: Score
    scorer_id: Annotated[UUID, ref("HealthWorker", "Who scored, if not the mentee.")] | None = None


Round = Annotated[int, Meta(ge=0, le=10_000, description="The round of the score.")]


@asked("validation", "IndicatorRecord", by="coordinator mentor")
class IndicatorCorrect(Command, kw_only=True):
    """Correct a score: give it again, whole, with its day; `reason` says why."""

    enrolment_id: EnrolmentId
    indicator: Code
    round: Round
    scored_on: Annotated[date, Meta(description="The day it was scored.")]
    score: Score
    scorer_id: Annotated[UUID, ref("HealthWorker", "Who scored, if not the mentee.")] | None = None


@asked("validation", "IndicatorRecord", by="coordinator mentor")
class IndicatorVoid(Command, kw_only=True):
    """Void a score: it counts no more, and stays on record; `reason` says why."""

    enrolment_id: EnrolmentId
    indicator: Code
    round: Round


@asked("validation", "IndicatorRecord", by="coordinator")
class IndicatorReinstate(Command, kw_only=True):
    """Let a voided score count again; `reason` says why."""

    enrolment_id: EnrolmentId
    indicator: Code
    round: Round
