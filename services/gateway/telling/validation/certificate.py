"""What is told of certificates."""

from services.gateway.telling.words import Words, tells
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

tells(
    CertificateRecommended,
    Words(
        "{health_worker_id} was recommended for the certificate {name} of {programme}, "
        "on {recommended_on}."
    ),
)
tells(
    CertificateApproved,
    Words(
        "The certificate was approved on {approved_on}, at the step {step}; steps "
        "awaited: {awaited}."
    ),
)
tells(CertificateIssued, Words("The certificate {number} was issued on {issued_on}."))
tells(CertificateRevoked, Words("The certificate was revoked on {revoked_on}."))
tells(
    CertificateReissued,
    Words("The certificate {number} was issued on {issued_on} in place of {supersedes}."),
)
tells(
    CertificateDeclined, Words("The certificate was declined on {declined_on}, at the step {step}.")
)
tells(
    CertificateDoubted,
    Words("What the certificate rests on is in doubt since {doubted_on}: {because}."),
)
tells(
    CertificateDoubtEnded,
    Words("What the certificate rests on is in doubt no more, since {ended_on}."),
)
