"""Certificates: recommended, approved step by step by different people, issued under a number that
anybody can look up, and revoked if they must be. One whose ground is gone is in doubt until
somebody decides, or it is proved anew.
"""

from datetime import date
from enum import StrEnum
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


class Doubt(StrEnum):
    """Why a certificate is in doubt: how a validation that it rests on has ended, or that the
    completion which it certifies was reopened.
    """

    VALIDATION_REVOKED = "VALIDATION_REVOKED"
    VALIDATION_LAPSED = "VALIDATION_LAPSED"
    COMPLETION_REOPENED = "COMPLETION_REOPENED"


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


@happened("validation.certificate.reissued")
class CertificateReissued(Event, kw_only=True):
    """It holds under a new number, in place of the one before; the event's reason says why.

    Attributes:
        supersedes: the number that it was known by, issued or revoked.
    """

    number: Code
    supersedes: Code
    issued_on: date


@happened("validation.certificate.declined")
class CertificateDeclined(Event, kw_only=True):
    """A step was not approved; the event's reason says why. It may be recommended anew."""

    step: Code
    approver: str
    declined_on: date


@happened("validation.certificate.doubted")
class CertificateDoubted(Event, kw_only=True):
    """What it rests on counts no more: whether it is revoked is to be decided.

    Attributes:
        because: the competency whose validation has ended, or the area whose completion was
            reopened.
        doubted_on: the day it counts no more from.
    """

    doubt: Doubt
    because: Code
    doubted_on: date


@happened("validation.certificate.doubt_ended")
class CertificateDoubtEnded(Event, kw_only=True):
    """What it certifies is so again before anybody decided: it is in doubt no more."""

    ended_on: date


@asked("validation", "Certificate", by="coordinator policy")
class CertificateRecommend(Command, kw_only=True):
    """Recommend a mentee for the certificate of their programme."""

    enrolment_id: EnrolmentId


@asked("validation", "Certificate", by="coordinator policy")
class CertificateWeigh(Command, kw_only=True):
    """Look again at what a certificate rests on: a completion was reopened, or stands again."""

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


@asked("validation", "Certificate", by="administrator coordinator")
class CertificateDecline(Command, kw_only=True):
    """Decline the next step of a certificate; `reason` says why. It may be recommended anew."""

    certificate_id: CertificateId
    step: Code


@asked("validation", "Certificate", by="administrator")
class CertificateReissue(Command, kw_only=True):
    """Issue a certificate anew, under a new number that supersedes the one before.

    One that was revoked by mistake, or that says a name that is not theirs any more; `reason` says
    why.
    """

    certificate_id: CertificateId
