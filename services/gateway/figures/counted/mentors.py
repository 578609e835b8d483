"""Mentors: how many were at work, and how many became one.

Whoever was at a session that was held, as a mentor of it, was active on its day; what was voided
makes nobody so. Whoever was certified in an area is a new mentor of it on that day. A person is
counted once, and where they are posted at the end of what is asked.
"""

import strawberry

from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted
from services.gateway.graphql.types.suppression import Suppressible


@strawberry.type(description="Mentors at work, and new ones; people, each once.")
class MentorCounts(Suppressible):
    """Counts of some people."""

    active: int | None = strawberry.field(
        description="People who were at a session as its mentors."
    )
    attended: int | None = strawberry.field(
        description="How often: a session with two mentors counts for each of them."
    )
    certified: int | None = strawberry.field(
        description="People who were certified as mentors, by the day of it."
    )


MENTORS = Figure(
    name="mentor_figure",
    counts=frozenset({Counted.PEOPLE}),
    rows="""
      SELECT s.programme, s.held_on AS day, a.health_worker_id AS worker, s.id AS session, k.area,
             r.association
        FROM "{session}" s
        JOIN "{session_attendance}" a ON a.facts_id = s.facts_id AND a.side = 'MENTOR'
        LEFT JOIN "{mentorship_mentor}" k ON k.mentorship_id = s.mentorship_id
         AND k.health_worker_id = a.health_worker_id
        LEFT JOIN "{mentor}" r ON r.id = k.mentor_id
       WHERE s.status = 'HELD'
       UNION ALL
      SELECT r.programme, r.certified_on, r.health_worker_id, NULL, r.area, r.association
        FROM "{mentor}" r WHERE r.certified_on IS NOT NULL""",
    has=frozenset({"worker", "area", "association"}),
    posted=True,
    values={
        "active": "(count(DISTINCT x.person) FILTER (WHERE x.session IS NOT NULL))::integer",
        "attended": "(count(DISTINCT (x.session, x.person))"
        " FILTER (WHERE x.session IS NOT NULL))::integer",
        "certified": "(count(DISTINCT x.person) FILTER (WHERE x.session IS NULL))::integer",
    },
    measures=(Measure("active", shows=("attended",)), Measure("certified")),
    shape=MentorCounts,
)
