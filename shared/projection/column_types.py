"""The column types a read model may have: how each is checked, stored, and sent in bulk.

Rows travel as one array a column. PostgreSQL takes an array of arrays apart to its innermost
values, so columns that are arrays, or JSON, travel as text and are cast where they arrive.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

_json = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class ColumnType:
    """One type.

    Attributes:
        stored: what PostgreSQL calls it (`format_type`).
        python: the types of the values it takes; checked for every value, so looked up, not asked.
        sent: the type of one element of the array it travels in.
        holds: whether a value of such a type can be held; None where every one can.
        encode: makes a value into that element; None where it travels as it is.
    """

    stored: str
    python: frozenset[type]
    sent: str
    holds: Callable[[Any], bool] | None = None
    encode: Callable[[Any], Any] | None = None

    def accepts(self, value: Any) -> bool:
        """Say whether a value that is not None can be held."""
        # bool is an int, and datetime a date: only where the type itself is not listed are
        # subclasses looked at (a text enumeration, the driver's own UUID), and never those two.
        if type(value) not in self.python:
            likely = not isinstance(value, bool | datetime)
            if not (likely and isinstance(value, tuple(self.python))):
                return False
        return self.holds is None or self.holds(value)


def array_literal(values: Iterable[object]) -> str:
    r"""Return PostgreSQL's own spelling of an array: `{"a","b \" c",NULL}`."""
    return "{" + ",".join("NULL" if v is None else _quoted(str(v)) for v in values) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _as_json(value: Any) -> str:
    return _json.encode(value).decode()


def _no_nul(value: str) -> bool:
    return "\x00" not in value


def _within(bits: int) -> Callable[[int], bool]:
    low, high = -(1 << (bits - 1)), 1 << (bits - 1)

    def within(value: int) -> bool:
        return low <= value < high

    return within


def _has_zone(value: datetime) -> bool:
    return value.tzinfo is not None


def _every(type: ColumnType) -> Callable[[list[Any] | tuple[Any, ...]], bool]:
    def every(values: list[Any] | tuple[Any, ...]) -> bool:
        return all(value is None or type.accepts(value) for value in values)

    return every


def _types(*types: type) -> frozenset[type]:
    return frozenset(types)


_TEXT = ColumnType("text", _types(str), "text", _no_nul)
_UUID = ColumnType("uuid", _types(UUID), "uuid")
_ARRAY = _types(list, tuple)

COLUMN_TYPES: dict[str, ColumnType] = {
    "text": _TEXT,
    "uuid": _UUID,
    "integer": ColumnType("integer", _types(int), "integer", _within(32)),
    "bigint": ColumnType("bigint", _types(int), "bigint", _within(64)),
    "date": ColumnType("date", _types(date), "date"),
    "timestamptz": ColumnType(
        "timestamp with time zone", _types(datetime), "timestamptz", _has_zone
    ),
    "boolean": ColumnType("boolean", _types(bool), "boolean"),
    "numeric": ColumnType("numeric", _types(Decimal, int), "numeric"),
    "double precision": ColumnType("double precision", _types(float, int), "double precision"),
    "bytea": ColumnType("bytea", _types(bytes), "bytea"),
    "jsonb": ColumnType(
        "jsonb", _types(dict, list, tuple, str, int, float, bool), "text", encode=_as_json
    ),
    "uuid[]": ColumnType("uuid[]", _ARRAY, "text", _every(_UUID), array_literal),
    "text[]": ColumnType("text[]", _ARRAY, "text", _every(_TEXT), array_literal),
}
