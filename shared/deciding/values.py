"""What the values of a command may be, beyond their shapes: only what everything can hold.

Contracts say a field's shape, and events share their structs with commands. An event that was
recorded under wider bounds must be read for ever; so what is narrower is asked of commands alone,
before they are recorded: what no column, no index and no reader could hold never enters the log.

    texts     one line, without control characters, and not blank; fields marked `lines` may have
              more lines (`LongText`); 200 characters unless a field says another length
    integers  of 32 bits, and at most what a field's mark `most` says
    decimals  plain digits: 12 before the point, 6 after
    days      of the years 1900 to 2999, moments too
    lists     1,000 items unless a field says another length
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from unicodedata import category

from msgspec import Meta, Struct
from msgspec.structs import fields

from shared.domain.days import FIRST_YEAR, LAST_YEAR
from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase

LONGEST = 200
"""Characters of a text whose field says no other length: any index holds them."""
MOST_ITEMS = 1_000
MOST = 2**31 - 1
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)

_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
_LINES = frozenset("\n\r\t")
_BREAKS = frozenset("\u2028\u2029")
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Signs that Unicode calls letters or symbols and that show nothing."""


class UnfitValue(Malformed):
    """A value of a command is none that could be kept and shown for ever."""

    code = "UNFIT_VALUE"
    template = "The value of `{name}` cannot be kept: {problem}."
    remedy_template = "Correct the value: {right}."


Check = Callable[[Any, str], None]


def must_hold(command: type[Struct], plain: Any) -> None:
    """Look at every value of a command as it was sent: JSON, of the right shape.

    Raises:
        UnfitValue: one is none that everything can hold; it names the field.
    """
    check_of(command)(plain, "")


@cache
def check_of(hint: Any) -> Check:
    """Return what looks at a value of that type; it is told the value and its path."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _struct(hint)
    notes: list[Meta] = []
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *more = get_args(hint)
            notes += [one for one in more if isinstance(one, Meta)]
        elif origin in (Union, UnionType) and (inner := _only(hint)) is not None:
            hint = inner
        else:
            break
    return _plain(hint, notes)


def _only(hint: Any) -> Any:
    parts = [part for part in get_args(hint) if part is not NoneType]
    return parts[0] if len(parts) == 1 else None


def _plain(hint: Any, notes: list[Meta]) -> Check:
    origin = get_origin(hint)
    if origin in (tuple, list, frozenset, set):
        return _items(check_of(get_args(hint)[0]), _said(notes, "max_length") or MOST_ITEMS)
    if origin is dict:
        return _items_of_dict(check_of(get_args(hint)[0]), check_of(get_args(hint)[1]))
    if isinstance(hint, type) and issubclass(hint, Struct):
        return check_of(hint)
    if hint is str:
        lines = any((note.extra or {}).get("lines") for note in notes)
        return _text(_said(notes, "max_length") or LONGEST, lines=lines)
    if hint is int:
        most = [(note.extra or {}).get("most") for note in notes]
        return _integer(next((one for one in most if one is not None), MOST))
    return {Decimal: _decimal, date: _day, datetime: _day}.get(hint, _any)


def _said(notes: list[Meta], name: str) -> Any:
    return next((one for note in notes if (one := getattr(note, name)) is not None), None)


def _any(_value: Any, _path: str) -> None:
    """Whatever has this shape can be held: an id, a yes or no, one of some words."""


def _struct(struct: type[Struct]) -> Check:
    hints = get_type_hints(struct, include_extras=True)
    checks = [
        (info.encode_name, check)
        for info in fields(struct)
        if (check := check_of(hints[info.name])) is not _any
    ]

    def look(value: Any, path: str) -> None:
        for name, check in checks:
            if (inner := value.get(name)) is not None:
                check(inner, f"{path}.{name}" if path else name)

    return look


def _items(check: Check, most: int) -> Check:
    def look(value: Any, path: str) -> None:
        if len(value) > most:
            raise _unfit(
                path,
                Phrase("it has {count} items", count=len(value)),
                Phrase("{most} at most; send the rest with another command", most=most),
            )
        for place, item in enumerate(value):
            if item is not None:
                check(item, f"{path}.{place}")

    return look


def _items_of_dict(key: Check, check: Check) -> Check:
    def look(value: Any, path: str) -> None:
        for name, item in value.items():
            key(name, f"{path}.{name}")
            if item is not None:
                check(item, f"{path}.{name}")

    return look


def _text(most: int, *, lines: bool) -> Check:
    def look(value: Any, path: str) -> None:
        if len(value) > most:
            raise _unfit(
                path,
                Phrase("it has {count} characters", count=len(value)),
                Phrase("{most} at most", most=most),
            )
        # The usual text is looked at no further.
        if value.isprintable() and not (value and value.isspace()) and value.isascii():
            return
        for sign in value:
            if (category(sign) == "Cc" and not (lines and sign in _LINES)) or (
                sign in _BREAKS and not lines
            ):
                raise _unfit(
                    path,
                    Phrase("it holds the control character {sign}", sign=f"U+{ord(sign):04X}"),
                    Phrase("take it out, or put a space in its place"),
                )
        if value and all(_shows_nothing(sign) for sign in value):
            raise _unfit(
                path,
                Phrase("it is blank"),
                Phrase("give a text that can be read, or leave the field out"),
            )

    return look


def _shows_nothing(sign: str) -> bool:
    return sign.isspace() or category(sign)[0] in "CZ" or sign in _INVISIBLE


def _integer(most: int) -> Check:
    def look(value: Any, path: str) -> None:
        if not -most - 1 <= value <= most:
            raise _unfit(
                path,
                Phrase("{value} is too large", value=f"{value:,}"[:40]),
                Phrase("{most} at most", most=f"{most:,}"),
            )

    return look


def _decimal(value: Any, path: str) -> None:
    written = str(value)
    if _DECIMAL.fullmatch(written) is None:
        raise _unfit(
            path,
            Phrase("{value} is no plain decimal number", value=written[:40]),
            Phrase("digits, at most 12, then a point and at most 6 more, such as 0.5"),
        )


def _day(value: Any, path: str) -> None:
    if int(str(value)[:4]) not in YEARS:
        raise _unfit(
            path,
            Phrase("the year {year} is none of a health worker's life", year=str(value)[:4]),
            Phrase("a year from {first} to {last}", first=YEARS.start, last=YEARS.stop - 1),
        )


def _unfit(path: str, problem: Phrase, right: Phrase) -> UnfitValue:
    return UnfitValue(path, name=path, problem=problem, right=right)
