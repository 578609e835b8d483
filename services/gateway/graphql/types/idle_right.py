"""Who earned the right to mentor the tier below, and does not."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import strawberry

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import Asked, within
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import (
    EMPLOYMENT,
    HEALTH_WORKER,
    MENTOR,
    MENTORSHIP,
    MENTORSHIP_MENTOR,
    RIGHT_TO_MENTOR,
)
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read
from shared.contracts.registry.employment import Employment


@graphql_enum
class StandsAt(StrEnum):
    """How far somebody with a right to mentor has come with it."""

    NOT_NOMINATED = "NOT_NOMINATED"
    """They are no mentor of that tier and area yet."""
    NOT_CERTIFIED = "NOT_CERTIFIED"
    """They were nominated, and are not certified."""
    SUSPENDED = "SUSPENDED"
    """They are certified, and suspended now."""
    WITHOUT_MENTORSHIP = "WITHOUT_MENTORSHIP"
    """They may mentor, and are in no live mentorship there."""


@strawberry.type(description="A right to mentor that nobody makes use of.")
class IdleRight:
    """Who may mentor, and does not."""

    c_health_worker_id: strawberry.Private[UUID]
    c_org_unit_id: strawberry.Private[UUID]
    tier: str = strawberry.field(description="The programme they may mentor in, by its code.")
    tier_area: str = strawberry.field(description="The area there.")
    earned_on: date = strawberry.field(description="The day they earned the right.")
    days: int = strawberry.field(description="Days since then.")
    stands_at: StandsAt = strawberry.field(description="What is missing.")
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where they earned it.")


# A person is asked for under all of their names; whoever left the service is nobody to ask.
_IDLE = """
SELECT t.health_worker_id, t.org_unit_id, t.tier, t.tier_area, t.earned_on,
       {day} - t.earned_on AS days,
       CASE WHEN r.id IS NULL THEN 'NOT_NOMINATED'
            WHEN r.status = 'SUSPENDED' THEN 'SUSPENDED'
            WHEN r.certified_on IS NULL OR r.certified_on > {day} THEN 'NOT_CERTIFIED'
            ELSE 'WITHOUT_MENTORSHIP' END AS stands_at
  FROM "{right}" t
  JOIN "{worker}" w ON w.id = t.health_worker_id
 CROSS JOIN LATERAL (
       SELECT array_agg(n.id) AS ids FROM "{worker}" n
        WHERE n.id = COALESCE(w.merged_into_id, w.id)
           OR n.merged_into_id = COALESCE(w.merged_into_id, w.id)) names
  LEFT JOIN LATERAL (
       SELECT r.* FROM "{mentor}" r
        WHERE r.health_worker_id = ANY(names.ids)
          AND r.programme = t.tier AND r.area = t.tier_area AND r.nominated_on <= {day}
        ORDER BY r.status = 'SUSPENDED', r.certified_on NULLS LAST, r.id LIMIT 1) r ON true
 WHERE t.programme = {programme} AND t.earned_on <= {day}
   AND (t.lost_on IS NULL OR t.lost_on > {day}) AND {scope}
   AND NOT EXISTS (
       SELECT 1 FROM "{post}" p JOIN "{mentorship}" m ON m.id = p.mentorship_id
        WHERE p.mentor_id IN (
              SELECT o.id FROM "{mentor}" o
               WHERE o.health_worker_id = ANY(names.ids)
                 AND o.programme = t.tier AND o.area = t.tier_area)
          AND (p.left_on IS NULL OR p.left_on > {day})
          AND m.agreed_on <= {day} AND (m.concluded_on IS NULL OR m.concluded_on > {day}))
   AND (SELECT e.employment FROM "{employment}" e
         WHERE e.health_worker_id = COALESCE(w.merged_into_id, w.id) AND e.since <= {day}
         ORDER BY e.since DESC LIMIT 1) = ANY({gone}) IS NOT TRUE
 ORDER BY t.earned_on, t.health_worker_id, t.tier, t.tier_area
 {page}
"""


async def idle_rights(reader: Reader, asked: Asked) -> list[IdleRight]:
    """List who may mentor by what they proved in the programme, and does not, the longest first."""
    s = Statement()
    text = _IDLE.format(
        right=RIGHT_TO_MENTOR.physical,
        worker=HEALTH_WORKER.physical,
        employment=EMPLOYMENT.physical,
        gone=s.bind([one.value for one in Employment if one.gone], "text[]"),
        mentor=MENTOR.physical,
        post=MENTORSHIP_MENTOR.physical,
        mentorship=MENTORSHIP.physical,
        day=s.bind(asked.day, "date"),
        programme=s.bind(asked.programme, "text"),
        scope=within(asked.under, reader.scopes[Read.RECORDS], s, "t"),
        page=asked.page(),
    )
    return [
        IdleRight(
            c_health_worker_id=row["health_worker_id"],
            c_org_unit_id=row["org_unit_id"],
            tier=row["tier"],
            tier_area=row["tier_area"],
            earned_on=row["earned_on"],
            days=row["days"],
            stands_at=StandsAt(row["stands_at"]),
        )
        for row in await reader.fetch(text, *s.binds)
    ]
