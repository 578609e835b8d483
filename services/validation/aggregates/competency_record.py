"""A competency record: an enrolled mentee's pre-test, every attempt since, and what they proved."""

from dataclasses import dataclass
from dataclasses import replace as evolved
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.validation.aggregates.assessor import Assessor
from services.validation.aggregates.cascade import Right, rights_due
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
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
from services.validation.aggregates.scoring import ScoreBeyondMaximum
from services.validation.aggregates.trial import Trial
from shared.contracts.definition import Competency, Gate
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.deviation import all_count
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
    AttemptFacts,
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

WHOLE = ""
"""What a pre-test was in that no competency is named for: the whole area."""


class PreTest(Struct, frozen=True, kw_only=True):
    """When a pre-test was taken, by whom, and whether it opens the gate."""

    on: date
    counts: bool
    assessor_id: UUID


class Shown(Struct, frozen=True, kw_only=True):
    """What was told to stand of a competency's attempts: how many, and which is the last."""

    attempts: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What was proved in another enrolment, what was seen of it, and who recognises it."""

    enrolment_id: UUID
    framework: str
    competency: str
    proof: Proof
    evidence: str
    approver: str


class Held(Struct, frozen=True, kw_only=True):
    """A right to mentor as it was told last: since when, and by which validations."""

    right: Right
    since: date
    because: tuple[str, ...]


UNTOLD = Shown(attempts=-1)
"""What stands is not what was told: an attempt is another, or none any more."""


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
    fold_version = 3

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
            BaselineTaken, and what `_pre_test` raises.
        """
        findings = findings or Findings(mentee.conduct)
        with findings.weighing():
            if (known := self.pre_test(competency)) is not None:
                raise BaselineTaken("enrolmentId", assessed_on=known.on)
        facts = _pre_test(mentee, assessor, raw, max, findings, competency)
        self.record(BaselineAssessed(**facts))
        self._weigh_all(mentee, framework, assessor.day)

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
            BaselineNotTaken, and what `_pre_test` raises.
        """
        if self.pre_test(competency) is None:
            raise BaselineNotTaken("competency")
        facts = _pre_test(mentee, assessor, raw, max, findings, competency)
        self.record(BaselineCorrected(**facts))
        self._weigh_all(mentee, framework, on)

    @event(BaselineAssessed)
    def _baseline_assessed(self, event: BaselineAssessed) -> None:
        self._take(event)

    @event(BaselineCorrected)
    def _baseline_corrected(self, event: BaselineCorrected) -> None:
        self._take(event)

    def _take(self, event: BaselineFacts) -> None:
        taken = PreTest(on=event.assessed_on, counts=event.counts, assessor_id=event.assessor_id)
        self.baselines[event.competency or WHOLE] = taken

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
        self._weigh_all(mentee, framework, on)
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
        self._weigh(trial.mentee, trial.framework, trial.competency.code, trial.day)

    def correct(self, trial: Trial, number: int, findings: Findings, on: date) -> None:
        """Say again, whole, what an attempt was; what followed from it is weighed again.

        Raises:
            AttemptUnknown, AttemptVoidedAlready, and what `Trial.facts` raises.
        """
        before = self._standing(trial.competency.code, number)
        again = evolved(trial, formative=before.formative)
        self._look_where(trial)
        self.record(AttemptCorrected(**self._facts(again, number, findings)))
        self._weigh(trial.mentee, trial.framework, trial.competency.code, on)

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
        course = self._course(code, before)
        return trial.facts(number, course, self.baseline_on(code), findings)

    @event(AssessmentRecorded)
    def _assessed(self, event: AssessmentRecorded) -> None:
        self.framework = (event.framework, event.framework_version)
        self.attempts.setdefault(event.competency, []).append(_attempt(event))
        if not event.formative:
            self.shown[event.competency] = Shown(attempts=event.attempt, last=event.attempt)
            self.assessed_on = event.assessed_on

    @event(AttemptCorrected)
    def _corrected(self, event: AttemptCorrected) -> None:
        coached_on = self.known(event.competency, event.attempt).coached_on
        self._put(event.competency, replace(_attempt(event), coached_on=coached_on))
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
        self._weigh(mentee, framework, competency, on)

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
        self._weigh(mentee, framework, competency, on)

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
        self._weigh(mentee, framework, competency, on)

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
        return max(self._that_stand(competency), key=lambda one: one.place, default=None)

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

    def _that_stand(self, competency: str) -> list[Attempt]:
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
        self.record(
            CompetencyRecognised(
                **mentee.circumstances(),
                competency=code,
                competency_name=competency.name,
                framework=framework.code,
                framework_version=framework.framework_version,
                attempt=self._tried(code) + 1,
                from_enrolment_id=elsewhere.enrolment_id,
                from_framework=elsewhere.framework,
                from_competency=elsewhere.competency,
                proved_on=elsewhere.proof.on,
                recognised_on=on,
                valid_until=elsewhere.proof.until,
                raw=elsewhere.proof.raw,
                max=elsewhere.proof.max,
                evidence=elsewhere.evidence,
                approver=elsewhere.approver,
            )
        )
        self._weigh(mentee, framework, code, on)

    @event(CompetencyRecognised)
    def _recognised(self, event: CompetencyRecognised) -> None:
        self.framework = (event.framework, event.framework_version)
        self.attempts.setdefault(event.competency, []).append(
            Attempt(
                number=event.attempt,
                on=event.recognised_on,
                assessor_id=None,
                framework=self.framework,
                name=event.competency_name,
                raw=event.raw,
                max=event.max,
                technique=True,
                reached=True,
                until=event.valid_until,
                proved_on=event.proved_on,
            )
        )

    def weigh_recognition(
        self,
        mentee: Mentee,
        framework: Framework,
        competency: str,
        number: int,
        proof: Proof | None,
        on: date,
    ) -> bool:
        """Hold what was recognised against what is proved elsewhere now, as of the day it was
        recognised; say whether it is another than it was. What follows is weighed again.
        """
        one = self.known(competency, number)
        holds = proof is not None
        due = replace(one, groundless=not holds)
        if proof is not None:
            due = replace(due, proved_on=proof.on, until=proof.until, raw=proof.raw, max=proof.max)
        if due == one:
            return False
        self.record(
            RecognitionWeighed(
                **mentee.circumstances(),
                competency=competency,
                attempt=number,
                holds=holds,
                proved_on=due.proved_on or due.on,
                valid_until=due.until,
                raw=due.raw,
                max=due.max,
                weighed_on=on,
            )
        )
        self._weigh(mentee, framework, competency, on)
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
            self._weigh(mentee, framework, competency, on)

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
        self._end(mentee, framework, competency, Turn(turned=Turned.REVOKED, on=on))
        self._weigh(mentee, framework, competency, on)
        self._weigh_rights(mentee, framework, competency, on)

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
        self._end(mentee, framework, competency, Turn(turned=Turned.LAPSED, on=lapsed_on))
        self._weigh_rights(mentee, framework, competency, lapsed_on)

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

    def _course(self, competency: str, attempts: list[Attempt]) -> Course:
        days = (one.on for all in self.attempts.values() for one in all if one.stands)
        noticed = self.noticed.get(competency, date.min)
        return Course(
            (one for one in attempts if one.stands),
            self.revocations.get(competency, ()),
            competency=competency,
            ground=Groundwork(self.baseline_on(competency), self.looked_on),
            seen=max(noticed, max(days, default=date.min)),
        )

    def _weigh_all(self, mentee: Mentee, framework: Framework | None, on: date) -> None:
        if framework is not None:
            for code in list(self.attempts):
                self._weigh(mentee, framework, code, on)

    def _weigh(self, mentee: Mentee, framework: Framework, competency: str, on: date) -> None:
        """Tell all that follows from what was told of a competency: `on` is the day of that.

        What was told may also be the latest day, by which others have lapsed.
        """
        self._show(mentee, competency)
        for code in [*(one for one in self.turns if one != competency), competency]:
            course = self._course(code, self.attempts.get(code, []))
            self._judge(mentee, code, course)
            self._turn(mentee, framework, code, course.turns, on)
        self._tell_whether_all(mentee, framework)

    def _show(self, mentee: Mentee, competency: str) -> None:
        """Tell which attempts stand, where it is not what the last one told of itself."""
        standing, last = self._that_stand(competency), self.last(competency)
        days = (one.on for all in self.attempts.values() for one in all if one.stands)
        latest = max(days, default=None)
        due = Shown(attempts=len(standing), last=0 if last is None else last.number)
        if due == self.shown.get(competency, Shown()) and latest == self.assessed_on:
            return
        at = self.attempts[competency][-1] if last is None else last
        self.record(
            AttemptsWeighed(
                **mentee.circumstances(),
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

    @event(AttemptsWeighed)
    def _weighed(self, event: AttemptsWeighed) -> None:
        self.shown[event.competency] = Shown(attempts=event.attempts, last=event.last or 0)
        self.assessed_on = event.last_assessed_on

    def _judge(self, mentee: Mentee, competency: str, course: Course) -> None:
        for one in self.attempts.get(competency, ()):
            due = course.deviations.get(one.number, one.deviations)
            if {each.rule for each in due} != {each.rule for each in one.deviations}:
                assert one.assessor_id is not None, "what is recognised departs from nothing"
                self.record(
                    AttemptJudged(
                        **mentee.circumstances(),
                        competency=competency,
                        attempt=one.number,
                        assessor_id=one.assessor_id,
                        assessed_on=one.on,
                        counts=all_count(due),
                        deviations=due,
                    )
                )

    def _turn(
        self, mentee: Mentee, framework: Framework, competency: str, due: list[Turn], on: date
    ) -> None:
        told = self.turns.get(competency, [])
        falls = due[: len(told)] != told
        if falls:
            self._fall(mentee, framework, competency, told)
        for turn in due[0 if falls else len(told) :]:
            if turn.turned is Turned.PROVED:
                self._prove(mentee, framework, competency, turn)
            else:
                self._end(mentee, framework, competency, turn, retold=True)
            if not falls:
                self._weigh_rights(mentee, framework, competency, turn.on)
        if falls:
            self._weigh_rights(mentee, framework, competency, on, fell=True)

    def _prove(self, mentee: Mentee, framework: Framework, code: str, turn: Turn) -> None:
        assert turn.since is not None, "what is proved holds since a day"
        others = self._left(framework, code)
        validated, competencies = others["validated"] + 1, others["competencies"]
        self.record(
            CompetencyValidated(
                **mentee.circumstances(),
                competency=code,
                attempt=turn.attempt,
                validated_on=turn.since,
                validated=validated,
                competencies=competencies,
                valid_until=turn.until,
                counts_to_end=mentee.ends_with(validated, competencies),
                renewed_on=turn.on if code in self.proofs else None,
                first_on=min(turn.since, others["first_on"] or turn.since),
            )
        )

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

    def _fall(
        self, mentee: Mentee, framework: Framework, competency: str, told: list[Turn]
    ) -> None:
        began = told[0].on
        self.record(
            CompetencyRevoked(
                **mentee.circumstances(),
                competency=competency,
                revoked_on=began,
                cause=Cause.FELL,
                **self._left(framework, competency),
            )
        )

    def _end(
        self,
        mentee: Mentee,
        framework: Framework,
        competency: str,
        turn: Turn,
        *,
        retold: bool = False,
    ) -> None:
        left = self._left(framework, competency)
        about = mentee.circumstances()
        if turn.turned is Turned.LAPSED:
            self.record(
                CompetencyLapsed(
                    **about, competency=competency, lapsed_on=turn.on, follows=retold, **left
                )
            )
        else:
            self.record(
                CompetencyRevoked(
                    **about,
                    competency=competency,
                    revoked_on=turn.on,
                    cause=Cause(turn.turned.value),
                    retold=retold and turn.turned is Turned.REVOKED,
                    **left,
                )
            )

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

    def _left(self, framework: Framework, without: str) -> dict[str, Any]:
        left = {code: one for code, one in self.proved(framework).items() if code != without}
        return {
            "validated": len(left),
            "competencies": len(framework.competencies),
            "first_on": min((proof.on for proof in left.values()), default=None),
        }

    def _tell_whether_all(self, mentee: Mentee, framework: Framework) -> None:
        proved = self.proved(framework)
        if len(proved) < len(framework.competencies):
            return
        on = max(proof.on for proof in proved.values())
        if on != self.fully_on:
            self.record(MenteeFullyValidated(**mentee.circumstances(), validated_on=on))

    @event(MenteeFullyValidated)
    def _fully_validated(self, event: MenteeFullyValidated) -> None:
        self.fully_on = event.validated_on

    def _weigh_rights(
        self,
        mentee: Mentee,
        framework: Framework,
        because_of: str,
        day: date,
        *,
        fell: bool = False,
    ) -> None:
        proved = self.proved(framework)
        due = rights_due(mentee.cascade, mentee.area, proved, len(framework.competencies))
        for right, (because, since) in due.items():
            # What came late may have given it on an earlier day; what fell, on that day never.
            told = next((one for one in self.held if one.right == right), None)
            now = Held(right=right, since=since, because=because)
            if told is None or since < told.since or (fell and told != now):
                tier, area = right
                self.record(
                    RightToMentorEarned(
                        **mentee.circumstances(),
                        tier=tier,
                        tier_area=area,
                        because=because,
                        earned_on=since,
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
                    fell=fell,
                )
            )

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


ASKED_LATER = frozenset({ConductRule.FACILITY_BASELINE_MISSING})


def _pre_test(
    mentee: Mentee,
    assessor: Assessor,
    raw: int,
    max: int,
    findings: Findings,
    competency: str | None,
) -> dict[str, Any]:
    """Return what is to be said of a pre-test.

    Raises:
        ScoreBeyondMaximum, and what `Assessor.weigh` finds and is refused.
    """
    assessor.weigh(mentee, findings)
    with findings.weighing():
        if raw > max:
            raise ScoreBeyondMaximum("raw", points=raw, most=max)
    deviations = findings.must_be_recorded()
    return {
        **mentee.circumstances(),
        "assessor_id": assessor.health_worker_id,
        "assessed_on": assessor.day,
        "raw": raw,
        "max": max,
        "competency": competency,
        "counts": all_count(deviations),
        "deviations": deviations,
    }


def _attempt(event: AttemptFacts) -> Attempt:
    # Told before it was asked of attempts: what departs from it is held against it anew.
    asked = {each.rule: each for each in event.deviations if each.rule in ASKED_LATER}
    asked |= {each.rule: each for each in event.asked}
    return Attempt(
        number=event.attempt,
        on=event.assessed_on,
        assessor_id=event.assessor_id,
        framework=(event.framework, event.framework_version),
        name=event.competency_name,
        raw=event.raw,
        max=event.max,
        technique=event.technique,
        reached=event.reached,
        until=event.valid_until,
        failed_retest=event.failed_retest,
        formative=event.formative,
        unsigned=event.unsigned,
        org_unit_id=event.org_unit_id,
        asked=tuple(asked.values()),
        deviations=event.deviations,
    )
