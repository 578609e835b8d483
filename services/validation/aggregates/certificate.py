"""A certificate: recommended once, approved in order by different people, issued, revoked.

When a validation that it rests on ends, or the completion that it certifies is reopened, it is in
doubt: until all of that is so again, or it is revoked.
"""

from datetime import date
from typing import Self
from uuid import UUID

from services.validation.aggregates.certificate_number import certificate_number
from services.validation.aggregates.mentee import Mentee
from shared.contracts.definition.assessment import Certificate as Terms
from shared.contracts.validation.certificate import (
    CertificateApproved,
    CertificateDeclined,
    CertificateDoubted,
    CertificateDoubtEnded,
    CertificateIssued,
    CertificateRecommended,
    CertificateReissued,
    CertificateRevoked,
    Doubt,
)
from shared.domain import Aggregate, derived_id, event
from shared.domain.errors import Conflict, Refusal


class AlreadyRecommended(Conflict):
    """A mentee is recommended once."""

    code = "ALREADY_RECOMMENDED"
    template = "The mentee was recommended for the certificate on {recommended_on}."
    remedy_template = "Nothing is left to recommend; its approvals go on."


class NoLongerCertified(Refusal):
    """What was revoked is not given again, nor taken back twice."""

    code = "CERTIFICATE_REVOKED"
    template = "The certificate was revoked on {revoked_on}."
    remedy_template = "If that was a mistake, issue it anew with `certificateReissue`."


class ApprovalUnknown(Refusal):
    """The certificate awaits no such approval."""

    code = "APPROVAL_STEP_UNKNOWN"
    template = "The certificate has no approval step {step!r}."
    remedy_template = "Its steps: {steps}."


class ApprovalGiven(Refusal):
    """A step is approved once."""

    code = "APPROVAL_GIVEN"
    template = "The step {step} was approved before."
    remedy_template = "Approve the step that comes next, if one does."


class ApprovalNotDue(Refusal):
    """The steps have an order."""

    code = "APPROVAL_NOT_DUE"
    template = "The step {step} comes after {due}, which is not approved yet."
    remedy_template = "Approve {due} first."


class ApproverRepeated(Refusal):
    """Every step is somebody else's."""

    code = "APPROVER_REPEATED"
    template = "The same person approved the step {step}."
    remedy_template = "Let somebody else approve this one."


class ApproverIsMentee(Refusal):
    """Nobody approves their own certificate."""

    code = "APPROVER_IS_MENTEE"
    template = "The approver is the mentee."
    remedy_template = "Let somebody else approve."


class BeforeLastStep(Refusal):
    """A certificate's days follow each other."""

    code = "BEFORE_LAST_STEP"
    template = "{day} is before {last_on}, when the step before was taken."
    remedy_template = "Give a day on or after {last_on}."


class NotIssued(Refusal):
    """What was never issued cannot be revoked."""

    code = "CERTIFICATE_NOT_ISSUED"
    template = "The certificate is not issued; it awaits {awaited}."
    remedy_template = "Decline a step with `certificateDecline`: without it, nothing is issued."


class GroundGone(Refusal):
    """What is certified must still be so when it is approved."""

    code = "CERTIFICATE_IN_DOUBT"
    template = (
        "Since {since} the certificate is in doubt: the validation of {competency} that it rests on"
        " does not count any more."
    )
    remedy_template = "Assess {competency} anew with `competencyAssess`, then approve."


class CompletionGone(Refusal):
    """What is certified must still be so when it is approved."""

    code = "CERTIFICATE_COMPLETION_REOPENED"
    template = (
        "Since {since} the certificate is in doubt: the completion of {area} that it certifies was"
        " reopened."
    )
    remedy_template = "Approve once the mentee has come to the end again."


class GroundUnchanged(Refusal):
    """A certificate's ground is looked at when it has changed."""

    code = "CERTIFICATE_GROUND_UNCHANGED"
    template = "What the certificate rests on is as it was."
    remedy_template = "Nothing is left to do."


class Declined(Refusal):
    """What a step has declined goes no further by itself."""

    code = "CERTIFICATE_DECLINED"
    template = "The step {step} was declined on {declined_on}."
    remedy_template = "Recommend the mentee anew with `certificateRecommend`, once it is mended."


class NotTheirStep(Refusal):
    """A step is for those whom the programme names."""

    code = "APPROVAL_NOT_THEIRS"
    template = "{actor} holds no grant as {role} over a unit of the level {level} above the mentee."
    remedy_template = "Let somebody with such a grant take the step {step}."


