"""Reads one cell: the value it holds in wire form, or the mistake in it in the contract's words."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from mshauri.importing.nothing import NOTHING_BARE, is_broken, is_nothing
from mshauri.importing.records.columns import Column, Form, column_name, pair_hints
from mshauri.importing.text import says_something
from shared.contracts.base import Code
from shared.domain.days import FIRST_YEAR, LAST_YEAR, can_be_meant

SEPARATOR = ";"
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})
_WHOLE = re.compile(r"[0-9]{1,18}(\.0+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOBODY = str(UUID(int=0))
_LENGTH = re.compile(r"of length <= (\d+)")
_BOUND = re.compile(r"(>=|<=) (\d+)")


class BadCell(Exception):
    """The cell cannot be read: a code of the catalogue, and what its sentences need."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


def read_cell(column: Column, cell: str, empty: frozenset[str] = NOTHING_BARE) -> Any:
    """Return what a cell says; of several values, those that stand for nothing are left out.

    Raises:
        BadCell: it does not say what the column takes.
    """
    if not column.many:
        return _fitting(column, _read(column, column.form, cell))
    parts = _parts(cell)
    if "," in cell and column.form in (Form.CODE, Form.CHOICE) and not column.pair:
        raise BadCell("BAD_SEPARATOR")  # no code and no choice has one
    if column.pair:
        pairs = [_split(column, part) for part in parts if not _says_nothing(part, empty)]
        return read_pairs(column, [pair for pair in pairs if not is_nothing(pair[1], empty)])
    return _fitting(
        column,
        [_read(column, column.form, part) for part in parts if not is_nothing(part, empty)],
    )


def all_nothing(cell: str, empty: frozenset[str]) -> bool:
    """Say whether every value in a cell of several stands for nothing: `-; -`, `NID=N/A`."""
    return all(_says_nothing(part, empty) for part in _parts(cell))


def _says_nothing(part: str, empty: frozenset[str]) -> bool:
    value = part.partition("=")[2].strip()
    return is_nothing(part, empty) or bool(value and is_nothing(value, empty))


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def read_pairs(column: Column, parts: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return a list of pairs, each by its wire names: see `read_cell`."""
    assert column.pair is not None, "only a column of pairs is read so"
    first, second = column.pair
    firsts = [key for key, _ in parts]
    for key in firsts:
        if firsts.count(key) > 1:
            raise BadCell("SAME_TWICE", part="" if column.personal else key)
    whole = _second_is_number(column)
    pairs = [
        {first: key, second: _read(column, Form.NUMBER if whole else Form.TEXT, value)}
        for key, value in parts
    ]
    _fitting(column, pairs)
    return pairs


def _split(column: Column, part: str) -> tuple[str, str]:
    key, equals, value = (each.strip() for each in part.partition("="))
    if not (key and equals and value):
        form = "=".join(map(column_name, column.pair or ()))
        raise BadCell("BAD_PAIR", part="" if column.personal else part, form=form)
    return key, value


def _second_is_number(column: Column) -> bool:
    _, hint = pair_hints(column)
    return getattr(hint, "__origin__", hint) is int


def _read(column: Column, form: Form, cell: str) -> Any:
    return _READERS[form](column, cell)


def _text(_column: Column, cell: str) -> str:
    if is_broken(cell):
        raise BadCell("SPREADSHEET_ERROR")
    if not says_something(cell):
        raise BadCell("BAD_NAME")
    return cell


def _number(_column: Column, cell: str) -> int:
    # Spreadsheets write 90.0 for 90.
    if not _WHOLE.fullmatch(cell):
        raise BadCell("BAD_NUMBER")
    return int(cell.partition(".")[0])


def _day(_column: Column, cell: str) -> str:
    if not _DAY.fullmatch(cell):
        raise BadCell("BAD_DAY")
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        raise BadCell("BAD_DAY") from None
    if not can_be_meant(day):
        raise BadCell("BAD_YEAR", first=FIRST_YEAR, last=LAST_YEAR)
    return day.isoformat()


def _yes_no(_column: Column, cell: str) -> bool:
    if cell.lower() not in YES | NO:
        raise BadCell("BAD_YES_NO")
    return cell.lower() in YES


def _choice(column: Column, cell: str) -> str:
    if cell.upper() not in column.choices:
        raise BadCell("UNKNOWN_VALUE", known=", ".join(column.choices))
    return cell.upper()


_READERS: dict[Form, Callable[[Column, str], Any]] = {
    Form.TEXT: _text,
    Form.CODE: _text,
    Form.NUMBER: _number,
    Form.DAY: _day,
    Form.YES_NO: _yes_no,
    Form.CHOICE: _choice,
}


def _fitting(column: Column, value: Any) -> Any:
    """Return a value that the contract takes; a code that stands for an id must be a code."""
    try:
        if column.ref and column.pair:
            codes = [pair[column.pair[0]] for pair in value]
            msgspec.convert(codes, list[Code])
            msgspec.convert([{**pair, column.pair[0]: _NOBODY} for pair in value], column.hint)
        elif column.ref:
            msgspec.convert(value, list[Code] if column.many else Code)
        else:
            msgspec.convert(value, column.hint)
    except msgspec.ValidationError as error:
        raise _bad(column, str(error)) from None
    return value


def _bad(column: Column, said: str) -> BadCell:
    if "array" in said:
        return BadCell("OUT_OF_BOUNDS", bounds="too few or too many", means=column.means)
    if longest := _LENGTH.search(said):
        return BadCell("TOO_LONG", most=longest[1])
    if bound := _BOUND.search(said):
        side = "at least" if bound[1] == ">=" else "at most"
        return BadCell("OUT_OF_BOUNDS", bounds=f"{side} {bound[2]}", means=column.means)
    if column.form is Form.CODE or column.pair:
        return BadCell("BAD_CODE")
    return BadCell("BAD_FORM", means=column.means)
