"""Queries of people: who they are, who mentors, who is mentored."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.clock import today
from services.gateway.figures.consequences import Change
from services.gateway.graphql.connection import Connection
from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.paging import pages
from services.gateway.graphql.queries.single import single, single_of_then
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.types.duplicate import (
    SuspectedDuplicate,
    SuspectedDuplicateFilter,
    SuspectedDuplicateOrder,
)
from services.gateway.graphql.types.employment import (
    EmploymentConsequence,
    employment_consequences,
)
from services.gateway.graphql.types.health_worker import (
    HealthWorker,
    HealthWorkerFilter,
    HealthWorkerOrder,
)
from services.gateway.graphql.types.mentee import Mentee, MenteeFilter, MenteeOrder
from services.gateway.graphql.types.mentor import Mentor, MentorFilter, MentorOrder
from services.gateway.graphql.types.screening import Screening, ScreeningFilter, ScreeningOrder
from shared.contracts.registry.employment import Employment
from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase


@strawberry.input(description="How somebody stands to the service, until the next one begins.")
class EmploymentChange:
    """One of its states."""

    employment: Employment = strawberry.field(description="In service, on leave, or why not.")
    since: date = strawberry.field(description="The first day of it.")


async def _consequences(
    info: Info[Any, Any],
    health_worker_id: Annotated[ID, strawberry.argument(description="Whose.")],
    change: Annotated[
        Employment | None,
        strawberry.argument(description="What would be told of them; or give the whole line anew."),
    ] = None,
    on: Annotated[
        date | None, strawberry.argument(description="Since which day; today, if left out.")
    ] = None,
    line: Annotated[
        list[EmploymentChange] | None,
        strawberry.argument(
            description="Their employment as it would be corrected, the whole of it; empty: in "
            "service all along."
        ),
    ] = None,
    after: Positions = None,
) -> list[EmploymentConsequence] | None:
    if (change is None) == (line is None):
        raise Malformed(
            "change",
            problem=Phrase("give either what would be told, or the whole line anew"),
            expected="change, or line",
        )
    context = context_of(info)
    await context.reach(after)
    told = Change(
        employment=change,
        on=on or today(),
        line=None if line is None else [(one.since, one.employment) for one in line],
    )
    person = uuid_of(health_worker_id, "HealthWorker", "healthWorkerId")
    return await employment_consequences(context.reader, person, told)


@strawberry.type
class PeopleQueries:
    """What can be asked of people."""

    health_worker = single_of_then("HealthWorker", HealthWorker, "One health worker.")
    health_workers: Connection[HealthWorker] = pages(
        "HealthWorker",
        orders=HealthWorkerOrder,
        filter=HealthWorkerFilter,
        description="Health workers posted in your scope.",
    )
    health_worker_consequences: list[EmploymentConsequence] | None = strawberry.field(
        resolver=_consequences,
        metadata=weighing(100),
        description="What would become of all that a health worker has in programmes, if this were "
        "told of their employment: first what is done, in its order, then what stays. Null if they "
        "are not in your scope.",
    )
    mentor = single("Mentor", Mentor, "One mentor.")
    mentors: Connection[Mentor] = pages(
        "Mentor",
        orders=MentorOrder,
        filter=MentorFilter,
        description="Mentors, from their nomination on.",
    )
    mentee = single_of_then("Mentee", Mentee, "One mentee, with progress and audit trail.")
    mentees: Connection[Mentee] = pages(
        "Mentee",
        orders=MenteeOrder,
        filter=MenteeFilter,
        description="Mentees: health workers enrolled in an area.",
    )
    suspected_duplicates: Connection[SuspectedDuplicate] = pages(
        "SuspectedDuplicate",
        orders=SuspectedDuplicateOrder,
        filter=SuspectedDuplicateFilter,
        description="Pairs of records that may be of one person, and what became of them.",
    )
    screening = single("Screening", Screening, "One screening of the register.")
    screenings: Connection[Screening] = pages(
        "Screening",
        orders=ScreeningOrder,
        filter=ScreeningFilter,
        description="Screenings of the register for people who are in it twice.",
    )
