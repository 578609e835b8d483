"""A competency record: an enrolled mentee's pre-test, every attempt since, and what they proved."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from services.validation.aggregates.framework import Framework
from services.validation.aggregates.scoring import ScoreBeyondMaximum, score
from shared.contracts.definition import Competency, Gate, Validation
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    BaselineAssessed,
    CompetencyRecordOpened,
    CompetencyValidated,
    ItemScore,
    MenteeFullyValidated,
)
from shared.domain import Aggregate, derived_id, event
from shared.domain.errors import Refusal


class AssessorIsMentee(Refusal):
    """Nobody assesses themselves."""

    code = "ASSESSOR_IS_MENTEE"
    template = "The assessor is the mentee."
    remedy_template = "Let another certified mentor of the area assess."


class AssessorNotCertified(Refusal):
    """Only a certified mentor of the area assesses in it."""

    code = "ASSESSOR_NOT_CERTIFIED"
    template = "The health worker {assessor} is no certified mentor in the area {area}."
    remedy_template = "Name a mentor certified in {area}, or certify them with `mentorCertify`."


class BaselineTaken(Refusal):
    """The pre-test shows where mentoring began; it is taken once."""

    code = "BASELINE_TAKEN"
    template = "The pre-test was taken on {assessed_on}."
    remedy_template = "Record later results with `competencyAssess`."


class BaselineMissing(Refusal):
    """The programme asks for a pre-test before the first assessment."""

    code = "BASELINE_MISSING"
    template = "The mentee has not taken the pre-test."
    remedy_template = "Record it with `competencyBaselineAssess` first."


class BeforeEnrolment(Refusal):
    """The assessment lies before the mentee was enrolled."""

    code = "BEFORE_ENROLMENT"
    template = "{day} is before {enrolled_on}, when the mentee was enrolled."
    remedy_template = "Give a day on or after {enrolled_on}."


class AlreadyValidated(Refusal):
    """What is proved needs no further attempt."""

    code = "ALREADY_VALIDATED"
    template = "The mentee was validated on {competency} on {validated_on}."
    remedy_template = "Assess a competency that is not validated yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentee:
    """What a record must know of the enrolment it is kept for, and of the rules it runs under."""

    enrolment_id: UUID
    health_worker_id: UUID
    programme_version_id: UUID
    programme: str
    area: str
    org_unit_id: UUID
    enrolled_on: date
    gates: tuple[Gate, ...]
    rule: Validation

    def circumstances(self) -> dict[str, Any]:
        """Return the fields that every event about the mentee begins with."""
        return {
            "health_worker_id": self.health_worker_id,
            "enrolment_id": self.enrolment_id,
            "programme_version_id": self.programme_version_id,
            "programme": self.programme,
            "area": self.area,
            "org_unit_id": self.org_unit_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessor:
    """Who assesses, on which day, and whether the mentee's area has certified them."""

    health_worker_id: UUID
    certified: bool
    day: date


def record_id(enrolment_id: UUID) -> UUID:
    """Return the id of the one competency record of an enrolment."""
    return derived_id("competency_record", enrolment_id)


class CompetencyRecord(Aggregate):
    """All that one mentee was assessed at in one area. Attempts are only ever added."""

    kind = "competency_record"

    mentee: UUID
    competencies: int
    baseline_on: date | None
    attempts: dict[str, int]
    validated: dict[str, date]

    @event(CompetencyRecordOpened)
    def _opened(self, event: CompetencyRecordOpened) -> None:
        self.mentee = event.health_worker_id
        self.competencies = event.competencies
        self.baseline_on = None
        self.attempts = {}
        self.validated = {}

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
            AssessorIsMentee, AssessorNotCertified, BeforeEnrolment, BaselineTaken,
            ScoreBeyondMaximum: as they say.
        """
        _must_be_eligible(mentee, assessor)
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
        validated; if that was the last of the framework's, the mentee is fully validated.

        Raises:
            AssessorIsMentee, AssessorNotCertified, BeforeEnrolment, BaselineMissing,
            AlreadyValidated, and what `score` raises.
        """
        _must_be_eligible(mentee, assessor)
        if Gate.PRE_TEST in mentee.gates and self.baseline_on is None:
            raise BaselineMissing("enrolmentId")
        if competency.code in self.validated:
            raise AlreadyValidated(
                "competency",
                competency=competency.code,
                validated_on=self.validated[competency.code],
            )
        result = score(competency, items, technique, mentee.rule)
        attempt = self.attempts.get(competency.code, 0) + 1
        self.record(
            AssessmentRecorded(
                **mentee.circumstances(),
                competency=competency.code,
                competency_name=competency.name,
                framework=framework.code,
                framework_version=framework.framework_version,
                assessor_id=assessor.health_worker_id,
                assessed_on=assessor.day,
                attempt=attempt,
                items=items,
                raw=result.raw,
                max=result.max,
                technique=technique,
                reached=result.reached,
            )
        )
        if result.reached:
            self._prove(mentee, competency, attempt, assessor.day)

    def _prove(self, mentee: Mentee, competency: Competency, attempt: int, day: date) -> None:
        self.record(
            CompetencyValidated(
                **mentee.circumstances(),
                competency=competency.code,
                attempt=attempt,
                validated_on=day,
                validated=len(self.validated) + 1,
                competencies=self.competencies,
            )
        )
        if len(self.validated) == self.competencies:
            self.record(MenteeFullyValidated(**mentee.circumstances(), validated_on=day))

    @event(AssessmentRecorded)
    def _assessed(self, event: AssessmentRecorded) -> None:
        self.attempts[event.competency] = event.attempt

    @event(CompetencyValidated)
    def _validated(self, event: CompetencyValidated) -> None:
        self.validated[event.competency] = event.validated_on

    @event(MenteeFullyValidated)
    def _fully_validated(self, _event: MenteeFullyValidated) -> None:
        """Nothing more to remember: every competency is among the validated."""


def _must_be_eligible(mentee: Mentee, assessor: Assessor) -> None:
    if assessor.health_worker_id == mentee.health_worker_id:
        raise AssessorIsMentee("assessorId")
    if not assessor.certified:
        raise AssessorNotCertified(
            "assessorId", assessor=assessor.health_worker_id, area=mentee.area
        )
    if assessor.day < mentee.enrolled_on:
        raise BeforeEnrolment("occurredOn", day=assessor.day, enrolled_on=mentee.enrolled_on)
