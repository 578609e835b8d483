"""What a mentee set out to learn: needs, goals, trainings, self-assessment, and the rules they were
under.
"""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import leaf, one, read_model
from services.gateway.graphql.recording import recorded_by, recorded_for_another
from services.gateway.graphql.types.programme import ProgrammeVersion
from services.gateway.projections import (
    MENTEE_GOAL,
    MENTEE_NEEDS,
    MENTEE_TRAINING,
    MENTEE_VERSION,
    SELF_RATING,
)
from services.gateway.read.declare import Through
from shared.contracts.registry.enrolment import HowFar

graphql_enum(HowFar)

if TYPE_CHECKING:
    from services.gateway.graphql.types.workshop import Workshop

_THROUGH_MENTEE = Through(to="Mentee", by="mentee_id")


@read_model(
    MENTEE_NEEDS,
    scope=_THROUGH_MENTEE,
    description="What a mentee wanted to learn, until the day of the next.",
)
class MenteeNeeds:
    """Needs, and since when."""

    since: date = leaf("From that day on.")
    needs: list[str] = leaf("Competencies, topics, by code.")


@read_model(
    MENTEE_GOAL, scope=_THROUGH_MENTEE, description="Something a mentee means to reach by a day."
)
class LearningGoal:
    """A goal."""

    goal: str = leaf("Its code.")
    text: str | None = leaf("What it is; null if not for you to read.", personal=True)
    set_on: date = leaf("The day it was set.")
    due: date | None = leaf("By when.")
    reached_on: date | None = leaf("The day it was reached; null before.")
    how_far: HowFar | None = leaf(
        "How far they had come when they were asked last; null before.", convert=HowFar
    )
    evaluated_on: date | None = leaf("The day they were asked last.")
    comment: str | None = leaf(
        "What was said of it then; null if not for you to read.", personal=True
    )
    voided_on: date | None = leaf("The day it was voided; null while it stands.")


@read_model(MENTEE_TRAINING, scope=_THROUGH_MENTEE, description="A training that a mentee took.")
class Training:
    """A training."""

    training: str = leaf("What it was.")
    days: int = leaf("Days it took.")
    course: str | None = leaf("Which course, by the programme's code for it.")
    completed_on: date = leaf("The day it was completed.")
    voided: bool = leaf("Whether they did not take it after all.")
    facts_version: int = leaf("The version of the mentee's record that told of it first.")
    workshop: (
        Annotated["Workshop", strawberry.lazy("services.gateway.graphql.types.workshop")] | None
    ) = one(
        "Workshop",
        by="workshop_id",
        description="The workshop it was taken at; null where it was told by itself.",
    )


@read_model(SELF_RATING, scope=_THROUGH_MENTEE, description="How well a mentee thinks they do.")
class SelfRating:
    """One skill, as they see it."""

    skill: str = leaf("The skill's code.")
    level: int = leaf("From 1, not yet, to 5, could teach it.")
    assessed_on: date = leaf("The day they said so.")
    recorded_by: str = recorded_by()
    recorded_for_another: bool | None = recorded_for_another(
        "the mentee", person="health_worker_id"
    )


@read_model(
    MENTEE_VERSION,
    scope=_THROUGH_MENTEE,
    description="A version of the programme's rules that a mentee was under.",
)
class MenteeVersion:
    """Until the day of the next one."""

    since: date = leaf("From that day on.")
    reason: str | None = leaf(
        "Why they came under it; null for the first, and if not for you to read.", personal=True
    )
    programme_version: ProgrammeVersion | None = one(
        "ProgrammeVersion", by="programme_version_id", description="The rules."
    )
