"""Connections of read types: one resolver for all, made from the declaration of each."""

import inspect
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry import UNSET
from strawberry.types import Info

from services.gateway.graphql.connection import MOST, Connection, Edge, PageInfo, TotalCount
from services.gateway.graphql.context import Context, context_of
from services.gateway.graphql.errors import FirstOutOfRange
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.scalars import Cursor
from services.gateway.graphql.selection import columns_for
from services.gateway.read.declare import META, Model, Order, Pages, filters_of, models
from services.gateway.read.loader import Rows
from services.gateway.read.sql import COUNTED, Page, sort_keys
from shared.contracts.base import camel

First = Annotated[int, strawberry.argument(description=f"How many rows: 1 to {MOST}.")]
After = Annotated[
    Cursor | None, strawberry.argument(description="The `endCursor` of the page before.")
]
AsOf = Annotated[
    datetime | None, strawberry.argument(description="Only what was recorded up to that instant.")
]


def pages(
    to: str,
    *,
    orders: type[Enum],
    description: str,
    filter: type | None = None,
    by: str | None = None,
    own: str = "id",
    known_by: str | None = None,
) -> Any:
    """Declare a connection; without `by` it begins at the top, and may wait for positions."""
    declared = Pages(to=to, orders=orders, filter=filter, by=by, own=own, known_by=known_by)

    async def resolve(
        root: Any,
        info: Info[Any, Any],
        first: int,
        after: str | None = None,
        filter: Any = None,
        order_by: Any = None,
        as_of: datetime | None = None,
        after_positions: list[str] | None = None,
    ) -> Any:
        context = context_of(info)
        await context.reach(after_positions)
        if not 1 <= first <= MOST:
            raise FirstOutOfRange("first", first=first, most=MOST)
        order = (order_by or next(iter(orders))).value
        conditions = _conditions(declared, filter)
        if as_of is not None and known_by is not None:
            conditions.append((known_by, "until", as_of))
        parent = None if by is None else getattr(root, f"c_{own}")
        return await _connection(
            context, info, declared, order, tuple(conditions), first, after, parent
        )

    _give_arguments(resolve, declared)
    return strawberry.field(resolver=resolve, description=description, metadata={META: declared})


def _give_arguments(resolve: Any, declared: Pages) -> None:
    """Leave a connection's resolver the arguments that its declaration has a use for."""
    wanted: dict[str, Any] = {
        "root": Any,
        "info": Info[Any, Any],
        "first": First,
        "after": After,
        "order_by": Annotated[
            declared.orders | None, strawberry.argument(description="In which order.")
        ],
    }
    if declared.filter is not None:
        wanted["filter"] = Annotated[
            declared.filter | None,
            strawberry.argument(description="Which rows; all that are given must hold."),
        ]
    if declared.known_by is not None:
        wanted["as_of"] = AsOf
    if declared.by is None:
        wanted["after_positions"] = Positions
    signature = inspect.signature(resolve)
    resolve.__signature__ = signature.replace(
        parameters=[
            parameter.replace(annotation=wanted[name])
            for name, parameter in signature.parameters.items()
            if name in wanted
        ],
        return_annotation=inspect.Signature.empty,
    )
    resolve.__annotations__ = wanted


def _conditions(pages: Pages, given: Any) -> list[tuple[str, str, Any]]:
    if given is None or pages.filter is None:
        return []
    conditions = []
    for name, where in filters_of(pages.filter):
        value = getattr(given, name)
        if value is UNSET or value is None:
            continue
        if where.kind is not None:
            value = uuid_of(value, where.kind, f"filter.{camel(name)}")
        if isinstance(value, Enum):
            value = value.value
        if where.beside is not None:
            value = (value, getattr(given, where.beside) or None)
        conditions.append((where.column, where.how, value))
    return conditions


async def _connection(
    context: Context,
    info: Info[Any, Any],
    pages: Pages,
    order: Order,
    conditions: tuple[tuple[str, str, Any], ...],
    first: int,
    after: str | None,
    parent: Any,
) -> Connection[Any]:
    model, reader = models[pages.to], context.reader
    keyset = context.parts.keyset
    purpose = _purpose(context, model, order)
    beyond = None
    if after is not None:
        types = [model.table.columns[name].type for name in sort_keys(model, order)]
        beyond = tuple(keyset.values(purpose, after, types))
    page = Page(order=order, limit=first, beyond=beyond, conditions=conditions)
    columns = columns_for(info, model, ("nodes",), ("edges", "node"))
    rows = await reader.page(model, columns, page, pages.by, parent)

    async def total() -> TotalCount:
        whole = Page(order=order, limit=1, conditions=conditions)
        value = await reader.total(model, whole, pages.by, parent)
        return TotalCount(value=min(value, COUNTED), is_exact=value <= COUNTED)

    def cursor(keys: tuple[Any, ...]) -> Cursor:
        return Cursor(keyset.cursor(purpose, keys))

    return _page_of(rows, cursor, total, follows=after is not None)


def _page_of(
    rows: Rows,
    cursor: Callable[[tuple[Any, ...]], Cursor],
    total: Callable[[], Any],
    *,
    follows: bool,
) -> Connection[Any]:
    cursors = [cursor(keys) for keys in rows.keys]
    return Connection(
        nodes=rows.nodes,
        edges=[Edge(node=n, cursor=c) for n, c in zip(rows.nodes, cursors, strict=True)],
        page_info=PageInfo(
            has_next_page=rows.more,
            has_previous_page=follows,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        ),
        total=total,
    )


def _purpose(context: Context, model: Model, order: Order) -> str:
    """Return what a cursor is good for: this list, in this order, in the scope it was seen in."""
    scopes = context.reader.scopes
    names = "/".join(scope.name for scope in scopes.values())
    return f"{model.name}/{','.join(order.columns)}/{order.descending}/{names}"
