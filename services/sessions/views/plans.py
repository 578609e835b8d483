"""Plans, as sessions has heard of its own: found by their mentorship, where the ledger finds a
record by its id alone.

It is a moment behind. Whoever sends a plan and logs a session in the same second gives the plan's
position as `after`.
"""

from collections.abc import Iterable

from shared.contracts.sessions.plan import PlanAgreed, PlanAmended, PlanSent
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

PLAN_GROWTH = Table(
    name="known_plan_growth",
    version=1,
    key=("plan_id", "told_at"),
    columns={
        "plan_id": Column(type="uuid"),
        "told_at": Column(type="integer"),
        "amended_on": Column(type="date"),
        "strengths": Column(type="integer"),
    },
)
"""How many strengths a plan names since a day: every time it was amended."""

PLANS = Projection("plans", PLAN, PLAN_GROWTH)


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
            "strengths": body.named,
            "agreed_on": body.agreed_on,
        },
    )


@PLANS.on(PlanAmended)
def amended(body: PlanAmended, at: Happening) -> Iterable[Change]:
    """Know for which days it is, and how it grew."""
    yield Patch(PLAN, (at.stream,), {"starts": body.starts, "ends": body.ends})
    yield Upsert(
        PLAN_GROWTH,
        (at.stream, at.version),
        {"amended_on": body.amended_on, "strengths": body.named},
    )


@PLANS.on(PlanSent)
def sent(body: PlanSent, at: Happening) -> Iterable[Change]:
    """Know that it was sent."""
    yield Patch(PLAN, (at.stream,), {"sent_on": body.sent_on})
