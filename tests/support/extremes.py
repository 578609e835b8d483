"""The story with every value as far out as a command may say it: what must be held everywhere."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct
from msgspec.structs import fields, replace

from shared.deciding.values import LONGEST, MOST

Leaf = tuple[Any, list[Meta]]
Put = Callable[[Any], Any]
FAR = "\U0001d54f"
"""A letter of four bytes."""


def plain(hint: Any) -> Leaf:
    """Return a hint without its notes and without `| None`, and the notes."""
    notes: list[Meta] = []
    while True:
        if get_origin(hint) is Annotated:
            hint, *more = get_args(hint)
            notes += [one for one in more if isinstance(one, Meta)]
        elif get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint):
            (hint, *others) = [one for one in get_args(hint) if one is not NoneType]
            if others:
                return Any, notes
        else:
            return hint, notes


def noted(notes: list[Meta], name: str, otherwise: Any = None) -> Any:
    """Return what the first note to say so says."""
    for note in notes:
        found = (note.extra or {}).get(name, getattr(note, name, None))
        if found is not None:
            return found
    return otherwise


def largest(value: Any, hint: Any) -> Any:
    """Return the value as large, as long and as late as a command may say it."""
    kind, notes = plain(hint)
    if kind is str and not noted(notes, "pattern"):
        return (value + FAR * 20_000)[: noted(notes, "max_length", LONGEST)]
    if kind is str and noted(notes, "max_length", 0) >= 60:
        return value.ljust(noted(notes, "max_length"), "z")
    if kind is int:
        return noted(notes, "most") or noted(notes, "le", MOST)
    if kind is Decimal:
        return Decimal("999999999999.999999")
    if kind is float:
        return float(noted(notes, "le", 1e300))
    return {
        date: date(2999, 12, 31),
        datetime: datetime(2999, 12, 31, 23, 59, 59, 999_999, UTC),
    }.get(kind, value)


def smallest(value: Any, hint: Any) -> Any:
    """Return the value as small, as short and as early as a command may say it."""
    kind, notes = plain(hint)
    if kind is str and not noted(notes, "pattern"):
        return FAR
    if kind is int:
        return noted(notes, "ge", -MOST - 1)
    if kind is Decimal:
        return Decimal("-999999999999.999999")
    if kind is float:
        return float(noted(notes, "ge", -1e300))
    return {date: date(1900, 1, 1), datetime: datetime(1900, 1, 1, tzinfo=UTC)}.get(kind, value)


def stretched(value: Any, hint: Any, how: Callable[[Any, Any], Any]) -> Any:
    """Return a value with every value in it stretched."""
    if value is None:
        return None
    kind, _ = plain(hint)
    if isinstance(value, Struct):
        hints = get_type_hints(type(value), include_extras=True)
        return replace(
            value,
            **{
                one.name: stretched(getattr(value, one.name), hints[one.name], how)
                for one in fields(value)
            },
        )
    if isinstance(value, tuple | list):
        inner = (get_args(kind) or (Any,))[0]
        return type(value)(stretched(one, inner, how) for one in value)
    if isinstance(value, dict):
        return value
    return how(value, hint)


def leaves(struct: type[Struct], path: str = "") -> Iterator[tuple[str, Leaf, Put]]:
    """Yield every single value of a struct: its path, what it is, and how to put one there."""
    hints = get_type_hints(struct, include_extras=True)
    for one in fields(struct):
        yield from _leaves(hints[one.name], one.encode_name, path)


def _leaves(hint: Any, name: str, path: str) -> Iterator[tuple[str, Leaf, Put]]:
    kind, notes = plain(hint)
    here = f"{path}.{name}" if path else name
    origin: Any = get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, Struct):
        for inner, leaf, put in leaves(kind, here):
            yield inner, leaf, partial(_put, name, put, in_list=False)
    elif origin in (tuple, list, frozenset, set):
        for inner, leaf, put in _leaves(get_args(kind)[0], "0", here):
            yield inner, leaf, partial(_put, name, put, in_list=True)
    elif origin is None:
        yield here, (kind, notes), partial(_named, name)


def _named(name: str, value: Any) -> Any:
    return {name: value}


def _put(name: str, put: Put, value: Any, *, in_list: bool) -> Any:
    return {name: [put(value)["0"]] if in_list else put(value)}
