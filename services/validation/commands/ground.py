"""The ground of a certificate: looked at again whenever the validations it rests on change."""

from typing import Any

from services.validation.aggregates.certificate import Certificate, certificate_id
from services.validation.aggregates.competency_record import CompetencyRecord
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from shared.contracts.definition import Definition
from shared.contracts.definition.assessment import Basis
from shared.contracts.validation.certificate import Doubt
from shared.contracts.validation.competency_record import (
    CompetencyLapsed,
    CompetencyRevoked,
    CompetencyValidated,
)
from shared.deciding.work import Work
from shared.programmes.known import rules_of


async def weigh_ground(
    mentee: Mentee, record: CompetencyRecord, framework: Framework, work: Work[Any]
) -> Certificate | None:
    """Put the mentee's certificate in doubt, or end its doubt, in the same transaction.

    It rests on every validation, or, where completion is certified, on that, and on as many as the
    end rule asks. A programme that counts none has no such ground. What was validated or ended in
    this command is what the record has recorded and nobody collected yet. The certificate is
    returned if it was looked at.
    """
    changes = [
        event
        for event in record.recorded
        if isinstance(event, CompetencyRevoked | CompetencyLapsed | CompetencyValidated)
    ]
    if not changes:
        return None
    certificate = await work.find(Certificate, certificate_id(mentee.enrolment_id))
    if certificate is None:
        return None
    rules = await rules_of(work.facts, certificate.programme_version_id, field="enrolmentId")
    if holds(mentee, record, framework, rules):
        certificate.trust(work.day)
        return certificate
    for event in changes:
        if event.competency in record.proofs:
            continue
        if isinstance(event, CompetencyRevoked):
            certificate.doubt(Doubt.VALIDATION_REVOKED, event.competency, event.revoked_on)
        elif isinstance(event, CompetencyLapsed):
            certificate.doubt(Doubt.VALIDATION_LAPSED, event.competency, event.lapsed_on)
    return certificate


def holds(
    mentee: Mentee,
    record: CompetencyRecord | None,
    framework: Framework | None,
    rules: Definition,
) -> bool:
    """Say whether all that a certificate rests on is so."""
    validated, competencies = 0, 0
    if record is not None and framework is not None:
        validated, competencies = len(record.proved(framework)), len(framework.competencies)
    if not certifies_completion(rules):
        return validated == competencies
    asked = None if rules.end is None else rules.end.validated
    enough = asked is None or validated >= (competencies if asked == "all" else asked)
    return enough and mentee.completed_on is not None


def certifies_completion(rules: Definition) -> bool:
    """Say whether what the programme certifies is that somebody came to its end."""
    return rules.certificate is not None and rules.certificate.basis is Basis.COMPLETION
