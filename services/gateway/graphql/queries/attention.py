"""Queries for who looks after people: whom nobody heard of, what lapses, who could do more."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from services.gateway.graphql.cost import weighing
from services.gateway.graphql.days import must_be_so_many_days
from services.gateway.graphql.queries.following import (
    Day,
    First,
    Programme,
    Skip,
    Unit,
    asked_of,
    listing,
)
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.types.facility_lack import FacilityLack, facility_lacks
from services.gateway.graphql.types.idle_right import IdleRight, idle_rights
from services.gateway.graphql.types.lapsing_validation import (
    LapsingValidation,
    lapsing_validations,
)
from services.gateway.graphql.types.quiet_mentee import QuietMentee, quiet_mentees


async def _quiet_mentees(
    info: Info[Any, Any],
    programme: Programme,
    first: First,
    days: Annotated[int, strawberry.argument(description="For at least so many days: 60.")],
    skip: Skip = 0,
    org_unit_id: Unit = None,
    as_of: Day = None,
    after: Positions = None,
) -> Any:
    must_be_so_many_days(days)
    context, asked = await asked_of(info, programme, org_unit_id, as_of, first, skip, after)
    return await quiet_mentees(context.reader, asked, days)


async def _lapsing_validations(
    info: Info[Any, Any],
    programme: Programme,
    first: First,
    days: Annotated[int, strawberry.argument(description="Within so many days: 90.")],
    skip: Skip = 0,
    org_unit_id: Unit = None,
    as_of: Day = None,
    after: Positions = None,
) -> Any:
    must_be_so_many_days(days)
    context, asked = await asked_of(info, programme, org_unit_id, as_of, first, skip, after)
    return await lapsing_validations(context.reader, asked, days)


async def _facility_lacks(
    info: Info[Any, Any],
    programme: Programme,
    first: First,
    item: Annotated[
        str | None, strawberry.argument(description="Of this item alone, by its code.")
    ] = None,
    skip: Skip = 0,
    org_unit_id: Unit = None,
    as_of: Day = None,
    after: Positions = None,
) -> Any:
    context, asked = await asked_of(info, programme, org_unit_id, as_of, first, skip, after)
    return await facility_lacks(context.reader, asked, item)


@strawberry.type
class AttentionQueries:
    """What wants somebody's attention, over what is in the reader's scope."""

    quiet_mentees: list[QuietMentee] = strawberry.field(
        resolver=_quiet_mentees,
        metadata=weighing(500),
        description="Mentees who were at no session and in no contact for so many days: the "
        "longest quiet first.",
    )
    lapsing_validations: list[LapsingValidation] = strawberry.field(
        resolver=_lapsing_validations,
        metadata=weighing(200),
        description="Validations that lapse soon: the first to lapse first.",
    )
    idle_rights: list[IdleRight] = strawberry.field(
        resolver=listing(idle_rights),
        metadata=weighing(200),
        description="Who may mentor the tier below by what they proved, and is in no live "
        "mentorship there: the oldest rights first.",
    )
    facility_lacks: list[FacilityLack] = strawberry.field(
        resolver=_facility_lacks,
        metadata=weighing(500),
        description="Items of facilities' last baselines with less than their points: what is "
        "missing altogether first.",
    )
