"""Vacancies: live mentorships that go on, or wait, without a mentor who left."""

from datetime import date
from uuid import UUID

import strawberry

from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import Asked, within
from services.gateway.graphql.types.mentor import Mentor
from services.gateway.graphql.types.mentorship import Mentorship
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import MENTORSHIP, MENTORSHIP_MENTOR, VACANCY
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read


@strawberry.type(description="The place of a mentor who left a live mentorship, and nobody took.")
class Vacancy:
    """A place that nobody has taken."""

    c_mentorship_id: strawberry.Private[UUID]
    c_org_unit_id: strawberry.Private[UUID]
    c_mentor_id: strawberry.Private[UUID]
    area: str = strawberry.field(description="The area they mentored in.")
    since: date = strawberry.field(description="The day they left.")
    days: int = strawberry.field(description="Days since then.")
    team: int = strawberry.field(description="Mentors who remain.")
    mentorship: Mentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship."
    )
    mentor: Mentor | None = one("Mentor", by="mentor_id", description="Who left, if in your scope.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where it is.")


_VACANCIES = """
SELECT t.id, t.org_unit_id, v.mentor_id, w.area, v.since, {day} - v.since AS days,
       (SELECT count(DISTINCT o.health_worker_id) FROM "{post}" o
         WHERE o.mentorship_id = t.id AND o.joined_on <= {day}
           AND (o.left_on IS NULL OR o.left_on > {day}))::integer AS team
  FROM "{vacancy}" v
  JOIN "{mentorship}" t ON t.id = v.mentorship_id
  JOIN "{post}" w ON w.mentorship_id = v.mentorship_id AND w.mentor_id = v.mentor_id
 WHERE t.programme = {programme} AND v.since <= {day}
   AND (v.filled_on IS NULL OR v.filled_on > {day})
   AND (t.concluded_on IS NULL OR t.concluded_on > {day}) AND t.status <> 'DECLINED' AND {scope}
 ORDER BY v.since, t.id, v.mentor_id
 {page}
"""


async def vacancies(reader: Reader, asked: Asked) -> list[Vacancy]:
    """List the vacancies in the reader's scope as of a day, the longest vacant first."""
    s = Statement()
    text = _VACANCIES.format(
        vacancy=VACANCY.physical,
        mentorship=MENTORSHIP.physical,
        post=MENTORSHIP_MENTOR.physical,
        day=s.bind(asked.day, "date"),
        programme=s.bind(asked.programme, "text"),
        scope=within(asked.under, reader.scopes[Read.RECORDS], s, "t"),
        page=asked.page(),
    )
    return [
        Vacancy(
            c_mentorship_id=row["id"],
            c_org_unit_id=row["org_unit_id"],
            c_mentor_id=row["mentor_id"],
            area=row["area"],
            since=row["since"],
            days=row["days"],
            team=row["team"],
        )
        for row in await reader.fetch(text, *s.binds)
    ]
