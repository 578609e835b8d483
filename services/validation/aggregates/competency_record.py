"""A competency record: an enrolled mentee's pre-test, every attempt since, and what they proved."""

from dataclasses import replace as evolved
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from msgspec.structs import replace

from services.validation.aggregates.assessor import Assessor
from services.validation.aggregates.attempts import UNTOLD, Shown, attempt
from services.validation.aggregates.cascade import Held, Right
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.pre_test import (
    WHOLE,
    PreTest,
    pre_test,
    said_of_pre_test,
)
from services.validation.aggregates.proof import (
    Attempt,
    Course,
    Groundwork,
    Proof,
    Revocation,
    Turn,
    Turned,
    proved_by,
)
from services.validation.aggregates.recognition import (
    Elsewhere,
    held_against,
    recognition,
    weighed_again,
)
from services.validation.aggregates.refusals import (
    AttemptStands,
    AttemptUnknown,
    AttemptVoidedAlready,
    BaselineNotTaken,
    BaselineTaken,
    BeforeValidation,
    CoachingBeforeAttempt,
    CoachingEndsBeforeSet,
    CoachingPlanThere,
    NeverLapses,
    NothingToCoach,
    NothingToSign,
    NotValidated,
    ProvedHere,
    StillValid,
)
from services.validation.aggregates.trial import Trial
from services.validation.aggregates.weighing import Weighing
from shared.contracts.definition import Competency, Gate
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.validation.competency_correction import (
    AttemptCorrected,
    AttemptCountersigned,
    AttemptReinstated,
    AttemptVoided,
    BaselineCorrected,
    CompetencyRecognised,
    FacilityLookedAt,
    RecognitionWeighed,
)
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    AttemptJudged,
    AttemptsWeighed,
    BaselineAssessed,
    BaselineFacts,
    Cause,
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
from shared.domain.findings import Findings


def record_id(enrolment_id: UUID) -> UUID:
    """Return the id of the one competency record of an enrolment."""
    return derived_id("competency_record", enrolment_id)


