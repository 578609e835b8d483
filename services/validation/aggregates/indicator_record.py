"""An indicator record: where a mentee stands on the programme's indicators, at first and since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self, TypeAlias
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.scoring import ScoreBeyondMaximum
from shared.contracts.definition.assessment import Indicator
from shared.contracts.validation.indicator import (
    IndicatorCorrected,
    IndicatorFacts,
    IndicatorReinstated,
    IndicatorScored,
    IndicatorVoided,
    Occasion,
)
from shared.domain import Aggregate, derived_id, event
from shared.domain.errors import Refusal


class IndicatorUnknown(Refusal):
    """The programme has no such indicator."""

    code = "INDICATOR_UNKNOWN"
    template = "The programme has no indicator {indicator!r}."
    remedy_template = "Its indicators: {indicators}."


class IndicatorBaselineTaken(Refusal):
    """What a change is reckoned from stands once."""

    code = "INDICATOR_BASELINE_TAKEN"
    template = "The baseline of {indicator} was scored on {scored_on}."
    remedy_template = "Correct it with `indicatorCorrect`, or score it again as FOLLOW_UP."


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


class ScoreUnknown(Refusal):
    """Only a score that was told is corrected or voided."""

    code = "SCORE_UNKNOWN"
    template = "There is no round {round} of {indicator}."
    remedy_template = "Give the round of a score that was recorded."


class ScoreVoided(Refusal):
    """What is voided stands no more."""

    code = "SCORE_VOIDED"
    template = "Round {round} of {indicator} is voided."
    remedy_template = "Let it count again with `indicatorReinstate` first."


class ScoreStands(Refusal):
    """What is not voided need not be let count again."""

    code = "SCORE_STANDS"
    template = "Round {round} of {indicator} is not voided."
    remedy_template = "Nothing is left to do."


class Told(Struct, frozen=True, kw_only=True):
    """One score as it is said to have been now."""

    round: int
    occasion: Occasion
    score: int
    on: date
    scorer_id: UUID | None
    voided: bool = False


Scores: TypeAlias = dict[str, list[Told]]
"""Every score, by its indicator, in the order in which they were told."""


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

    def facts(self, scores: Mapping[str, list[Told]], round: int | None = None) -> dict[str, Any]:
        """Hold it against what stands: the baseline comes first, once.

        Args:
            round: of the score that it stands for; None: it is a new one.

        Raises:
            IndicatorUnknown, ScoreBeyondMaximum, IndicatorBaselineTaken,
            IndicatorBaselineMissing, FollowUpBeforeBaseline, BeforeEnrolment, EnrolmentOver.
        """
        self.mentee.must_be_enrolled(self.on)
        most = self._indicator().most
        if self.score > most:
            raise ScoreBeyondMaximum("score", points=self.score, most=most)
        known = scores.get(self.indicator, [])
        told = Told(
            round=len(known) if round is None else round,
            occasion=self.occasion,
            score=self.score,
            on=self.on,
            scorer_id=self.scorer_id,
        )
        others = [one for one in known if one.round != told.round]
        baseline = must_be_in_order([*others, told], self.indicator, told)
        after = {**scores, self.indicator: [*others, told]}
        return {
            **self.mentee.circumstances(),
            "indicator": self.indicator,
            "occasion": self.occasion,
            "round": told.round,
            "score": self.score,
            "most": most,
            "baseline": baseline.score,
            "complete": is_complete(self.indicators, after),
            "scored_on": self.on,
            "scorer_id": self.scorer_id,
        }

    def _indicator(self) -> Indicator:
        for one in self.indicators:
            if one.code == self.indicator:
                return one
        raise IndicatorUnknown(
            "indicator",
            indicator=self.indicator,
            indicators=", ".join(one.code for one in self.indicators) or "none",
        )


def must_be_in_order(scores: Iterable[Told], indicator: str, told: Told) -> Told:
    """Return the one baseline among the scores that stand; all others are of its day or later.

    Raises:
        IndicatorBaselineTaken, IndicatorBaselineMissing, FollowUpBeforeBaseline: as they say.
    """
    standing = [one for one in scores if not one.voided]
    baselines = [one for one in standing if one.occasion is Occasion.BASELINE]
    if len(baselines) > 1:
        taken = next(one for one in baselines if one.round != told.round)
        raise IndicatorBaselineTaken("occasion", indicator=indicator, scored_on=taken.on)
    if not baselines:
        raise IndicatorBaselineMissing("occasion", indicator=indicator)
    (baseline,) = baselines
    first = min(one.on for one in standing)
    if first < baseline.on:
        raise FollowUpBeforeBaseline(
            "occurredOn", indicator=indicator, day=first, baseline_on=baseline.on
        )
    return baseline


def is_complete(indicators: Iterable[Indicator], scores: Mapping[str, list[Told]]) -> bool:
    """Say whether every indicator is scored at baseline and again."""
    occasions = {
        code: {one.occasion for one in all if not one.voided} for code, all in scores.items()
    }
    return all(occasions.get(one.code) == set(Occasion) for one in indicators)


def indicator_record_id(enrolment_id: UUID) -> UUID:
    """Return the id of the one indicator record of an enrolment."""
    return derived_id("indicator_record", enrolment_id)


class IndicatorRecord(Aggregate):
    """All scores of one mentee on the programme's indicators: neither passed nor failed."""

    kind = "indicator_record"
    fold_version = 2

    mentee: UUID
    scores: Scores

    @classmethod
    def begun(cls, reading: Reading) -> Self:
        """Score a mentee for the first time; what is refused, `Reading.facts` says."""
        id = indicator_record_id(reading.mentee.enrolment_id)
        return cls.begin(id, IndicatorScored(**reading.facts({})))

    @property
    def key(self) -> UUID:
        """The person."""
        return self.mentee

    def score(self, reading: Reading) -> None:
        """Score them again, on this indicator or another; what is refused, `facts` says."""
        self.record(IndicatorScored(**reading.facts(self.scores)))

    @event(IndicatorScored)
    def _scored(self, event: IndicatorScored) -> None:
        self.mentee = event.health_worker_id
        self.scores = getattr(self, "scores", {})  # the first score begins the record
        self.scores.setdefault(event.indicator, []).append(_told(event))

    def known(self, indicator: str, round: int) -> Told:
        """Return a score that was told, voided or not.

        Raises:
            ScoreUnknown: there is none of that round.
        """
        for one in self.scores.get(indicator, ()):
            if one.round == round:
                return one
        raise ScoreUnknown("round", indicator=indicator, round=round)

    def correct(self, reading: Reading, round: int) -> None:
        """Say a score again, whole.

        Raises:
            ScoreUnknown, ScoreVoided, and what `Reading.facts` raises.
        """
        self._must_stand(reading.indicator, round)
        self.record(IndicatorCorrected(**reading.facts(self.scores, round)))

    @event(IndicatorCorrected)
    def _corrected(self, event: IndicatorCorrected) -> None:
        self._put(event.indicator, _told(event))

    def void(
        self,
        mentee: Mentee,
        indicators: tuple[Indicator, ...],
        indicator: str,
        round: int,
        on: date,
    ) -> None:
        """Let a score count no more. Without its baseline, an indicator is scored at none.

        Raises:
            ScoreUnknown, ScoreVoided: as they say.
        """
        one = self._must_stand(indicator, round)
        self.record(
            IndicatorVoided(
                **mentee.circumstances(),
                indicator=indicator,
                round=round,
                complete=is_complete(indicators, self._with(indicator, replace(one, voided=True))),
                voided_on=on,
            )
        )

    @event(IndicatorVoided)
    def _voided(self, event: IndicatorVoided) -> None:
        one = self.known(event.indicator, event.round)
        self._put(event.indicator, replace(one, voided=True))

    def reinstate(
        self,
        mentee: Mentee,
        indicators: tuple[Indicator, ...],
        indicator: str,
        round: int,
        on: date,
    ) -> None:
        """Let a voided score count again.

        Raises:
            ScoreUnknown, ScoreStands, IndicatorBaselineTaken: as they say.
        """
        one = self.known(indicator, round)
        if not one.voided:
            raise ScoreStands("round", indicator=indicator, round=round)
        after = self._with(indicator, replace(one, voided=False))
        if one.occasion is Occasion.BASELINE:
            must_be_in_order(after[indicator], indicator, one)
        self.record(
            IndicatorReinstated(
                **mentee.circumstances(),
                indicator=indicator,
                round=round,
                complete=is_complete(indicators, after),
                reinstated_on=on,
            )
        )

    @event(IndicatorReinstated)
    def _reinstated(self, event: IndicatorReinstated) -> None:
        one = self.known(event.indicator, event.round)
        self._put(event.indicator, replace(one, voided=False))

    def _must_stand(self, indicator: str, round: int) -> Told:
        one = self.known(indicator, round)
        if one.voided:
            raise ScoreVoided("round", indicator=indicator, round=round)
        return one

    def _with(self, indicator: str, told: Told) -> Scores:
        others = (one for one in self.scores[indicator] if one.round != told.round)
        return {**self.scores, indicator: [*others, told]}

    def _put(self, indicator: str, told: Told) -> None:
        self.scores = self._with(indicator, told)


def _told(event: IndicatorFacts) -> Told:
    return Told(
        round=event.round,
        occasion=event.occasion,
        score=event.score,
        on=event.scored_on,
        scorer_id=event.scorer_id,
    )
