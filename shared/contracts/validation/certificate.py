"""Certificates: recommended, approved step by step by different people, issued under a number that
anybody can look up, and revoked if they must be.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import (
    CertificateId,
    Code,
    Command,
    EnrolmentId,
    Event,
    Text,
    asked,
    happened,
)
from shared.contracts.validation.competency_record import AboutMentee


@happened("validation.certificate.recommended", subject="health_worker_id")
class CertificateRecommended(AboutMentee, kw_only=True):
    """The mentee has what the certificate certifies; `steps` are the approvals it awaits."""

    name: Text
    steps: tuple[Code, ...]
    recommended_on: date


@happened("validation.certificate.approved")
class CertificateApproved(Event, kw_only=True):
    """One step approved; `approver` is the token subject, another one at every step."""

    step: Code
    approver: str
    approved_on: date
    awaited: Annotated[int, Meta(ge=0)]


@happened("validation.certificate.issued")
class CertificateIssued(Event, kw_only=True):
    """It holds, under its number."""

    number: Code
    issued_on: date


@happened("validation.certificate.revoked")
class CertificateRevoked(Event, kw_only=True):
    """It holds no more; the event's reason says why."""

    revoked_on: date


@asked("validation", "Certificate", by="coordinator policy")
class CertificateRecommend(Command, kw_only=True):
    """Recommend a mentee for the certificate of their programme."""

    enrolment_id: EnrolmentId


@asked("validation", "Certificate", by="administrator coordinator")
class CertificateApprove(Command, kw_only=True):
    """Approve the next step of a certificate; the last approval issues it."""

    certificate_id: CertificateId
    step: Code


@asked("validation", "Certificate", by="administrator")
class CertificateRevoke(Command, kw_only=True):
    """Revoke an issued certificate; `reason` says why."""

    certificate_id: CertificateId
