"""Deciding on relationship evaluations."""

from msgspec.structs import replace

from services.sessions.aggregates.relationship import RelationshipEvaluation
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named
from shared.contracts.sessions.relationship import RelationshipEvaluate
from shared.deciding.work import Work


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
    person = await party_named(command.health_worker_id, agreement, work)
    evaluation = RelationshipEvaluation.evaluated(
        id=work.new_id(command.id, "relationship"),
        agreement=agreement,
        asked=replace(command, health_worker_id=person),
        on=work.day,
    )
    work.add(evaluation)
    return evaluation
