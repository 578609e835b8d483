"""The scalars of the schema, each with the specification of its text."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType
from uuid import UUID

import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

from shared.contracts.base import SERVICES
from shared.domain.days import FIRST_YEAR, LAST_YEAR, can_be_meant
from shared.positions import parse_position

Cursor = NewType("Cursor", str)
Position = NewType("Position", str)
BigInt = NewType("BigInt", int)

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_BIG = 1 << 63


def _refuse(kind: str, value: object, right: str) -> GraphQLError:
    return GraphQLError(f"{str(value)[:100]!r} is no {kind}. {right}")


def _date(value: Any) -> date:
    try:
        # fromisoformat also knows week dates and compact ones, which we do not promise.
        if isinstance(value, str) and len(value) == 10:
            day = date.fromisoformat(value)
            if can_be_meant(day):
                return day
    except ValueError:
        pass
    right = f"Write it like 2021-03-31; the years are {FIRST_YEAR} to {LAST_YEAR}."
    raise _refuse("Date", value, right)


def _instant(value: Any) -> datetime:
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            instant = datetime.fromisoformat(value.upper()).astimezone(UTC)
            if FIRST_YEAR <= instant.year <= LAST_YEAR:
                return instant
    except (ValueError, OverflowError):
        pass
    if isinstance(value, str) and _INSTANT.fullmatch(f"{value}Z"):
        right = "It is another instant in each time zone: say which, as 2021-03-31T09:30:00+02:00."
        raise _refuse("DateTime", value, right)
    right = f"Write it like 2021-03-31T09:30:00Z; the years are {FIRST_YEAR} to {LAST_YEAR}."
    raise _refuse("DateTime", value, right)


def _written_instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _decimal(value: Any) -> Decimal:
    try:
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            number = Decimal(value)
            if number.is_finite():
                return number
    except InvalidOperation:
        pass
    raise _refuse("Decimal", value, 'Write it as a text, like "84.52".')


def _written_decimal(value: Decimal) -> str:
    return format(value, "f")


def _big(value: Any) -> int:
    try:
        if isinstance(value, int | str) and not isinstance(value, bool):
            number = int(value)
            if -_BIG <= number < _BIG:
                return number
    except ValueError:
        pass
    raise _refuse("BigInt", value, 'Write it as a text, like "9007199254740993".')


def _uuid(value: Any) -> UUID:
    try:
        if isinstance(value, str):
            return UUID(value)
    except ValueError:
        pass
    raise _refuse("UUID", value, "Write it like 0198d2a4-6c1e-7000-8000-000000000000.")


def _cursor(value: Any) -> Cursor:
    if isinstance(value, str):
        return Cursor(value)
    raise _refuse("Cursor", value, "Give an `endCursor` as it was answered.")


def _position(value: Any) -> Position:
    try:
        if isinstance(value, str) and parse_position(value)[0] in SERVICES:
            return Position(value)
    except ValueError:
        pass
    raise _refuse("Position", value, "Give one as a mutation answered it: registry.7.1234.")


def _as_it_is(value: Any) -> Any:
    return value


_DOCUMENT = "https://www.rfc-editor.org/rfc"

SCALARS: dict[object, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date",
        description="A day of the calendar, without a time zone: `2021-03-31`.",
        specified_by_url=f"{_DOCUMENT}/rfc3339.html#section-5.6",
        serialize=date.isoformat,
        parse_value=_date,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, in UTC: `2021-03-31T09:30:00Z`. Other offsets are understood.",
        specified_by_url=f"{_DOCUMENT}/rfc3339.html#section-5.6",
        serialize=_written_instant,
        parse_value=_instant,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact decimal number, as a text: `"0.8452380952"`.',
        specified_by_url="https://speleotrove.com/decimal/daconvs.html",
        serialize=_written_decimal,
        parse_value=_decimal,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number of up to 64 bits, as a text, since JSON readers lose digits.",
        specified_by_url=f"{_DOCUMENT}/rfc8259.html#section-6",
        serialize=str,
        parse_value=_big,
    ),
    UUID: strawberry.scalar(
        name="UUID",
        description="A universally unique identifier, made by whoever makes the thing.",
        specified_by_url=f"{_DOCUMENT}/rfc9562.html",
        serialize=str,
        parse_value=_uuid,
    ),
    Cursor: strawberry.scalar(
        name="Cursor",
        description="Where a page ends. Opaque, signed, good for one list, order and scope.",
        specified_by_url="https://relay.dev/graphql/connections.htm#sec-Cursor",
        serialize=str,
        parse_value=_cursor,
    ),
    Position: strawberry.scalar(
        name="Position",
        description="How far a service's ledger has come, as mutations answer it. Give it back to "
        "a query to read what was written.",
        specified_by_url="urn:mshauri:position",
        serialize=str,
        parse_value=_position,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        specified_by_url=f"{_DOCUMENT}/rfc8259.html",
        serialize=_as_it_is,
        parse_value=_as_it_is,
    ),
}
