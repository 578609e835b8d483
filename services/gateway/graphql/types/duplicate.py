"""Pairs of records that may be of one person."""

from datetime import date
from enum import StrEnum

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import leaf, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.projections import SUSPECTED_DUPLICATE
from services.gateway.read.declare import Order, Through
from shared.contracts.registry.health_worker import Ground

graphql_enum(Ground)


@graphql_enum
class DuplicateState(StrEnum):
    """What became of a suspicion."""

    SUSPECTED = "SUSPECTED"
    DISMISSED = "DISMISSED"
    MERGED = "MERGED"


SuspectedDuplicateOrder = order_enum(
    "SuspectedDuplicateOrder",
    "In which order suspected duplicates are listed.",
    SUSPECTED=(Order(columns=("suspected_on",)), "By the day of the suspicion."),
    SUSPECTED_DESC=(Order(columns=("suspected_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which pairs.")
class SuspectedDuplicateFilter:
    """Filters of `suspectedDuplicates`."""

    state: DuplicateState | None = where("state", "Of this state.")
    health_worker_id: ID | None = where(
        "health_worker_id", "Where the suspicion is of this record.", kind="HealthWorker"
    )


@read_model(
    SUSPECTED_DUPLICATE,
    scope=Through(to="HealthWorker", by="health_worker_id"),
    description="A record that may be of the same person as another.",
)
class SuspectedDuplicate:
    """A pair of records."""

    state: DuplicateState = leaf("What became of the suspicion.", convert=DuplicateState)
    grounds: list[Ground] = leaf(
        "Why they may be of one person.", convert=lambda names: [Ground(name) for name in names]
    )
    score: int = leaf("How alike the two names are, out of 100.")
    suspected_on: date = leaf("The day of the suspicion.")
    settled_on: date | None = leaf("The day somebody decided; null before.")
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="The record it was suspected of."
    )
    other: HealthWorker | None = one(
        "HealthWorker", by="other_id", description="The other record, if in your scope."
    )
