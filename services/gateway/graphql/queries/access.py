"""Queries of access: who may do what, where, and who could on a day."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.clock import today
from services.gateway.graphql.connection import Connection
from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.types.access_event import (
    AccessEvent,
    AccessEventFilter,
    AccessEventOrder,
)
from services.gateway.graphql.types.access_grant import (
    AccessGrant,
    AccessGrantFilter,
    AccessGrantOrder,
)
from services.gateway.graphql.types.access_to import AccessHeld, access_to
from services.gateway.graphql.types.broken_glass import (
    BrokenGlass,
    BrokenGlassFilter,
    BrokenGlassOrder,
)
from services.gateway.graphql.types.viewer import Viewer, viewer


async def _access_to(
    info: Info[Any, Any],
    org_unit_id: Annotated[ID, strawberry.argument(description="Which unit.")],
    first: Annotated[int, strawberry.argument(description="How many rows: 1 to 1,000.")],
    on: Annotated[
        date | None, strawberry.argument(description="On that day; today if left out.")
    ] = None,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    unit = uuid_of(org_unit_id, "OrgUnit", "orgUnitId")
    return await access_to(context.reader, context.parts.places.known, unit, on or today(), first)


@strawberry.type
class AccessQueries:
    """What can be asked of access."""

    access_grants: Connection[AccessGrant] = pages(
        "AccessGrant",
        orders=AccessGrantOrder,
        filter=AccessGrantFilter,
        description="Grants over units in your scope, those that ended too.",
    )
    broken_glass: Connection[BrokenGlass] = pages(
        "BrokenGlass",
        orders=BrokenGlassOrder,
        filter=BrokenGlassFilter,
        description="What was opened in an emergency at units in your scope, and of yourself. It "
        "is to be looked into by somebody else, with `accessBreakGlassReview`.",
    )
    viewer: Viewer = strawberry.field(
        resolver=viewer,
        description="Who you are here, what you may see and do, and what you have left to spend.",
    )
    access_events: Connection[AccessEvent] = pages(
        "AccessEvent",
        orders=AccessEventOrder,
        filter=AccessEventFilter,
        description="Who was shown what of whom, and why: of those whom you audit, and of "
        "yourself. To read it is such an event, too.",
    )
    access_to: list[AccessHeld] = strawberry.field(
        resolver=_access_to,
        metadata=weighing(200),
        description="For auditors of a unit: every grant that reached it on a day, from above and "
        "everywhere too, the oldest first.",
    )