class CompetencyRecord(Aggregate):
    """All that one mentee was assessed at in one area. Attempts are only ever added.

    What is proved follows from the attempts by their days, whenever they are told. So each change
    goes through a competency's course anew and tells what has turned; where what was told before
    does not hold any more, that falls, and all is told again. The rights that rest on it are
    weighed in the same transaction.

    Attributes:
        baselines: the pre-tests, by competency.
        attempts: every one, by competency, as it is said to have been now; `shown` is what was
            told to stand of them, and `assessed_on` the day of the last at any competency.
        noticed: the latest day on which it was noticed that a validation held no more.
        turns: what was told of each validation, and holds; `proofs` are those that stand by it.
        fully_on: since when all are validated, as it was told.
        held: the rights that they give, as they were told.
        looked_on: when facilities were first looked at, where that is another by now than what
            was assessed there was told by.
    """

    kind = "competency_record"
    fold_version = 4

    mentee: UUID
    framework: tuple[str, int]
    baselines: dict[str, PreTest]
    attempts: dict[str, list[Attempt]]
    shown: dict[str, Shown]
    assessed_on: date | None
    revocations: dict[str, list[Revocation]]
    noticed: dict[str, date]
    turns: dict[str, list[Turn]]
    proofs: dict[str, Proof]
    fully_on: date | None
    held: list[Held]
    looked_on: dict[UUID, date | None]

    @event(CompetencyRecordOpened)
    def _opened(self, event: CompetencyRecordOpened) -> None:
        self.mentee = event.health_worker_id
        self.framework = (event.framework, event.framework_version)
        self.baselines, self.assessed_on = {}, None
        self.attempts, self.shown, self.revocations, self.noticed = {}, {}, {}, {}
        self.turns, self.proofs, self.fully_on = {}, {}, None
        self.held, self.looked_on = [], {}

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

    @property
    def rights(self) -> list[Right]:
        """The rights to mentor that it gives."""
        return [one.right for one in self.held]

    # ── the pre-test ────────────────────────────────────────────────────────────────────────────

    def assess_baseline(
        self,
        mentee: Mentee,
        assessor: Assessor,
        raw: int,
        max: int,
        findings: Findings | None = None,
        *,
        framework: Framework | None = None,
        competency: str | None = None,
    ) -> None:
        """Record the pre-test, in one competency or in the whole area: `raw` of `max` points.

        Raises:
            BaselineTaken, and what `said_of_pre_test` raises.
        """
        findings = findings or Findings(mentee.conduct)
        with findings.weighing():
            if (known := self.pre_test(competency)) is not None:
                raise BaselineTaken("enrolmentId", assessed_on=known.on)
        facts = said_of_pre_test(mentee, assessor, raw, max, findings, competency)
        self.record(BaselineAssessed(**facts))
        if framework is not None:
            Weighing(self, mentee, framework).all(assessor.day)

    def correct_baseline(
        self,
        mentee: Mentee,
        assessor: Assessor,
        raw: int,
        max: int,
        findings: Findings,
        *,
        framework: Framework,
        competency: str | None,
        on: date,
    ) -> None:
        """Say again, whole, what the pre-test was; what rests on its day is weighed again.

        Raises:
            BaselineNotTaken, and what `said_of_pre_test` raises.
        """
        if self.pre_test(competency) is None:
            raise BaselineNotTaken("competency")
        facts = said_of_pre_test(mentee, assessor, raw, max, findings, competency)
        self.record(BaselineCorrected(**facts))
        Weighing(self, mentee, framework).all(on)

    @event(BaselineAssessed)
    def _baseline_assessed(self, event: BaselineAssessed) -> None:
        self._take(event)

    @event(BaselineCorrected)
    def _baseline_corrected(self, event: BaselineCorrected) -> None:
        self._take(event)

    def _take(self, event: BaselineFacts) -> None:
        self.baselines[event.competency or WHOLE] = pre_test(event)

    def pre_test(self, competency: str | None) -> PreTest | None:
        """Return the pre-test in a competency, or in the whole area, if there was one."""
        return self.baselines.get(competency or WHOLE)

    def baseline_on(self, competency: str) -> date | None:
        """Return since when there is a pre-test for a competency, its own or the area's."""
        tests = (self.baselines.get(of) for of in (competency, WHOLE))
        return min((one.on for one in tests if one is not None and one.counts), default=None)

    # ── the facility's baseline ─────────────────────────────────────────────────────────────────

    def look_again(
        self, mentee: Mentee, framework: Framework, facility: UUID, looked_on: date | None, on: date
    ) -> bool:
        """Hold what was assessed at a facility against the day on which it was first looked at now;
        say whether that is told anew. What follows from it is weighed again.
        """
        if not self._was_judged_otherwise(facility, looked_on):
            return False
        self.record(
            FacilityLookedAt(
                **mentee.circumstances(), facility_id=facility, looked_on=looked_on, weighed_on=on
            )
        )
        Weighing(self, mentee, framework).all(on)
        return True

    def _was_judged_otherwise(self, facility: UUID, looked_on: date | None) -> bool:
        if facility in self.looked_on:
            return self.looked_on[facility] != looked_on
        rule, now = ConductRule.FACILITY_BASELINE_MISSING, Groundwork(None, {facility: looked_on})
        return any(
            now.lacks(rule, one) != (rule in {each.rule for each in one.deviations})
            for attempts in self.attempts.values()
            for one in attempts
            if one.org_unit_id == facility and rule in {each.rule for each in one.asked}
        )

    @event(FacilityLookedAt)
    def _facility_looked_at(self, event: FacilityLookedAt) -> None:
        self.looked_on[event.facility_id] = event.looked_on

    # ── attempts ────────────────────────────────────────────────────────────────────────────────

    def assess(
        self,
        mentee: Mentee,
        assessor: Assessor,
        framework: Framework,
        competency: Competency,
        items: tuple[ItemScore, ...],
        technique: bool,
    ) -> None:
        """Record one attempt at a competency as its programme asks; see `attempt`."""
        trial = Trial(
            mentee=mentee,
            assessor=assessor,
            framework=framework,
            competency=competency,
            items=items,
            technique=technique,
        )
        self.attempt(trial, Findings(mentee.conduct))

    def attempt(self, trial: Trial, findings: Findings) -> None:
        """Record one attempt at a competency, and what it proves.

        It is kept whatever it shows, also of who is validated: it may renew that, raise their
        score, or fail. It may be told after others of a later day.

        Raises:
            What `Trial.facts` raises.
        """
        self._look_where(trial)
        number = self._tried(trial.competency.code) + 1
        self.record(AssessmentRecorded(**self._facts(trial, number, findings)))
        Weighing(self, trial.mentee, trial.framework).of(trial.competency.code, trial.day)

    def correct(self, trial: Trial, number: int, findings: Findings, on: date) -> None:
        """Say again, whole, what an attempt was; what followed from it is weighed again.

        Raises:
            AttemptUnknown, AttemptVoidedAlready, and what `Trial.facts` raises.
        """
        before = self._standing(trial.competency.code, number)
        again = evolved(trial, formative=before.formative)
        self._look_where(trial)
        self.record(AttemptCorrected(**self._facts(again, number, findings)))
        Weighing(self, trial.mentee, trial.framework).of(trial.competency.code, on)

    def _look_where(self, trial: Trial) -> None:
        """Let an attempt be judged by when its facility is known to have been looked at now."""
        mentee = trial.mentee
        if mentee.org_unit_id in self.looked_on and Gate.FACILITY_BASELINE in mentee.gates:
            looked_on = mentee.facility_baseline_on
            self.look_again(mentee, trial.framework, mentee.org_unit_id, looked_on, trial.day)

    def _facts(self, trial: Trial, number: int, findings: Findings) -> dict[str, Any]:
        code, place = trial.competency.code, (trial.day, number)
        before = [
            one for one in self.attempts.get(code, ()) if one.number != number and one.place < place
        ]
        course = self.course(code, before)
        return trial.facts(number, course, self.baseline_on(code), findings)

    @event(AssessmentRecorded)
    def _assessed(self, event: AssessmentRecorded) -> None:
        self.framework = (event.framework, event.framework_version)
        self.attempts.setdefault(event.competency, []).append(attempt(event))
        if not event.formative:
            self.shown[event.competency] = Shown(attempts=event.attempt, last=event.attempt)
            self.assessed_on = event.assessed_on

    @event(AttemptCorrected)
    def _corrected(self, event: AttemptCorrected) -> None:
        coached_on = self.known(event.competency, event.attempt).coached_on
        self._put(event.competency, replace(attempt(event), coached_on=coached_on))
        self.shown[event.competency] = UNTOLD

    def void(
        self, mentee: Mentee, framework: Framework, competency: str, number: int, on: date
    ) -> None:
        """Let an attempt count no more; what followed from it is weighed again.

        Raises:
            AttemptUnknown, AttemptVoidedAlready: as they say.
        """
        self._standing(competency, number)
        self.record(
            AttemptVoided(
                **mentee.circumstances(), competency=competency, attempt=number, voided_on=on
            )
        )
        Weighing(self, mentee, framework).of(competency, on)

    @event(AttemptVoided)
    def _voided(self, event: AttemptVoided) -> None:
        one = self.known(event.competency, event.attempt)
        self._put(event.competency, replace(one, voided=True))
        self.shown[event.competency] = UNTOLD

    def reinstate(
        self, mentee: Mentee, framework: Framework, competency: str, number: int, on: date
    ) -> None:
        """Let a voided attempt count again; what follows from it is weighed again.

        Raises:
            AttemptUnknown, AttemptStands: as they say.
        """
        if not self.known(competency, number).voided:
            raise AttemptStands("attempt", competency=competency, attempt=number)
        self.record(
            AttemptReinstated(
                **mentee.circumstances(), competency=competency, attempt=number, reinstated_on=on
            )
        )
        Weighing(self, mentee, framework).of(competency, on)

    @event(AttemptReinstated)
    def _reinstated(self, event: AttemptReinstated) -> None:
        one = self.known(event.competency, event.attempt)
        self._put(event.competency, replace(one, voided=False))
        self.shown[event.competency] = UNTOLD

    def countersign(
        self, mentee: Mentee, framework: Framework, competency: str, number: int, on: date
    ) -> None:
        """Have its assessor sign an attempt that somebody else recorded.

        Raises:
            AttemptUnknown, AttemptVoidedAlready, NothingToSign: as they say.
        """
        one = self._standing(competency, number)
        if not one.unsigned or one.assessor_id is None:
            raise NothingToSign("attempt", competency=competency, attempt=number)
        self.record(
            AttemptCountersigned(
                **mentee.circumstances(),
                competency=competency,
                attempt=number,
                assessor_id=one.assessor_id,
                countersigned_on=on,
            )
        )
        Weighing(self, mentee, framework).of(competency, on)

    @event(AttemptCountersigned)
    def _countersigned(self, event: AttemptCountersigned) -> None:
        one = self.known(event.competency, event.attempt)
        self._put(event.competency, replace(one, unsigned=False))

    @event(AttemptJudged)
    def _judged(self, event: AttemptJudged) -> None:
        one = self.known(event.competency, event.attempt)
        self._put(event.competency, replace(one, deviations=event.deviations))

    def last(self, competency: str) -> Attempt | None:
        """Return the last attempt that stands, by its day."""
        return max(self.that_stand(competency), key=lambda one: one.place, default=None)

    def known(self, competency: str, number: int) -> Attempt:
        """Return an attempt that was told, voided or not.

        Raises:
            AttemptUnknown: there is none of that number.
        """
        for one in self.attempts.get(competency, ()):
            if one.number == number:
                return one
        raise AttemptUnknown("attempt", competency=competency, attempt=number)

    def _standing(self, competency: str, number: int) -> Attempt:
        one = self.known(competency, number)
        if one.voided:
            raise AttemptVoidedAlready("attempt", competency=competency, attempt=number)
        return one

    def that_stand(self, competency: str) -> list[Attempt]:
        """Return the attempts that stand, in the order in which they were told."""
        return [one for one in self.attempts.get(competency, ()) if one.stands]

    def _put(self, competency: str, one: Attempt) -> None:
        self.attempts[competency][one.number - 1] = one

    def _tried(self, competency: str) -> int:
        return len(self.attempts.get(competency, ()))

    # ── what was proved elsewhere ───────────────────────────────────────────────────────────────

    def recognise(
        self,
        mentee: Mentee,
        framework: Framework,
        competency: Competency,
        elsewhere: Elsewhere,
        on: date,
    ) -> None:
        """Let what was proved in another enrolment count here, from that day on.

        Raises:
            ProvedHere, and what `Mentee.must_be_enrolled` raises.
        """
        mentee.must_be_enrolled(on)
        code, held = competency.code, self.proofs.get(competency.code)
        if held is not None and held.holds(on):
            raise ProvedHere("competency", competency=code, validated_on=held.on)
        number = self._tried(code) + 1
        self.record(elsewhere.recognised(mentee, framework, competency, number, on))
        Weighing(self, mentee, framework).of(code, on)

    @event(CompetencyRecognised)
    def _recognised(self, event: CompetencyRecognised) -> None:
        self.framework = (event.framework, event.framework_version)
        self.attempts.setdefault(event.competency, []).append(recognition(event))

    def add_up(
        self,
        mentee: Mentee,
        framework: Framework,
        competency: Competency,
        elsewhere: Elsewhere,
        on: date,
    ) -> bool:
        """Let what the person proved under another name count here since the day of that proof,
        beside what they proved under this one; say whether it is new.
        """
        code = competency.code
        if any(
            one.added_from == elsewhere.enrolment_id and not one.groundless
            for one in self.attempts.get(code, ())
        ):
            return False
        number = self._tried(code) + 1
        proved_on = elsewhere.proof.on
        self.record(elsewhere.recognised(mentee, framework, competency, number, proved_on))
        Weighing(self, mentee, framework).of(code, on)
        return True

    def weigh_recognition(
        self,
        mentee: Mentee,
        framework: Framework,
        competency: str,
        number: int,
        proof: Proof | None,
        on: date,
        *,
        parted: bool = False,
    ) -> bool:
        """Hold what was recognised against what is proved elsewhere now, as of the day it was
        recognised; say whether it is another than it was. What follows is weighed again.

        Args:
            parted: it was proved by somebody else, as is known now.
        """
        one = self.known(competency, number)
        due = held_against(one, proof)
        if due == one:
            return False
        self.record(weighed_again(mentee, competency, due, on, parted=parted))
        Weighing(self, mentee, framework).of(competency, on)
        return True

    @event(RecognitionWeighed)
    def _recognition_weighed(self, event: RecognitionWeighed) -> None:
        one = self.known(event.competency, event.attempt)
        again = replace(
            one,
            groundless=not event.holds,
            proved_on=event.proved_on,
            until=event.valid_until,
            raw=event.raw,
            max=event.max,
        )
        self._put(event.competency, again)
        self.shown[event.competency] = UNTOLD

    # ── coaching ────────────────────────────────────────────────────────────────────────────────

    def coach(
        self,
        mentee: Mentee,
        competency: str,
        actions: tuple[str, ...],
        until: date | None,
        on: date,
        *,
        framework: Framework | None = None,
    ) -> None:
        """Set what is practised after a failed attempt.

        Raises:
            NothingToCoach, CoachingPlanThere, CoachingBeforeAttempt, CoachingEndsBeforeSet,
            EnrolmentOver: as they say.
        """
        mentee.must_be_enrolled(on)
        last = self.last(competency)
        if last is None or last.reached is not False:
            raise NothingToCoach("competency", competency=competency)
        if last.coached_on is not None:
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
        if framework is not None:
            Weighing(self, mentee, framework).of(competency, on)

    @event(CoachingPlanSet)
    def _coaching_plan_set(self, event: CoachingPlanSet) -> None:
        one = self.known(event.competency, event.attempt)
        self._put(event.competency, replace(one, coached_on=event.set_on))

    # ── the end of a validation ─────────────────────────────────────────────────────────────────

    def revoke(self, mentee: Mentee, framework: Framework, competency: str, on: date) -> None:
        """Take a validation back. It may be validated anew, by a later attempt.

        Raises:
            NotValidated, BeforeValidation: as they say.
        """
        proof = self._proof(competency)
        if on < proof.on:
            raise BeforeValidation(
                "occurredOn", competency=competency, day=on, validated_on=proof.on
            )
        if not proof.holds(on):
            raise NotValidated("competency", competency=competency)
        weighing = Weighing(self, mentee, framework)
        weighing.end(competency, Turn(turned=Turned.REVOKED, on=on))
        weighing.of(competency, on)
        weighing.rights(competency, on)

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
        lapsed_on = proof.until + timedelta(days=1)
        weighing = Weighing(self, mentee, framework)
        weighing.end(competency, Turn(turned=Turned.LAPSED, on=lapsed_on))
        weighing.rights(competency, lapsed_on)

    def _proof(self, competency: str) -> Proof:
        proof = self.proofs.get(competency)
        if proof is None:
            raise NotValidated("competency", competency=competency)
        return proof

    # ── what follows ────────────────────────────────────────────────────────────────────────────

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

    def proof_on(self, competency: str, day: date) -> Proof | None:
        """Return the validation of a competency that held on a day, unless it was taken back."""
        return proved_by(self.turns.get(competency, ()), day)

    def course(self, competency: str, attempts: list[Attempt]) -> Course:
        """Return how a competency went, if these were all the attempts at it."""
        days = (one.on for all in self.attempts.values() for one in all if one.stands)
        noticed = self.noticed.get(competency, date.min)
        return Course(
            (one for one in attempts if one.stands),
            self.revocations.get(competency, ()),
            competency=competency,
            ground=Groundwork(self.baseline_on(competency), self.looked_on),
            seen=max(noticed, max(days, default=date.min)),
        )

    @event(AttemptsWeighed)
    def _weighed(self, event: AttemptsWeighed) -> None:
        self.shown[event.competency] = Shown(attempts=event.attempts, last=event.last or 0)
        self.assessed_on = event.last_assessed_on

    @event(CompetencyValidated)
    def _validated(self, event: CompetencyValidated) -> None:
        code, by = event.competency, self.known(event.competency, event.attempt)
        if event.renewed_on is None and by.until is None:
            # Told before attempts said so themselves.
            by = replace(by, until=event.valid_until)
            self._put(code, by)
        turn = Turn(
            turned=Turned.PROVED,
            on=event.renewed_on or event.validated_on,
            since=event.validated_on,
            until=event.valid_until,
            attempt=event.attempt,
            raw=by.raw,
            max=by.max,
        )
        held = None if event.renewed_on is None else self.proofs[code]
        proof = turn.added_to(held)
        assert proof is not None, "what is validated is proved"
        self.proofs[code] = proof
        self.turns.setdefault(code, []).append(turn)

    @event(CompetencyRevoked)
    def _revoked(self, event: CompetencyRevoked) -> None:
        code = event.competency
        self.proofs.pop(code, None)
        self.fully_on = None
        if event.cause is Cause.FELL:
            self.turns.pop(code, None)
            return
        turn = Turn(turned=Turned(event.cause.value), on=event.revoked_on)
        self.turns.setdefault(code, []).append(turn)
        if event.cause is Cause.REVOKED and not event.retold:
            revocation = Revocation(on=event.revoked_on, after=self._tried(code))
            self.revocations.setdefault(code, []).append(revocation)

    @event(CompetencyLapsed)
    def _lapsed(self, event: CompetencyLapsed) -> None:
        code, on = event.competency, event.lapsed_on
        self.proofs.pop(code, None)
        self.fully_on = None
        self.turns.setdefault(code, []).append(Turn(turned=Turned.LAPSED, on=on))
        if not event.follows:
            self.noticed[code] = max(on, self.noticed.get(code, on))

    @event(MenteeFullyValidated)
    def _fully_validated(self, event: MenteeFullyValidated) -> None:
        self.fully_on = event.validated_on

    @event(RightToMentorEarned)
    def _right_earned(self, event: RightToMentorEarned) -> None:
        right = (event.tier, event.tier_area)
        self._let_go(right)
        self.held.append(Held(right=right, since=event.earned_on, because=event.because))

    @event(RightToMentorLost)
    def _right_lost(self, event: RightToMentorLost) -> None:
        self._let_go((event.tier, event.tier_area))

    def _let_go(self, right: Right) -> None:
        self.held = [one for one in self.held if one.right != right]
