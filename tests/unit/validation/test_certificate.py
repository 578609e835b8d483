"""Certificates: recommended once, approved in order by different people, issued, revoked."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.validation.aggregates.certificate import (
    AlreadyRecommended,
    ApprovalGiven,
    ApprovalNotDue,
    ApprovalUnknown,
    ApproverIsMentee,
    ApproverRepeated,
    BeforeLastStep,
    Certificate,
    NoLongerCertified,
    NotIssued,
    certificate_id,
)
from services.validation.aggregates.mentee import Mentee
from shared.contracts.definition.assessment import ApprovalStep, Basis
from shared.contracts.definition.assessment import Certificate as Terms
from shared.contracts.validation.certificate import (
    CertificateApproved,
    CertificateIssued,
    CertificateRecommended,
    CertificateRevoked,
)
from shared.deciding.repository import open_snapshot, take_snapshot
from shared.domain.errors import Refusal
from tests.support.records import TODAY, mentee, told

YESTERDAY = TODAY - timedelta(days=1)


def terms(*steps: str) -> Terms:
    return Terms(
        name="Certificate of competency",
        prefix="TEST",
        basis=Basis.VALIDATION,
        approvals=tuple(ApprovalStep(code=step, name=step) for step in steps),
    )


TWO = terms("district", "ministry")


def approve(
    certificate: Certificate,
    step: str,
    by: str,
    *,
    who: Mentee | None = None,
    on: date = TODAY,
    under: Terms = TWO,
) -> None:
    people = frozenset() if who is None else frozenset({who.health_worker_id})
    certificate.approve(step, by, people, under, on)


def test_the_last_approval_issues_it_under_its_number() -> None:
    certificate = Certificate.recommended(mentee(), TWO, YESTERDAY)
    approve(certificate, "district", "amina")
    assert not told(certificate, CertificateIssued)
    approve(certificate, "ministry", "juma")
    assert [e.awaited for e in told(certificate, CertificateApproved)] == [1, 0]
    (issued,) = told(certificate, CertificateIssued)
    assert issued.number.startswith("TEST-2018-")
    assert (issued.number, issued.issued_on) == (certificate.number, TODAY)


def test_where_nobody_must_approve_it_is_issued_at_once() -> None:
    certificate = Certificate.recommended(mentee(), terms(), TODAY)
    assert [type(body) for body in certificate.recorded] == [
        CertificateRecommended,
        CertificateIssued,
    ]


def test_the_steps_are_approved_in_their_order_each_once() -> None:
    certificate = Certificate.recommended(mentee(), TWO, TODAY)
    with pytest.raises(ApprovalNotDue):
        approve(certificate, "ministry", "juma")
    with pytest.raises(ApprovalUnknown):
        approve(certificate, "palace", "juma")
    approve(certificate, "district", "amina")
    with pytest.raises(ApprovalGiven):
        approve(certificate, "district", "juma")


def test_nobody_approves_two_steps() -> None:
    certificate = Certificate.recommended(mentee(), TWO, TODAY)
    approve(certificate, "district", "amina")
    with pytest.raises(ApproverRepeated):
        approve(certificate, "ministry", "amina")
    assert certificate.number is None


def test_nobody_approves_their_own() -> None:
    about = mentee()
    certificate = Certificate.recommended(about, TWO, TODAY)
    with pytest.raises(ApproverIsMentee):
        approve(certificate, "district", "amina", who=about)


def test_an_approval_is_not_older_than_what_it_follows() -> None:
    certificate = Certificate.recommended(mentee(), TWO, TODAY)
    with pytest.raises(BeforeLastStep):
        approve(certificate, "district", "amina", on=YESTERDAY)


def test_a_mentee_is_recommended_once() -> None:
    about = mentee()
    certificate = Certificate.recommended(about, TWO, TODAY)
    assert (certificate.id, certificate.key) == (
        certificate_id(about.enrolment_id),
        about.health_worker_id,
    )
    with pytest.raises(AlreadyRecommended):
        certificate.must_be_new()


def test_only_an_issued_certificate_is_revoked_and_stays_so() -> None:
    certificate = Certificate.recommended(mentee(), TWO, TODAY)
    with pytest.raises(NotIssued):
        certificate.revoke(TODAY)
    approve(certificate, "district", "amina")
    approve(certificate, "ministry", "juma")
    with pytest.raises(BeforeLastStep):
        certificate.revoke(YESTERDAY)
    certificate.revoke(TODAY)
    assert len(told(certificate, CertificateRevoked)) == 1
    with pytest.raises(NoLongerCertified):
        certificate.revoke(TODAY)
    with pytest.raises(NoLongerCertified):
        certificate.must_be_new()
    with pytest.raises(NoLongerCertified):
        approve(certificate, "ministry", "zawadi")


STEPS = ("one", "two", "three")
approvals = st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from("abcd")), max_size=12)


@given(approvals)
def test_no_certificate_is_issued_with_two_approvals_of_one_person(tried: list[Any]) -> None:
    under = terms(*STEPS)
    certificate = Certificate.recommended(mentee(), under, TODAY)
    for step, by in tried:
        try:
            approve(certificate, step, by, under=under)
        except Refusal:
            continue
    given = told(certificate, CertificateApproved)
    assert len({body.approver for body in given}) == len(given)
    assert [body.step for body in given] == list(STEPS[: len(given)])
    assert bool(told(certificate, CertificateIssued)) == (len(given) == len(STEPS))
    again = open_snapshot(Certificate, take_snapshot(certificate))
    assert again is not None
    assert (again.approved, again.number) == (certificate.approved, certificate.number)
