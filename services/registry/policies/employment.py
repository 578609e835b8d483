"""Whoever goes on leave, leaves the service, comes back, or did none of it after all: what they
have in programmes follows. What that is, the command says; nothing is an ordinary answer.
"""

from collections.abc import Iterable

from shared.contracts.registry.employment import (
    HealthWorkerEmploymentTold,
    HealthWorkerWeighEmployment,
)
from shared.domain import derived_id
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

EMPLOYMENT = Policy("employment")


@EMPLOYMENT.on(HealthWorkerEmploymentTold)
def told(body: HealthWorkerEmploymentTold, _happening: Happening) -> Iterable[Reaction]:
    """Bring all they have in line with it."""
    yield Reaction(
        HealthWorkerWeighEmployment,
        about=derived_id("employment", body.health_worker_id),
        health_worker_id=body.health_worker_id,
        reason="Their employment was told, or corrected.",
    )
