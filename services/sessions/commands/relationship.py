"""Deciding on relationship evaluations."""

from services.sessions.aggregates.relationship import RelationshipEvaluation
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from shared.contracts.sessions.relationship import RelationshipEvaluate
from shared.runtime.work import Work


@handlers.decides(RelationshipEvaluate)
async def evaluate(
    command: RelationshipEvaluate, work: Work[RelationshipEvaluate]
) -> RelationshipEvaluation:
    """Record how a party sees the relationship."""
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(
        at=agreement.org_unit_id,
        programme=agreement.rules.programme,
        people=(command.health_worker_id,),
    )
    evaluation = RelationshipEvaluation.evaluated(
        id=work.new_id(command.id, "relationship"),
        agreement=agreement,
        asked=command,
        on=work.day,
    )
    work.add(evaluation)
    return evaluation
