"""Which days a command may name, whichever way it came: typed, in a batch, or from a list."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from shared.contracts.base import Command
from shared.domain.days import FIRST_YEAR, LAST_YEAR, can_be_meant
from shared.domain.errors import Refusal


class NoSuchDay(Refusal):
    """A day of a year that nobody means: 0021 for 2021, or 20210."""

    code = "DAY_OUT_OF_RANGE"
    template = "{day} is a day of no year that is recorded here."
    remedy_template = "Give a day of the years {first} to {last}."


def must_name_days_that_can_be_meant(command: Command) -> None:
    """Refuse a command that names a day before 1900 or after 2999, in any field at any depth.

    Raises:
        NoSuchDay: it names one; the error says where.
    """
    for path, day in _days_in(command, ""):
        if not can_be_meant(day):
            raise NoSuchDay(path, day=day, first=FIRST_YEAR, last=LAST_YEAR)


def _days_in(value: Any, path: str) -> Iterator[tuple[str, date]]:
    if isinstance(value, Struct):
        names = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        for shown, name in names:
            yield from _days_in(getattr(value, name), f"{path}.{shown}" if path else shown)
    elif isinstance(value, tuple | list):
        for index, each in enumerate(value):
            yield from _days_in(each, f"{path}[{index}]")
    elif isinstance(value, date) and not isinstance(value, datetime):
        yield path, value
