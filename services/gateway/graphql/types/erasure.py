"""Erasure of a person's data: what is asked, what was decided, and which parts are done."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import leaf, many, needing, read_model
from services.gateway.graphql.selection import columns_for
from services.gateway.graphql.types.access_event import AccessEvent
from services.gateway.projections import ERASED_KEYS, ERASURE
from services.gateway.read.declare import Order, Through, models
from services.gateway.read.lists import LISTED, cut_at
from services.gateway.read.sql import Page
from shared.contracts.access.operation import AccessKind
from shared.contracts.base import SERVICES
from shared.contracts.registry.erasure import LegalBasis

graphql_enum(LegalBasis)

# What is folded anew is kept beside the rows it is about: see `shared.projection.forgetting`.
_CLEARED = """
SELECT count(DISTINCT service) AS services, bool_and(done_at IS NOT NULL) AS done
  FROM forgetting WHERE subject = $1
"""


async def _cleared(root: Any, info: Info[Any, Any]) -> bool:
    """Ask what is still to be folded anew."""
    person: UUID = root.c_id
    [row] = await context_of(info).reader.fetch(_CLEARED, person)
    return bool(row["done"]) and row["services"] == len(SERVICES)


async def _handed_out(root: Any, info: Info[Any, Any]) -> Any:
    """Look up when evidence about them was made, until they were erased."""
    model = models["AccessEvent"]
    made: tuple[tuple[str, str, Any], ...] = (("kinds", "holds", AccessKind.EVIDENCE.value),)
    if root.c_state == ErasureState.ERASED:
        made += (("at", "before", root.c_decided_at),)
    page = Page(order=_LATEST, limit=LISTED + 1, conditions=made)
    columns, reader = columns_for(info, model), context_of(info).reader
    rows = await reader.page(model, columns, page, "health_worker_id", root.c_id)
    return cut_at(rows.nodes, LISTED)


_LATEST = Order(columns=("at", "event_id", "about_id"), descending=True)


@graphql_enum
class ErasureState(StrEnum):
    """How an erasure stands."""

    REQUESTED = "REQUESTED"
    DECLINED = "DECLINED"
    ERASED = "ERASED"


@read_model(
    ERASED_KEYS,
    scope=Through(to="HealthWorker", by="health_worker_id"),
    description="A service that destroyed the keys of a health worker who is erased.",
)
class ErasurePart:
    """One service; from then on nobody reads what it recorded of them."""

    service: str = leaf("The service: registry, sessions, validation.")
    destroyed_at: datetime = leaf("When it recorded that their keys are destroyed.")
    records: int = leaf("How many records about them alone had a key of their own, besides.")


@read_model(
    ERASURE,
    scope=Through(to="HealthWorker", by="id"),
    description="The erasure of a health worker's personal data.",
)
class HealthWorkerErasure:
    """What is asked and was decided of it."""

    state: ErasureState | None = leaf(
        "How it stands; null: nobody asks, and data is kept for a case.", convert=ErasureState
    )
    basis: LegalBasis | None = leaf("By which right.", convert=LegalBasis)
    reference: str | None = leaf("The law's section, and the file's number.")
    asked_by: str | None = leaf("The token subject of who asked.")
    asked_at: datetime | None = leaf("When they asked.")
    decided_by: str | None = leaf("The token subject of who agreed, or declined.")
    decided_at: datetime | None = leaf("When they did.")
    held_for: str | None = leaf("The case that their data must be kept for meanwhile.")
    parts: list[ErasurePart] = many(
        "ErasurePart",
        by="health_worker_id",
        order=Order(columns=("service",)),
        description="The services that destroyed their keys so far: of three, once it is done.",
    )

    cleared: bool = strawberry.field(
        resolver=_cleared,
        description="Whether all services destroyed their keys, and no row of what this API "
        "answers from tells of them any more. PostgreSQL's files have what was before until "
        "`mshauri scrub`.",
        metadata=needing("id"),
    )
    evidence_before: list[AccessEvent] = strawberry.field(
        resolver=_handed_out,
        description="Evidence about them that was made before they were erased, the latest first: "
        "it has left the system, and its holders still read what is erased here. For auditors "
        "there.",
        metadata={**needing("id", "state", "decided_at"), **weighing(5)},
    )
