"""GraphQL inputs made from the contracts: what is declared once there is not said again here.

Each command, and each struct in one, becomes an input type with the same fields, described as the
contract describes them. A UUID marked as the id of a kind of thing becomes an `ID` whose kind is
checked; the service gets the plain UUID.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import strawberry
from msgspec import Struct
from msgspec.structs import FieldInfo, fields
from strawberry import ID, UNSET
from strawberry.scalars import JSON

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.ids import uuid_of, uuid_or_id
from shared.contracts.base import Command, marks
from shared.domain.errors import WrongIdKind

Faults = list[WrongIdKind]
ToWire = Callable[[Any, str, Faults], Any]
"""Makes a value given by a client into what the services take; faults are collected by path."""

NEW_ID = "id"
"""The field of a command with the id of the record it begins, if the client makes it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One type of input: how the schema shows it, and how its values travel on.

    Attributes:
        annotation: for Strawberry.
        typed: from a value that Strawberry parsed.
        loose: from plain JSON in the services' own form, global ids allowed.
    """

    annotation: Any
    typed: ToWire
    loose: ToWire


@dataclass(frozen=True, slots=True)
class InputField:
    """A field of an input: its names in Python and on the wire, and its shape.

    Attributes:
        later: it is younger than its command: what says nothing in it is not sent, so that a
            service of the release before still knows every field.
    """

    name: str
    wire: str
    shape: Shape
    later: bool = False


@dataclass(slots=True)
class Inputs:
    """Makes input types, each struct's once."""

    _made: dict[type[Struct], Shape] = field(default_factory=dict)
    _names: dict[str, type[Struct]] = field(default_factory=dict)

    def of_command(self, command: type[Command]) -> Shape:
        """Return the input of a command."""
        return self._of_struct(command)

    def of_struct(self, struct: type[Struct]) -> Shape:
        """Return the input of a struct that commands are made of, for a query that takes it."""
        return self._of_struct(struct)

    def _of_struct(self, struct: type[Struct]) -> Shape:
        if struct not in self._made:
            self._made[struct] = self._make(struct)
        return self._made[struct]

    def _make(self, struct: type[Struct]) -> Shape:
        name = f"{struct.__name__}Input"
        if self._names.setdefault(name, struct) is not struct:
            msg = f"two contracts want to be {name}: {struct} and {self._names[name]}"
            raise TypeError(msg)
        hints = get_type_hints(struct, include_extras=True)
        record = struct.record if issubclass(struct, Command) else None
        known: list[InputField] = []
        namespace: dict[str, Any] = {"__annotations__": {}, "__doc__": struct.__doc__}
        for info in fields(struct):
            hint = hints[info.name]
            new = record if info.name == NEW_ID else None
            shape = self._of_hint(hint, new)
            later = bool(marks(hint).get("later"))
            if later and not _is_optional(hint):
                shape = _optional(shape)
            annotation, default = _with_default(shape.annotation, info, later=later)
            namespace["__annotations__"][info.name] = annotation
            namespace[info.name] = strawberry.field(
                name=info.encode_name,
                description=_described(hint, info.name, struct),
                **default,
            )
            known.append(InputField(info.name, info.encode_name, shape, later))
        made = type(name, (), namespace)
        description = cleandoc(struct.__doc__ or "").partition("\n\n")[0]
        annotation = strawberry.input(made, name=name, description=description)
        return Shape(annotation, _from_input(known), _from_object(known))

    def _of_hint(self, hint: Any, new: str | None = None) -> Shape:
        kind = marks(hint).get("ref") if _is_uuid(hint) else None
        if kind or (new and _is_uuid(hint)):
            shape = _of_ref(kind or new, made_by_client=new is not None)
            return _optional(shape) if _is_optional(hint) else shape
        origin, parts = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._of_hint(parts[0])
        if origin in (Union, UnionType):
            (inner,) = (part for part in parts if part is not NoneType)
            return _optional(self._of_hint(inner))
        if origin in (tuple, list, frozenset, set):
            return _each(self._of_hint(parts[0]))
        if isinstance(hint, type) and issubclass(hint, Struct):
            return self._of_struct(hint)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return _plain(graphql_enum(hint), lambda value: value.value)
        if hint in _PLAIN:
            return _plain(hint, _PLAIN[hint])
        return _plain(JSON, _same)


