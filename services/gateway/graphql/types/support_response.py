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
from services.gateway.figures.small_cells import Measure, hide
from services.gateway.graphql.types.figure import within
from services.gateway.graphql.types.suppression import Suppressible
from services.gateway.projections import SUPPORT_REQUEST
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read


@strawberry.type(description="Counts and times, in hours, of some support requests.")
class SupportTimes(Suppressible):
    """How fast it went."""

    requests: int | None = strawberry.field(description="Requests raised.")
    acknowledged: int | None = strawberry.field(description="Of them, seen by a mentor.")
    answered: int | None = strawberry.field(description="Of them, answered.")
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
    acknowledge_promised: int | None = strawberry.field(
        description="Requests that were to be seen within some hours."
    )
    acknowledged_within: int | None = strawberry.field(description="Of those, seen within them.")
    answer_promised: int | None = strawberry.field(
        description="Requests that were to be answered within some hours."
    )
    answered_within: int | None = strawberry.field(description="Of those, answered within them.")


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

_MEASURES = (
    Measure("requests"),
    Measure(
        "acknowledged",
        within=("requests",),
        shows=("acknowledge_median", "acknowledge_ninetieth"),
    ),
    Measure(
        "answered",
        within=("acknowledged", "requests"),
        shows=("answer_median", "answer_ninetieth"),
    ),
    Measure("acknowledge_promised", within=("requests",)),
    Measure("acknowledged_within", within=("acknowledge_promised", "acknowledged")),
    Measure("answer_promised", within=("requests",)),
    Measure("answered_within", within=("answer_promised", "answered")),
)


async def support_response(
    reader: Reader,
    programme: str,
    under: UUID | None,
    *,
    fiscal_year: int | None = None,
    since: date | None = None,
    before: date | None = None,
    least: int,
) -> SupportResponse:
    """Count the requests in the reader's scope: of a fiscal year, or from a day to before another.

    Days and years are those of the programme's newest version.

    Args:
        least: the lowest count that is shown.
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
    rows = [dict(row) for row in await reader.fetch(text, *s.binds)]
    (total,) = (row for row in rows if row["grouping"] == _ALL)
    by_phase, by_area = (
        [row for row in rows if row["grouping"] == grouping] for grouping in (_BY_PHASE, _BY_AREA)
    )
    hide(least, _MEASURES, total, by_phase, by_area)
    return SupportResponse(
        total=SupportTimes(**_times(total)),
        by_phase=[SupportTimesOf(key=row["phase"], **_times(row)) for row in by_phase],
        by_area=[SupportTimesOf(key=row["area"], **_times(row)) for row in by_area],
    )


def _times(row: Any) -> dict[str, Any]:
    groups = ("grouping", "phase", "area")
    return {name: value for name, value in row.items() if name not in groups}
