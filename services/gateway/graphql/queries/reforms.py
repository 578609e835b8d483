"""Queries of reforms: what is meant, and what it would do."""

from datetime import date
from typing import Annotated, Any

import msgspec
import strawberry
from strawberry.types import Info

from services.gateway.clock import today
from services.gateway.figures.reform_effects import Asked, reform_effects
from services.gateway.graphql.connection import Connection
from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.inputs import SHARED, Faults
from services.gateway.graphql.paging import pages
from services.gateway.graphql.queries.single import single
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.types.reform import Reform, ReformFilter, ReformOrder
from services.gateway.graphql.types.reform_effects import ReformEffects
from shared.contracts.registry.org_unit import OrgUnitKind
from shared.contracts.registry.reform import MOST_CHANGES, ReformChange
from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase
from shared.domain.unreadable import malformed

_CHANGE = SHARED.of_struct(ReformChange)


async def _reform_effects(
    info: Info[Any, Any],
    effective_on: Annotated[date, strawberry.argument(description="The day of all that changes.")],
    changes: Annotated[
        list[_CHANGE.annotation],  # type: ignore[name-defined]
        strawberry.argument(description="All that changes, as `reformDraft` takes it."),
    ],
    level: Annotated[
        OrgUnitKind | None,
        strawberry.argument(description="The kind of unit that figures are rolled up to."),
    ] = None,
    fiscal_year: Annotated[
        int | None,
        strawberry.argument(description="Of mentees of this year alone; 2021 ends in 2021."),
    ] = None,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    if len(changes) > MOST_CHANGES:
        problem = Phrase("it has {count} items", count=len(changes))
        raise Malformed("changes", problem=problem, expected="reformEffects")
    asked = Asked(
        changes=tuple(_change(change, f"changes.{place}") for place, change in enumerate(changes)),
        effective_on=effective_on,
        level=level and level.value,
        fiscal_year=fiscal_year,
    )
    known = context.parts.places.known
    return await reform_effects(context.reader, context.actor, known, asked, today())


def _change(given: Any, at: str) -> ReformChange:
    faults: Faults = []
    wire = _CHANGE.typed(given, at, faults)
    if faults:
        raise faults[0]
    try:
        return msgspec.convert(wire, ReformChange)
    except msgspec.ValidationError as problem:
        raise malformed(problem, "reformEffects", at) from None


@strawberry.type
class ReformQueries:
    """What can be asked of reforms."""

    reform = single("Reform", Reform, "One reform.")
    reforms: Connection[Reform] = pages(
        "Reform",
        orders=ReformOrder,
        filter=ReformFilter,
        description="Reforms of the hierarchy, drafted, approved, carried out or withdrawn.",
    )
    reform_effects: ReformEffects = strawberry.field(
        resolver=_reform_effects,
        metadata=weighing(500),
        description="What a list of changes would do if it were carried out: to grants, to people "
        "and what goes on with them, to groups and to figures. Whether it breaks a rule, "
        "`reformDraft` tells with `dryRun`.",
    )