def certificate_id(enrolment_id: UUID) -> UUID:
    """Return the id of the one certificate of an enrolment."""
    return derived_id("certificate", enrolment_id)


class Certificate(Aggregate):
    """One mentee's certificate."""

    kind = "certificate"
    fold_version = 3

    mentee: UUID
    enrolment_id: UUID
    programme_version_id: UUID
    programme: str
    org_unit_id: UUID
    steps: tuple[str, ...]
    approved: dict[str, str]
    recommended_on: date
    last_on: date
    number: str | None
    issues: int
    """How often it was issued."""
    declined: CertificateDeclined | None
    revoked_on: date | None
    in_doubt: CertificateDoubted | None
    """The doubt that stands: a validation it rests on has ended."""

    @event(CertificateRecommended)
    def _recommended(self, event: CertificateRecommended) -> None:
        self.mentee, self.enrolment_id = event.health_worker_id, event.enrolment_id
        self.programme_version_id, self.programme = event.programme_version_id, event.programme
        self.org_unit_id = event.org_unit_id
        self.steps, self.approved = event.steps, {}
        self.recommended_on = self.last_on = event.recommended_on
        self.number, self.revoked_on, self.in_doubt = None, None, None
        self.issues, self.declined = 0, None

    @classmethod
    def recommended(cls, mentee: Mentee, terms: Terms, on: date) -> Self:
        """Recommend a mentee; where no approval is asked for, it is issued at once."""
        certificate = cls.begin(
            certificate_id(mentee.enrolment_id), _recommendation(mentee, terms, on)
        )
        if not terms.approvals:
            certificate._issue(terms, on)
        return certificate

    def recommend_anew(self, mentee: Mentee, terms: Terms, on: date) -> None:
        """Recommend them once more, after a step was declined: every step is to be taken again.

        Raises:
            NoLongerCertified, AlreadyRecommended, BeforeLastStep: as they say.
        """
        if self.declined is None:
            self.must_be_new()
        self._must_follow(on)
        self.record(_recommendation(mentee, terms, on))

    @property
    def key(self) -> UUID:
        """The person."""
        return self.mentee

    def must_be_new(self) -> None:
        """Refuse a second recommendation.

        Raises:
            NoLongerCertified, AlreadyRecommended: as they say.
        """
        self._must_hold()
        raise AlreadyRecommended("enrolmentId", recommended_on=self.recommended_on)

    @property
    def awaited(self) -> tuple[str, ...]:
        """The approvals it still awaits, in order."""
        return tuple(step for step in self.steps if step not in self.approved)

    def approve(
        self, step: str, approver: str, people: frozenset[UUID], terms: Terms, on: date
    ) -> None:
        """Approve the next step; the last one issues the certificate.

        Args:
            approver: the subject of the token, and `people` the health workers that it is.

        Raises:
            NoLongerCertified, GroundGone, CompletionGone, ApprovalUnknown, ApprovalGiven,
            ApprovalNotDue, ApproverRepeated, ApproverIsMentee, BeforeLastStep, Declined: as they
            say.
        """
        self._must_go_on()
        self._must_be_sure()
        self._must_be_for(step, approver, people)
        self._must_follow(on)
        self.record(
            CertificateApproved(
                step=step, approver=approver, approved_on=on, awaited=len(self.awaited) - 1
            )
        )
        if not self.awaited:
            self._issue(terms, on)

    @event(CertificateApproved)
    def _approved(self, event: CertificateApproved) -> None:
        self.approved[event.step] = event.approver
        self.last_on = event.approved_on

    def decline(self, step: str, approver: str, people: frozenset[UUID], on: date) -> None:
        """Decline the next step; nothing is issued until they are recommended anew.

        Raises:
            NoLongerCertified, ApprovalUnknown, ApprovalGiven, ApprovalNotDue, ApproverRepeated,
            ApproverIsMentee, BeforeLastStep, Declined: as they say.
        """
        self._must_go_on()
        self._must_be_for(step, approver, people)
        self._must_follow(on)
        self.record(CertificateDeclined(step=step, approver=approver, declined_on=on))

    @event(CertificateDeclined)
    def _declined(self, event: CertificateDeclined) -> None:
        self.declined, self.last_on = event, event.declined_on

    def reissue(self, terms: Terms, people: frozenset[UUID], on: date) -> None:
        """Issue it anew, under a number that supersedes the one before.

        Raises:
            NotIssued, GroundGone, CompletionGone, ApproverIsMentee, BeforeLastStep: as they say.
        """
        if self.number is None:
            raise NotIssued("certificateId", awaited=", ".join(self.awaited))
        self._must_be_sure()
        if self.mentee in people:
            raise ApproverIsMentee("certificateId")
        self._must_follow(on)
        number = certificate_number(terms.prefix, on.year, self.id, self.issues + 1)
        self.record(CertificateReissued(number=number, supersedes=self.number, issued_on=on))

    @event(CertificateReissued)
    def _reissued(self, event: CertificateReissued) -> None:
        self.number, self.revoked_on = event.number, None
        self.issues += 1
        self.last_on = event.issued_on

    def revoke(self, on: date) -> None:
        """Revoke an issued certificate.

        Raises:
            NoLongerCertified, NotIssued, BeforeLastStep: as they say.
        """
        self._must_hold()
        if self.number is None:
            raise NotIssued("certificateId", awaited=", ".join(self.awaited))
        self._must_follow(on)
        self.record(CertificateRevoked(revoked_on=on))

    @event(CertificateRevoked)
    def _revoked(self, event: CertificateRevoked) -> None:
        self.revoked_on = self.last_on = event.revoked_on
        self.in_doubt = None

    def doubt(self, doubt: Doubt, because: str, on: date) -> None:
        """Say that what it rests on counts no more; that a validation was revoked weighs more than
        that it lapsed. Nothing, where that was said, or where it was revoked itself.
        """
        if self.revoked_on is not None:
            return
        graver = doubt is Doubt.VALIDATION_REVOKED
        if self.in_doubt is None or (graver and self.in_doubt.doubt is not doubt):
            self.record(CertificateDoubted(doubt=doubt, because=because, doubted_on=on))

    @event(CertificateDoubted)
    def _doubted(self, event: CertificateDoubted) -> None:
        self.in_doubt = event

    def trust(self, on: date) -> None:
        """Let a doubt end, if there is one: all that it certifies is so again."""
        if self.in_doubt is not None:
            self.record(CertificateDoubtEnded(ended_on=on))

    @event(CertificateDoubtEnded)
    def _doubt_ended(self, _event: CertificateDoubtEnded) -> None:
        self.in_doubt = None

    def _issue(self, terms: Terms, on: date) -> None:
        number = certificate_number(terms.prefix, on.year, self.id)
        self.record(CertificateIssued(number=number, issued_on=on))

    @event(CertificateIssued)
    def _issued(self, event: CertificateIssued) -> None:
        self.number, self.issues = event.number, 1

    def _must_be_for(self, step: str, approver: str, people: frozenset[UUID]) -> None:
        self._must_be_due(step)
        for before, who in self.approved.items():
            if who == approver:
                raise ApproverRepeated("step", step=before)
        if self.mentee in people:
            raise ApproverIsMentee("certificateId")

    def _must_be_sure(self) -> None:
        if self.in_doubt is None:
            return
        since, because = self.in_doubt.doubted_on, self.in_doubt.because
        if self.in_doubt.doubt is Doubt.COMPLETION_REOPENED:
            raise CompletionGone("certificateId", since=since, area=because)
        raise GroundGone("certificateId", since=since, competency=because)

    def _must_go_on(self) -> None:
        self._must_hold()
        if self.declined is not None:
            raise Declined(
                "certificateId", step=self.declined.step, declined_on=self.declined.declined_on
            )

    def _must_hold(self) -> None:
        if self.revoked_on is not None:
            raise NoLongerCertified("certificateId", revoked_on=self.revoked_on)

    def _must_be_due(self, step: str) -> None:
        if step in self.approved:
            raise ApprovalGiven("step", step=step)
        if step not in self.steps:
            raise ApprovalUnknown("step", step=step, steps=", ".join(self.steps) or "none")
        due = self.awaited[0]
        if step != due:
            raise ApprovalNotDue("step", step=step, due=due)

    def _must_follow(self, on: date) -> None:
        if on < self.last_on:
            raise BeforeLastStep("occurredOn", day=on, last_on=self.last_on)


def _recommendation(mentee: Mentee, terms: Terms, on: date) -> CertificateRecommended:
    return CertificateRecommended(
        **mentee.circumstances(),
        name=terms.name,
        steps=tuple(step.code for step in terms.approvals),
        recommended_on=on,
    )
