"""What is told of plans."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.plan import (
    PlanAgreed,
    PlanAmended,
    PlanSent,
)

tells(
    PlanAgreed,
    Words("A plan of {health_worker_id} was agreed, from {starts} to {ends}: {plan_kind}."),
    Words("A plan was agreed, from {starts} to {ends}: {plan_kind}."),
)
tells(
    PlanAmended,
    Words(
        "A plan of {health_worker_id} was amended on {amended_on}: it runs from {starts} to {ends}."
    ),
    Words("A plan was amended on {amended_on}: it runs from {starts} to {ends}."),
)
tells(PlanSent, Words("The plan was sent on {sent_on}."))
