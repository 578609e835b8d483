"""Deciding on certificates."""

from typing import Any
from uuid import UUID

from services.validation.aggregates.certificate import (
    Certificate,
    GroundUnchanged,
    NotTheirStep,
    certificate_id,
)
from services.validation.aggregates.competency_record import CompetencyRecord, record_id
from services.validation.aggregates.mentee import Mentee
from services.validation.commands.competency_record import framework_by
from services.validation.commands.ground import certifies_completion, holds
from services.validation.commands.handlers import handlers
from services.validation.commands.mentee import framework_of, mentee_of
from services.validation.views.units import UNIT_KIND
from shared.contracts.definition import Definition
from shared.contracts.definition.assessment import Basis
from shared.contracts.definition.assessment import Certificate as Terms
from shared.contracts.validation.certificate import (
    CertificateApprove,
    CertificateDecline,
    CertificateRecommend,
    CertificateReissue,
    CertificateRevoke,
    CertificateWeigh,
    Doubt,
)
from shared.deciding.work import Work
from shared.domain.errors import Refusal
from shared.domain.phrases import Phrase
from shared.programmes.known import rules_of


class NoCertificate(Refusal):
    """The programme gives none."""

    code = "NO_CERTIFICATE"
    template = "The programme {programme} gives no certificate."
    remedy_template = "Say in a new version of the programme what it certifies."


class NotCompleted(Refusal):
    """The certificate certifies that the programme was completed."""

    code = "NOT_COMPLETED"
    template = "The mentee had not completed the programme by {day}."
    remedy_template = "Complete the enrolment with `menteeComplete` first."


class NotFullyValidated(Refusal):
    """The certificate certifies every competency of the area."""

    code = "NOT_FULLY_VALIDATED"
    template = "By {day} the mentee was not validated on every competency of {area}."
    remedy_template = "Assess what is missing with `competencyAssess` first."


@handlers.decides(CertificateRecommend)
async def recommend(command: CertificateRecommend, work: Work[CertificateRecommend]) -> Certificate:
    """Recommend a mentee who has what the certificate certifies."""
    mentee, rules = await mentee_of(command.enrolment_id, work)
    await work.allow(
        at=mentee.org_unit_id, programme=mentee.programme, people=(mentee.health_worker_id,)
    )
    terms = _terms(rules, "enrolmentId")
    earlier = await work.find(Certificate, certificate_id(mentee.enrolment_id))
    if earlier is not None and (earlier.declined is None or work.actor.policy):
        earlier.must_be_new()
    mentee.must_be_enrolled(work.day)
    await _must_have_earned(mentee, rules, terms, work)
    if earlier is not None:
        earlier.recommend_anew(mentee, terms, work.day)
        return earlier
    certificate = Certificate.recommended(mentee, terms, work.day)
    work.add(certificate)
    _claim(certificate, work)
    return certificate


@handlers.decides(CertificateWeigh)
async def weigh(command: CertificateWeigh, work: Work[CertificateWeigh]) -> Certificate:
    """Put a certificate in doubt whose completion was reopened, or end its doubt."""
    mentee, _ = await mentee_of(command.enrolment_id, work)
    await work.allow(at=mentee.org_unit_id, programme=mentee.programme)
    id = certificate_id(mentee.enrolment_id)
    certificate = await work.get(Certificate, id, field="enrolmentId")
    rules = await rules_of(work.facts, certificate.programme_version_id, field="enrolmentId")
    record = await work.find(CompetencyRecord, record_id(mentee.enrolment_id))
    framework = None if record is None else await framework_by(record, work)
    if certifies_completion(rules) and mentee.completed_on is None:
        certificate.doubt(Doubt.COMPLETION_REOPENED, mentee.area, work.day)
    elif holds(mentee, record, framework, rules):
        certificate.trust(work.day)
    if not certificate.recorded:
        raise GroundUnchanged("enrolmentId")
    return certificate


