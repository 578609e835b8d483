"""A relationship evaluation: how one party sees the relationship, on the programme's own scale."""

from datetime import date
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.definition.visits import RelationshipScale
from shared.contracts.sessions.relationship import (
    RelationshipEvaluate,
    RelationshipEvaluated,
    RelationshipRatings,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


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


class RelationshipEvaluation(Aggregate):
    """One party's evaluation; the next one is a record of its own."""

    kind = "relationship"
    constant = True

    health_worker_id: UUID

    @property
    def key(self) -> UUID:
        """The person who evaluated."""
        return self.health_worker_id

    @classmethod
    def evaluated(
        cls, *, id: UUID, agreement: Agreement, asked: RelationshipEvaluate, on: date
    ) -> "RelationshipEvaluation":
        """Begin an evaluation by a party of the mentorship; it may be made after the end too.

        Raises:
            NoRelationshipScale, MentorshipOver, NotOfThisMentorship, StatementUnknown,
            StatementRatedTwice, StatementMissing, RatingTooHigh: as they say.
        """
        scale = agreement.rules.relationship
        if scale is None:
            raise NoRelationshipScale("mentorshipId", programme=agreement.rules.programme)
        agreement.must_not_be_declined()
        agreement.must_be_party(asked.health_worker_id, "healthWorkerId")
        _must_rate_all(scale, asked.ratings)
        return cls.begin(
            id,
            RelationshipEvaluated(
                health_worker_id=asked.health_worker_id,
                side=agreement.side(asked.health_worker_id),
                mentorship_id=agreement.mentorship_id,
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                ratings=asked.ratings,
                total=sum(one.rating for one in asked.ratings),
                most=len(scale.items) * scale.most,
                comment=asked.comment,
                evaluated_on=on,
            ),
        )

    @event(RelationshipEvaluated)
    def _evaluated(self, event: RelationshipEvaluated) -> None:
        self.health_worker_id = event.health_worker_id


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
