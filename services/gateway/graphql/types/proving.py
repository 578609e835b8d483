"""What a mentee was assessed at: competencies, attempts, coaching plans, indicators."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.scalars import JSON

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import leaf, one, read_model
from services.gateway.graphql.recording import recorded_by, recorded_for_another
from services.gateway.projections import (
    ASSESSMENT,
    COACHING_PLAN,
    COMPETENCY_BASELINE,
    COMPETENCY_PROGRESS,
    INDICATOR_SCORE,
    RECOGNITION,
)
from services.gateway.read.declare import InUnit, Through
from shared.contracts.validation.indicator import Occasion

if TYPE_CHECKING:
    from services.gateway.graphql.types.health_worker import HealthWorker

LazyHealthWorker = Annotated[
    "HealthWorker", strawberry.lazy("services.gateway.graphql.types.health_worker")
]

graphql_enum(Occasion)


@graphql_enum
class ValidationEnd(StrEnum):
    """How a validation ended."""

    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    LAPSED = "LAPSED"


@read_model(
    ASSESSMENT,
    scope=Through(to="Mentee", by="mentee_id"),
    description="One attempt at one competency, kept for ever whatever it shows.",
)
class Assessment:
    """An attempt."""

    competency: str = leaf("The competency's code.")
    attempt: int = leaf("The number of the attempt, from 1.")
    assessed_on: date = leaf("The day of the assessment.")
    raw: int = leaf("Points reached.")
    max: int = leaf("Points there were.")
    technique: bool = leaf("Whether the technique was performed properly.")
    reached: bool | None = leaf(
        "Whether the rule for validation was reached; null where the programme has none."
    )
    framework: str = leaf("The framework's code.")
    framework_version: int = leaf("The version of its checklists.")
    items: JSON = leaf("The points of each checklist item: `[{item, points}]`.")
    post_test_raw: int | None = leaf("Points of the written test beside it, if there was one.")
    post_test_max: int | None = leaf("Points there were in it.")
    formative: bool = leaf("Made to learn by: it proves nothing, and is no attempt.")
    counts: bool = leaf("Whether it proves what it shows: see `deviations`.")
    unsigned: bool = leaf("Proves nothing until the assessor has countersigned it.")
    voided_on: date | None = leaf("The day it was voided; null while it stands.")
    recorded_by: str = leaf("Who recorded it, by the subject of their token.")
    recorded_for_another: bool | None = leaf(
        "Whether that was somebody else than the assessor; null where it was not kept."
    )
    assessor: LazyHealthWorker | None = one(
        "HealthWorker", by="assessor_id", description="Who assessed, if in your scope."
    )


@read_model(
    COMPETENCY_PROGRESS,
    scope=Through(to="Mentee", by="mentee_id"),
    description="How a mentee stands at one competency, by the last attempt.",
)
class CompetencyProgress:
    """Progress at a competency."""

    competency: str = leaf("The competency's code.")
    name: str = leaf("What the competency is called.")
    framework: str = leaf("The framework's code.")
    framework_version: int = leaf("The version of its checklists.")
    attempts: int = leaf("Attempts so far.")
    raw: int = leaf("Points reached at the last attempt.")
    max: int = leaf("Points there were at the last attempt.")
    technique: bool = leaf("Whether the technique was performed properly then.")
    reached: bool | None = leaf(
        "Whether the last attempt reached the rule; null where the programme has none."
    )
    assessed_on: date = leaf("The day of the last attempt.")
    validated_on: date | None = leaf(
        "Since when they are validated, without a break; null while they are not."
    )
    renewed_on: date | None = leaf("The day it was renewed last; null if it was not.")
    valid_until: date | None = leaf("Its last day; null: it has none.")
    ended_on: date | None = leaf("The day a validation ended that was not renewed.")
    ended_by: ValidationEnd | None = leaf("How it ended.", convert=ValidationEnd)


@read_model(
    COMPETENCY_BASELINE,
    scope=Through(to="Mentee", by="mentee_id"),
    description="A pre-test in one competency.",
)
class CompetencyBaseline:
    """Where mentoring in a competency begins."""

    competency: str = leaf("The competency's code.")
    assessed_on: date = leaf("The day of the pre-test.")
    raw: int = leaf("Points reached.")
    max: int = leaf("Points there were.")
    counts: bool = leaf("Whether it opens the gate PRE_TEST: see `deviations`.")
    recorded_by: str = recorded_by()
    recorded_for_another: bool | None = recorded_for_another("the assessor", person="assessor_id")
    assessor: LazyHealthWorker | None = one(
        "HealthWorker", by="assessor_id", description="Who assessed, if in your scope."
    )


@read_model(
    RECOGNITION,
    scope=InUnit(unit="org_unit_id", programme="programme", person="health_worker_id"),
    description="What was proved in another enrolment, and counts in this one.",
)
class Recognition:
    """A recognition."""

    competency: str = leaf("The competency's code, here.")
    attempt: int = leaf("Its number among the attempts here.")
    from_framework: str = leaf("The framework it was proved by.")
    from_competency: str = leaf("The competency's code there.")
    proved_on: date = leaf("Since when it holds there.")
    recognised_on: date = leaf("The day it counts from here.")
    valid_until: date | None = leaf("Its last day; null: it has none.")
    raw: int = leaf("The points of the best score there.")
    max: int = leaf("Points there were.")
    evidence: str | None = leaf(
        "What was seen of it; null without the right to read it, and once erased.", personal=True
    )
    recognised_by: str = leaf("Who recognised it, by the subject of their token.")
    voided_on: date | None = leaf("The day it was voided; null while it stands.")
    fell_on: date | None = leaf(
        "The day it was found not to be proved there any more; null while it is."
    )


@read_model(
    COACHING_PLAN,
    scope=Through(to="Mentee", by="mentee_id"),
    description="What will be practised after a failed attempt.",
)
class CoachingPlan:
    """A plan before the next attempt."""

    competency: str = leaf("The competency's code.")
    attempt: int = leaf("The attempt that failed.")
    actions: list[str] | None = leaf(
        "What will be practised; null if not for you to read.", personal=True
    )
    set_on: date = leaf("The day it was set.")
    until: date | None = leaf("By when it is practised.")


@read_model(
    INDICATOR_SCORE,
    scope=Through(to="Mentee", by="mentee_id"),
    description="How a mentee stood at an indicator: neither passed nor failed.",
)
class IndicatorScore:
    """One score."""

    indicator: str = leaf("The indicator's code.")
    round: int = leaf("Counting up from 0, as they were told.")
    occasion: Occasion = leaf("When it was scored.", convert=Occasion)
    score: int = leaf("Points reached.")
    most: int = leaf("The highest score there is.")
    scored_on: date = leaf("The day it was scored.")
    voided_on: date | None = leaf("The day it was voided; null while it counts.")
    recorded_by: str = recorded_by()
    recorded_for_another: bool | None = recorded_for_another(
        "the one who scored", person="scorer_id"
    )
    scorer: LazyHealthWorker | None = one(
        "HealthWorker",
        by="scorer_id",
        description="Who scored, the mentee if nobody else is named; if in your scope.",
    )
