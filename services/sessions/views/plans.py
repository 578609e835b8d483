"""Plans, as sessions has heard of its own: found by their mentorship, where the ledger finds a
record by its id alone.

It is a moment behind. Whoever sends a plan and logs a session in the same second gives the plan's
position as `after`.
"""

from collections.abc import Iterable

from shared.contracts.sessions.plan import PlanAgreed, PlanSent
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

PLAN = Table(
    name="known_plan",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "mentorship_id": Column(type="uuid"),
        "plan_kind": Column(type="text"),
        "health_worker_id": Column(type="uuid", nullable=True),
        "starts": Column(type="date"),
        "ends": Column(type="date"),
        "strengths": Column(type="integer"),
        "agreed_on": Column(type="date"),
        "sent_on": Column(type="date", nullable=True),
    },
    indexes=(("mentorship_id",),),
)
"""A plan: for which days, how many strengths it names, and since when it is agreed and sent."""

PLANS = Projection("plans", PLAN)


@PLANS.on(PlanAgreed)
def agreed(body: PlanAgreed, at: Happening) -> Iterable[Change]:
    """Know the plan."""
    yield Upsert(
        PLAN,
        (at.stream,),
        {
            "mentorship_id": body.mentorship_id,
            "plan_kind": body.plan_kind,
            "health_worker_id": body.health_worker_id,
            "starts": body.starts,
            "ends": body.ends,
            "strengths": len(body.strengths),
            "agreed_on": body.agreed_on,
        },
    )


@PLANS.on(PlanSent)
def sent(body: PlanSent, at: Happening) -> Iterable[Change]:
    """Know that it was sent."""
    yield Patch(PLAN, (at.stream,), {"sent_on": body.sent_on})