@handlers.decides(CertificateApprove)
async def approve(command: CertificateApprove, work: Work[CertificateApprove]) -> Certificate:
    """Approve the next step; the last one issues the certificate."""
    certificate = await work.get(Certificate, command.certificate_id, field="certificateId")
    await _allow(certificate, work)
    terms = await _terms_of(certificate, work)
    await _must_be_theirs(command.step, certificate, terms, work)
    certificate.approve(command.step, work.actor.subject, work.actor.people, terms, work.day)
    _claim(certificate, work)
    return certificate


@handlers.decides(CertificateDecline)
async def decline(command: CertificateDecline, work: Work[CertificateDecline]) -> Certificate:
    """Decline the next step, for a reason."""
    certificate = await work.get(Certificate, command.certificate_id, field="certificateId")
    await _allow(certificate, work)
    work.reason()
    terms = await _terms_of(certificate, work)
    await _must_be_theirs(command.step, certificate, terms, work)
    certificate.decline(command.step, work.actor.subject, work.actor.people, work.day)
    return certificate


@handlers.decides(CertificateReissue)
async def reissue(command: CertificateReissue, work: Work[CertificateReissue]) -> Certificate:
    """Issue a certificate anew; what it certifies must still be so."""
    certificate = await work.get(Certificate, command.certificate_id, field="certificateId")
    await _allow(certificate, work)
    work.reason()
    mentee, rules = await mentee_of(certificate.enrolment_id, work)
    terms = await _terms_of(certificate, work)
    await _must_have_earned(mentee, rules, terms, work)
    certificate.reissue(terms, work.actor.people, work.day)
    _claim(certificate, work)
    return certificate


@handlers.decides(CertificateRevoke)
async def revoke(command: CertificateRevoke, work: Work[CertificateRevoke]) -> Certificate:
    """Revoke an issued certificate."""
    certificate = await work.get(Certificate, command.certificate_id, field="certificateId")
    await _allow(certificate, work)
    work.reason()
    certificate.revoke(work.day)
    return certificate


async def _allow(certificate: Certificate, work: Work[Any]) -> None:
    await work.allow(
        at=certificate.org_unit_id,
        programme=certificate.programme,
        people=(certificate.mentee,),
    )


async def _terms_of(certificate: Certificate, work: Work[Any]) -> Terms:
    rules = await rules_of(work.facts, certificate.programme_version_id, field="certificateId")
    return _terms(rules, "certificateId")


async def _must_be_theirs(
    step: str, certificate: Certificate, terms: Terms, work: Work[Any]
) -> None:
    """Refuse whoever holds no such grant as the programme asks for the step."""
    by = next((one.by for one in terms.approvals if one.code == step), None)
    if by is None:
        return
    for grant in await work.reaching(certificate.org_unit_id, certificate.programme):
        if grant.role.value == by.role.value and await _is_of(by.level, grant.org_unit_id, work):
            return
    raise NotTheirStep(
        "step", actor=work.actor.subject, role=by.role, level=by.level or "any", step=step
    )


async def _is_of(level: str | None, unit: UUID | None, work: Work[Any]) -> bool:
    if level is None or unit is None:
        return True
    known = await work.facts.find(UNIT_KIND, unit)
    return known is not None and known["kind"] == level


def _terms(rules: Definition, field: str) -> Terms:
    if rules.certificate is None:
        raise NoCertificate(field, programme=rules.programme)
    return rules.certificate


async def _must_have_earned(
    mentee: Mentee, rules: Definition, terms: Terms, work: Work[Any]
) -> None:
    if terms.basis is Basis.COMPLETION:
        if mentee.completed_on is None or mentee.completed_on > work.day:
            raise NotCompleted("enrolmentId", day=work.day)
        return
    framework = await framework_of(mentee, rules, work)
    record = await work.find(CompetencyRecord, record_id(mentee.enrolment_id))
    if record is None or not record.proves_all(framework, work.day):
        raise NotFullyValidated("enrolmentId", day=work.day, area=mentee.area)


def _claim(certificate: Certificate, work: Work[Any]) -> None:
    """Let the number, once there is one, be this certificate's alone."""
    if certificate.number is not None:
        work.claim_identifier(
            "certificate",
            certificate.number,
            field="certificateId",
            what=Phrase("The number {number}", number=certificate.number),
        )
