"""CPD: points of continuing professional development that stand, and who has them.

An award stands unless it was taken back: with the session that it is for, or because the rule's
yearly cap was shared out anew. It counts on the day that it was earned. A person is counted once,
and where they are posted at the end of what is asked, with all their points.
"""

from decimal import Decimal

import strawberry

from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted
from services.gateway.graphql.types.suppression import Suppressible


@strawberry.type(description="CPD points awarded.")
class CpdCounts(Suppressible):
    """Points, and people who have them."""

    people: int | None = strawberry.field(description="People who earned points, each once.")
    awards: int | None = strawberry.field(
        description="How often: once a session and rule of the programme."
    )
    points: Decimal | None = strawberry.field(description="The points together.")


CPD = Figure(
    name="cpd_figure",
    counts=frozenset({Counted.PEOPLE}),
    rows="""
      SELECT b.programme, b.booked_on AS day, b.health_worker_id AS worker, b.points
        FROM "{cpd_booking}" b
       WHERE b.booked = 'AWARDED' AND b.points > 0
         AND NOT EXISTS (
             SELECT FROM "{cpd_booking}" r
              WHERE r.source = b.source AND r.rule = b.rule AND r.account_id = b.account_id
                AND r.number > b.number)""",
    has=frozenset({"worker"}),
    posted=True,
    values={
        "people": "count(DISTINCT x.person)::integer",
        "awards": "count(*)::integer",
        "points": "COALESCE(sum(x.points), 0)",
    },
    measures=(Measure("people", shows=("awards", "points")),),
    shape=CpdCounts,
)
