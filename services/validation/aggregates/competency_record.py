"""A competency record: an enrolled mentee's pre-test, every attempt since, and what they proved."""

from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from msgspec.structs import replace

from services.validation.aggregates.assessor import Assessor
from services.validation.aggregates.cascade import Right, rights_given
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.proof import Attempt, Proof, last_day
from services.validation.aggregates.refusals import (
    AlreadyValidated,
    BaselineTaken,
    BeforeRevocation,
    BeforeValidation,
    CoachingBeforeAttempt,
    CoachingEndsBeforeSet,
    CoachingPlanMissing,
    CoachingPlanThere,
    NeverLapses,
    NothingToCoach,
    NotValidated,
    StillValid,
)
from services.validation.aggregates.scoring import ScoreBeyondMaximum, score
from shared.contracts.definition import Competency
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    BaselineAssessed,
    CoachingPlanSet,
    CompetencyLapsed,
    CompetencyRecordOpened,
    CompetencyRevoked,
    CompetencyValidated,
    ItemScore,
    MenteeFullyValidated,
    RightToMentorEarned,
    RightToMentorLost,
)
from shared.domain import Aggregate, derived_id, event


def record_id(enrolment_id: UUID) -> UUID:
    """Return the id of the one competency record of an enrolment."""
    return derived_id("competency_record", enrolment_id)


