"""Erasure: a person's personal data is asked to be erased, by which law, and somebody else agrees.

What is erased is the key that their personal data is sealed with, in every service; what happened
stays, without their name. Who asked and who agreed are two people.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Command, Event, HealthWorkerId, asked, happened


class LegalBasis(StrEnum):
    """By which right somebody's personal data is erased.

    RIGHT_TO_ERASURE: they asked for it (GDPR, article 17; Kenya's Data Protection Act 2019,
    section 40; South Africa's POPIA, section 24). CONSENT_WITHDRAWN: it was held by consent alone.
    UNLAWFULLY_HELD: it should never have been recorded. RETENTION_ENDED: the time is over that it
    may be kept for. COURT_ORDER: a court, or the authority for data protection, ordered it.
    """

    RIGHT_TO_ERASURE = "RIGHT_TO_ERASURE"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    UNLAWFULLY_HELD = "UNLAWFULLY_HELD"
    RETENTION_ENDED = "RETENTION_ENDED"
    COURT_ORDER = "COURT_ORDER"


Reference = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        description="The law's section, and the file's number. It outlives the erasure: name "
        "nobody in it.",
    ),
]


@happened("registry.health_worker.erasure_requested", subject="health_worker_id")
class ErasureRequested(Event, kw_only=True):
    """Somebody asks that a person's data be erased; `asked_by` is the subject of their token."""

    health_worker_id: HealthWorkerId
    basis: LegalBasis
    reference: Reference
    asked_by: str


@happened("registry.health_worker.erasure_declined", subject="health_worker_id")
class ErasureDeclined(Event, kw_only=True):
    """Their data is not erased for what was asked; the reason says why."""

    health_worker_id: HealthWorkerId
    declined_by: str


@happened("registry.health_worker.erased", subject="health_worker_id")
class HealthWorkerErased(Event, kw_only=True):
    """Somebody else agreed: what is personal of this record is erased, in all services.

    It is recorded of each record of the person; `under` is the one that stands for them, where
    this is another name of theirs.
    """

    health_worker_id: HealthWorkerId
    basis: LegalBasis
    reference: Reference
    asked_by: str
    approved_by: str
    under: HealthWorkerId | None = None


@happened("registry.health_worker.legal_hold_placed", subject="health_worker_id")
class LegalHoldPlaced(Event, kw_only=True):
    """A person's data must be kept, for a case that is open: it is not erased meanwhile."""

    health_worker_id: HealthWorkerId
    reference: Reference


@happened("registry.health_worker.legal_hold_lifted", subject="health_worker_id")
class LegalHoldLifted(Event, kw_only=True):
    """The case is closed that a person's data was kept for."""

    health_worker_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerRequestErasure(Command, kw_only=True):
    """Ask that all that is personal of somebody be erased for good; `reason` says why.

    Nothing is erased before somebody else agrees, with `healthWorkerErase`.
    """

    health_worker_id: HealthWorkerId
    basis: LegalBasis
    reference: Reference


@asked("registry", "HealthWorker", by="administrator")
class HealthWorkerErase(Command, kw_only=True):
    """Agree that all that is personal of somebody is erased for good, under all of their names.

    Whoever agrees has not asked for it. It cannot be undone. What happened stays, without their
    name; they stay in every count, and every proof still holds.
    """

    health_worker_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator")
class HealthWorkerDeclineErasure(Command, kw_only=True):
    """Decline to erase somebody's data; `reason` says why."""

    health_worker_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator")
class HealthWorkerPlaceLegalHold(Command, kw_only=True):
    """Keep somebody's data for a case that is open: it is not erased before the hold is lifted."""

    health_worker_id: HealthWorkerId
    reference: Reference


@asked("registry", "HealthWorker", by="administrator")
class HealthWorkerLiftLegalHold(Command, kw_only=True):
    """Lift a hold; `reason` says why."""

    health_worker_id: HealthWorkerId
