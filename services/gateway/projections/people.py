"""Whom an event names: worked out once an event class, from the marks its contract carries."""

from collections.abc import Callable, Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from msgspec import Struct

from shared.contracts.base import Event

Finder = Callable[[Any], Iterator[UUID]]


def people_named(event: Event) -> tuple[UUID, ...]:
    """Return every health worker that `event` names, in any field at any depth, each once."""
    find = _in_struct(type(event))
    return tuple(dict.fromkeys(find(event))) if find else ()


@cache
def _in_struct(struct: type[Struct]) -> Finder | None:
    """Return what finds people in such a struct; None where there can be none."""
    hints = get_type_hints(struct, include_extras=True)
    finders = [
        (name, find)
        for name in struct.__struct_fields__
        if (find := _in_value(hints[name])) is not None
    ]

    def in_fields(value: Any) -> Iterator[UUID]:
        for name, find in finders:
            yield from find(getattr(value, name))

    return in_fields if finders else None


def _in_value(annotation: Any) -> Finder | None:
    """Return what finds people in a value of this type; None where there can be none."""
    if any(_means_a_person(meta) for meta in getattr(annotation, "__metadata__", ())):
        return _itself
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _in_value(parts[0])
    if origin in (Union, UnionType):
        found = [find for part in parts if part is not NoneType and (find := _in_value(part))]
        if len(found) > 1:
            msg = f"which of {parts} holds a person cannot be told from the value"
            raise TypeError(msg)
        return _if_any(found[0]) if found else None
    if origin in (tuple, list):
        return _in_each(_in_value(parts[0]))
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return _in_struct(annotation)
    return None


def _means_a_person(meta: Any) -> bool:
    return (getattr(meta, "extra", None) or {}).get("ref") == "HealthWorker"


def _itself(value: UUID) -> Iterator[UUID]:
    yield value


def _if_any(find: Finder) -> Finder:
    return lambda value: iter(()) if value is None else find(value)


def _in_each(find: Finder | None) -> Finder | None:
    if find is None:
        return None
    return lambda values: (person for value in values for person in find(value))
