"""Whoever goes on leave, leaves the service, comes back, or did none of it after all: what they
have in programmes follows, under all of their names. What that is, the command says; nothing is an
ordinary answer.
"""

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.registry.employment import (
    HealthWorkerEmploymentTold,
    HealthWorkerWeighEmployment,
)
from shared.contracts.registry.health_worker import AliasGivenUp, AliasTaken
from shared.domain import derived_id
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

EMPLOYMENT = Policy("employment")


@EMPLOYMENT.on(HealthWorkerEmploymentTold)
def told(body: HealthWorkerEmploymentTold, _happening: Happening) -> Iterable[Reaction]:
    """Bring all they have in line with it."""
    yield _weigh(body.health_worker_id, "Their employment was told, or corrected.")


@EMPLOYMENT.on(AliasTaken)
def merged(body: AliasTaken, _happening: Happening) -> Iterable[Reaction]:
    """Bring what they have under another name in line with it, too."""
    yield _weigh(body.health_worker_id, "Another record is of the same person.")


@EMPLOYMENT.on(AliasGivenUp)
def parted(body: AliasGivenUp, _happening: Happening) -> Iterable[Reaction]:
    """Let what is another person's not follow it any more, but how that person stands."""
    for person in (body.health_worker_id, body.alias_id):
        yield _weigh(person, "The two records are of two people.")


def _weigh(person: UUID, reason: str) -> Reaction:
    return Reaction(
        HealthWorkerWeighEmployment,
        about=derived_id("employment", person),
        health_worker_id=person,
        reason=reason,
    )
