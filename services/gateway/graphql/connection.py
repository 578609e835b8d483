"""Relay connections: pages by keyset, never by offset."""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import strawberry

from services.gateway.graphql.scalars import Cursor

MOST = 100
"""Rows on a page."""

NodeType = TypeVar("NodeType")


@strawberry.type(description="Where a page lies among the others.")
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool = strawberry.field(description="Whether there are rows after this page.")
    has_previous_page: bool = strawberry.field(
        description="Whether this page was asked for with a cursor, and so follows another."
    )
    start_cursor: Cursor | None = strawberry.field(description="The cursor of the first row.")
    end_cursor: Cursor | None = strawberry.field(
        description="The cursor of the last row: give it as `after` for the next page."
    )


@strawberry.type(description="How many rows there are on all pages together.")
class TotalCount:
    """A count that stops counting where nobody would read on."""

    value: int = strawberry.field(description="The number of rows; 10,000 stands for more, too.")
    is_exact: bool = strawberry.field(description="Whether there are exactly so many.")


@strawberry.type(description="A row with its cursor.")
class Edge(Generic[NodeType]):
    """Relay's Edge."""

    node: NodeType = strawberry.field(description="The row.")
    cursor: Cursor = strawberry.field(description="Where it stands in this list and order.")


async def _count(root: Any) -> TotalCount:
    counted: TotalCount = await root.total()
    return counted


@strawberry.type(description="One page of a list.")
class Connection(Generic[NodeType]):
    """Relay's Connection, with the nodes beside the edges."""

    nodes: list[NodeType] = strawberry.field(description="The rows of this page.")
    edges: list[Edge[NodeType]] = strawberry.field(description="The rows with their cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    total: strawberry.Private[Callable[[], Awaitable[TotalCount]]]

    total_count: TotalCount = strawberry.field(
        resolver=_count, description="How many rows all pages hold, counted up to 10,000."
    )
