"""Holds every declaration against its table, once, at the start."""

from collections.abc import Iterator

from strawberry.types.base import StrawberryOptional, get_object_definition

from services.gateway.read.declare import (
    Declared,
    InUnit,
    Leaf,
    Many,
    Model,
    One,
    Pages,
    Through,
    filters_of,
    models,
    orders_of,
)
from services.gateway.read.joined import Joined
from shared.projection import Table


def check(roots: dict[str, Pages]) -> None:
    """Hold every declaration against its table.

    Args:
        roots: the connections that begin at the top, by name.

    Raises:
        TypeError: with a sentence for each declaration that cannot be kept.
    """
    faults = [fault for name, pages in roots.items() for fault in _page_faults(name, pages)]
    for model in models.values():
        for name, declared in model.fields.items():
            faults += _faults(model, name, declared)
    if faults:
        raise TypeError("\n".join(faults))


def _faults(model: Model, name: str, declared: Declared) -> Iterator[str]:
    here = f"{model.name}.{name}"
    if isinstance(declared, Leaf):
        column = model.column_of(name)
        if declared.personal and not _stands_in_a_unit(model):
            yield f"{here} is personal, and no org unit of its own says who may read it"
        if column not in model.table.columns:
            yield f"{here}: {model.table.name} has no column {column}"
        elif not _nullable(model, name) and (
            declared.personal
            or declared.confided
            or (model.may_be_empty(column) and declared.empty is None)
        ):
            yield f"{here} is non-null, but {model.table.name}.{column} may be empty or withheld"
    elif isinstance(declared, One):
        if declared.by not in model.table.columns:
            yield f"{here}: {model.table.name} has no column {declared.by}"
        elif not _nullable(model, name):
            yield f"{here} must be nullable: its {declared.to} may be out of scope"
    elif isinstance(declared, Many):
        table = models[declared.to].table
        if not any(index[0] == declared.by for index in _indexes(table)):
            yield f"{here}: {table.name} has no index on {declared.by}"
    elif isinstance(declared, Pages):
        yield from _page_faults(here, declared)


def _stands_in_a_unit(model: Model) -> bool:
    """Whether a unit says who may read a row: its own, or that of what it is seen through."""
    visibility = model.visibility
    while isinstance(visibility, Through):
        visibility = models[visibility.to].visibility
    return isinstance(visibility, InUnit)


def _page_faults(here: str, pages: Pages) -> Iterator[str]:
    model = models[pages.to]
    indexes = _indexes(model.table)
    if pages.by and not any(index[0] == pages.by for index in indexes):
        yield f"{here}: {model.table.name} has no index on {pages.by}"
    for order in orders_of(pages.orders):
        if any(model.may_be_empty(column) for column in order.columns):
            yield f"{here}: no order by {order.columns}, which may be empty"
        if not any(_ordered(index, order.columns, pages.by) for index in indexes):
            yield f"{here}: {model.table.name} has no index for the order by {order.columns}"
    for name, where in filters_of(pages.filter) if pages.filter else ():
        if where.unindexed is None and not any(
            _begins(index, where.column, pages.by) for index in indexes
        ):
            yield f"{here}: {model.table.name} has no index that begins with the filter {name}"


def _indexes(table: Table | Joined) -> tuple[tuple[str, ...], ...]:
    return (table.key, *table.indexes)


def _ordered(index: tuple[str, ...], columns: tuple[str, ...], by: str | None) -> bool:
    start = 1 if by and index[0] == by else 0
    return index[start : start + len(columns)] == columns


def _begins(index: tuple[str, ...], column: str, by: str | None) -> bool:
    """Whether rows of one value stand together in an index: a column further on narrows nothing."""
    return index[0] == column or (index[0] == by and index[1:2] == (column,))


def _nullable(model: Model, name: str) -> bool:
    fields = get_object_definition(model.type, strict=True).fields
    found = next(each for each in fields if each.python_name == name)
    return isinstance(found.type, StrawberryOptional)