class CompetencyRecord(Aggregate):
    """All that one mentee was assessed at in one area. Attempts are only ever added.

    What a competency's validation rests on, and the rights that rest on it, are in its state:
    each change of what is validated weighs the rights anew, in the same transaction.
    """

    kind = "competency_record"

    mentee: UUID
    framework: tuple[str, int]
    baseline_on: date | None
    attempts: dict[str, Attempt]
    proofs: dict[str, Proof]
    revoked: dict[str, date]
    rights: list[Right]

    @event(CompetencyRecordOpened)
    def _opened(self, event: CompetencyRecordOpened) -> None:
        self.mentee = event.health_worker_id
        self.framework = (event.framework, event.framework_version)
        self.baseline_on = None
        self.attempts, self.proofs, self.revoked = {}, {}, {}
        self.rights = []

    @classmethod
    def opened(cls, mentee: Mentee, framework: Framework) -> Self:
        """Begin the record of an enrolled mentee."""
        return cls.begin(
            record_id(mentee.enrolment_id),
            CompetencyRecordOpened(
                **mentee.circumstances(),
                framework=framework.code,
                framework_version=framework.framework_version,
                competencies=len(framework.competencies),
            ),
        )

    @property
    def key(self) -> UUID:
        """The person."""
        return self.mentee

    def assess_baseline(self, mentee: Mentee, assessor: Assessor, raw: int, max: int) -> None:
        """Record the pre-test: `raw` of `max` points.

        Raises:
            BaselineTaken, ScoreBeyondMaximum, and what `Assessor.must_be_eligible` raises.
        """
        assessor.must_be_eligible(mentee)
        if self.baseline_on is not None:
            raise BaselineTaken("enrolmentId", assessed_on=self.baseline_on)
        if raw > max:
            raise ScoreBeyondMaximum("raw", points=raw, most=max)
        self.record(
            BaselineAssessed(
                **mentee.circumstances(),
                assessor_id=assessor.health_worker_id,
                assessed_on=assessor.day,
                raw=raw,
                max=max,
            )
        )

    @event(BaselineAssessed)
    def _baseline_assessed(self, event: BaselineAssessed) -> None:
        self.baseline_on = event.assessed_on

    def assess(
        self,
        mentee: Mentee,
        assessor: Assessor,
        framework: Framework,
        competency: Competency,
        items: tuple[ItemScore, ...],
        technique: bool,
    ) -> None:
        """Record one attempt at a competency, and what it proves.

        The attempt is kept whatever it shows. If it reaches the rule, the competency is
        validated; if that was the last of the framework's, the mentee is fully validated. A
        validation whose last day has passed lapses first.

        Raises:
            AlreadyValidated, BeforeRevocation, CoachingPlanMissing, and what
            `Assessor.must_be_eligible`, `Mentee.must_have_passed_the_gates` and `score` raise.
        """
        day = assessor.day
        assessor.must_be_eligible(mentee)
        mentee.must_have_passed_the_gates(self.baseline_on, day)
        self._must_be_open_to_proof(mentee, competency.code, day)
        result = score(competency, items, technique, mentee.rule)
        for code in [code for code, proof in self.proofs.items() if not proof.holds(day)]:
            self._let_lapse(mentee, framework, code)
        self.record(
            AssessmentRecorded(
                **mentee.circumstances(),
                competency=competency.code,
                competency_name=competency.name,
                framework=framework.code,
                framework_version=framework.framework_version,
                assessor_id=assessor.health_worker_id,
                assessed_on=day,
                attempt=self._tried(competency.code) + 1,
                items=items,
                raw=result.raw,
                max=result.max,
                technique=technique,
                reached=result.reached,
            )
        )
        if result.reached:
            self._prove(mentee, framework, competency.code, day)

    def _must_be_open_to_proof(self, mentee: Mentee, code: str, day: date) -> None:
        proof, revoked_on = self.proofs.get(code), self.revoked.get(code)
        if proof is not None and proof.holds(day):
            raise AlreadyValidated("competency", competency=code, validated_on=proof.on)
        if revoked_on is not None and day < revoked_on:
            raise BeforeRevocation("occurredOn", competency=code, day=day, revoked_on=revoked_on)
        last = self.attempts.get(code)
        asks = mentee.rule is not None and mentee.rule.coaching_plan
        if asks and last is not None and last.reached is False and not last.coached:
            raise CoachingPlanMissing("competency", competency=code, attempt=last.number)

    @event(AssessmentRecorded)
    def _assessed(self, event: AssessmentRecorded) -> None:
        self.framework = (event.framework, event.framework_version)
        self.attempts[event.competency] = Attempt(
            number=event.attempt,
            on=event.assessed_on,
            assessor_id=event.assessor_id,
            raw=event.raw,
            max=event.max,
            reached=event.reached,
        )

    def _prove(self, mentee: Mentee, framework: Framework, code: str, day: date) -> None:
        assert mentee.rule is not None, "without a rule, nothing reaches it"
        validated, competencies = len(self.proved(framework)) + 1, len(framework.competencies)
        self.record(
            CompetencyValidated(
                **mentee.circumstances(),
                competency=code,
                attempt=self._tried(code),
                validated_on=day,
                validated=validated,
                competencies=competencies,
                valid_until=last_day(day, mentee.rule),
                counts_to_end=mentee.ends_with(validated, competencies),
            )
        )
        if len(self.proved(framework)) == len(framework.competencies):
            self.record(MenteeFullyValidated(**mentee.circumstances(), validated_on=day))
        self._weigh_rights(mentee, framework, code, day)

    @event(CompetencyValidated)
    def _validated(self, event: CompetencyValidated) -> None:
        attempt = self.attempts[event.competency]
        self.proofs[event.competency] = Proof(
            on=event.validated_on, until=event.valid_until, raw=attempt.raw, max=attempt.max
        )

    @event(MenteeFullyValidated)
    def _fully_validated(self, _event: MenteeFullyValidated) -> None:
        """Nothing more to remember: every competency is among the proofs."""

    def proved(self, framework: Framework) -> dict[str, Proof]:
        """Return the validations that count, of a framework's competencies."""
        return {
            one.code: self.proofs[one.code]
            for one in framework.competencies
            if one.code in self.proofs
        }

    def proves_all(self, framework: Framework, day: date) -> bool:
        """Say whether every competency of the framework is validated, and still is on that day."""
        proved = self.proved(framework)
        return len(proved) == len(framework.competencies) and all(
            proof.holds(day) for proof in proved.values()
        )

    def coach(
        self,
        mentee: Mentee,
        competency: str,
        actions: tuple[str, ...],
        until: date | None,
        on: date,
    ) -> None:
        """Set what is practised after a failed attempt.

        Raises:
            NothingToCoach, CoachingPlanThere, CoachingBeforeAttempt, CoachingEndsBeforeSet,
            EnrolmentOver: as they say.
        """
        mentee.must_be_enrolled(on)
        last = self.attempts.get(competency)
        if last is None or last.reached is not False:
            raise NothingToCoach("competency", competency=competency)
        if last.coached:
            raise CoachingPlanThere("competency", competency=competency, attempt=last.number)
        if on < last.on:
            raise CoachingBeforeAttempt("occurredOn", day=on, attempted_on=last.on)
        if until is not None and until < on:
            raise CoachingEndsBeforeSet("until", until=until, day=on)
        self.record(
            CoachingPlanSet(
                **mentee.circumstances(),
                competency=competency,
                attempt=last.number,
                actions=actions,
                until=until,
                set_on=on,
            )
        )

    @event(CoachingPlanSet)
    def _coaching_plan_set(self, event: CoachingPlanSet) -> None:
        self.attempts[event.competency] = replace(self.attempts[event.competency], coached=True)

    def _tried(self, competency: str) -> int:
        last = self.attempts.get(competency)
        return 0 if last is None else last.number

    def revoke(self, mentee: Mentee, framework: Framework, competency: str, on: date) -> None:
        """Take a validation back. It may be validated anew, by a new attempt.

        Raises:
            NotValidated, BeforeValidation: as they say.
        """
        proof = self._proof(competency)
        if on < proof.on:
            raise BeforeValidation(
                "occurredOn", competency=competency, day=on, validated_on=proof.on
            )
        self.record(
            CompetencyRevoked(
                **mentee.circumstances(),
                competency=competency,
                revoked_on=on,
                **self._left(framework, competency),
            )
        )
        self._weigh_rights(mentee, framework, competency, on)

    @event(CompetencyRevoked)
    def _revoked(self, event: CompetencyRevoked) -> None:
        del self.proofs[event.competency]
        self.revoked[event.competency] = event.revoked_on

    def lapse(self, mentee: Mentee, framework: Framework, competency: str, on: date) -> None:
        """Record that a validation's last day has passed by `on`.

        Raises:
            NotValidated, NeverLapses, StillValid: as they say.
        """
        proof = self._proof(competency)
        if proof.until is None:
            raise NeverLapses("competency", competency=competency)
        if proof.holds(on):
            raise StillValid("occurredOn", competency=competency, valid_until=proof.until)
        self._let_lapse(mentee, framework, competency)

    def _let_lapse(self, mentee: Mentee, framework: Framework, competency: str) -> None:
        until = self.proofs[competency].until
        assert until is not None, "what has no last day has not passed it"
        lapsed_on = until + timedelta(days=1)
        self.record(
            CompetencyLapsed(
                **mentee.circumstances(),
                competency=competency,
                lapsed_on=lapsed_on,
                **self._left(framework, competency),
            )
        )
        self._weigh_rights(mentee, framework, competency, lapsed_on)

    @event(CompetencyLapsed)
    def _lapsed(self, event: CompetencyLapsed) -> None:
        del self.proofs[event.competency]

    def _proof(self, competency: str) -> Proof:
        proof = self.proofs.get(competency)
        if proof is None:
            raise NotValidated("competency", competency=competency)
        return proof

    def _left(self, framework: Framework, without: str) -> dict[str, Any]:
        return {
            "validated": len(self.proved(framework).keys() - {without}),
            "competencies": len(framework.competencies),
        }

    def _weigh_rights(
        self, mentee: Mentee, framework: Framework, because_of: str, day: date
    ) -> None:
        proved = self.proved(framework)
        due = rights_given(mentee.cascade, mentee.area, proved, len(framework.competencies))
        for right, because in due.items():
            if right not in self.rights:
                tier, area = right
                self.record(
                    RightToMentorEarned(
                        **mentee.circumstances(),
                        tier=tier,
                        tier_area=area,
                        because=because,
                        earned_on=day,
                    )
                )
        for tier, area in [right for right in self.rights if right not in due]:
            self.record(
                RightToMentorLost(
                    **mentee.circumstances(),
                    tier=tier,
                    tier_area=area,
                    because=because_of,
                    lost_on=day,
                )
            )

    @event(RightToMentorEarned)
    def _right_earned(self, event: RightToMentorEarned) -> None:
        self.rights.append((event.tier, event.tier_area))

    @event(RightToMentorLost)
    def _right_lost(self, event: RightToMentorLost) -> None:
        self.rights.remove((event.tier, event.tier_area))
