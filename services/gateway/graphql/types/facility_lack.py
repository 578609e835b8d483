"""What facilities lack: items of their last baseline that were not found as they should be."""

from datetime import date
from uuid import UUID

import strawberry

from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import Asked, within
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import FACILITY_BASELINE, PROGRAMME_VERSION
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read


@strawberry.type(description="An item of a facility's last baseline with less than its points.")
class FacilityLack:
    """Something that is missing at a facility."""

    c_org_unit_id: strawberry.Private[UUID]
    area: str = strawberry.field(description="The side of the facility that was looked at.")
    item: str = strawberry.field(description="The item's code.")
    text: str | None = strawberry.field(
        description="What is looked at, as the programme's version says it."
    )
    points: int = strawberry.field(description="Points it was given.")
    max: int = strawberry.field(description="Points it can be given.")
    assessed_on: date = strawberry.field(description="The day of the last look.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The facility.")


_LACKS = """
WITH look AS (
  SELECT DISTINCT ON (t.org_unit_id) t.org_unit_id, t.areas, t.assessed_on, t.programme_version_id
    FROM "{baseline}" t
   WHERE t.programme = {programme} AND t.assessed_on <= {day}
     AND (t.voided_on IS NULL OR t.voided_on > {day}) AND {scope}
   ORDER BY t.org_unit_id, t.assessed_on DESC, t.id, t.attempt DESC)
SELECT l.org_unit_id, l.assessed_on, a ->> 'area' AS area, i ->> 'item' AS item, w.text,
       (i ->> 'points')::integer AS points, w.most
  FROM look l
  JOIN "{version}" v ON v.id = l.programme_version_id
 CROSS JOIN jsonb_array_elements(l.areas) a
 CROSS JOIN jsonb_array_elements(a -> 'items') i
 CROSS JOIN LATERAL (
       SELECT y ->> 'text' AS text, (y ->> 'points')::integer AS most
         FROM jsonb_array_elements(v.definition -> 'facilityBaseline') x
        CROSS JOIN jsonb_array_elements(x -> 'items') y
        WHERE x ->> 'code' = a ->> 'area' AND y ->> 'code' = i ->> 'item') w
 WHERE (i ->> 'points')::integer < w.most AND ({item} IS NULL OR i ->> 'item' = {item})
 ORDER BY (i ->> 'points')::numeric / w.most, l.org_unit_id, area, item
 {page}
"""


async def facility_lacks(reader: Reader, asked: Asked, item: str | None) -> list[FacilityLack]:
    """List what the facilities in the reader's scope lack, by their last look as of a day: what is
    missing altogether first.
    """
    s = Statement()
    text = _LACKS.format(
        baseline=FACILITY_BASELINE.physical,
        version=PROGRAMME_VERSION.physical,
        day=s.bind(asked.day, "date"),
        programme=s.bind(asked.programme, "text"),
        item=s.bind(item, "text"),
        scope=within(asked.under, reader.scopes[Read.FIGURES], s, "t"),
        page=asked.page(),
    )
    return [
        FacilityLack(
            c_org_unit_id=row["org_unit_id"],
            area=row["area"],
            item=row["item"],
            text=row["text"],
            points=row["points"],
            max=row["most"],
            assessed_on=row["assessed_on"],
        )
        for row in await reader.fetch(text, *s.binds)
    ]
