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


_AT_SESSIONS = """
      SELECT s.programme, s.held_on AS day, m.health_worker_id AS worker, true AS met, m.area,
             m.association, m.technical_area, m.since < {since} AS carried
        FROM "{session}" s JOIN "{mentee}" m ON m.id = ANY (s.enrolments)
       WHERE s.status = 'HELD'"""
# Whoever is in contact is so in all that they had enrolled for by then in the mentorship's care.
_IN_CONTACT = """
      SELECT c.programme, c.made_on, c.mentee, true, e.area, e.association, e.technical_area,
             e.since < {since}
        FROM "{contact}" c
        LEFT JOIN "{health_worker}" h ON h.id = c.mentee
        LEFT JOIN LATERAL (
             SELECT m.area, m.association, m.technical_area, m.since
               FROM "{mentorship_mentee}" k
               JOIN "{mentee}" m ON m.id = k.mentee_id AND m.since <= c.made_on
               JOIN "{health_worker}" w ON w.id = k.health_worker_id
              WHERE k.mentorship_id = c.mentorship_id
                AND COALESCE(w.merged_into_id, w.id) = COALESCE(h.merged_into_id, c.mentee)
             ) e ON true
       WHERE NOT c.voided"""
_ENROLLED = """
      SELECT m.programme, m.since, m.health_worker_id, false, m.area, m.association,
             m.technical_area, NULL
        FROM "{mentee}" m
       WHERE m.since IS NOT NULL AND m.status IS DISTINCT FROM 'SET_ASIDE'
         AND m.counts IS NOT FALSE"""

REACH = Figure(
    name="reach_figure",
    counts=frozenset({Counted.MENTEES}),
    rows="\n       UNION ALL".join((_AT_SESSIONS, _IN_CONTACT, _ENROLLED)),
    has=frozenset({"worker", "area", "association", "technical_area"}),
    posted=True,
    each={
        "met": "bool_or(x.met)",
        "carried": "bool_or(x.carried)",
        "began": "bool_or(NOT x.met)",
    },
    values={
        "reached": "(count(*) FILTER (WHERE x.met))::integer",
        "carried_over": "(count(*) FILTER (WHERE x.carried))::integer",
        "enrolled": "(count(*) FILTER (WHERE x.began))::integer",
    },
    measures=(
        Measure("reached"),
        Measure("carried_over", within=("reached",)),
        Measure("enrolled"),
    ),
    shape=ReachCounts,
)
