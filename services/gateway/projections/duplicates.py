"""Pairs of records that may be of one person, until somebody has looked.

A pair stands at the record in whose history the suspicion is. Whichever of the two a merge keeps,
that record's own history tells of it.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from services.gateway.projections.columns import DATE, ID, INTEGER, TEXT, TEXTS, maybe
from shared.contracts.registry.health_worker import (
    AliasGivenUp,
    AliasTaken,
    DuplicateDismissed,
    DuplicateSuspected,
    HealthWorkerMergedInto,
    HealthWorkerMergeReversed,
)
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

SUSPECTED_DUPLICATE = Table(
    name="suspected_duplicate",
    version=1,
    key=("health_worker_id", "other_id"),
    columns={
        "health_worker_id": ID,
        "other_id": ID,
        "grounds": TEXTS,
        "score": INTEGER,
        "state": TEXT,
        "suspected_on": DATE,
        "settled_on": maybe(DATE),
    },
    indexes=(
        ("suspected_on", "health_worker_id", "other_id"),
        ("state", "suspected_on", "health_worker_id", "other_id"),
        ("other_id",),
    ),
)
"""`state` is SUSPECTED, DISMISSED or MERGED; `score` says how alike the two names are."""

ALIAS = Table(
    name="alias",
    version=1,
    key=("alias_id",),
    columns={"alias_id": ID, "into_id": ID},
    indexes=(("into_id",),),
)
"""The records that are another name for a person, and the one that stands for them."""

DUPLICATES = Projection("duplicates", SUSPECTED_DUPLICATE, ALIAS)


@DUPLICATES.on(DuplicateSuspected)
def suspected(event: DuplicateSuspected, happening: Happening) -> Iterator[Change]:
    """Show a pair to look at."""
    yield Upsert(
        SUSPECTED_DUPLICATE,
        (event.health_worker_id, event.other_id),
        {
            "grounds": tuple(ground.value for ground in event.grounds),
            "score": event.score,
            "state": "SUSPECTED",
            "suspected_on": happening.meta.occurred_on,
            "settled_on": None,
        },
    )


@DUPLICATES.on(DuplicateDismissed)
def dismissed(event: DuplicateDismissed, happening: Happening) -> Iterator[Change]:
    """Show that they are two people."""
    yield _settled(event.health_worker_id, event.other_id, "DISMISSED", happening.meta.occurred_on)


@DUPLICATES.on(HealthWorkerMergedInto)
def merged(event: HealthWorkerMergedInto, happening: Happening) -> Iterator[Change]:
    """Show that they are one."""
    yield _settled(event.health_worker_id, event.into_id, "MERGED", happening.meta.occurred_on)
    yield Upsert(ALIAS, (event.health_worker_id,), {"into_id": event.into_id})


@DUPLICATES.on(AliasTaken)
def alias_taken(event: AliasTaken, happening: Happening) -> Iterator[Change]:
    """Show that they are one, where the suspicion was of the record that stays."""
    yield _settled(event.health_worker_id, event.alias_id, "MERGED", happening.meta.occurred_on)


@DUPLICATES.on(HealthWorkerMergeReversed)
def merge_reversed(event: HealthWorkerMergeReversed, happening: Happening) -> Iterator[Change]:
    """Show that they are two people after all."""
    yield _settled(event.health_worker_id, event.from_id, "DISMISSED", happening.meta.occurred_on)
    yield Delete(ALIAS, (event.health_worker_id,))


@DUPLICATES.on(AliasGivenUp)
def alias_given_up(event: AliasGivenUp, happening: Happening) -> Iterator[Change]:
    """Show that they are two after all, where the suspicion was of the record that stayed."""
    yield _settled(event.health_worker_id, event.alias_id, "DISMISSED", happening.meta.occurred_on)


def _settled(person: UUID, other: UUID, state: str, on: date) -> Patch:
    return Patch(SUSPECTED_DUPLICATE, (person, other), {"state": state, "settled_on": on})
