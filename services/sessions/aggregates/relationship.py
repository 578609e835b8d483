"""A relationship evaluation: how one party sees the relationship, on the programme's own scale."""

from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.definition.visits import RelationshipScale
from shared.contracts.sessions.relationship import (
    RelationshipCorrected,
    RelationshipEvaluated,
    RelationshipRatings,
    RelationshipReinstated,
    RelationshipVoided,
)
from shared.domain import event
from shared.domain.errors import Refusal
from shared.domain.told import Told


class NoRelationshipScale(Refusal):
    """The programme does not evaluate relationships."""

    code = "NO_RELATIONSHIP_SCALE"
    template = "The programme {programme} does not evaluate relationships."
    remedy_template = "Write into the journal instead."


class StatementUnknown(Refusal):
    """The programme's scale has no such statement."""

    code = "STATEMENT_UNKNOWN"
    template = "The scale has no statement {item!r}."
    remedy_template = "Its statements: {items}."


class StatementRatedTwice(Refusal):
    """Each statement is rated once."""

    code = "STATEMENT_RATED_TWICE"
    template = "The statement {item!r} is rated twice."
    remedy_template = "Rate every statement once."


class StatementMissing(Refusal):
    """Totals compare only if every statement was rated."""

    code = "STATEMENT_MISSING"
    template = "The statement {item!r} is not rated."
    remedy_template = "Rate every statement: {items}."


class RatingTooHigh(Refusal):
    """The scale ends before that."""

    code = "RATING_TOO_HIGH"
    template = "The statement {item!r} is rated {rating}; the scale ends at {most}."
    remedy_template = "Give 1 to {most}."


class RelationshipEvaluation(Told):
    """One party's evaluation; the next one is a record of its own."""

    kind = "relationship"
    fold_version = 2
    voids, reinstates = RelationshipVoided, RelationshipReinstated

    health_worker_id: UUID
    mentorship_id: UUID
    voided_on: date | None

    @property
    def key(self) -> UUID:
        """The person who evaluated."""
        return self.health_worker_id

    @classmethod
    def evaluated(
        cls,
        *,
        id: UUID,
        agreement: Agreement,
        person: UUID,
        ratings: RelationshipRatings,
        comment: str | None,
        on: date,
    ) -> "RelationshipEvaluation":
        """Begin an evaluation by a party of the mentorship; it may be made after the end too.

        Raises:
            NoRelationshipScale, MentorshipOver, NotOfThisMentorship, StatementUnknown,
            StatementRatedTwice, StatementMissing, RatingTooHigh: as they say.
        """
        said = _said(agreement, person, ratings, comment, on)
        return cls.begin(id, RelationshipEvaluated(**said))

    @event(RelationshipEvaluated)
    def _evaluated(self, event: RelationshipEvaluated) -> None:
        self.health_worker_id, self.mentorship_id = event.health_worker_id, event.mentorship_id
        self.voided_on = None

    def correct(
        self, agreement: Agreement, ratings: RelationshipRatings, comment: str | None, on: date
    ) -> None:
        """Say it anew, whole, by the mentorship as it stood on the day that it was of after all.

        Raises:
            RecordVoided, and what `evaluated` raises.
        """
        field = "relationshipEvaluationId"
        self.must_stand(field)
        said = _said(agreement, self.health_worker_id, ratings, comment, on, field=field)
        self.record(RelationshipCorrected(**said))

    @event(RelationshipCorrected)
    def _corrected(self, _event: RelationshipCorrected) -> None:
        """No rule asks what they thought."""

    def about(self) -> dict[str, Any]:
        """Return who evaluated, and which mentorship."""
        return {"health_worker_id": self.health_worker_id, "mentorship_id": self.mentorship_id}


def _said(
    agreement: Agreement,
    person: UUID,
    ratings: RelationshipRatings,
    comment: str | None,
    on: date,
    *,
    field: str | None = None,
) -> dict[str, Any]:
    """Return what an evaluation says; what it is refused names `field`, or what was sent."""
    scale = agreement.rules.relationship
    if scale is None:
        raise NoRelationshipScale(field or "mentorshipId", programme=agreement.rules.programme)
    agreement.must_not_be_declined()
    agreement.must_be_party(person, field or "healthWorkerId")
    _must_rate_all(scale, ratings)
    return {
        "health_worker_id": person,
        "side": agreement.side(person),
        "mentorship_id": agreement.mentorship_id,
        "programme": agreement.rules.programme,
        "org_unit_id": agreement.org_unit_id,
        "ratings": ratings,
        "total": sum(one.rating for one in ratings),
        "most": len(scale.items) * scale.most,
        "comment": comment,
        "evaluated_on": on,
    }


def _must_rate_all(scale: RelationshipScale, ratings: RelationshipRatings) -> None:
    """Refuse ratings that do not cover every statement exactly once, within the scale."""
    items = [item.code for item in scale.items]
    missing = dict.fromkeys(items)
    for place, one in enumerate(ratings):
        if one.item not in items:
            raise StatementUnknown(f"ratings[{place}].item", item=one.item, items=", ".join(items))
        if one.item not in missing:
            raise StatementRatedTwice(f"ratings[{place}].item", item=one.item)
        if one.rating > scale.most:
            raise RatingTooHigh(
                f"ratings[{place}].rating", item=one.item, rating=one.rating, most=scale.most
            )
        del missing[one.item]
    if missing:
        raise StatementMissing("ratings", item=next(iter(missing)), items=", ".join(items))
