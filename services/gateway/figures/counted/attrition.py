"""Attrition: mentees who withdrew and mentors who left a team, by cause, where and when.

What counts is what stands: whoever was readmitted did not withdraw. A mentor who left and came back
had left. Mentees are counted where they were mentored last, mentors at the mentorship's unit.
"""

import strawberry

from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted
from services.gateway.graphql.types.suppression import Suppressible


@strawberry.type(description="Mentees who withdrew, and mentors who left.")
class AttritionCounts(Suppressible):
    """Counts of some departures."""

    mentees: int | None = strawberry.field(description="People who withdrew, each once.")
    withdrawals: int | None = strawberry.field(
        description="Enrolments that ended so: somebody mentored in two areas has two."
    )
    mentors: int | None = strawberry.field(description="People who left a team, each once.")
    departures: int | None = strawberry.field(
        description="Places that they left: one a mentorship and area."
    )


ATTRITION = Figure(
    name="attrition_figure",
    counts=frozenset({Counted.MENTEES, Counted.PEOPLE}),
    rows="""
      SELECT t.programme, t.withdrawn_on AS day, COALESCE(t.org_unit_now_id, t.org_unit_id)
             AS org_unit_id, t.health_worker_id AS worker, t.area, t.association, t.technical_area,
             t.withdrawal_cause AS cause, false AS mentor
        FROM "{mentee}" t
       WHERE t.since IS NOT NULL AND t.status = 'WITHDRAWN' AND t.counts IS NOT FALSE
       UNION ALL
      SELECT m.programme, d.left_on, m.org_unit_id, d.health_worker_id, r.area, r.association,
             NULL, d.cause, true
        FROM "{disengagement}" d
        JOIN "{mentorship}" m ON m.id = d.mentorship_id
        LEFT JOIN "{mentor}" r ON r.id = d.mentor_id""",
    has=frozenset({"worker", "area", "association", "technical_area", "cause"}),
    values={
        "mentees": "(count(DISTINCT x.person) FILTER (WHERE NOT x.mentor))::integer",
        "withdrawals": "(count(*) FILTER (WHERE NOT x.mentor))::integer",
        "mentors": "(count(DISTINCT x.person) FILTER (WHERE x.mentor))::integer",
        "departures": "(count(*) FILTER (WHERE x.mentor))::integer",
    },
    measures=(
        Measure("mentees", shows=("withdrawals",)),
        Measure("mentors", shows=("departures",)),
    ),
    shape=AttritionCounts,
)
