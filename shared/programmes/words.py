"""A field's type in words: what a mistake's remedy and the handbook say may stand there."""

from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Meta, Struct

FAR = 10_000
"""A bound that nobody comes near goes without saying."""

PLAIN = {str: "a text", bool: "true or false", int: "a whole number", Decimal: "a number"}


def bare(kind: Any) -> Any:
    """Return a type without its marks."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def branches(kind: Any) -> tuple[Any, ...]:
    """Return the types that a field may have beside an empty one; one, if it is no union."""
    plain = bare(kind)
    parts = get_args(plain) if get_origin(plain) in (Union, UnionType) else (kind,)
    return tuple(part for part in parts if part is not NoneType)


def is_struct(kind: Any) -> bool:
    """Say whether fields are meant."""
    return isinstance(bare(kind), type) and issubclass(bare(kind), Struct)


def is_enum(kind: Any) -> bool:
    """Say whether one of a few names is meant."""
    return isinstance(bare(kind), type) and issubclass(bare(kind), Enum)


def is_list(kind: Any) -> bool:
    """Say whether a list is meant."""
    return get_origin(bare(kind)) is tuple


def held_by(kind: Any) -> Any:
    """Return what a list is of; anything else is its own."""
    return get_args(bare(kind))[0] if is_list(kind) else kind


def in_words(kind: Any) -> str:
    """Return what may stand there: `a whole number, 1 or more, or all`."""
    several = branches(kind)
    if len(several) > 1:
        return ", or ".join(in_words(one) for one in several)
    (kind,) = several
    plain, mark = bare(kind), _mark(kind)
    if is_list(kind):
        return _list(kind)
    if is_struct(kind):
        return f"a part with {', '.join(plain.__struct_encode_fields__)}"
    if is_enum(kind):
        return "one of " + ", ".join(str(member.value) for member in plain)
    if get_origin(plain) is Literal:
        return " or ".join(str(choice) for choice in get_args(plain))
    if plain is int:
        return PLAIN[int] + _range(mark)
    said = mark.description or PLAIN[plain]
    most = f", at most {mark.max_length} characters" if mark.max_length else ""
    return said[:1].lower() + said[1:].rstrip(".") + most


def _mark(kind: Any) -> Meta:
    marks = [mark for mark in getattr(kind, "__metadata__", ()) if isinstance(mark, Meta)]
    return marks[-1] if marks else Meta()


def list_of(kind: Any) -> str:
    """Return how long a list may be: `a list of one or more`."""
    mark = _mark(kind)
    least = "one or more" if mark.min_length else ""
    most = f"at most {mark.max_length}" if mark.max_length else ""
    return f"a list of {', '.join(filter(None, (least, most)))}".removesuffix(" of ")


def _list(kind: Any) -> str:
    (first, *rest), mark = get_args(bare(kind)), _mark(kind)
    if rest != [Ellipsis] or mark.max_length == mark.min_length == 2:
        return f"[least, most], each {in_words(first)}"
    return f"{list_of(kind)}, each {in_words(first)}"


def _range(mark: Meta) -> str:
    if mark.ge is None:
        return ""
    far = mark.le is None or mark.le >= FAR
    return f", {mark.ge} or more" if far else f" from {mark.ge} to {mark.le}"
