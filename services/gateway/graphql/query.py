"""The queries: lists of what is declared, single things by their ids, and figures."""

from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.context import context_of
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import Node, Positions, by_any_id, by_id
from services.gateway.graphql.selection import columns_for
from services.gateway.graphql.types.health_worker import (
    HealthWorker,
    HealthWorkerFilter,
    HealthWorkerOrder,
)
from services.gateway.graphql.types.mentee import Mentee, MenteeFilter, MenteeOrder
from services.gateway.graphql.types.mentor import Mentor, MentorFilter, MentorOrder
from services.gateway.graphql.types.mentorship import (
    Mentorship,
    MentorshipFilter,
    MentorshipOrder,
)
from services.gateway.graphql.types.org_unit import OrgUnit, OrgUnitFilter, OrgUnitOrder
from services.gateway.graphql.types.programme import (
    Cohort,
    CohortFilter,
    CohortOrder,
    ProgrammeVersion,
    ProgrammeVersionFilter,
    ProgrammeVersionOrder,
)
from services.gateway.graphql.types.session import Session, SessionFilter, SessionOrder
from services.gateway.graphql.types.validation_table import (
    ValidationTable,
    ValidationTableBy,
    validation_table,
)
from services.gateway.read.declare import models
from shared.domain.errors import Malformed

Id = Annotated[ID, strawberry.argument(description="Its id.")]


def _single(kind: str, type: Any, description: str) -> Any:
    """Return the query of one thing by its id."""

    async def resolve(info: Info[Any, Any], id: Id, after: Positions = None) -> Any:
        await context_of(info).reach(after)
        return await by_id(info, kind, id)

    return strawberry.field(resolver=resolve, graphql_type=type | None, description=description)


async def _node(info: Info[Any, Any], id: Id, after: Positions = None) -> Any:
    await context_of(info).reach(after)
    return await by_any_id(info, id)


async def _org_unit(
    info: Info[Any, Any],
    id: Annotated[ID | None, strawberry.argument(description="Its id.")] = None,
    code: Annotated[str | None, strawberry.argument(description="Its code.")] = None,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    if (id is None) == (code is None):
        raise Malformed("id", problem="give either an id or a code", expected="orgUnit")
    if id is not None:
        return await by_id(info, "OrgUnit", id)
    model = models["OrgUnit"]
    return await context.reader.one(model, columns_for(info, model), code, by="code")


async def _validation_table(
    info: Info[Any, Any],
    programme: Annotated[str, strawberry.argument(description="The programme's code.")],
    fiscal_year: Annotated[
        int, strawberry.argument(description="The year in which it ends: 2021.")
    ],
    by: Annotated[ValidationTableBy, strawberry.argument(description="What the rows stand for.")],
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    return await validation_table(context.reader, programme, fiscal_year, by)


@strawberry.type(description="What can be read. Rows outside of your scope read as not found.")
class Query:
    """The root of all queries."""

    node: Node | None = strawberry.field(
        resolver=_node, description="Anything that has an id; null if there is none to be seen."
    )
    org_unit: OrgUnit | None = strawberry.field(
        resolver=_org_unit,
        description="One org unit, by its id or by its code; null if there is none.",
    )
    org_units: Connection[OrgUnit] = pages(
        "OrgUnit",
        orders=OrgUnitOrder,
        filter=OrgUnitFilter,
        description="Org units: countries, districts, facilities.",
    )
    health_worker = _single("HealthWorker", HealthWorker, "One health worker.")
    health_workers: Connection[HealthWorker] = pages(
        "HealthWorker",
        orders=HealthWorkerOrder,
        filter=HealthWorkerFilter,
        description="Health workers posted in your scope.",
    )
    programme_version = _single("ProgrammeVersion", ProgrammeVersion, "One programme version.")
    programme_versions: Connection[ProgrammeVersion] = pages(
        "ProgrammeVersion",
        orders=ProgrammeVersionOrder,
        filter=ProgrammeVersionFilter,
        description="The published rules of programmes.",
    )
    cohort = _single("Cohort", Cohort, "One cohort.")
    cohorts: Connection[Cohort] = pages(
        "Cohort", orders=CohortOrder, filter=CohortFilter, description="Cohorts of programmes."
    )
    mentor = _single("Mentor", Mentor, "One mentor.")
    mentors: Connection[Mentor] = pages(
        "Mentor",
        orders=MentorOrder,
        filter=MentorFilter,
        description="Mentors, from their nomination on.",
    )
    mentee = _single("Mentee", Mentee, "One mentee, with progress and audit trail.")
    mentees: Connection[Mentee] = pages(
        "Mentee",
        orders=MenteeOrder,
        filter=MenteeFilter,
        description="Mentees: health workers enrolled in an area.",
    )
    mentorship = _single("Mentorship", Mentorship, "One mentorship.")
    mentorships: Connection[Mentorship] = pages(
        "Mentorship",
        orders=MentorshipOrder,
        filter=MentorshipFilter,
        description="Mentorships, from their proposal on.",
    )
    session = _single("Session", Session, "One session.")
    sessions: Connection[Session] = pages(
        "Session",
        orders=SessionOrder,
        filter=SessionFilter,
        description="Sessions that were held.",
    )

    validation_table: ValidationTable = strawberry.field(
        resolver=_validation_table,
        description="Of a programme's mentees of a fiscal year, how many were validated. Counts "
        "only those in your scope.",
    )
