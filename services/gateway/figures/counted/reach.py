"""Reach: how many people mentoring came to, beside how many began.

Whoever was at a session that was held, or was in contact with a mentor, was reached, whenever they
enrolled; what was voided reaches nobody. A person is counted once, whatever they are mentored in,
and where they are posted at the end of what is asked.
"""

import strawberry

from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted
from services.gateway.graphql.types.suppression import Suppressible


@strawberry.type(description="People whom mentoring came to, and people who began; each once.")
class ReachCounts(Suppressible):
    """Counts of some people."""

    reached: int | None = strawberry.field(
        description="People who were at a session as mentees, or in contact with a mentor."
    )
    carried_over: int | None = strawberry.field(
        description="Of them, those reached under an enrolment from before the first day asked for."
    )
    enrolled: int | None = strawberry.field(
        description="People who enrolled, by the day of it, whether or not they were reached."
    )


# Whoever is met in a mentorship is met in all that they had enrolled for by then in its care.
_MET = """
      SELECT t.programme, t.day, t.worker, t.met, c.area, c.association, c.technical_area,
             c.since < {since} AS carried
        FROM (
             SELECT s.programme, s.held_on AS day, a.health_worker_id AS worker, true AS met,
                    s.mentorship_id
               FROM "{session}" s JOIN "{session_attendance}" a ON a.facts_id = s.facts_id
              WHERE s.status = 'HELD' AND a.side = 'MENTEE' AND a.present
              UNION ALL
             SELECT c.programme, c.made_on, c.mentee, true, c.mentorship_id
               FROM "{contact}" c WHERE NOT c.voided) t
        LEFT JOIN "{health_worker}" h ON h.id = t.worker
        LEFT JOIN LATERAL (
             SELECT m.area, m.association, m.technical_area, m.since
               FROM "{mentorship_mentee}" k
               JOIN "{mentee}" m ON m.id = k.mentee_id AND m.since <= t.day
                AND m.status IS DISTINCT FROM 'SET_ASIDE'
               JOIN "{health_worker}" w ON w.id = k.health_worker_id
              WHERE k.mentorship_id = t.mentorship_id
                AND COALESCE(w.merged_into_id, w.id) = COALESCE(h.merged_into_id, t.worker)
             ) c ON true"""
_ENROLLED = """
      SELECT m.programme, m.since, m.health_worker_id, false, m.area, m.association,
             m.technical_area, NULL
        FROM "{mentee}" m
       WHERE m.since IS NOT NULL AND m.status IS DISTINCT FROM 'SET_ASIDE'
         AND m.counts IS NOT FALSE"""

REACH = Figure(
    name="reach_figure",
    counts=frozenset({Counted.MENTEES}),
    rows=f"{_MET}\n       UNION ALL{_ENROLLED}",
    has=frozenset({"worker", "area", "association", "technical_area"}),
    posted=True,
    values={
        "reached": "(count(DISTINCT x.person) FILTER (WHERE x.met))::integer",
        "carried_over": "(count(DISTINCT x.person) FILTER (WHERE x.carried))::integer",
        "enrolled": "(count(DISTINCT x.person) FILTER (WHERE NOT x.met))::integer",
    },
    measures=(
        Measure("reached"),
        Measure("carried_over", within=("reached",)),
        Measure("enrolled"),
    ),
    shape=ReachCounts,
)
