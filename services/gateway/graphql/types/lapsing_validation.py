"""Validations that will lapse soon, if nobody renews them."""

from datetime import date
from uuid import UUID

import strawberry

from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import Asked, within
from services.gateway.graphql.types.mentee import Mentee
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import COMPETENCY_PROGRESS, MENTEE
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read


@strawberry.type(description="A validation that lapses soon.")
class LapsingValidation:
    """Time to assess again."""

    c_mentee_id: strawberry.Private[UUID]
    c_org_unit_id: strawberry.Private[UUID]
    competency: str = strawberry.field(description="The competency's code.")
    name: str = strawberry.field(description="What it is called.")
    area: str = strawberry.field(description="The area they are mentored in.")
    validated_on: date = strawberry.field(description="The day it was proved.")
    valid_until: date = strawberry.field(description="The last day on which it holds.")
    days_left: int = strawberry.field(description="Days until then, that day included.")
    mentee: Mentee | None = one("Mentee", by="mentee_id", description="Whose it is.")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where they are mentored."
    )


_LAPSING = """
SELECT t.id, t.org_unit_now_id AS org_unit_id, t.area, p.competency, p.name,
       COALESCE(p.renewed_on, p.validated_on) AS validated_on, p.valid_until,
       p.valid_until - {day} AS days_left
  FROM "{progress}" p
  JOIN "{mentee}" t ON t.id = p.mentee_id
 WHERE p.valid_until >= {day} AND p.valid_until <= {day} + {within} AND p.validated_on <= {day}
   AND t.programme = {programme} AND t.since IS NOT NULL AND t.status <> 'SET_ASIDE' AND {scope}
 ORDER BY p.valid_until, t.id, p.competency
 {page}
"""


async def lapsing_validations(reader: Reader, asked: Asked, days: int) -> list[LapsingValidation]:
    """List what lapses within so many days of the day, the soonest first."""
    s = Statement()
    text = _LAPSING.format(
        progress=COMPETENCY_PROGRESS.physical,
        mentee=MENTEE.physical,
        day=s.bind(asked.day, "date"),
        within=s.bind(days, "integer"),
        programme=s.bind(asked.programme, "text"),
        scope=within(asked.under, reader.scopes[Read.RECORDS], s, "t", unit="org_unit_now_id"),
        page=asked.page(),
    )
    return [
        LapsingValidation(
            c_mentee_id=row["id"],
            c_org_unit_id=row["org_unit_id"],
            competency=row["competency"],
            name=row["name"],
            area=row["area"],
            validated_on=row["validated_on"],
            valid_until=row["valid_until"],
            days_left=row["days_left"] + 1,
        )
        for row in await reader.fetch(text, *s.binds)
    ]
