"""What falls with a correction, by name: told to whoever tries it, before it is recorded."""

from typing import Any

from services.validation.aggregates.certificate import Certificate
from services.validation.aggregates.competency_record import CompetencyRecord
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from services.validation.views.recognitions import recognised_of
from shared.contracts.validation.certificate import CertificateDoubted
from shared.contracts.validation.competency_record import (
    CompetencyRevoked,
    RightToMentorLost,
)
from shared.deciding.work import Work
from shared.domain.errors import Consequence


class ValidationFalls(Consequence):
    """What the correction takes the ground from."""

    code = "VALIDATION_FALLS"
    template = "The validation on {competency} counts no more."
    remedy_template = "Assess {competency} anew if it was proved all the same."


class JudgedAgain(Consequence):
    """Whose attempts are held against another day than they were told by; what falls follows."""

    code = "JUDGED_AGAIN"
    template = "What the mentee {mentee} was assessed at in the facility is judged again."
    remedy_template = "Look at what is told to fall with it."


class RightFalls(Consequence):
    """A right that rests on a validation that falls."""

    code = "RIGHT_TO_MENTOR_FALLS"
    template = "The right to mentor in {tier}, in the area {area}, is lost."
    remedy_template = "It is earned again with the validations that it asks for."


class CertificateFalls(Consequence):
    """A certificate whose ground is gone: somebody decides on it."""

    code = "CERTIFICATE_FALLS_IN_DOUBT"
    template = "The certificate {number} comes into doubt because of {competency}."
    remedy_template = "Revoke it with `certificateRevoke`, or prove {competency} anew."


class CompletionFalls(Consequence):
    """A completion that was reached by validations, or by indicators scored twice."""

    code = "COMPLETION_FALLS"
    template = "The completion of {completed_on} rests on {competency}, which counts no more."
    remedy_template = "The enrolment is reopened; it is completed again when its end is reached."


class RecognitionFalls(Consequence):
    """What was recognised in another enrolment, and is not proved in this one any more."""

    code = "RECOGNITION_FALLS"
    template = (
        "In the enrolment {mentee}, {competency} is not proved any more by what was proved here."
    )
    remedy_template = "Assess it there if it was proved all the same."


async def tell_what_falls(
    mentee: Mentee,
    record: CompetencyRecord,
    framework: Framework,
    certificate: Certificate | None,
    work: Work[Any],
) -> None:
    """Name the validations, rights and certificates that fall by what was recorded just now, the
    completion, and what was recognised elsewhere.
    """
    fallen = [
        event.competency
        for event in record.recorded
        if isinstance(event, CompetencyRevoked) and event.competency not in record.proofs
    ]
    for competency in dict.fromkeys(fallen):
        work.tell(ValidationFalls("competency", competency=competency))
    _tell_of_completion(mentee, record, framework, work)
    for event in record.recorded:
        if isinstance(event, RightToMentorLost) and (event.tier, event.tier_area) not in (
            record.rights
        ):
            work.tell(RightFalls("competency", tier=event.tier, area=event.tier_area))
    for ended in dict.fromkeys(fallen):
        for row in await recognised_of(mentee.enrolment_id, ended, work):
            if record.proof_on(ended, row["recognised_on"]) is None:
                work.tell(
                    RecognitionFalls(
                        "competency", mentee=row["enrolment_id"], competency=row["competency"]
                    )
                )
    for doubt in () if certificate is None else certificate.recorded:
        if isinstance(doubt, CertificateDoubted):
            assert certificate is not None
            number = certificate.number or certificate.id
            work.tell(CertificateFalls("competency", number=number, competency=doubt.because))


def _tell_of_completion(
    mentee: Mentee, record: CompetencyRecord, framework: Framework, work: Work[Any]
) -> None:
    """Name the completion, if by its day there were not as many validations as its end asks."""
    day = mentee.completed_on
    if day is None:
        return
    ended = (event.competency for event in record.recorded if isinstance(event, CompetencyRevoked))
    because = next((one for one in ended if record.proof_on(one, day) is None), None)
    if because is None:
        return
    validated = sum(record.proof_on(one.code, day) is not None for one in framework.competencies)
    if (
        mentee.end
        and mentee.end.validated
        and not mentee.ends_with(validated, len(framework.competencies))
    ):
        tell_of_completion(mentee, because, None, work)


def tell_of_completion(
    mentee: Mentee, because: str, certificate: Certificate | None, work: Work[Any]
) -> None:
    """Name a completion that rests on what counts no more, if they have completed, and the
    certificate of it.
    """
    if mentee.completed_on is None:
        return
    work.tell(CompletionFalls("enrolmentId", completed_on=mentee.completed_on, competency=because))
    if certificate is not None and certificate.revoked_on is None:
        number = certificate.number or certificate.id
        work.tell(CertificateFalls("enrolmentId", number=number, competency=because))
