"""How somebody stands to the service since when, and what becomes, or became, of what they have."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from services.gateway.figures.consequences import Change, Consequence
from services.gateway.figures.consequences import consequences as planned
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import leaf, one, read_model
from services.gateway.projections import EMPLOYMENT, EMPLOYMENT_OUTCOME, HEALTH_WORKER
from services.gateway.read.declare import Through, models
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement, in_scope
from shared.contracts.registry.employment import Becomes, Duty, Employment, LeavingCause
from shared.projection import Table

if TYPE_CHECKING:
    from services.gateway.graphql.types.improvement_action import ImprovementAction
    from services.gateway.graphql.types.mentee import Mentee
    from services.gateway.graphql.types.mentor import Mentor
    from services.gateway.graphql.types.mentorship import Mentorship
    from services.gateway.graphql.types.support_request import SupportRequest

_TYPES = "services.gateway.graphql.types"

graphql_enum(Employment)
graphql_enum(LeavingCause)
graphql_enum(Duty)
graphql_enum(Becomes)


@read_model(
    EMPLOYMENT,
    scope=Through(to="HealthWorker", by="health_worker_id"),
    description="How a health worker stood to the service since when.",
)
class EmploymentSince:
    """One of its states; it ends where the next one begins."""

    employment: Employment = leaf("In service, on leave, or why they were gone.")
    since: date = leaf("The first day of it.")
    expected_return: date | None = leaf("Of a leave: the day they were expected back.")
    reason: str | None = leaf(
        "Why, as it was given when all of it was told last; null without the right to read it.",
        personal=True,
    )


@read_model(
    EMPLOYMENT_OUTCOME,
    scope=Through(to="HealthWorker", by="health_worker_id"),
    description="What became of something that a health worker had, when they were away.",
)
class EmploymentOutcome:
    """One thing, and what was done of it."""

    duty: Duty = leaf("What it was of theirs.")
    becomes: Becomes = leaf("What became of it.")
    on: date = leaf("The day it was so from.")
    until: date | None = leaf("The first day it was so no more, of what ended with the absence.")
    because: Employment = leaf("What it followed of.")
    since: date = leaf("The first day of that.")
    undone: bool = leaf("They were not away after all, or another day: it was undone.")
    mentee: Annotated["Mentee", strawberry.lazy(f"{_TYPES}.mentee")] | None = one(
        "Mentee", by="record_id", description="The mentee, if it is one, in your scope."
    )
    mentorship: Annotated["Mentorship", strawberry.lazy(f"{_TYPES}.mentorship")] | None = one(
        "Mentorship", by="record_id", description="The mentorship, if it is one."
    )
    mentor: Annotated["Mentor", strawberry.lazy(f"{_TYPES}.mentor")] | None = one(
        "Mentor", by="record_id", description="The mentor, if it is one."
    )


@strawberry.type(
    description="What would become of one thing that a health worker has in programmes."
)
class EmploymentConsequence:
    """What is done of it, or that it stays."""

    c_record_id: strawberry.Private[UUID]
    duty: Duty = strawberry.field(description="What it is of theirs.")
    becomes: Becomes = strawberry.field(
        description="What becomes of it; STAYS: nothing by itself. Whoever tells of it sees to "
        "those: to whom an action passes, and who answers."
    )
    on: date | None = strawberry.field(description="The day it is so from; null: it stays.")
    until: date | None = strawberry.field(
        description="The first day it is so no more, where the absence is over by now."
    )
    undone: bool = strawberry.field(
        description="It undoes what followed of an absence that was none."
    )
    mentors_left: int | None = strawberry.field(
        description="Of a mentorship, or a question in one: the mentors who remain in it."
    )
    mentee: Annotated["Mentee", strawberry.lazy(f"{_TYPES}.mentee")] | None = one(
        "Mentee",
        by="record_id",
        description="The mentee it is, or whose right to mentor it is, if in your scope.",
    )
    mentorship: Annotated["Mentorship", strawberry.lazy(f"{_TYPES}.mentorship")] | None = one(
        "Mentorship", by="record_id", description="The mentorship it is, if in your scope."
    )
    mentor: Annotated["Mentor", strawberry.lazy(f"{_TYPES}.mentor")] | None = one(
        "Mentor", by="record_id", description="The mentor it is, if in your scope."
    )
    improvement_action: (
        Annotated[
            "ImprovementAction",
            strawberry.lazy("services.gateway.graphql.types.improvement_action"),
        ]
        | None
    ) = one("ImprovementAction", by="record_id", description="The action it is, if in your scope.")
    support_request: (
        Annotated[
            "SupportRequest", strawberry.lazy("services.gateway.graphql.types.support_request")
        ]
        | None
    ) = one("SupportRequest", by="record_id", description="The question it is, if in your scope.")


_SEEN = 'SELECT 1 FROM "{worker}" t WHERE t.id = {person} AND {scope}'
_ROWS = 'SELECT {columns} FROM "{table}" t WHERE t."{column}" = ANY({ids})'


async def employment_consequences(
    reader: Reader, person: UUID, change: Change
) -> list[EmploymentConsequence] | None:
    """Return what would become of all that somebody has; None where they are not in scope."""
    s = Statement()
    seen = _SEEN.format(
        worker=HEALTH_WORKER.physical,
        person=s.bind(person, "uuid"),
        scope=in_scope(models["HealthWorker"], reader.scopes, s),
    )
    if not await reader.fetch(seen, *s.binds):
        return None

    async def select(table: Table, column: str, values: Any) -> Any:
        s = Statement()
        text = _ROWS.format(
            columns=", ".join(f't."{name}"' for name in table.columns),
            table=table.physical,
            column=column,
            ids=s.bind(sorted(values), "uuid[]"),
        )
        return await reader.fetch(text, *s.binds)

    return [_shown(found) for found in await planned(person, change, select)]


def _shown(found: Consequence) -> EmploymentConsequence:
    done = found.outcome
    return EmploymentConsequence(
        c_record_id=found.record_id,
        duty=found.duty,
        becomes=Becomes.STAYS if done is None else done.becomes,
        on=None if done is None else done.on,
        until=None if done is None else done.until,
        undone=done is not None and done.undone,
        mentors_left=found.mentors_left,
    )
