"""Copies of aggregates: one is remembered, another is decided on, and neither changes the other.

What an aggregate holds is declared, and nearly all of it never changes: ids, words, days, frozen
structs. That is shared; lists and dicts are copied, as deep as they go. A kind of aggregate that
declares something else is not copied at all: its owner falls back on its encoded state.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from msgspec import Struct

from shared.domain.aggregate import Aggregate

Kind = TypeVar("Kind", bound=Aggregate)
Copy = Callable[[Any], Any]

_LASTING = (NoneType, UUID, str, int, bool, float, date, Decimal, Enum)


class NotToBeCopied(TypeError):
    """A type whose values may change in a way that is not known here."""


def copied(aggregate: Kind) -> Kind | None:
    """Return another one that holds the same, with nothing recorded; None: it cannot be told how.

    What is not declared is left behind, as it is by a snapshot.
    """
    kind = type(aggregate)
    plan = _plan(kind)
    if plan is None:
        return None
    shared, copies = plan
    twin = kind.__new__(kind)
    twin.__base_init__(aggregate.id, aggregate.version, aggregate.modified_on)
    held, given = aggregate.__dict__, twin.__dict__
    for name in shared:
        given[name] = held[name]
    for name, copy in copies:
        given[name] = copy(held[name])
    return twin


@cache
def declared(kind: type[Aggregate]) -> dict[str, Any]:
    """Return the attributes that a kind of aggregate or a base of it declares, typed."""
    hints = get_type_hints(kind, include_extras=True)
    bases = [one for one in kind.__mro__ if issubclass(one, Aggregate) and one is not Aggregate]
    names = dict.fromkeys(name for one in bases for name in one.__annotations__)
    return {name: hints[name] for name in names if get_origin(hints[name]) is not ClassVar}


@cache
def _plan(kind: type[Aggregate]) -> tuple[tuple[str, ...], tuple[tuple[str, Copy], ...]] | None:
    """Return what two aggregates of a kind may share, and how the rest is copied."""
    try:
        copies = {name: copy_of(hint) for name, hint in declared(kind).items()}
    except NotToBeCopied:
        return None
    return (
        tuple(name for name, copy in copies.items() if copy is None),
        tuple((name, copy) for name, copy in copies.items() if copy is not None),
    )


def copy_of(hint: Any) -> Copy | None:
    """Return how a value of that type is copied; None: it never changes, and may be shared.

    Raises:
        NotToBeCopied: that is not known.
    """
    origin = get_origin(hint)
    if origin is Annotated:
        return copy_of(get_args(hint)[0])
    if origin in (Union, UnionType):
        must_last(get_args(hint))
        return None
    if origin is tuple:
        must_last(part for part in get_args(hint) if part is not Ellipsis)
        return None
    if origin is list:
        return _list(copy_of(get_args(hint)[0]))
    if origin is dict:
        key, value = get_args(hint)
        must_last((key,))
        return _dict(copy_of(value))
    if isinstance(hint, type) and issubclass(hint, _LASTING):
        return None
    if isinstance(hint, type) and issubclass(hint, Struct) and hint.__struct_config__.frozen:
        _must_last_within(hint)
        return None
    raise NotToBeCopied(repr(hint))


def must_last(hints: Any) -> None:
    """Raise NotToBeCopied unless values of all these types never change."""
    for hint in hints:
        if copy_of(hint) is not None:
            raise NotToBeCopied(repr(hint))


@cache
def _must_last_within(struct: type[Struct]) -> None:
    hints = get_type_hints(struct, include_extras=True)
    must_last(hints[name] for name in struct.__struct_fields__)


def _list(copy: Copy | None) -> Copy:
    return list if copy is None else lambda items: [copy(item) for item in items]


def _dict(copy: Copy | None) -> Copy:
    return dict if copy is None else lambda items: {key: copy(one) for key, one in items.items()}
