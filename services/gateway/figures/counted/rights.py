"""Rights to mentor: people who may mentor by what they proved, and how many of them do.

A right counts on the day it was earned, as long as it is held at the end of the day asked for, in
the programme whose validations it rests on. Whoever is then a mentor of the tier and area that it
opens, in a mentorship that is agreed and not over, makes use of it. A person is counted once, and
where they are posted at the end of what is asked.
"""

import strawberry

from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted
from services.gateway.graphql.types.suppression import Suppressible


@strawberry.type(description="People who may mentor, and whether they do; each once.")
class RightCounts(Suppressible):
    """Counts of some people."""

    holders: int | None = strawberry.field(description="People who hold a right to mentor.")
    rights: int | None = strawberry.field(
        description="Their rights: somebody may mentor in several areas."
    )
    mentoring: int | None = strawberry.field(
        description="Of the people, those who mentor by one of their rights."
    )
    idle: int | None = strawberry.field(description="Of the people, those who mentor by none.")


RIGHTS_TO_MENTOR = Figure(
    name="right_to_mentor_figure",
    counts=frozenset({Counted.PEOPLE}),
    rows="""
      SELECT t.programme, t.earned_on AS day, t.health_worker_id AS worker, t.area, EXISTS (
             SELECT FROM "{health_worker}" h
               JOIN "{health_worker}" o
                 ON COALESCE(o.merged_into_id, o.id) = COALESCE(h.merged_into_id, h.id)
               JOIN "{mentor}" r ON r.health_worker_id = o.id
                AND r.programme = t.tier AND r.area = t.tier_area
               JOIN "{mentorship_mentor}" p ON p.mentor_id = r.id
                AND p.joined_on <= {as_of} AND (p.left_on IS NULL OR p.left_on > {as_of})
               JOIN "{mentorship}" m ON m.id = p.mentorship_id
                AND m.agreed_on <= {as_of} AND (m.concluded_on IS NULL OR m.concluded_on > {as_of})
              WHERE h.id = t.health_worker_id) AS mentoring
        FROM "{right_to_mentor}" t
       WHERE t.earned_on <= {as_of} AND (t.lost_on IS NULL OR t.lost_on > {as_of})""",
    has=frozenset({"worker", "area"}),
    posted=True,
    values={
        "holders": "count(DISTINCT x.person)::integer",
        "rights": "count(*)::integer",
        "mentoring": "(count(DISTINCT x.person) FILTER (WHERE x.mentoring))::integer",
        "idle": "(count(DISTINCT x.person)"
        " - count(DISTINCT x.person) FILTER (WHERE x.mentoring))::integer",
    },
    measures=(
        Measure("holders", shows=("rights",)),
        Measure("mentoring", within=("holders",), shows=("idle",)),
    ),
    shape=RightCounts,
)
