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
    asked,
    happened,
)
from shared.contracts.registry.mentorship import Side


class RelationshipRating(Struct, frozen=True, kw_only=True, rename="camel"):
    """How far one statement is true."""

    item: Code
    rating: Annotated[int, Meta(ge=1, le=10, description="1: not at all; the most: fully.")]


RelationshipRatings = Annotated[
    tuple[RelationshipRating, ...],
    Meta(min_length=1, max_length=50, description="A rating for every statement."),
]


@happened("sessions.relationship.evaluated", subject="health_worker_id")
class RelationshipEvaluated(Event, kw_only=True):
    """A party evaluated the relationship: `total` of `most` points."""

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


@asked("sessions", "RelationshipEvaluation", by="coordinator mentor mentee")
class RelationshipEvaluate(Command, kw_only=True):
    """Record how a party of a mentorship sees the relationship."""

    id: NewId = None
    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId
    ratings: RelationshipRatings
    comment: PersonalLongText | None = None
