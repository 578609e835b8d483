"""Whoever is registered is compared at once with those who are known already; and again, when they
have another phone or more numbers.
"""

from collections.abc import Iterable

from shared.contracts.registry.health_worker import (
    HealthWorkerCheckDuplicates,
    HealthWorkerDetailsUpdated,
    HealthWorkerRegistered,
)
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

DUPLICATES = Policy("duplicates")


@DUPLICATES.on(HealthWorkerRegistered)
def compare(body: HealthWorkerRegistered, _at: Happening) -> Iterable[Reaction]:
    """Have the new record compared."""
    yield Reaction(
        HealthWorkerCheckDuplicates,
        about=body.health_worker_id,
        health_worker_id=body.health_worker_id,
    )


@DUPLICATES.on(HealthWorkerDetailsUpdated)
def compare_again(body: HealthWorkerDetailsUpdated, _at: Happening) -> Iterable[Reaction]:
    """Have the record compared by what is new of it."""
    if body.phone is not None or body.identifiers:
        yield Reaction(
            HealthWorkerCheckDuplicates,
            about=body.health_worker_id,
            health_worker_id=body.health_worker_id,
        )
