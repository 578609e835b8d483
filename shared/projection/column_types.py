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
        accepts: whether a value that is not None can be held; says no rather than raise.
        sent: the type of one element of the array it travels in.
        encode: makes a value into that element; None where it travels as it is.
    """

    stored: str
    accepts: Callable[[Any], bool]
    sent: str
    encode: Callable[[Any], Any] | None = None


def array_literal(values: Iterable[object]) -> str:
    r"""Return PostgreSQL's own spelling of an array: `{"a","b \" c",NULL}`."""
    return "{" + ",".join("NULL" if v is None else _quoted(str(v)) for v in values) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _as_json(value: Any) -> str:
    return _json.encode(value).decode()


def _text(value: Any) -> bool:
    return isinstance(value, str) and "\x00" not in value


def _whole(bits: int) -> Callable[[Any], bool]:
    low, high = -(1 << (bits - 1)), 1 << (bits - 1)

    def accepts(value: Any) -> bool:
        return type(value) is int and low <= value < high

    return accepts


def _instant(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _every(accepts: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def every(value: Any) -> bool:
        return isinstance(value, list | tuple) and all(v is None or accepts(v) for v in value)

    return every


def _uuid(value: Any) -> bool:
    return isinstance(value, UUID)


COLUMN_TYPES: dict[str, ColumnType] = {
    "text": ColumnType("text", _text, "text"),
    "uuid": ColumnType("uuid", _uuid, "uuid"),
    "integer": ColumnType("integer", _whole(32), "integer"),
    "bigint": ColumnType("bigint", _whole(64), "bigint"),
    "date": ColumnType("date", lambda v: type(v) is date, "date"),
    "timestamptz": ColumnType("timestamp with time zone", _instant, "timestamptz"),
    "boolean": ColumnType("boolean", lambda v: type(v) is bool, "boolean"),
    "numeric": ColumnType("numeric", lambda v: type(v) in (Decimal, int), "numeric"),
    "double precision": ColumnType(
        "double precision", lambda v: type(v) in (float, int), "double precision"
    ),
    "bytea": ColumnType("bytea", lambda v: isinstance(v, bytes), "bytea"),
    "jsonb": ColumnType("jsonb", lambda _: True, "text", _as_json),
    "uuid[]": ColumnType("uuid[]", _every(_uuid), "text", array_literal),
    "text[]": ColumnType("text[]", _every(_text), "text", array_literal),
}
