"""What validation does of itself: who has what a certificate certifies is recommended for it, whose
completion is reopened has it in doubt, what was recognised falls with what it rests on and stands
again with it, what was proved under two names of one person is added up, and what has come to its
last day lapses.

It recommends whenever something was reached that a certificate can rest on. Where the programme
gives none, or certifies something else, the recommendation is refused, and that is that.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.validation.views.validity import VALID_UNTIL
from shared.contracts.base import Event
from shared.contracts.registry.enrolment import (
    CompletionReopened,
    EnrolmentRestored,
    EnrolmentSetAside,
    MenteeCompleted,
)
from shared.contracts.registry.erasure import HealthWorkerErased
from shared.contracts.validation.certificate import CertificateRecommend, CertificateWeigh
from shared.contracts.validation.competency_correction import (
    AttemptCorrected,
    AttemptCountersigned,
    AttemptReinstated,
    CompetencyAddUp,
    CompetencyRecognitionWeigh,
    RecognitionWeighed,
)
from shared.contracts.validation.competency_record import (
    AttemptJudged,
    CompetencyLapse,
    CompetencyRevoked,
    MenteeFullyValidated,
)
from shared.contracts.validation.keys import ValidationDestroyKeys
from shared.deciding.facts import Facts
from shared.domain import derived_id
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

CERTIFICATES = Policy("certificates")
FORGETTING = Policy("forgetting")
LAPSES = Policy("lapses")
RECOGNISED_ELSEWHERE = Policy("recognitions")
ADDING_UP = Policy("adding-up")


@LAPSES.daily
async def last_days(facts: Facts, today: date) -> list[Reaction]:
    """Let what held until yesterday, or before, lapse."""
    return [
        Reaction(
            CompetencyLapse,
            about=derived_id("validity", row["enrolment_id"], row["competency"]),
            enrolment_id=row["enrolment_id"],
            competency=row["competency"],
        )
        for row in await facts.rows_before(VALID_UNTIL, "valid_until", today)
    ]


@CERTIFICATES.on(MenteeCompleted)
def completed(body: MenteeCompleted, at: Happening) -> Iterable[Reaction]:
    """Recommend who completed the programme, on the day they did, whichever form told of it."""
    yield Reaction(
        CertificateRecommend,
        about=at.stream,
        occurred_on=body.completed_on,
        enrolment_id=at.stream,
    )


@CERTIFICATES.on(MenteeCompleted, CompletionReopened)
def came_to_the_end_or_not(_body: Event, at: Happening) -> Iterable[Reaction]:
    """Look again at the certificate of whoever came to the end before."""
    about = derived_id("ground", at.stream)
    yield Reaction(CertificateWeigh, about=about, enrolment_id=at.stream)


@CERTIFICATES.on(MenteeFullyValidated)
def fully_validated(body: MenteeFullyValidated, _at: Happening) -> Iterable[Reaction]:
    """Recommend who is validated on everything, on the day they were, whenever it is told."""
    yield Reaction(
        CertificateRecommend,
        about=body.enrolment_id,
        occurred_on=body.validated_on,
        enrolment_id=body.enrolment_id,
    )


@ADDING_UP.on(EnrolmentSetAside, EnrolmentRestored)
def merged_or_parted(_body: Event, at: Happening) -> Iterable[Reaction]:
    """Let what was proved under both names count for the person, or part it again."""
    yield _add_up(at.stream)


@ADDING_UP.on(AttemptCorrected, AttemptReinstated, AttemptCountersigned)
def proved_after_all(body: Any, _at: Happening) -> Iterable[Reaction]:
    """Look again at what counts under another name, where this one rests."""
    yield _add_up(body.enrolment_id)


def _add_up(enrolment_id: UUID) -> Reaction:
    about = derived_id("added up", enrolment_id)
    return Reaction(CompetencyAddUp, about=about, enrolment_id=enrolment_id)


@RECOGNISED_ELSEWHERE.on(
    CompetencyRevoked,
    AttemptCorrected,
    AttemptReinstated,
    AttemptCountersigned,
    AttemptJudged,
    RecognitionWeighed,
)
def proved_or_not(body: Any, _at: Happening) -> Iterable[Reaction]:
    """Look again at what was recognised of it in other enrolments."""
    yield Reaction(
        CompetencyRecognitionWeigh,
        about=derived_id("recognised", body.enrolment_id, body.competency),
        enrolment_id=body.enrolment_id,
        competency=body.competency,
    )


@FORGETTING.on(HealthWorkerErased)
def destroy(body: HealthWorkerErased, _at: Happening) -> Iterable[Reaction]:
    """Have the keys of who is erased destroyed here."""
    person = body.health_worker_id
    yield Reaction(ValidationDestroyKeys, about=person, health_worker_id=person)
