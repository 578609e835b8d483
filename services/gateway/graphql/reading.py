"""The words a read type is declared with, and the one resolver behind each of them."""

import inspect
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry
from strawberry import ID, UNSET
from strawberry.types import Info

from services.gateway.graphql.connection import MOST, Connection, Edge, PageInfo, TotalCount
from services.gateway.graphql.context import Context, context_of
from services.gateway.graphql.errors import FirstOutOfRange
from services.gateway.graphql.ids import global_id, split_id, uuid_of
from services.gateway.graphql.scalars import Cursor, Position
from services.gateway.graphql.selection import columns_for
from services.gateway.read.declare import (
    META,
    Leaf,
    Many,
    Model,
    Needs,
    One,
    Order,
    Pages,
    Visibility,
    Where,
    filters_of,
    models,
    register,
)
from services.gateway.read.loader import Rows
from services.gateway.read.sql import COUNTED, Page, sort_keys
from shared.contracts.base import camel
from shared.domain.errors import WrongIdKind
from shared.projection import Table

AnyType = TypeVar("AnyType", bound=type)

First = Annotated[int, strawberry.argument(description=f"How many rows: 1 to {MOST}.")]
After = Annotated[
    Cursor | None, strawberry.argument(description="The `endCursor` of the page before.")
]
Positions = Annotated[
    list[Position] | None,
    strawberry.argument(description="Wait until these positions can be read, as answered."),
]
AsOf = Annotated[
    datetime | None, strawberry.argument(description="Only what was recorded up to that instant.")
]


@strawberry.interface(description="Something with an id of its own.")
class Node:
    """Relay's Node."""

    id: ID = strawberry.field(
        description="Opaque and typed: URL-safe base64 of `Kind:uuid`, without padding."
    )


def read_model(
    table: Table,
    *,
    scope: Visibility,
    description: str,
    exists: str | None = None,
    then: frozenset[str] = frozenset(),
) -> Callable[[AnyType], AnyType]:
    """Make a class a read type over a table: see `declare.Model` for the arguments."""

    def declare(cls: AnyType) -> AnyType:
        made: AnyType = strawberry.type(cls, description=description)
        register(made, table, scope, exists, then)
        return made

    return declare


def leaf(
    description: str,
    *,
    column: str | None = None,
    personal: bool = False,
    convert: Callable[[Any], Any] | None = None,
    empty: int | None = None,
) -> Any:
    """Declare a field that shows a column: see `declare.Leaf` for the arguments."""
    declared = Leaf(column=column, personal=personal, convert=convert, empty=empty)
    return strawberry.field(description=description, metadata={META: declared})


def key(kind: str, column: str = "id") -> Any:
    """Declare a row's own id."""

    def convert(id: UUID) -> ID:
        return global_id(kind, id)

    return leaf(
        f"The id of this {kind}: URL-safe base64 of `{kind}:uuid`, without padding.",
        column=column,
        convert=convert,
    )


def one(to: str, *, by: str, description: str) -> Any:
    """Declare a field that leads to one row; null where there is none, or none to be seen."""
    declared = One(to=to, by=by)

    async def resolve(root: Any, info: Info[Any, Any]) -> Any:
        id = getattr(root, f"c_{by}")
        if id is None:
            return None
        model = models[to]
        return await context_of(info).reader.one(model, columns_for(info, model), id)

    return strawberry.field(resolver=resolve, description=description, metadata={META: declared})


def many(
    to: str,
    *,
    by: str,
    order: Order,
    description: str,
    own: str = "id",
    wanted: tuple[tuple[str, str], ...] = (),
) -> Any:
    """Declare a short list of rows."""
    declared = Many(to=to, by=by, order=order, own=own, wanted=wanted)

    async def resolve(root: Any, info: Info[Any, Any]) -> Any:
        model = models[to]
        columns = columns_for(info, model)
        return await context_of(info).reader.many(declared, columns, getattr(root, f"c_{own}"))

    return strawberry.field(resolver=resolve, description=description, metadata={META: declared})


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
        conditions = _conditions(context, declared, filter)
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
            declared.orders | None, strawberry.argument(description="In which order.")  # type: ignore[operator]
        ],
    }
    if declared.filter is not None:
        wanted["filter"] = Annotated[
            declared.filter | None,  # type: ignore[operator]
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


def where(
    column: str,
    description: str,
    *,
    how: str = "equals",
    kind: str | None = None,
    unindexed: str | None = None,
) -> Any:
    """Declare a filter: see `declare.Where`."""
    declared = Where(column=column, how=how, kind=kind, unindexed=unindexed)
    return strawberry.field(default=UNSET, description=description, metadata={META: declared})


def needing(*columns: str) -> dict[str, Needs]:
    """Return the metadata of a field whose own resolver reads these columns (as `c_…`)."""
    return {META: Needs(columns=columns)}


async def by_id(info: Info[Any, Any], kind: str, id: str, field: str = "id") -> Any:
    """Return the row of a global id, or None if there is none to be seen.

    Raises:
        WrongIdKind: it is the id of another kind of thing.
    """
    model = models[kind]
    uuid = uuid_of(id, kind, field)
    return await context_of(info).reader.one(model, columns_for(info, model), uuid)


async def by_any_id(info: Info[Any, Any], id: str) -> Any:
    """Return the row of a global id of any kind that is a `Node`.

    Raises:
        WrongIdKind: it is no such id.
    """
    parts = split_id(id)
    model = models.get(parts[0]) if parts else None
    if parts is None or model is None or not issubclass(model.type, Node):
        raise WrongIdKind("id", value=id[:100], expected="Node")
    return await context_of(info).reader.one(model, columns_for(info, model), parts[1])


def _conditions(context: Context, pages: Pages, given: Any) -> list[tuple[str, str, Any]]:
    if given is None or pages.filter is None:
        return []
    conditions = []
    for name, where in filters_of(pages.filter):
        value = getattr(given, name)
        if value is UNSET or value is None:
            continue
        if where.kind is not None:
            value = uuid_of(value, where.kind, f"filter.{camel(name)}")
        if where.how == "under":
            value = context.below(value)
        if isinstance(value, Enum):
            value = value.value
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
