"""What follows from what is told of a mentee's competencies, told in its turn: which attempts stand
and what each departs from, which validations hold, and the rights to mentor that rest on them.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from services.validation.aggregates.attempts import Shown
from services.validation.aggregates.cascade import Held, rights_due
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.proof import Course, Turn, Turned
from shared.contracts.base import Event
from shared.contracts.deviation import all_count
from shared.contracts.validation.competency_record import (
    AttemptJudged,
    AttemptsWeighed,
    Cause,
    CompetencyLapsed,
    CompetencyRevoked,
    CompetencyValidated,
    MenteeFullyValidated,
    RightToMentorEarned,
    RightToMentorLost,
)

if TYPE_CHECKING:
    from services.validation.aggregates.competency_record import CompetencyRecord


class Weighing:
    """Weighs a record again, by the framework and the rules that its mentee is under."""

    def __init__(self, record: "CompetencyRecord", mentee: Mentee, framework: Framework) -> None:
        """Say whose record it is, and by what it is weighed."""
        self.record, self.mentee, self.framework = record, mentee, framework

    def _tell(self, body: Event) -> None:
        self.record.record(body)

    def all(self, on: date) -> None:
        """Tell all that follows for every competency; see `of`."""
        for code in list(self.record.attempts):
            self.of(code, on)

    def of(self, competency: str, on: date) -> None:
        """Tell all that follows from what was told of a competency: `on` is the day of that.

        What was told may also be the latest day, by which others have lapsed.
        """
        self._show(competency)
        for code in [*(one for one in self.record.turns if one != competency), competency]:
            course = self.record.course(code, self.record.attempts.get(code, []))
            self._judge(code, course)
            self._turn(code, course.turns, on)
        self._tell_whether_all()

    def _show(self, competency: str) -> None:
        """Tell which attempts stand, where it is not what the last one told of itself."""
        standing, last = self.record.that_stand(competency), self.record.last(competency)
        days = (one.on for all in self.record.attempts.values() for one in all if one.stands)
        latest = max(days, default=None)
        due = Shown(attempts=len(standing), last=0 if last is None else last.number)
        if due == self.record.shown.get(competency, Shown()) and latest == self.record.assessed_on:
            return
        at = self.record.attempts[competency][-1] if last is None else last
        self._tell(
            AttemptsWeighed(
                **self.mentee.circumstances(),
                competency=competency,
                competency_name=at.name,
                attempts=len(standing),
                last=None if last is None else last.number,
                framework=at.framework[0],
                framework_version=at.framework[1],
                assessed_on=None if last is None else last.on,
                raw=at.raw,
                max=at.max,
                technique=at.technique,
                reached=at.reached,
                last_assessed_on=latest,
            )
        )

    def _judge(self, competency: str, course: Course) -> None:
        for one in self.record.attempts.get(competency, ()):
            due = course.deviations.get(one.number, one.deviations)
            if {each.rule for each in due} != {each.rule for each in one.deviations}:
                assert one.assessor_id is not None, "what is recognised departs from nothing"
                self._tell(
                    AttemptJudged(
                        **self.mentee.circumstances(),
                        competency=competency,
                        attempt=one.number,
                        assessor_id=one.assessor_id,
                        assessed_on=one.on,
                        counts=all_count(due),
                        deviations=due,
                    )
                )

    def _turn(self, competency: str, due: list[Turn], on: date) -> None:
        told = self.record.turns.get(competency, [])
        falls = due[: len(told)] != told
        if falls:
            self._fall(competency, told)
        for turn in due[0 if falls else len(told) :]:
            if turn.turned is Turned.PROVED:
                self._prove(competency, turn)
            else:
                self.end(competency, turn, retold=True)
            if not falls:
                self.rights(competency, turn.on)
        if falls:
            self.rights(competency, on, fell=True)

    def _prove(self, code: str, turn: Turn) -> None:
        assert turn.since is not None, "what is proved holds since a day"
        others = self._left(code)
        validated, competencies = others["validated"] + 1, others["competencies"]
        self._tell(
            CompetencyValidated(
                **self.mentee.circumstances(),
                competency=code,
                attempt=turn.attempt,
                validated_on=turn.since,
                validated=validated,
                competencies=competencies,
                valid_until=turn.until,
                counts_to_end=self.mentee.ends_with(validated, competencies),
                renewed_on=turn.on if code in self.record.proofs else None,
                first_on=min(turn.since, others["first_on"] or turn.since),
            )
        )

    def _fall(self, competency: str, told: list[Turn]) -> None:
        began = told[0].on
        self._tell(
            CompetencyRevoked(
                **self.mentee.circumstances(),
                competency=competency,
                revoked_on=began,
                cause=Cause.FELL,
                **self._left(competency),
            )
        )

    def end(
        self,
        competency: str,
        turn: Turn,
        *,
        retold: bool = False,
    ) -> None:
        """Tell that a validation has ended, as it turned.

        Args:
            retold: it follows from what lies before it, and is not what somebody tells only now.
        """
        left = self._left(competency)
        about = self.mentee.circumstances()
        if turn.turned is Turned.LAPSED:
            self._tell(
                CompetencyLapsed(
                    **about, competency=competency, lapsed_on=turn.on, follows=retold, **left
                )
            )
        else:
            self._tell(
                CompetencyRevoked(
                    **about,
                    competency=competency,
                    revoked_on=turn.on,
                    cause=Cause(turn.turned.value),
                    retold=retold and turn.turned is Turned.REVOKED,
                    **left,
                )
            )

    def _left(self, without: str) -> dict[str, Any]:
        left = {
            code: one for code, one in self.record.proved(self.framework).items() if code != without
        }
        return {
            "validated": len(left),
            "competencies": len(self.framework.competencies),
            "first_on": min((proof.on for proof in left.values()), default=None),
        }

    def _tell_whether_all(self) -> None:
        proved = self.record.proved(self.framework)
        if len(proved) < len(self.framework.competencies):
            return
        on = max(proof.on for proof in proved.values())
        if on != self.record.fully_on:
            self._tell(MenteeFullyValidated(**self.mentee.circumstances(), validated_on=on))

    def rights(
        self,
        because_of: str,
        day: date,
        *,
        fell: bool = False,
    ) -> None:
        """Tell which rights to mentor are earned, or lost, since the validation on `because_of`
        turned on a day; `fell`: with a correction.
        """
        proved = self.record.proved(self.framework)
        due = rights_due(
            self.mentee.cascade, self.mentee.area, proved, len(self.framework.competencies)
        )
        for right, (because, since) in due.items():
            # What came late may have given it on an earlier day; what fell, on that day never.
            told = next((one for one in self.record.held if one.right == right), None)
            now = Held(right=right, since=since, because=because)
            if told is None or since < told.since or (fell and told != now):
                tier, area = right
                self._tell(
                    RightToMentorEarned(
                        **self.mentee.circumstances(),
                        tier=tier,
                        tier_area=area,
                        because=because,
                        earned_on=since,
                    )
                )
        for tier, area in [right for right in self.record.rights if right not in due]:
            self._tell(
                RightToMentorLost(
                    **self.mentee.circumstances(),
                    tier=tier,
                    tier_area=area,
                    because=because_of,
                    lost_on=day,
                    fell=fell,
                )
            )
