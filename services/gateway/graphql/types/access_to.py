"""Who had access to a unit on a day: every grant that reached it, from wherever it was given."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from services.gateway.graphql.errors import FirstOutOfRange
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import MOST_ROWS
from services.gateway.graphql.types.group import Group
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import GRANT
from services.gateway.read.declare import InUnit
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement, covered
from shared.access.grants import Read
from shared.access.known import Known
from shared.contracts.registry.access_grant import Role


@strawberry.type(description="A grant that reached a unit on a day.")
class AccessHeld:
    """Somebody's access."""

    c_org_unit_id: strawberry.Private[UUID | None]
    c_group_id: strawberry.Private[UUID | None]
    c_health_worker_id: strawberry.Private[UUID | None]
    subject_name: str = strawberry.field(description="The `sub` of its holder's tokens.")
    role: Role = strawberry.field(description="What it allowed.")
    programme: str | None = strawberry.field(
        description="In this programme alone, by its code; null: in all of them."
    )
    own_mentorships: bool = strawberry.field(
        description="Whether it reached the holder's own mentorships alone."
    )
    since: date = strawberry.field(description="The first day it held.")
    given_by: str = strawberry.field(description="The token subject that gave it.")
    given_at: datetime = strawberry.field(description="When that was recorded.")
    ends: date | None = strawberry.field(
        description="The first day it allows nothing any more, as known now; null: none is known."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit",
        by="org_unit_id",
        description="Over which unit it was given; null: over a group's units, or everywhere.",
    )
    group: Group | None = one(
        "Group", by="group_id", description="Over the units of which group; null: of none."
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker",
        by="health_worker_id",
        description="The health worker that its holder is, if in your scope.",
    )


# Whoever audits a unit learns who else reaches it, from above too; the unit is judged as it stands
# now, as all that is read is. Which grants reach it, what decides by them says itself.
_HELD = """
SELECT t.subject, t.role, t.programme, t.own_mentorships, t.since, t.given_by, t.given_at,
       LEAST(t.until + 1, t.revoked_on) AS ends, t.org_unit_id, t.group_id, t.health_worker_id
  FROM "{grant}" t
 WHERE t.id = ANY({grants})
   AND EXISTS (SELECT 1 FROM (SELECT {unit} AS org_unit_id) u WHERE {scope})
 ORDER BY t.since, t.id
 LIMIT {first}
"""


async def access_to(
    reader: Reader, known: Known, unit: UUID, day: date, first: int
) -> list[AccessHeld]:
    """List the grants that reached a unit on a day; none, where its trail is not for the reader.

    Raises:
        FirstOutOfRange: for no rows, or for more than `MOST_ROWS`.
    """
    if not 1 <= first <= MOST_ROWS:
        raise FirstOutOfRange("first", first=first, most=MOST_ROWS)
    s = Statement()
    text = _HELD.format(
        grant=GRANT.physical,
        grants=s.bind(list(known.reached_on(unit, day)), "uuid[]"),
        unit=s.bind(unit, "uuid"),
        scope=covered(InUnit(unit="org_unit_id"), reader.scopes[Read.AUDIT], s, "u"),
        first=s.bind(first, "integer"),
    )
    return [
        AccessHeld(
            c_org_unit_id=row["org_unit_id"],
            c_group_id=row["group_id"],
            c_health_worker_id=row["health_worker_id"],
            subject_name=row["subject"],
            role=Role(row["role"]),
            programme=row["programme"],
            own_mentorships=row["own_mentorships"],
            since=row["since"],
            given_by=row["given_by"],
            given_at=row["given_at"],
            ends=row["ends"],
        )
        for row in await reader.fetch(text, *s.binds)
    ]
