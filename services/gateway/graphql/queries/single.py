"""The query of one thing by its id: the same for all kinds."""

from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.graphql.as_of import AsOf, row_as_of
from services.gateway.graphql.context import context_of
from services.gateway.graphql.reading import Positions, by_id

Id = Annotated[ID, strawberry.argument(description="Its id.")]


def single(kind: str, type: Any, description: str) -> Any:
    """Return the query of one thing by its id."""

    async def resolve(info: Info[Any, Any], id: Id, after: Positions = None) -> Any:
        await context_of(info).reach(after)
        return await by_id(info, kind, id)

    return strawberry.field(resolver=resolve, graphql_type=type | None, description=description)


def single_of_then(kind: str, type: Any, description: str) -> Any:
    """Return the query of one thing by its id, as it is or as of a moment."""

    async def resolve(
        info: Info[Any, Any], id: Id, after: Positions = None, as_of: AsOf = None
    ) -> Any:
        await context_of(info).reach(after)
        if as_of is None:
            return await by_id(info, kind, id)
        return await row_as_of(info, kind, id, as_of)

    return strawberry.field(resolver=resolve, graphql_type=type | None, description=description)
