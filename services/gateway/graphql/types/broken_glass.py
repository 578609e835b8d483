"""Broken glass: what somebody opened in an emergency, until somebody else has looked into it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.clock import today
from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, needing, one, read_model, where
from services.gateway.graphql.types.access_grant import AccessGrant
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import BROKEN_GLASS, HEALTH_WORKER
from services.gateway.projections.access_events import ACCESS_EVENT, ACCESS_SHOWN
from services.gateway.read.below import below
from services.gateway.read.declare import InUnit, Order
from services.gateway.read.sql import Statement
from shared.access.grants import Read
from shared.contracts.registry.access_grant import GlassOutcome

graphql_enum(GlassOutcome)

_ASKEW = timedelta(minutes=1)
"""By how much the clock of a gateway may be behind that of the ledger."""

_READ = """
SELECT count(DISTINCT s.event_id) AS events
  FROM "{shown}" s
  JOIN "{event}" e ON e.event_id = s.event_id
 WHERE s.actor = {actor} AND s.at >= {since} AND s.at < {until} AND s.glass
   AND e.broken_glass @> {grant} AND {opened}
"""

_AT_UNIT = """({unit} OR EXISTS (
SELECT FROM "{health_worker}" w WHERE w.id = s.health_worker_id AND {person}))"""


async def _read(root: Any, info: Info[Any, Any]) -> int:
    """Count what showed of whom it opens, while it did."""
    s = Statement()
    unit: UUID = root.c_org_unit_id
    if root.c_over_person_id is not None:
        opened = f"s.health_worker_id = {s.bind(root.c_over_person_id, 'uuid')}"
    else:
        opened = _AT_UNIT.format(
            health_worker=HEALTH_WORKER.physical,
            unit=below("s.org_unit_id", (unit,), today(), s),
            person=below("w.org_unit_id", (unit,), today(), s),
        )
    text = _READ.format(
        shown=ACCESS_SHOWN.physical,
        event=ACCESS_EVENT.physical,
        actor=s.bind(root.c_taken_by, "text"),
        since=s.bind(root.c_taken_at - _ASKEW, "timestamptz"),
        until=s.bind(root.c_ends, "timestamptz"),
        grant=s.bind([root.c_id], "uuid[]"),
        opened=opened,
    )
    [row] = await context_of(info).reader.fetch(text, *s.binds)
    return int(row["events"])


BrokenGlassOrder = order_enum(
    "BrokenGlassOrder",
    "In which order broken glass is listed.",
    TAKEN_DESC=(Order(columns=("taken_at",), descending=True), "The latest first."),
    TAKEN=(Order(columns=("taken_at",)), "As it was taken."),
)


@strawberry.input(description="Which broken glass.")
class BrokenGlassFilter:
    """Filters of `brokenGlass`."""

    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    health_worker_id: ID | None = where(
        "over_person_id", "Over this health worker's record alone.", kind="HealthWorker"
    )
    reviewed: bool | None = where(
        "outcome",
        "Whether somebody else has looked into it.",
        how="filled",
        unindexed="emergencies are few: some a month in a country",
    )


@read_model(
    BROKEN_GLASS,
    scope=InUnit(unit="org_unit_id", person="over_person_id", action=Read.PERSONAL),
    description="Somebody took leave, in an emergency, to read of people where they hold no grant.",
)
class BrokenGlass(Node):
    """Who, over what, until when, why; and what somebody else found of it."""

    id: ID = key("BrokenGlass")
    taken_by: str = leaf("The token subject of who took it.")
    taken_at: datetime = leaf("From when on it opens what it is over.")
    ends: datetime = leaf("Until when, unless the grant is revoked.")
    reason: str | None = leaf("Why, as they said; null if not for you to read.", personal=True)
    outcome: GlassOutcome | None = leaf(
        "What whoever looked into it last holds of it; null: nobody has.", convert=GlassOutcome
    )
    reviewed_by: str | None = leaf("The token subject of who did.")
    reviewed_at: datetime | None = leaf("When that was recorded.")
    found: str | None = leaf("What they found; null if not for you to read.", personal=True)
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    times_read: int = strawberry.field(
        resolver=_read,
        description="How many of `accessEvents` show whom it is over, to who took it, while it was "
        "open. They are there some seconds after a read.",
        metadata=needing("id", "taken_by", "taken_at", "ends", "org_unit_id", "over_person_id")
        | weighing(10),
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker",
        by="over_person_id",
        description="Whose record alone it is over; null: it is over the unit.",
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Over which unit, or where that person was then."
    )
    access_grant: AccessGrant | None = one(
        "AccessGrant", by="id", description="The grant that it is; it can be revoked."
    )
