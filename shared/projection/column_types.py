"""The column types a read model may have: how each is checked, stored, and sent in bulk.

Rows travel as one JSON document a statement: PostgreSQL takes it apart into typed columns, arrays
and nested JSON among them. In Python, where the time goes, that costs half of what an array a
column costs; the database takes as long over either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

from msgspec import Struct


@dataclass(frozen=True, slots=True)
class ColumnType:
    """One type.

    Attributes:
        stored: what PostgreSQL calls it (`format_type`).
        python: the types of the values it takes; checked for every value, so looked up, not asked.
        holds: whether a value of such a type can be held; None where every one can.
        encode: makes a value into one that JSON can say; None where it can already.
    """

    stored: str
    python: frozenset[type]
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


_DIGITS = 1_000
"""Before or after the point: PostgreSQL holds more, and no reader wants them."""


def _no_nul(value: str) -> bool:
    return "\x00" not in value


def _within(bits: int) -> Callable[[int], bool]:
    low, high = -(1 << (bits - 1)), 1 << (bits - 1)

    def within(value: int) -> bool:
        return low <= value < high

    return within


def _plain_number(value: Decimal | int) -> bool:
    return isinstance(value, int) or (value.is_finite() and abs(value.adjusted()) < _DIGITS)


def _has_zone(value: datetime) -> bool:
    return value.tzinfo is not None


def _every(type: ColumnType) -> Callable[[list[Any] | tuple[Any, ...]], bool]:
    def every(values: list[Any] | tuple[Any, ...]) -> bool:
        return all(value is None or type.accepts(value) for value in values)

    return every


def _hexadecimal(value: bytes) -> str:
    return "\\x" + value.hex()


def _types(*types: type) -> frozenset[type]:
    return frozenset(types)


_TEXT = ColumnType("text", _types(str), _no_nul)
_UUID = ColumnType("uuid", _types(UUID))
_JSON = _types(dict, list, tuple, str, int, float, bool, Struct)

COLUMN_TYPES: dict[str, ColumnType] = {
    "text": _TEXT,
    "uuid": _UUID,
    "integer": ColumnType("integer", _types(int), _within(32)),
    "bigint": ColumnType("bigint", _types(int), _within(64)),
    "date": ColumnType("date", _types(date)),
    "timestamptz": ColumnType("timestamp with time zone", _types(datetime), _has_zone),
    "boolean": ColumnType("boolean", _types(bool)),
    "numeric": ColumnType("numeric", _types(Decimal, int), _plain_number),
    # JSON has no word for infinity.
    "double precision": ColumnType("double precision", _types(float, int), isfinite),
    "bytea": ColumnType("bytea", _types(bytes), encode=_hexadecimal),
    "jsonb": ColumnType("jsonb", _JSON),
    "uuid[]": ColumnType("uuid[]", _types(list, tuple), _every(_UUID)),
    "text[]": ColumnType("text[]", _types(list, tuple), _every(_TEXT)),
}
