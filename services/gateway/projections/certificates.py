"""Certificates, from recommendation over the approvals to their number; and revoked ones.

Who approved stands in the audit trail: a certificate shows which steps were passed, and when.
"""

from collections.abc import Iterator
from typing import Any

from services.gateway.projections.columns import (
    DATE,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.validation.certificate import (
    CertificateApproved,
    CertificateDeclined,
    CertificateDoubted,
    CertificateDoubtEnded,
    CertificateIssued,
    CertificateRecommended,
    CertificateReissued,
    CertificateRevoked,
)
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

CERTIFICATE = Table(
    name="certificate",
    version=3,
    key=("id",),
    columns={
        "id": ID,
        "mentee_id": ID,
        "health_worker_id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "area": TEXT,
        "org_unit_id": ID,
        "name": TEXT,
        "steps": TEXTS,
        "awaited": INTEGER,
        "status": TEXT,
        "number": maybe(TEXT),
        "recommended_on": DATE,
        "issued_on": maybe(DATE),
        "revoked_on": maybe(DATE),
        "supersedes": maybe(TEXT),
        "declined_on": maybe(DATE),
        "declined_step": maybe(TEXT),
        "in_doubt_since": maybe(DATE),
        "doubt": maybe(TEXT),
        "doubt_because": maybe(TEXT),
        **RECORD,
    },
    indexes=(
        ("number",),
        ("mentee_id", "recommended_on", "id"),
        ("recommended_on", "id"),
        ("programme", "recommended_on", "id"),
        ("org_unit_id", "recommended_on", "id"),
        ("status", "recommended_on", "id"),
        ("in_doubt_since", "id"),
    ),
)
"""`status` is RECOMMENDED, DECLINED, ISSUED or REVOKED; so many of the `steps` are `awaited`. Where
it is in doubt, `doubt` is VALIDATION_REVOKED, VALIDATION_LAPSED or COMPLETION_REOPENED, and
`doubt_because` the competency, or the area."""

CERTIFICATE_APPROVAL = Table(
    name="certificate_approval",
    version=1,
    key=("certificate_id", "step"),
    columns={"certificate_id": ID, "step": TEXT, "approved_on": DATE},
)

SUPERSEDED_NUMBER = Table(
    name="superseded_number",
    version=1,
    key=("number",),
    columns={"number": TEXT, "certificate_id": ID, "superseded_by": TEXT, "superseded_on": DATE},
)
"""A number that a certificate was known by, before it was issued anew."""

NO_DOUBT = {"in_doubt_since": None, "doubt": None, "doubt_because": None}

CERTIFICATES = Projection("certificates", CERTIFICATE, CERTIFICATE_APPROVAL, SUPERSEDED_NUMBER)


@CERTIFICATES.on(CertificateRecommended)
def recommended(event: CertificateRecommended, happening: Happening) -> Iterator[Change]:
    """Show what awaits approval."""
    yield Upsert(
        CERTIFICATE,
        (happening.stream,),
        {
            "mentee_id": event.enrolment_id,
            "health_worker_id": event.health_worker_id,
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "area": event.area,
            "org_unit_id": event.org_unit_id,
            "name": event.name,
            "steps": event.steps,
            "awaited": len(event.steps),
            "status": "RECOMMENDED",
            "recommended_on": event.recommended_on,
            "declined_on": None,
            "declined_step": None,
            **record(happening),
        },
    )
    for step in event.steps:  # recommended anew, every step is taken again
        yield Delete(CERTIFICATE_APPROVAL, (happening.stream, step))


@CERTIFICATES.on(CertificateApproved)
def approved(event: CertificateApproved, happening: Happening) -> Iterator[Change]:
    """Show that a step was passed."""
    yield Upsert(
        CERTIFICATE_APPROVAL, (happening.stream, event.step), {"approved_on": event.approved_on}
    )
    yield _certificate(happening, awaited=event.awaited)


@CERTIFICATES.on(CertificateIssued)
def issued(event: CertificateIssued, happening: Happening) -> Iterator[Change]:
    """Show the number that it is known by."""
    yield _certificate(happening, status="ISSUED", number=event.number, issued_on=event.issued_on)


@CERTIFICATES.on(CertificateDeclined)
def declined(event: CertificateDeclined, happening: Happening) -> Iterator[Change]:
    """Show that a step was not approved."""
    yield _certificate(
        happening,
        status="DECLINED",
        declined_on=event.declined_on,
        declined_step=event.step,
    )


@CERTIFICATES.on(CertificateReissued)
def reissued(event: CertificateReissued, happening: Happening) -> Iterator[Change]:
    """Show the number that it is known by now, and keep the one before."""
    yield _certificate(
        happening,
        status="ISSUED",
        number=event.number,
        supersedes=event.supersedes,
        issued_on=event.issued_on,
        revoked_on=None,
    )
    yield Upsert(
        SUPERSEDED_NUMBER,
        (event.supersedes,),
        {
            "certificate_id": happening.stream,
            "superseded_by": event.number,
            "superseded_on": event.issued_on,
        },
    )


@CERTIFICATES.on(CertificateRevoked)
def revoked(event: CertificateRevoked, happening: Happening) -> Iterator[Change]:
    """Show that it holds no more; nothing is left to decide."""
    yield _certificate(happening, status="REVOKED", revoked_on=event.revoked_on, **NO_DOUBT)


@CERTIFICATES.on(CertificateDoubted)
def doubted(event: CertificateDoubted, happening: Happening) -> Iterator[Change]:
    """Show that its ground is gone, since when and why."""
    yield _certificate(
        happening,
        in_doubt_since=event.doubted_on,
        doubt=event.doubt.value,
        doubt_because=event.because,
    )


@CERTIFICATES.on(CertificateDoubtEnded)
def doubt_ended(_event: CertificateDoubtEnded, happening: Happening) -> Iterator[Change]:
    """Show that it was proved anew."""
    yield _certificate(happening, **NO_DOUBT)


def _certificate(happening: Happening, **values: Any) -> Patch:
    return Patch(CERTIFICATE, (happening.stream,), {**values, **record(happening)})
