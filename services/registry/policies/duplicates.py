"""Whoever is registered is compared at once with those who are known already."""

from collections.abc import Iterable

from shared.contracts.registry.health_worker import (
    HealthWorkerCheckDuplicates,
    HealthWorkerRegistered,
)
from shared.projection import Happening
from shared.runtime.policies import Policy, Reaction

DUPLICATES = Policy("duplicates")


@DUPLICATES.on(HealthWorkerRegistered)
def compare(body: HealthWorkerRegistered, _at: Happening) -> Iterable[Reaction]:
    """Have the new record compared."""
    yield Reaction(
        HealthWorkerCheckDuplicates,
        about=body.health_worker_id,
        health_worker_id=body.health_worker_id,
    )
