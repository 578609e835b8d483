"""Recognition: what was proved in another enrolment counts here like an attempt, for as long as it
is proved there.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.proof import Attempt, Proof
from shared.contracts.definition import Competency
from shared.contracts.validation.competency_correction import (
    CompetencyRecognised,
    RecognitionWeighed,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What was proved in another enrolment, what was seen of it, and who recognises it.

    Attributes:
        added_up: it was proved under another name of the person.
    """

    enrolment_id: UUID
    framework: str
    competency: str
    proof: Proof
    evidence: str | None
    approver: str
    added_up: bool = False

    def recognised(
        self,
        mentee: Mentee,
        framework: Framework,
        competency: Competency,
        number: int,
        on: date,
    ) -> CompetencyRecognised:
        """Return what is to be said of it here, as the attempt of that number."""
        return CompetencyRecognised(
            **mentee.circumstances(),
            competency=competency.code,
            competency_name=competency.name,
            framework=framework.code,
            framework_version=framework.framework_version,
            attempt=number,
            from_enrolment_id=self.enrolment_id,
            from_framework=self.framework,
            from_competency=self.competency,
            proved_on=self.proof.on,
            recognised_on=on,
            valid_until=self.proof.until,
            raw=self.proof.raw,
            max=self.proof.max,
            evidence=self.evidence,
            approver=self.approver,
            added_up=self.added_up,
        )


def recognition(event: CompetencyRecognised) -> Attempt:
    """Return what was recognised as it is remembered: an attempt that nobody here assessed."""
    return Attempt(
        number=event.attempt,
        on=event.recognised_on,
        assessor_id=None,
        framework=(event.framework, event.framework_version),
        name=event.competency_name,
        raw=event.raw,
        max=event.max,
        technique=True,
        reached=True,
        until=event.valid_until,
        proved_on=event.proved_on,
        added_from=event.from_enrolment_id if event.added_up else None,
    )


def held_against(one: Attempt, proof: Proof | None) -> Attempt:
    """Return what was recognised as it is by what is proved there now; None: nothing is."""
    if proof is None:
        return replace(one, groundless=True)
    return replace(
        one,
        groundless=False,
        proved_on=proof.on,
        until=proof.until,
        raw=proof.raw,
        max=proof.max,
    )


def weighed_again(
    mentee: Mentee, competency: str, due: Attempt, on: date, *, parted: bool = False
) -> RecognitionWeighed:
    """Return what is to be said of a recognition that is another by now."""
    return RecognitionWeighed(
        **mentee.circumstances(),
        competency=competency,
        attempt=due.number,
        holds=not due.groundless,
        proved_on=due.proved_on or due.on,
        valid_until=due.until,
        raw=due.raw,
        max=due.max,
        weighed_on=on,
        parted=parted,
    )
