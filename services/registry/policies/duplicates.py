"""Whoever is registered is compared at once with those who are known already; and again, when they
have another name, phone or year of birth, other numbers or more of them, or a licence.
"""

from collections.abc import Iterable

from shared.contracts.base import Event
from shared.contracts.registry.health_worker import (
    HealthWorkerCheckDuplicates,
    HealthWorkerDetailsUpdated,
    HealthWorkerIdentifiersCorrected,
    HealthWorkerRegistered,
    HealthWorkerRenamed,
)
from shared.contracts.registry.licence import LicenceCorrected, LicenceRenewed, LicenceTold
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


@DUPLICATES.on(HealthWorkerRenamed)
def compare_by_name(_body: HealthWorkerRenamed, at: Happening) -> Iterable[Reaction]:
    """Have the record compared by what they are called now."""
    yield Reaction(HealthWorkerCheckDuplicates, about=at.stream, health_worker_id=at.stream)


@DUPLICATES.on(HealthWorkerIdentifiersCorrected, LicenceTold, LicenceRenewed, LicenceCorrected)
def compare_by_number(_body: Event, at: Happening) -> Iterable[Reaction]:
    """Have the record compared by its numbers, as they are said now."""
    yield Reaction(HealthWorkerCheckDuplicates, about=at.stream, health_worker_id=at.stream)


@DUPLICATES.on(HealthWorkerDetailsUpdated)
def compare_again(body: HealthWorkerDetailsUpdated, _at: Happening) -> Iterable[Reaction]:
    """Have the record compared by what is new of it."""
    if body.phone is not None or body.birth_year is not None or body.identifiers:
        yield Reaction(
            HealthWorkerCheckDuplicates,
            about=body.health_worker_id,
            health_worker_id=body.health_worker_id,
        )
