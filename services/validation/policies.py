"""What validation does of itself: who has what a certificate certifies is recommended for it.

It recommends whenever something was reached that a certificate can rest on. Where the programme
gives none, or certifies something else, the recommendation is refused, and that is that.
"""

from collections.abc import Iterable

from shared.contracts.registry.enrolment import MenteeCompleted
from shared.contracts.validation.certificate import CertificateRecommend
from shared.contracts.validation.competency_record import MenteeFullyValidated
from shared.projection import Happening
from shared.runtime.policies import Policy, Reaction

CERTIFICATES = Policy("certificates")


@CERTIFICATES.on(MenteeCompleted)
def completed(_body: MenteeCompleted, at: Happening) -> Iterable[Reaction]:
    """Recommend who completed the programme."""
    yield Reaction(CertificateRecommend, about=at.stream, enrolment_id=at.stream)


@CERTIFICATES.on(MenteeFullyValidated)
def fully_validated(body: MenteeFullyValidated, _at: Happening) -> Iterable[Reaction]:
    """Recommend who is validated on everything."""
    yield Reaction(CertificateRecommend, about=body.enrolment_id, enrolment_id=body.enrolment_id)
