"""How days are written in a column: as the mapping says, or as the column proves.

`2021-06-30`, `30 June 2021` and `Juni 30, 2021` say themselves which day they mean. `05/06/2021`
does not: it is read if another cell of its column can only be read in one order (`30/06/2021`), or
if the mapping says the order; else it is refused, with both readings. A number of days since 1900
is read where the whole column is written so.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.domain.days import FIRST_YEAR, LAST_YEAR, can_be_meant


class BadCell(Exception):
    """The cell cannot be read: a code of the catalogue, and what its sentences need."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


class Written(StrEnum):
    """How days may be written; signs between the parts may be any of `/`, `-`, `.` and a space."""

    YEAR_FIRST = "YYYY-MM-DD"
    DAY_FIRST = "DD/MM/YYYY"
    MONTH_FIRST = "MM/DD/YYYY"
    DAY_FIRST_SHORT = "DD/MM/YY"
    MONTH_FIRST_SHORT = "MM/DD/YY"
    MONTH_NAMED = "DD-MON-YYYY"
    MONTH_NAMED_SHORT = "DD-MON-YY"
    COMPACT = "YYYYMMDD"
    SERIAL = "SERIAL"


_SHORT_ONES = frozenset({Written.DAY_FIRST_SHORT, Written.MONTH_FIRST_SHORT})
_DAYS_FIRST = frozenset({Written.DAY_FIRST, Written.DAY_FIRST_SHORT})
_MONTHS_FIRST = frozenset({Written.MONTH_FIRST, Written.MONTH_FIRST_SHORT})
CONTRARY = _DAYS_FIRST, _MONTHS_FIRST
"""Ways of which one column has those of one alone: it would not say which day is meant."""

_MONTHS = (
    "january jan janvier janv januari janeiro mutarama",
    "february feb février fevrier févr fev februari fevereiro gashyantare",
    "march mar mars machi março marco werurwe",
    "april apr avril avr aprili abril mata",
    "may mai mei maio gicurasi",
    "june jun juin juni junho kamena",
    "july jul juillet juil julai julho nyakanga",
    "august aug août aout agosti agosto kanama",
    "september sep sept septembre septemba setembro nzeri",
    "october oct octobre oktoba outubro ukwakira",
    "november nov novembre novemba novembro ugushyingo",
    "december dec décembre decembre déc desemba dezembro ukuboza",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}

_TIME = r"(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?"
_SIGN = r"\s?[/. -]\s?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.ASCII)
_CLOCK = re.compile(r"(\d{4})-(\d\d)-(\d\d) \d\d:\d\d:\d\d", re.ASCII)
"""As the cell of a workbook that holds a time of day too: the day it shows."""
_NUMBERS = re.compile(rf"(\d{{1,2}}){_SIGN}(\d{{1,2}}){_SIGN}(\d{{4}}){_TIME}", re.ASCII)
_SHORT = re.compile(rf"(\d{{1,2}}){_SIGN}(\d{{1,2}}){_SIGN}(\d{{2}})", re.ASCII)
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?[\s./-]*([^\W\d_]+)\.?[\s,./-]*(\d{4}|\d{2})")
_NAMED_DAY = re.compile(r"([^\W\d_]+)\.?[\s./-]*(\d{1,2})(?:st|nd|rd|th)?[\s,./-]+(\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_ZERO_DAY = date(1899, 12, 30)
"""What spreadsheets count from, for days after February 1900."""


@dataclass(frozen=True, slots=True)
class Days:
    """How the days of one column are read.

    Attributes:
        written: as the mapping says; several where a column was written by several hands.
        order: as the column proves: which of two numbers comes first.
        serial: every day of the column is a number of days, or says itself which it is.
    """

    written: frozenset[Written] = frozenset()
    order: Written | None = None
    serial: bool = False

    def read(self, cell: str, column: str = "") -> str:
        """Return the day that a cell means, as year, month and day.

        Raises:
            BadCell: it is none, or may be two.
        """
        day = self._day(cell, column)
        if day is None:
            raise BadCell("BAD_DAY")
        if not can_be_meant(day):
            raise BadCell("BAD_YEAR", first=FIRST_YEAR, last=LAST_YEAR)
        return day.isoformat()

    def _day(self, cell: str, column: str) -> date | None:
        certain = _certain(cell)
        if certain is not None:
            return certain
        if numbers := _NUMBERS.fullmatch(cell):
            return self._of_numbers(*map(int, numbers.groups()), column=column)
        if self.written & _SHORT_ONES and (short := _SHORT.fullmatch(cell)):
            one, other, year = map(int, short.groups())
            if Written.MONTH_FIRST_SHORT in self.written:
                one, other = other, one
            return _date(_century(year), other, one)
        if Written.MONTH_NAMED_SHORT in self.written and (named := _DAY_NAMED.fullmatch(cell)):
            return _named(named[1], named[2], str(_century(int(named[3]))))
        if Written.COMPACT in self.written and (compact := _COMPACT.fullmatch(cell)):
            return _date(*map(int, compact.groups()))
        if (self.serial or Written.SERIAL in self.written) and _SERIAL.fullmatch(cell):
            return _ZERO_DAY + timedelta(days=int(float(cell)))
        return None

    def _of_numbers(self, one: int, other: int, year: int, *, column: str) -> date | None:
        day_first, month_first = _date(year, other, one), _date(year, one, other)
        if self.order is Written.MONTH_FIRST or self.written & _MONTHS_FIRST:
            return month_first
        if self.order is Written.DAY_FIRST or self.written & _DAYS_FIRST:
            return day_first
        if day_first and month_first and day_first != month_first:
            raise BadCell(
                "AMBIGUOUS_DAY", heading=column, one=spelled(day_first), other=spelled(month_first)
            )
        return day_first or month_first


def days_of(cells: Iterable[str], written: Collection[Written] = ()) -> Days:
    """Return how the days of a column are read, by all of its cells."""
    if written:
        return Days(written=frozenset(written))
    orders = set()
    serial = True
    for cell in cells:
        if not cell or _certain(cell) is not None:
            continue
        serial = serial and bool(_SERIAL.fullmatch(cell))
        if numbers := _NUMBERS.fullmatch(cell):
            one, other, year = map(int, numbers.groups())
            if one > 12 and _date(year, other, one):
                orders.add(Written.DAY_FIRST)
            elif other > 12 and _date(year, one, other):
                orders.add(Written.MONTH_FIRST)
    return Days(order=orders.pop() if len(orders) == 1 else None, serial=serial)


def spelled(day: date) -> str:
    """Return a day that nobody can misread: `5 June 2021`."""
    return f"{day.day} {_MONTHS[day.month - 1].split()[0].capitalize()} {day.year}"


def _certain(cell: str) -> date | None:
    """Return the day that a cell means whatever its column does; None: it does not say."""
    if found := _YEAR_FIRST.fullmatch(cell) or _CLOCK.fullmatch(cell):
        return _date(*map(int, found.groups()))
    if (found := _DAY_NAMED.fullmatch(cell)) and len(found[3]) == 4:
        return _named(found[1], found[2], found[3])
    if found := _NAMED_DAY.fullmatch(cell):
        return _named(found[2], found[1], found[3])
    return None


def _named(day: str, month: str, year: str) -> date | None:
    number = _MONTH.get(month.casefold())
    return None if number is None else _date(int(year), number, int(day))


def _century(short: int) -> int:
    """Return the year of two figures: of this century until this year, of the last one after it."""
    this = date.today().year
    year = this - this % 100 + short
    return year if year <= this else year - 100


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
