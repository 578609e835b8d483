"""Deciding on relationship evaluations."""

from typing import Any

from services.sessions.aggregates.relationship import RelationshipEvaluation
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named
from services.sessions.commands.taking_back import can_be_taken_back
from shared.contracts.sessions.relationship import (
    RelationshipEvaluate,
    RelationshipEvaluationCorrect,
    RelationshipEvaluationReinstate,
    RelationshipEvaluationVoid,
)
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
    evaluation = RelationshipEvaluation.evaluated(
        id=work.new_id(command.id, "relationship"),
        agreement=agreement,
        person=await party_named(command.health_worker_id, agreement, work),
        ratings=command.ratings,
        comment=command.comment,
        on=work.day,
    )
    work.add(evaluation)
    return evaluation


@handlers.decides(RelationshipEvaluationCorrect)
async def correct(
    command: RelationshipEvaluationCorrect, work: Work[RelationshipEvaluationCorrect]
) -> RelationshipEvaluation:
    """Say anew how they saw it, on the day that it was after all."""
    evaluation = await work.get(
        RelationshipEvaluation,
        command.relationship_evaluation_id,
        field="relationshipEvaluationId",
    )
    await _allow(evaluation, work)
    work.reason()
    work.must_have_come(command.evaluated_on, "evaluatedOn")
    agreement = await agreement_of(
        evaluation.mentorship_id, work, field="relationshipEvaluationId", on=command.evaluated_on
    )
    evaluation.correct(agreement, command.ratings, command.comment, command.evaluated_on)
    return evaluation


async def _allow(evaluation: RelationshipEvaluation, work: Work[Any]) -> None:
    """Ask the policy; it is the own record of whoever evaluated, and of nobody else."""
    agreement = await agreement_of(evaluation.mentorship_id, work, field="relationshipEvaluationId")
    await work.allow(
        at=agreement.org_unit_id,
        programme=agreement.rules.programme,
        people=(evaluation.health_worker_id,),
    )


can_be_taken_back(
    RelationshipEvaluation,
    void=RelationshipEvaluationVoid,
    reinstate=RelationshipEvaluationReinstate,
    by="relationship_evaluation_id",
    allow=_allow,
)
