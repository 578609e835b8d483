"""Plans as they were agreed, and when they were sent to where they are carried out."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, RECORD, TEXT, TEXTS, maybe, record
from shared.contracts.sessions.plan import PlanAgreed, PlanAmended, PlanSent
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

PLAN = Table(
    name="plan",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "mentorship_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "plan_kind": TEXT,
        "health_worker_id": maybe(ID),
        "starts": DATE,
        "ends": DATE,
        "objectives": TEXTS,
        "strengths": TEXTS,
        "own_strengths": TEXTS,
        "amended_on": maybe(DATE),
        "agreed_on": DATE,
        "sent_to": maybe(TEXT),
        "sent_on": maybe(DATE),
        **RECORD,
    },
    indexes=(
        ("starts", "id"),
        ("mentorship_id", "starts", "id"),
        ("programme", "starts", "id"),
        ("org_unit_id", "starts", "id"),
        ("plan_kind", "starts", "id"),
        ("health_worker_id", "starts", "id"),
        ("sent_on",),
    ),
)
"""`health_worker_id` is the mentee of a development plan, and empty for the others. `strengths` are
those it was agreed on with, `own_strengths` those it names now, which are personal."""

PLANS = Projection("plans", PLAN)


@PLANS.on(PlanAgreed)
def agreed(event: PlanAgreed, happening: Happening) -> Iterator[Change]:
    """Show a plan."""
    yield Upsert(
        PLAN,
        (happening.stream,),
        {
            "mentorship_id": event.mentorship_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "plan_kind": event.plan_kind.value,
            "health_worker_id": event.health_worker_id,
            "starts": event.starts,
            "ends": event.ends,
            "objectives": event.objectives,
            "strengths": event.strengths,
            "own_strengths": event.strengths,
            "agreed_on": event.agreed_on,
            **record(happening),
        },
    )


@PLANS.on(PlanAmended)
def amended(event: PlanAmended, happening: Happening) -> Iterator[Change]:
    """Show what stands in it now."""
    yield Patch(
        PLAN,
        (happening.stream,),
        {
            "starts": event.starts,
            "ends": event.ends,
            "objectives": event.objectives,
            "own_strengths": event.strengths,
            "amended_on": event.amended_on,
            **record(happening),
        },
    )


@PLANS.on(PlanSent)
def sent(event: PlanSent, happening: Happening) -> Iterator[Change]:
    """Show to whom it was sent, and when."""
    yield Patch(
        PLAN,
        (happening.stream,),
        {"sent_to": event.sent_to, "sent_on": event.sent_on, **record(happening)},
    )
