"""Workshops train and orient whoever was there; what is corrected or voided is taken back.

What there is to take or to take back, the command says; that it is nothing is an ordinary answer.
"""

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.registry.health_worker import (
    HealthWorkerMergedInto,
    HealthWorkerMergeReversed,
    HealthWorkerWeighWorkshops,
)
from shared.contracts.sessions.workshop import (
    OPENING_KINDS,
    WorkshopCorrected,
    WorkshopHeld,
    WorkshopReinstated,
    WorkshopVoided,
)
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

OPENING = Policy("workshops")


@OPENING.on(WorkshopHeld)
def held(body: WorkshopHeld, _happening: Happening) -> Iterable[Reaction]:
    """Weigh what it opens for everybody who was there."""
    if body.workshop_kind in OPENING_KINDS:
        yield from _weigh(one.health_worker_id for one in body.attendance)


@OPENING.on(WorkshopCorrected)
def corrected(body: WorkshopCorrected, _happening: Happening) -> Iterable[Reaction]:
    """Weigh it for who was there, and who was not after all; it may have been of another kind."""
    yield from _weigh(one.health_worker_id for one in body.attendance)
    yield from _weigh(body.no_more)


@OPENING.on(WorkshopVoided)
def voided(body: WorkshopVoided, _happening: Happening) -> Iterable[Reaction]:
    """Take back what it opened for those who were said to be there."""
    yield from _weigh(body.people)


@OPENING.on(WorkshopReinstated)
def reinstated(body: WorkshopReinstated, _happening: Happening) -> Iterable[Reaction]:
    """Weigh again what it opens for everybody who was there."""
    yield from _weigh(body.people)


@OPENING.on(HealthWorkerMergedInto)
def merged(body: HealthWorkerMergedInto, _happening: Happening) -> Iterable[Reaction]:
    """Weigh what the two records were at, which are one person's."""
    yield from _weigh([body.into_id])


@OPENING.on(HealthWorkerMergeReversed)
def parted(body: HealthWorkerMergeReversed, _happening: Happening) -> Iterable[Reaction]:
    """Weigh what each of the two was at."""
    yield from _weigh([body.health_worker_id, body.from_id])


def _weigh(people: Iterable[UUID]) -> Iterable[Reaction]:
    for person in people:
        yield Reaction(
            HealthWorkerWeighWorkshops,
            about=person,
            health_worker_id=person,
            reason="A workshop was told, corrected, voided or reinstated.",
        )
