"""An indicator record: where a mentee stands on the programme's indicators, at first and since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.scoring import ScoreBeyondMaximum
from shared.contracts.definition.assessment import Indicator
from shared.contracts.validation.indicator import IndicatorScored, Occasion
from shared.domain import Aggregate, derived_id, event
from shared.domain.errors import Refusal


class IndicatorUnknown(Refusal):
    """The programme has no such indicator."""

    code = "INDICATOR_UNKNOWN"
    template = "The programme has no indicator {indicator!r}."
    remedy_template = "Its indicators: {indicators}."


class IndicatorBaselineTaken(Refusal):
    """What a change is reckoned from never changes."""

    code = "INDICATOR_BASELINE_TAKEN"
    template = "The baseline of {indicator} was scored on {scored_on}."
    remedy_template = "Score it again as FOLLOW_UP."


class IndicatorBaselineMissing(Refusal):
    """A change is reckoned from a baseline."""

    code = "INDICATOR_BASELINE_MISSING"
    template = "The indicator {indicator} has no baseline."
    remedy_template = "Score it as BASELINE first."


class FollowUpBeforeBaseline(Refusal):
    """A follow-up comes after the baseline it is held against."""

    code = "FOLLOW_UP_BEFORE_BASELINE"
    template = "{day} is before {baseline_on}, when the baseline of {indicator} was scored."
    remedy_template = "Give a day on or after {baseline_on}."


class Standing(Struct, frozen=True, kw_only=True):
    """What is remembered of one indicator: its baseline, and the rounds scored since."""

    baseline: int
    baseline_on: date
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What somebody scored a mentee at, and the indicators that the rules know."""

    mentee: Mentee
    indicators: tuple[Indicator, ...]
    indicator: str
    occasion: Occasion
    score: int
    scorer_id: UUID | None
    on: date

    def scored(self, standings: Mapping[str, Standing]) -> IndicatorScored:
        """Hold it against what is known: the baseline comes first, once.

        Raises:
            IndicatorUnknown, ScoreBeyondMaximum, IndicatorBaselineTaken,
            IndicatorBaselineMissing, FollowUpBeforeBaseline, BeforeEnrolment, EnrolmentOver.
        """
        self.mentee.must_be_enrolled(self.on)
        most = self._indicator().most
        if self.score > most:
            raise ScoreBeyondMaximum("score", points=self.score, most=most)
        known = standings.get(self.indicator)
        self._must_be_due(known)
        return IndicatorScored(
            **self.mentee.circumstances(),
            indicator=self.indicator,
            occasion=self.occasion,
            round=0 if known is None else known.round + 1,
            score=self.score,
            most=most,
            baseline=self.score if known is None else known.baseline,
            complete=self._completes(standings),
            scored_on=self.on,
            scorer_id=self.scorer_id,
        )

    def _indicator(self) -> Indicator:
        for one in self.indicators:
            if one.code == self.indicator:
                return one
        raise IndicatorUnknown(
            "indicator",
            indicator=self.indicator,
            indicators=", ".join(one.code for one in self.indicators) or "none",
        )

    def _must_be_due(self, known: Standing | None) -> None:
        if self.occasion is Occasion.BASELINE and known is not None:
            raise IndicatorBaselineTaken(
                "occasion", indicator=self.indicator, scored_on=known.baseline_on
            )
        if self.occasion is Occasion.FOLLOW_UP and known is None:
            raise IndicatorBaselineMissing("occasion", indicator=self.indicator)
        if known is not None and self.on < known.baseline_on:
            raise FollowUpBeforeBaseline(
                "occurredOn",
                indicator=self.indicator,
                day=self.on,
                baseline_on=known.baseline_on,
            )

    def _completes(self, standings: Mapping[str, Standing]) -> bool:
        again = {code for code, standing in standings.items() if standing.round > 0}
        if self.occasion is Occasion.FOLLOW_UP:
            again.add(self.indicator)
        return all(one.code in again for one in self.indicators)


def indicator_record_id(enrolment_id: UUID) -> UUID:
    """Return the id of the one indicator record of an enrolment."""
    return derived_id("indicator_record", enrolment_id)


class IndicatorRecord(Aggregate):
    """All scores of one mentee on the programme's indicators: neither passed nor failed."""

    kind = "indicator_record"

    mentee: UUID
    standings: dict[str, Standing]

    @classmethod
    def begun(cls, reading: Reading) -> Self:
        """Score a mentee for the first time; what is refused, `Reading.scored` says."""
        return cls.begin(indicator_record_id(reading.mentee.enrolment_id), reading.scored({}))

    @property
    def key(self) -> UUID:
        """The person."""
        return self.mentee

    def score(self, reading: Reading) -> None:
        """Score them again, on this indicator or another; what is refused, `scored` says."""
        self.record(reading.scored(self.standings))

    @event(IndicatorScored)
    def _scored(self, event: IndicatorScored) -> None:
        self.mentee = event.health_worker_id
        self.standings = getattr(self, "standings", {})  # the first score begins the record
        if event.occasion is Occasion.BASELINE:
            known = Standing(baseline=event.score, baseline_on=event.scored_on, round=0)
        else:
            known = replace(self.standings[event.indicator], round=event.round)
        self.standings[event.indicator] = known
