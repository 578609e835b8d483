"""Relationship evaluations: every statement rated once, on the programme's own scale."""

from dataclasses import replace as but
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.sessions.aggregates.agreement import MentorshipOver, NotOfThisMentorship
from services.sessions.aggregates.relationship import (
    NoRelationshipScale,
    RatingTooHigh,
    RelationshipEvaluation,
    StatementMissing,
    StatementRatedTwice,
    StatementUnknown,
)
from shared.contracts.base import personal_fields
from shared.contracts.definition.visits import RelationshipItem, RelationshipScale
from shared.contracts.registry.mentorship import Side
from shared.contracts.sessions.relationship import (
    RelationshipEvaluated,
    RelationshipRating,
)
from shared.domain import new_id
from shared.domain.errors import Refusal
from tests.support.agreements import MENTEE, MENTOR, agreement
from tests.support.definitions import definition

SCALE = RelationshipScale(
    items=(
        RelationshipItem(code="trust", text="I can say what I do not know."),
        RelationshipItem(code="time", text="We have the time we need."),
    ),
    most=4,
)
UNDER = agreement(rules=replace(definition(), relationship=SCALE))


def evaluate(
    *given: tuple[str, int], whose: UUID = MENTEE, under: Any = UNDER, comment: str | None = None
) -> RelationshipEvaluated:
    evaluation = RelationshipEvaluation.evaluated(
        id=new_id(),
        agreement=under,
        person=whose,
        ratings=tuple(RelationshipRating(item=item, rating=rating) for item, rating in given),
        comment=comment,
        on=date(2018, 11, 20),
    )
    assert evaluation.key == whose
    (evaluated,) = evaluation.recorded
    assert isinstance(evaluated, RelationshipEvaluated)
    return evaluated


@pytest.mark.parametrize(("whose", "side"), [(MENTOR, Side.MENTOR), (MENTEE, Side.MENTEE)])
def test_either_side_evaluates_and_the_points_are_added_up(whose: UUID, side: Side) -> None:
    evaluated = evaluate(("time", 3), ("trust", 4), whose=whose)
    assert (evaluated.side, evaluated.total, evaluated.most) == (side, 7, 8)


def test_a_comment_is_personal() -> None:
    assert list(personal_fields(RelationshipEvaluated)) == ["comment"]
    assert RelationshipEvaluated.subject == "health_worker_id"


@pytest.mark.parametrize(
    ("given", "refused", "field"),
    [
        ((("trust", 4),), StatementMissing, "ratings"),
        ((("trust", 4), ("trust", 3)), StatementRatedTwice, "ratings[1].item"),
        ((("trust", 4), ("tea", 3)), StatementUnknown, "ratings[1].item"),
        ((("trust", 4), ("time", 5)), RatingTooHigh, "ratings[1].rating"),
    ],
)
def test_every_statement_is_rated_once_within_the_scale(
    given: Any, refused: type[Refusal], field: str
) -> None:
    with pytest.raises(refused) as told:
        evaluate(*given)
    assert told.value.field == field


def test_a_programme_without_a_scale_evaluates_nothing() -> None:
    with pytest.raises(NoRelationshipScale):
        evaluate(("trust", 4), ("time", 4), under=agreement())


def test_a_stranger_evaluates_nothing() -> None:
    with pytest.raises(NotOfThisMentorship):
        evaluate(("trust", 4), ("time", 4), whose=new_id())


def test_an_evaluation_can_follow_the_end_but_not_a_proposal_turned_down() -> None:
    evaluate(("trust", 4), ("time", 4), under=but(UNDER, live=False))
    with pytest.raises(MentorshipOver):
        evaluate(("trust", 4), ("time", 4), under=but(UNDER, live=False, declined=True))
