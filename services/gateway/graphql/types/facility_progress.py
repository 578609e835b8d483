"""How facilities stand since they were first looked at: the first look beside the last, in all
areas together and in each.
"""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import strawberry

from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import Asked, within
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import FACILITY_BASELINE
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read


@strawberry.type(description="What a facility came to in an area, at the first look and the last.")
class AreaProgress:
    """Points of two looks; the areas may be asked otherwise by then."""

    area: str = strawberry.field(description="The area, by the programme's code.")
    first_raw: int | None = strawberry.field(description="Points at the first look; null: none.")
    first_max: int | None = strawberry.field(description="Points there were then.")
    last_raw: int | None = strawberry.field(description="Points at the last look; null: none.")
    last_max: int | None = strawberry.field(description="Points there were then.")


@strawberry.type(description="How a facility stood when it was first looked at, and last.")
class FacilityProgress:
    """Two looks of one facility: the same one, where there was one alone."""

    c_org_unit_id: strawberry.Private[UUID]
    looks: int = strawberry.field(description="Looks that count, up to the day.")
    first_on: date = strawberry.field(description="The day of the first of them.")
    first_raw: int = strawberry.field(description="Points then, in all areas.")
    first_max: int = strawberry.field(description="Points there were then.")
    last_on: date = strawberry.field(description="The day of the last of them.")
    last_raw: int = strawberry.field(description="Points then, in all areas.")
    last_max: int = strawberry.field(description="Points there were then.")
    areas: list[AreaProgress] = strawberry.field(description="In each area, by its code.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The facility.")


_PROGRESS = """
WITH look AS (
     SELECT t.org_unit_id, t.assessed_on, t.raw, t.max, t.areas,
            count(*) OVER facility AS looks,
            row_number() OVER (facility ORDER BY t.assessed_on, t.attempt) AS from_first,
            row_number() OVER (facility ORDER BY t.assessed_on DESC, t.attempt DESC) AS from_last
       FROM "{baseline}" t
      WHERE t.programme = {programme} AND t.voided_on IS NULL AND NOT t.unsigned
        AND t.assessed_on <= {day} AND {scope}
     WINDOW facility AS (PARTITION BY t.org_unit_id)
)
SELECT a.org_unit_id, a.looks::integer AS looks,
       a.assessed_on AS first_on, a.raw AS first_raw, a.max AS first_max, a.areas AS first_areas,
       b.assessed_on AS last_on, b.raw AS last_raw, b.max AS last_max, b.areas AS last_areas
  FROM look a JOIN look b ON b.org_unit_id = a.org_unit_id AND b.from_last = 1
 WHERE a.from_first = 1
 ORDER BY b.raw::numeric / NULLIF(b.max, 0) - a.raw::numeric / NULLIF(a.max, 0), a.org_unit_id
 {page}
"""
_areas = msgspec.json.Decoder(list[dict[str, Any]])


async def facility_progress(reader: Reader, asked: Asked) -> list[FacilityProgress]:
    """List the facilities in the reader's scope that were looked at, by how far they came: those
    that fell behind first.
    """
    s = Statement()
    text = _PROGRESS.format(
        baseline=FACILITY_BASELINE.physical,
        programme=s.bind(asked.programme, "text"),
        day=s.bind(asked.day, "date"),
        scope=within(asked.under, reader.scopes[Read.FIGURES], s, "t"),
        page=asked.page(),
    )
    return [
        FacilityProgress(
            c_org_unit_id=row["org_unit_id"],
            looks=row["looks"],
            first_on=row["first_on"],
            first_raw=row["first_raw"],
            first_max=row["first_max"],
            last_on=row["last_on"],
            last_raw=row["last_raw"],
            last_max=row["last_max"],
            areas=_in_each(_areas.decode(row["first_areas"]), _areas.decode(row["last_areas"])),
        )
        for row in await reader.fetch(text, *s.binds)
    ]


def _in_each(first: list[dict[str, Any]], last: list[dict[str, Any]]) -> list[AreaProgress]:
    before, after = [{one["area"]: one for one in look} for look in (first, last)]
    nothing: dict[str, Any] = {}
    return [
        AreaProgress(
            area=area,
            first_raw=before.get(area, nothing).get("raw"),
            first_max=before.get(area, nothing).get("max"),
            last_raw=after.get(area, nothing).get("raw"),
            last_max=after.get(area, nothing).get("max"),
        )
        for area in sorted({*before, *after})
    ]
