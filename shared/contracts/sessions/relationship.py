"""Relationship evaluations: how one side sees the relationship, statement by statement."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    Event,
    HealthWorkerId,
    MentorshipId,
    NewId,
    OrgUnitId,
    PersonalLongText,
    RelationshipEvaluationId,
    asked,
    happened,
)
from shared.contracts.registry.mentorship import Side
from shared.contracts.taking_back import Reinstated, Voided


class RelationshipRating(Struct, frozen=True, kw_only=True, rename="camel"):
    """How far one statement is true."""

    item: Code
    rating: Annotated[int, Meta(ge=1, le=10, description="1: not at all; the most: fully.")]


RelationshipRatings = Annotated[
    tuple[RelationshipRating, ...],
    Meta(min_length=1, max_length=50, description="A rating for every statement."),
]


class RelationshipFacts(Event, kw_only=True):
    """How a party sees the relationship: `total` of `most` points."""

    health_worker_id: HealthWorkerId
    side: Side
    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    ratings: RelationshipRatings
    total: Annotated[int, Meta(ge=1)]
    most: Annotated[int, Meta(ge=1)]
    comment: PersonalLongText | None = None
    evaluated_on: date


@happened("sessions.relationship.evaluated", subject="health_worker_id")
class RelationshipEvaluated(RelationshipFacts, kw_only=True):
    """A party evaluated the relationship: `total` of `most` points."""


@happened("sessions.relationship.corrected", subject="health_worker_id")
class RelationshipCorrected(RelationshipFacts, kw_only=True):
    """What was said of an evaluation is replaced by this, whole; the event's reason says why."""


@happened("sessions.relationship.voided", subject="health_worker_id")
class RelationshipVoided(Voided, kw_only=True):
    """Nobody evaluated it so; the event's reason says why."""

    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId


@happened("sessions.relationship.reinstated", subject="health_worker_id")
class RelationshipReinstated(Reinstated, kw_only=True):
    """The evaluation stands again; the event's reason says why."""

    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId


@asked("sessions", "RelationshipEvaluation", by="coordinator mentor mentee")
class RelationshipEvaluate(Command, kw_only=True):
    """Record how a party of a mentorship sees the relationship."""

    id: NewId = None
    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId
    ratings: RelationshipRatings
    comment: PersonalLongText | None = None


@asked("sessions", "RelationshipEvaluation", by="coordinator mentor mentee")
class RelationshipEvaluationCorrect(Command, kw_only=True):
    """Correct an evaluation: give it again, whole, with its day; `reason` says why."""

    relationship_evaluation_id: RelationshipEvaluationId
    evaluated_on: Annotated[date, Meta(description="The day of the evaluation.")]
    ratings: RelationshipRatings
    comment: PersonalLongText | None = None


@asked("sessions", "RelationshipEvaluation", by="coordinator mentor mentee")
class RelationshipEvaluationVoid(Command, kw_only=True):
    """Void an evaluation: it counts no more, and stays on record; `reason` says why."""

    relationship_evaluation_id: RelationshipEvaluationId


@asked("sessions", "RelationshipEvaluation", by="coordinator mentor mentee")
class RelationshipEvaluationReinstate(Command, kw_only=True):
    """Let a voided evaluation stand again; `reason` says why."""

    relationship_evaluation_id: RelationshipEvaluationId