SHARED = Inputs()
"""Those of the schema: a query that takes what a command does takes the same type."""


def _same(value: Any) -> Any:
    return value


_PLAIN: dict[Any, Callable[[Any], Any]] = {
    str: _same,
    int: _same,
    float: _same,
    bool: _same,
    UUID: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    Decimal: str,
}


def _plain(annotation: Any, written: Callable[[Any], Any]) -> Shape:
    return Shape(
        annotation, lambda value, _path, _faults: written(value), lambda value, _p, _f: value
    )


def _of_ref(kind: str | None, *, made_by_client: bool) -> Shape:
    def to_wire(parse: Callable[[str, str, str], UUID]) -> ToWire:
        def convert(value: Any, path: str, faults: Faults) -> Any:
            if not isinstance(value, str):
                return value
            try:
                return str(parse(value, str(kind), path))
            except WrongIdKind as fault:
                faults.append(fault)
                return None

        return convert

    return Shape(ID, to_wire(uuid_or_id if made_by_client else uuid_of), to_wire(uuid_or_id))


def _optional(shape: Shape) -> Shape:
    def through(to_wire: ToWire) -> ToWire:
        return lambda value, path, faults: None if value is None else to_wire(value, path, faults)

    return Shape(shape.annotation | None, through(shape.typed), through(shape.loose))


def _each(shape: Shape) -> Shape:
    def through(to_wire: ToWire) -> ToWire:
        def convert(values: Any, path: str, faults: Faults) -> Any:
            if not isinstance(values, list):
                return values
            return [to_wire(v, f"{path}.{i}", faults) for i, v in enumerate(values)]

        return convert

    return Shape(list[shape.annotation], through(shape.typed), through(shape.loose))  # type: ignore[name-defined]


def _from_input(known: list[InputField]) -> ToWire:
    def convert(value: Any, path: str, faults: Faults) -> dict[str, Any]:
        wire = {}
        for each in known:
            given = getattr(value, each.name)
            if given is not UNSET and not (each.later and given is None):
                wire[each.wire] = each.shape.typed(given, _joined(path, each.wire), faults)
        return wire

    return convert


def _from_object(known: list[InputField]) -> ToWire:
    shapes = {each.wire: each.shape for each in known}

    def convert(value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, Mapping):
            return value
        # What the contract does not know stays, for the service to name.
        return {
            name: shapes[name].loose(given, _joined(path, name), faults)
            if name in shapes
            else given
            for name, given in value.items()
        }

    return convert


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _with_default(
    annotation: Any, info: FieldInfo, *, later: bool = False
) -> tuple[Any, dict[str, Any]]:
    if later:
        return annotation, {"default": UNSET}
    if info.default_factory is not msgspec.NODEFAULT:
        return annotation, {"default_factory": info.default_factory}
    if info.default is msgspec.NODEFAULT:
        return annotation, {}
    if info.default is None:
        return annotation, {"default": UNSET}
    if isinstance(info.default, tuple | list):
        made = list(info.default)
        return annotation, {"default_factory": lambda: list(made)}
    return annotation, {"default": info.default}


def _described(hint: Any, name: str, struct: type[Struct]) -> str:
    """Return what the contract says of a field: nearest to it first, its own name at last."""
    for meta in getattr(hint, "__metadata__", ()):
        if getattr(meta, "description", None):
            return str(meta.description)
    for part in get_args(hint):
        if said := _described_in(part):
            return said
    words = name.replace("_", " ")
    return f"The {words} of the {_spaced(struct.__name__)}."


def _described_in(hint: Any) -> str | None:
    for meta in getattr(hint, "__metadata__", ()):
        if getattr(meta, "description", None):
            return str(meta.description)
    for part in get_args(hint):
        if said := _described_in(part):
            return said
    return None


def _spaced(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _is_optional(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint)


def _is_uuid(hint: Any) -> bool:
    """Say whether it is a UUID, or one or nothing: not a list of them."""
    if get_origin(hint) is Annotated or _is_optional(hint):
        return any(_is_uuid(part) for part in get_args(hint) if part is not NoneType)
    return hint is UUID
