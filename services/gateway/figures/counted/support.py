"""Support: how soon what mentees asked was seen and answered, against what was promised.

A request counts on the day it was raised, in the zone of its programme, at the unit of its
mentorship then. It was seen when a mentor said so or when it was answered, whichever came first;
what had not come by the end of the day asked for had not come. Times are of those that got that
far; a median is interpolated between neighbours.
"""

from decimal import Decimal

import strawberry

from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted
from services.gateway.graphql.types.suppression import Suppressible


@strawberry.type(description="How soon some support requests were seen and answered.")
class SupportCounts(Suppressible):
    """Counts of some requests, and times in hours."""

    requests: int | None = strawberry.field(description="Requests raised.")
    acknowledged: int | None = strawberry.field(description="Of them, seen by a mentor.")
    acknowledge_median: Decimal | None = strawberry.field(
        description="Hours until they were seen: half took no longer; null where none was."
    )
    answered: int | None = strawberry.field(description="Of them, answered.")
    answer_median: Decimal | None = strawberry.field(
        description="Hours until they were answered: half took no longer; null where none was."
    )
    acknowledge_promised: int | None = strawberry.field(
        description="Requests that were to be seen within some hours."
    )
    acknowledged_within: int | None = strawberry.field(description="Of those, seen within them.")
    answer_promised: int | None = strawberry.field(
        description="Requests that were to be answered within some hours."
    )
    answered_within: int | None = strawberry.field(description="Of those, answered within them.")


_ROWS = """
      SELECT t.programme, (t.raised_at AT TIME ZONE z.zone)::date AS day, t.org_unit_id,
             t.health_worker_id AS worker, t.area, t.acknowledge_hours, t.answer_hours,
             {seen} AS seen_s, {answered} AS answered_s
        FROM "{{support_request}}" t
        LEFT JOIN (SELECT DISTINCT ON (v.programme) v.programme,
                          v.definition -> 'calendar' ->> 'zone' AS zone
                     FROM "{{programme_version}}" v ORDER BY v.programme, v.version DESC
                  ) c ON c.programme = t.programme
       CROSS JOIN LATERAL (SELECT COALESCE(c.zone, 'UTC') AS zone) z"""
_SEEN = "LEAST(t.acknowledged_after, t.answered_after)"
_ANSWERED = "t.answered_after"


def _by_then(seconds: str) -> str:
    happened = f"((t.raised_at + make_interval(secs => {seconds})) AT TIME ZONE z.zone)::date"
    return f"CASE WHEN {happened} <= {{as_of}} THEN {seconds} END"


SUPPORT = Figure(
    name="support_figure",
    counts=frozenset({Counted.REQUESTS}),
    rows=_ROWS.format(seen=_by_then(_SEEN), answered=_by_then(_ANSWERED)),
    rows_now=_ROWS.format(seen=_SEEN, answered=_ANSWERED),
    has=frozenset({"worker", "area"}),
    values={
        "requests": "count(*)::integer",
        "acknowledged": "count(x.seen_s)::integer",
        "acknowledge_median": "(percentile_cont(0.5) WITHIN GROUP (ORDER BY x.seen_s))::numeric"
        " / 3600",
        "answered": "count(x.answered_s)::integer",
        "answer_median": "(percentile_cont(0.5) WITHIN GROUP (ORDER BY x.answered_s))::numeric"
        " / 3600",
        "acknowledge_promised": "count(x.acknowledge_hours)::integer",
        "acknowledged_within": "(count(*) FILTER"
        " (WHERE x.seen_s <= x.acknowledge_hours * 3600))::integer",
        "answer_promised": "count(x.answer_hours)::integer",
        "answered_within": "(count(*) FILTER"
        " (WHERE x.answered_s <= x.answer_hours * 3600))::integer",
    },
    measures=(
        Measure("requests"),
        Measure("acknowledged", within=("requests",), shows=("acknowledge_median",)),
        Measure("answered", within=("acknowledged", "requests"), shows=("answer_median",)),
        Measure("acknowledge_promised", within=("requests",)),
        Measure("acknowledged_within", within=("acknowledge_promised", "acknowledged")),
        Measure("answer_promised", within=("requests",)),
        Measure("answered_within", within=("answer_promised", "answered")),
    ),
    shape=SupportCounts,
)
