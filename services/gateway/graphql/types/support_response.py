"""How fast mentees get help: time to acknowledge and to answer, against what was promised.

A request counts as acknowledged when a mentor said so or when it was answered, whichever came
first. Times are hours from the moment it was raised; medians and percentiles are of those that got
that far, interpolated between neighbours.
"""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from services.gateway.figures.calendars import calendar_of
from services.gateway.graphql.types.figure import within
from services.gateway.projections import SUPPORT_REQUEST
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read


@strawberry.type(description="Counts and times, in hours, of some support requests.")
class SupportTimes:
    """How fast it went."""

    requests: int = strawberry.field(description="Requests raised.")
    acknowledged: int = strawberry.field(description="Of them, seen by a mentor.")
    answered: int = strawberry.field(description="Of them, answered.")
    acknowledge_median: float | None = strawberry.field(
        description="Hours to acknowledge: half took no longer; null where none was."
    )
    acknowledge_ninetieth: float | None = strawberry.field(
        description="Hours to acknowledge: nine of ten took no longer."
    )
    answer_median: float | None = strawberry.field(
        description="Hours to answer: half took no longer; null where none was."
    )
    answer_ninetieth: float | None = strawberry.field(
        description="Hours to answer: nine of ten took no longer."
    )
    acknowledge_promised: int = strawberry.field(
        description="Requests that were to be seen within some hours."
    )
    acknowledged_within: int = strawberry.field(description="Of those, seen within them.")
    answer_promised: int = strawberry.field(
        description="Requests that were to be answered within some hours."
    )
    answered_within: int = strawberry.field(description="Of those, answered within them.")


@strawberry.type(description="The support requests of one phase or one area.")
class SupportTimesOf(SupportTimes):
    """A group of requests."""

    key: str | None = strawberry.field(
        description="The code of the phase or area; null where there was no phase."
    )


@strawberry.type(description="How fast support requests were acknowledged and answered.")
class SupportResponse:
    """All of them, and by phase and area."""

    total: SupportTimes = strawberry.field(description="All requests together.")
    by_phase: list[SupportTimesOf] = strawberry.field(
        description="By the mentorship's phase when it was raised."
    )
    by_area: list[SupportTimesOf] = strawberry.field(
        description="By the area that the mentee is mentored in."
    )


_TIMES = """
WITH request AS (
     SELECT t.phase, t.area, t.acknowledge_hours, t.answer_hours,
            LEAST(t.acknowledged_after, t.answered_after) / 3600.0::double precision AS seen,
            t.answered_after / 3600.0::double precision AS answered
       FROM "{request}" t
      WHERE t.programme = {programme} AND {scope}
        AND ({since} IS NULL OR (t.raised_at AT TIME ZONE {zone})::date >= {since})
        AND ({before} IS NULL OR (t.raised_at AT TIME ZONE {zone})::date < {before})
)
SELECT GROUPING(r.phase, r.area) AS grouping, r.phase, r.area,
       count(*)::integer AS requests,
       count(r.seen)::integer AS acknowledged,
       count(r.answered)::integer AS answered,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY r.seen) AS acknowledge_median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY r.seen) AS acknowledge_ninetieth,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY r.answered) AS answer_median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY r.answered) AS answer_ninetieth,
       count(r.acknowledge_hours)::integer AS acknowledge_promised,
       (count(*) FILTER (WHERE r.seen <= r.acknowledge_hours))::integer AS acknowledged_within,
       count(r.answer_hours)::integer AS answer_promised,
       (count(*) FILTER (WHERE r.answered <= r.answer_hours))::integer AS answered_within
  FROM request r
 GROUP BY GROUPING SETS ((), (r.phase), (r.area))
 ORDER BY r.phase NULLS LAST, r.area
"""
_ALL, _BY_PHASE, _BY_AREA = 0b11, 0b01, 0b10


async def support_response(
    reader: Reader,
    programme: str,
    under: UUID | None,
    *,
    fiscal_year: int | None = None,
    since: date | None = None,
    before: date | None = None,
) -> SupportResponse:
    """Count the requests in the reader's scope: of a fiscal year, or from a day to before another.

    Days and years are those of the programme's newest version.
    """
    calendar = await calendar_of(reader, programme)
    if fiscal_year is not None:
        since, before = calendar.year(fiscal_year)
    s = Statement()
    text = _TIMES.format(
        request=SUPPORT_REQUEST.physical,
        programme=s.bind(programme, "text"),
        scope=within(under, reader.scopes[Read.FIGURES], s, "t"),
        zone=s.bind(calendar.zone, "text"),
        since=s.bind(since, "date"),
        before=s.bind(before, "date"),
    )
    rows = await reader.fetch(text, *s.binds)
    return SupportResponse(
        total=next(SupportTimes(**_times(row)) for row in rows if row["grouping"] == _ALL),
        by_phase=[
            SupportTimesOf(key=row["phase"], **_times(row))
            for row in rows
            if row["grouping"] == _BY_PHASE
        ],
        by_area=[
            SupportTimesOf(key=row["area"], **_times(row))
            for row in rows
            if row["grouping"] == _BY_AREA
        ],
    )


def _times(row: Any) -> dict[str, Any]:
    groups = ("grouping", "phase", "area")
    return {name: value for name, value in row.items() if name not in groups}
