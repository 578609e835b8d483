"""Item analysis: which items of the checklists are failed most.

Every attempt that was not voided counts, and every look that was only to learn by; an item of it is
failed where it got less than its points, and missed where it got none. What an item is worth is
told by the version of the framework that the attempt went by. They are counted where the mentee
worked on the day of the attempt.
"""

from decimal import Decimal

import strawberry

from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted
from services.gateway.graphql.types.suppression import Suppressible


@strawberry.type(description="How some items of checklists went.")
class ItemCounts(Suppressible):
    """Counts of some items."""

    mentees: int | None = strawberry.field(description="People who were seen at it, each once.")
    seen: int | None = strawberry.field(description="How often it was looked at.")
    failed_by: int | None = strawberry.field(
        description="People who once got less than its points, each once."
    )
    failed: int | None = strawberry.field(description="How often it got less than its points.")
    lost: Decimal | None = strawberry.field(
        description="Points that were not got, of all that could be, in per cent."
    )
    missed_by: int | None = strawberry.field(
        description="People who once got no point for it, each once."
    )
    missed: int | None = strawberry.field(description="How often it got no point.")


ITEMS = Figure(
    name="item_figure",
    counts=frozenset({Counted.MENTEES}),
    rows="""
      SELECT t.programme, a.assessed_on AS day, a.org_unit_id, a.health_worker_id AS worker, t.area,
             t.association, t.technical_area, a.competency, i.item, i.points, w.points AS worth
        FROM "{assessment}" a
        JOIN "{mentee}" t ON t.id = a.mentee_id AND t.since IS NOT NULL
         AND t.status IS DISTINCT FROM 'SET_ASIDE' AND t.counts IS NOT FALSE
       CROSS JOIN LATERAL jsonb_to_recordset(a.items) AS i (item text, points integer)
        JOIN (SELECT f.code, f.framework_version, c ->> 'code' AS competency, i ->> 'code' AS item,
                     (i ->> 'points')::integer AS points
                FROM "{framework}" f, jsonb_array_elements(f.competencies) c,
                     jsonb_array_elements(c -> 'checklist') i
             ) w ON w.code = a.framework AND w.framework_version = a.framework_version
              AND w.competency = a.competency AND w.item = i.item
       WHERE a.voided_on IS NULL""",
    has=frozenset({"worker", "area", "association", "technical_area", "competency", "item"}),
    each={
        "seen": "count(*)",
        "failed": "count(*) FILTER (WHERE x.points < x.worth)",
        "missed": "count(*) FILTER (WHERE x.points = 0)",
        "points": "sum(x.points)",
        "worth": "sum(x.worth)",
    },
    values={
        "mentees": "count(*)::integer",
        "seen": "COALESCE(sum(x.seen), 0)::integer",
        "failed_by": "(count(*) FILTER (WHERE x.failed > 0))::integer",
        "failed": "COALESCE(sum(x.failed), 0)::integer",
        "lost": "100.0 - 100.0 * sum(x.points) / sum(x.worth)",
        "missed_by": "(count(*) FILTER (WHERE x.missed > 0))::integer",
        "missed": "COALESCE(sum(x.missed), 0)::integer",
    },
    measures=(
        Measure("mentees", shows=("seen",)),
        Measure("failed_by", within=("mentees",), shows=("failed", "lost")),
        Measure("missed_by", within=("failed_by", "mentees"), shows=("missed",)),
    ),
    first="lost",
    shape=ItemCounts,
)
