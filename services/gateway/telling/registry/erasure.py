"""What is told of a person's data erased, and of what holds that up."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.erasure import (
    ErasureDeclined,
    ErasureRequested,
    HealthWorkerErased,
    LegalHoldLifted,
    LegalHoldPlaced,
)

tells(
    ErasureRequested,
    Words("{asked_by} asked for {health_worker_id} to be erased: {basis}, {reference}."),
)
tells(ErasureDeclined, Words("{declined_by} declined to erase {health_worker_id}."))
tells(
    HealthWorkerErased,
    Words(
        "{health_worker_id} was erased: asked by {asked_by}, agreed by {approved_by}, {basis}, "
        "{reference}."
    ),
)
tells(
    LegalHoldPlaced,
    Words("What is held on {health_worker_id} may not be erased for now: {reference}."),
)
tells(LegalHoldLifted, Words("What is held on {health_worker_id} may be erased again."))
