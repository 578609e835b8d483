"""Mentees whom nobody has met, called or written to for so many days."""

from datetime import date
from uuid import UUID

import strawberry

from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import Asked, within
from services.gateway.graphql.types.mentee import Mentee
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import (
    CONTACT,
    HEALTH_WORKER,
    MENTEE,
    SESSION,
    SESSION_ATTENDANCE,
)
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read


@strawberry.type(description="A mentee without a session or a contact for too long.")
class QuietMentee:
    """Nobody has been in touch."""

    c_mentee_id: strawberry.Private[UUID]
    c_org_unit_id: strawberry.Private[UUID]
    area: str = strawberry.field(description="The area they are mentored in.")
    last_on: date | None = strawberry.field(
        description="The day of the last session they were at, or of the last contact; null if "
        "there was none."
    )
    days: int = strawberry.field(description="Days since then, or else since they enrolled.")
    mentee: Mentee | None = one("Mentee", by="mentee_id", description="The mentee.")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where they are mentored."
    )


# The last of each is found from the end of what is a person's own, under each of their names; only
# few sessions are told anew.
_QUIET = """
SELECT t.id, t.org_unit_now_id AS org_unit_id, t.area, heard.last_on,
       {day} - COALESCE(heard.last_on, t.since) AS days
  FROM "{mentee}" t
  LEFT JOIN "{worker}" w ON w.id = t.health_worker_id
 CROSS JOIN LATERAL (
       SELECT max(GREATEST(
              (SELECT x.held_on FROM "{attendance}" a
                 JOIN "{session}" x ON x.id = a.session_id AND x.facts_id = a.facts_id
                WHERE a.health_worker_id = n.id AND a.present AND a.side = 'MENTEE'
                  AND a.held_on <= {day} AND x.status = 'HELD' AND x.programme = t.programme
                ORDER BY a.held_on DESC LIMIT 1),
              (SELECT c.made_on FROM "{contact}" c
                WHERE c.mentee = n.id AND c.made_on <= {day} AND NOT c.voided
                  AND c.programme = t.programme
                ORDER BY c.made_on DESC LIMIT 1))) AS last_on
         FROM (SELECT COALESCE(w.merged_into_id, t.health_worker_id) AS id
                UNION ALL
               SELECT o.id FROM "{worker}" o
                WHERE o.merged_into_id = COALESCE(w.merged_into_id, t.health_worker_id)) n
       ) heard
 WHERE t.programme = {programme} AND t.since <= {day} AND t.status <> 'SET_ASIDE'
   AND (t.completed_on IS NULL OR t.completed_on > {day})
   AND (t.withdrawn_on IS NULL OR t.withdrawn_on > {day})
   AND {day} - COALESCE(heard.last_on, t.since) >= {days} AND {scope}
 ORDER BY days DESC, t.id
 {page}
"""


async def quiet_mentees(reader: Reader, asked: Asked, days: int) -> list[QuietMentee]:
    """List the mentees in the reader's scope who were neither at a session nor in touch with a
    mentor for so many days, the longest first; whoever was enrolled lately is not among them.
    """
    s = Statement()
    text = _QUIET.format(
        mentee=MENTEE.physical,
        worker=HEALTH_WORKER.physical,
        attendance=SESSION_ATTENDANCE.physical,
        session=SESSION.physical,
        contact=CONTACT.physical,
        day=s.bind(asked.day, "date"),
        days=s.bind(days, "integer"),
        programme=s.bind(asked.programme, "text"),
        scope=within(asked.under, reader.scopes[Read.RECORDS], s, "t", unit="org_unit_now_id"),
        page=asked.page(),
    )
    return [
        QuietMentee(
            c_mentee_id=row["id"],
            c_org_unit_id=row["org_unit_id"],
            area=row["area"],
            last_on=row["last_on"],
            days=row["days"],
        )
        for row in await reader.fetch(text, *s.binds)
    ]
