"""Queries of targets, and of how far they are reached."""

from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.figures.calendars import today_in
from services.gateway.figures.frame.asked import FigureBy
from services.gateway.figures.frame.declared import Figure as Declared
from services.gateway.figures.targets import Wanted, counted_for, expected, standing
from services.gateway.graphql.connection import Connection
from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.errors import CountedTwice, FirstOutOfRange
from services.gateway.graphql.ids import global_id, uuid_of
from services.gateway.graphql.paging import pages
from services.gateway.graphql.queries.counted import FigureInput, PeriodInput, counted
from services.gateway.graphql.queries.following import Day, Programme, Skip, Unit
from services.gateway.graphql.queries.single import single
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.types.target import (
    Target,
    TargetFilter,
    TargetOrder,
    TargetProgress,
)
from shared.contracts.registry.target import TargetMeasure

MOST_TARGETS = 100
"""Targets that are counted for in one answer."""


async def _target_progress(
    info: Info[Any, Any],
    programme: Programme,
    first: Annotated[
        int, strawberry.argument(description=f"How many targets: 1 to {MOST_TARGETS}.")
    ],
    skip: Skip = 0,
    measure: Annotated[
        TargetMeasure | None, strawberry.argument(description="Of this measure alone.")
    ] = None,
    org_unit_id: Unit = None,
    group_id: Annotated[ID | None, strawberry.argument(description="Of this group alone.")] = None,
    current: Annotated[
        bool, strawberry.argument(description="Those alone whose days that day is one of.")
    ] = False,
    as_of: Day = None,
    after: Positions = None,
) -> Any:
    if not 1 <= first <= MOST_TARGETS:
        raise FirstOutOfRange("first", first=first, most=MOST_TARGETS)
    context = context_of(info)
    await context.reach(after)
    wanted = Wanted(
        programme=programme,
        day=as_of or await today_in(context.reader, programme),
        first=first,
        skip=skip,
        measure=measure,
        under=None if org_unit_id is None else uuid_of(org_unit_id, "OrgUnit", "orgUnitId"),
        group=None if group_id is None else uuid_of(group_id, "Group", "groupId"),
        current=current,
    )

    async def count(declared: Declared, target: Any, by_area: bool) -> Any:
        unit, group = target["org_unit_id"], target["group_id"]
        of = FigureInput(
            programme=programme,
            period=PeriodInput(since=target["starts"], to=target["ends"]),
            as_of=as_of,
            org_unit_id=None if unit is None else global_id("OrgUnit", unit),
            group_id=None if group is None else global_id("Group", group),
            by=[FigureBy.AREA] if by_area else [],
        )
        try:
            return await counted(info, declared, of)
        except CountedTwice:
            return None

    targets = await standing(context.reader, wanted)
    counts = await counted_for(targets, count)
    return [
        TargetProgress(
            c_target_id=target["id"],
            number=target["number"],
            expected=expected(target["number"], target["starts"], target["ends"], wanted.day),
            counted=count,
            suppressed=count is None,
        )
        for target, count in zip(targets, counts, strict=True)
    ]


@strawberry.type
class TargetQueries:
    """What can be asked of targets."""

    target = single("Target", Target, "One target.")
    targets: Connection[Target] = pages(
        "Target",
        orders=TargetOrder,
        filter=TargetFilter,
        description="What programmes mean to reach, of what figures count.",
    )
    target_progress: list[TargetProgress] = strawberry.field(
        resolver=_target_progress,
        metadata=weighing(2_000),
        description="Targets of a programme beside what is counted for them, the latest first: of "
        "places that you see the figures of the whole of.",
    )
