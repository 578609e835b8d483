"""Coverage of facilities: where mentors come, have not come for long, and have never come."""

from datetime import date
from uuid import UUID

import strawberry

from services.gateway.figures.places import facility_on
from services.gateway.figures.small_cells import Measure, hide
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import Asked, within
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.suppression import Suppressible
from services.gateway.projections import MENTEE, ORG_UNIT, SESSION
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read


@strawberry.type(description="How one facility is covered by a programme, as of a day.")
class FacilityCoverage(Suppressible):
    """One facility's sessions."""

    c_org_unit_id: strawberry.Private[UUID]
    mentees: int | None = strawberry.field(
        description="Enrolments of people mentored there, neither completed nor withdrawn."
    )
    sessions: int | None = strawberry.field(description="Sessions held there, in whatever way.")
    last_session: date | None = strawberry.field(description="The day of the last of them.")
    last_visit: date | None = strawberry.field(
        description="The day of the last session in person; null where there was never a visit."
    )
    days_since: int | None = strawberry.field(
        description="Days since that visit; null where there was none."
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The facility.")


_COVERAGE = """
WITH care AS (
     SELECT COALESCE(m.org_unit_now_id, m.org_unit_id) AS org_unit_id, count(*) AS mentees
       FROM "{mentee}" m
      WHERE m.programme = {programme} AND m.since <= {day}
        AND m.status IS DISTINCT FROM 'SET_ASIDE'
        AND (m.completed_on IS NULL OR m.completed_on > {day})
        AND (m.withdrawn_on IS NULL OR m.withdrawn_on > {day})
      GROUP BY 1
), held AS (
     SELECT x.org_unit_id, count(*) AS sessions, max(x.held_on) AS last_session,
            max(x.held_on) FILTER (WHERE x.mode = 'IN_PERSON') AS last_visit
       FROM "{session}" x
      WHERE x.programme = {programme} AND x.status = 'HELD' AND x.held_on <= {day}
      GROUP BY 1
), facility AS (
     SELECT org_unit_id FROM care
      UNION SELECT org_unit_id FROM held
      {others}
)
SELECT t.org_unit_id, COALESCE(care.mentees, 0)::integer AS mentees,
       COALESCE(held.sessions, 0)::integer AS sessions,
       held.last_session, held.last_visit, {day} - held.last_visit AS days_since
  FROM (SELECT f.org_unit_id, {programme} AS programme FROM facility f) t
  LEFT JOIN care ON care.org_unit_id = t.org_unit_id
  LEFT JOIN held ON held.org_unit_id = t.org_unit_id
 WHERE {scope}
 ORDER BY days_since DESC NULLS FIRST, mentees DESC, t.org_unit_id
 {page}
"""

_OTHERS = """UNION SELECT u.id FROM "{unit}" u
      {held}
      WHERE u.sees_patients AND u.since <= {day} AND (u.ended_on IS NULL OR u.ended_on > {day})
        AND held.operational IS NOT FALSE"""


_MEASURES = (Measure("mentees"), Measure("sessions"))


async def facility_coverage(
    reader: Reader, asked: Asked, *, every: bool = False, least: int
) -> list[FacilityCoverage]:
    """List facilities in the reader's scope, never visited ones first, then by how long ago.

    Args:
        every: operational facilities without mentees too.
        least: the lowest count that is shown.
    """
    s = Statement()
    day = s.bind(asked.day, "date")
    text = _COVERAGE.format(
        mentee=MENTEE.physical,
        session=SESSION.physical,
        day=day,
        programme=s.bind(asked.programme, "text"),
        others=_OTHERS.format(unit=ORG_UNIT.physical, day=day, held=facility_on("u.id", day))
        if every
        else "",
        scope=within(asked.under, reader.scopes[Read.FIGURES], s, "t"),
        page=asked.page(),
    )
    rows = [dict(row) for row in await reader.fetch(text, *s.binds)]
    hide(least, _MEASURES, None, rows)
    return [
        FacilityCoverage(
            c_org_unit_id=row["org_unit_id"],
            mentees=row["mentees"],
            sessions=row["sessions"],
            last_session=row["last_session"],
            last_visit=row["last_visit"],
            days_since=row["days_since"],
            suppressed=row["suppressed"],
        )
        for row in rows
    ]
