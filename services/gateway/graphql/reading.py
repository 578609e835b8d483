"""The words a read type is declared with, and the one resolver behind each of them."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry
from strawberry import ID, UNSET
from strawberry.types import Info

from services.gateway.graphql.context import context_of
from services.gateway.graphql.ids import global_id, split_id, uuid_of
from services.gateway.graphql.scalars import Position
from services.gateway.graphql.selection import columns_for
from services.gateway.read.declare import (
    META,
    Leaf,
    Many,
    Needs,
    One,
    Order,
    Visibility,
    Where,
    models,
    register,
)
from services.gateway.read.joined import Joined
from services.gateway.read.lists import LISTED, cut_at
from shared.contracts.access.operation import AccessKind
from shared.domain.errors import WrongIdKind
from shared.projection import Table

AnyType = TypeVar("AnyType", bound=type)

Positions = Annotated[
    list[Position] | None,
    strawberry.argument(description="Wait until these positions can be read, as answered."),
]


@strawberry.interface(description="Something with an id of its own.")
class Node:
    """Relay's Node."""

    id: ID = strawberry.field(
        description="Opaque and typed: URL-safe base64 of `Kind:uuid`, without padding."
    )


def read_model(
    table: Table | Joined,
    *,
    scope: Visibility,
    description: str,
    exists: str | None = None,
    then: frozenset[str] = frozenset(),
    shows: AccessKind | None = None,
) -> Callable[[AnyType], AnyType]:
    """Make a class a read type over a table: see `declare.Model` for the arguments."""

    def declare(cls: AnyType) -> AnyType:
        made: AnyType = strawberry.type(cls, description=description)
        register(made, table, scope, exists, then, shows)
        return made

    return declare


def leaf(
    description: str,
    *,
    column: str | None = None,
    personal: bool = False,
    confided: str | None = None,
    convert: Callable[[Any], Any] | None = None,
    empty: int | None = None,
    deprecated: str | None = None,
) -> Any:
    """Declare a field that shows a column: see `declare.Leaf` for the arguments.

    Args:
        deprecated: until when it is there, and what to read instead.
    """
    declared = Leaf(
        column=column, personal=personal, confided=confided, convert=convert, empty=empty
    )
    return strawberry.field(
        description=description, metadata={META: declared}, deprecation_reason=deprecated
    )


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
    """Declare a short list of rows; it is cut at `LISTED`."""
    declared = Many(to=to, by=by, order=order, own=own, wanted=wanted)

    async def resolve(root: Any, info: Info[Any, Any]) -> Any:
        model = models[to]
        columns = columns_for(info, model)
        return await context_of(info).reader.many(declared, columns, getattr(root, f"c_{own}"))

    return strawberry.field(resolver=resolve, description=description, metadata={META: declared})


def several(to: str, *, by: str, description: str) -> Any:
    """Declare the rows whose ids stand in the column `by`; those out of scope are left out."""

    async def resolve(root: Any, info: Info[Any, Any]) -> Any:
        model, reader = models[to], context_of(info).reader
        columns = columns_for(info, model)
        ids = cut_at(list(getattr(root, f"c_{by}")), LISTED)
        rows = await asyncio.gather(*(reader.one(model, columns, id) for id in ids))
        return type(ids)(row for row in rows if row is not None)

    return strawberry.field(
        resolver=resolve, description=description, metadata=needing(by, of_then=True)
    )


def where(
    column: str,
    description: str,
    *,
    how: str = "equals",
    kind: str | None = None,
    unindexed: str | None = None,
    beside: str | None = None,
) -> Any:
    """Declare a filter: see `declare.Where`."""
    declared = Where(column=column, how=how, kind=kind, unindexed=unindexed, beside=beside)
    return strawberry.field(default=UNSET, description=description, metadata={META: declared})


def needing(*columns: str, of_then: bool = False) -> dict[str, Needs]:
    """Return the metadata of a field whose own resolver reads these columns (as `c_…`).

    Args:
        of_then: see `declare.Needs`.
    """
    return {META: Needs(columns=columns, of_then=of_then)}


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
