"""Reads one cell: the value it holds in wire form, or the mistake in it in the contract's words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from mshauri.importing.columns import Column, Form, column_name, pair_hints
from mshauri.importing.days import BadCell, Days, days_of
from mshauri.importing.degrees import degrees_of
from mshauri.importing.reading.nothing import NOTHING_BARE, is_broken, is_nothing
from mshauri.importing.reading.text import folded, once, says_something
from mshauri.importing.several import parts_of
from shared.contracts.base import Code, Text
from shared.deciding.values import UnfitValue, check_of

YES = frozenset(
    ["yes", "true", "1", "y", "oui", "o", "vrai", "ndiyo", "yego", "sim", "x", "✓", "✔"]
)
NO = frozenset(["no", "false", "0", "n", "non", "faux", "hapana", "oya", "não", "nao", "✗", "✘"])
_SEXES = {
    "MALE": frozenset(
        ["m", "male", "man", "homme", "masculin", "mwanaume", "me", "gabo", "masculino"]
    ),
    "FEMALE": frozenset(
        [
            "f",
            "female",
            "woman",
            "femme",
            "féminin",
            "feminin",
            "mwanamke",
            "ke",
            "gore",
            "feminino",
        ]
    ),
}
"""Words for what contracts call so, in the languages lists are made in."""
_WHOLE = re.compile(r"[0-9]{1,18}(\.0+)?")
_NAMED = frozenset({"OrgUnit", "HealthWorker"})
"""What a list may name by its name, where it has no code: see `naming.py`."""
_NOBODY = str(UUID(int=0))
_LENGTH = re.compile(r"of length <= (\d+)")
_BOUND = re.compile(r"(>=|<=) (-?\d+)")
_EACH_PART = re.compile(r"[\s/-]+")
SLID = "Look whether a column has slid into this one."


@dataclass(frozen=True, slots=True)
class Hand:
    """In which hand a column is written.

    Attributes:
        empty: the words that stand for an empty cell, bare.
        days: how days are read.
        separator: what parts several values, where the mapping says so.
    """

    empty: frozenset[str] = NOTHING_BARE
    days: Days | None = None
    separator: str | None = None


USUAL = Hand()


def read_cell(column: Column, cell: str, hand: Hand = USUAL) -> Any:
    """Return what a cell says; of several values, those that stand for nothing are left out.

    Raises:
        BadCell: it does not say what the column takes.
    """
    if column.form is Form.DAY:
        days = hand.days or days_of([cell])
        return days.read(cell, column.name)
    if not column.many:
        return _fitting(column, _read(column, column.form, cell))
    parts = parts_of(column, cell, hand.separator)
    if column.pair:
        pairs = [_split(column, part) for part in parts if not _says_nothing(part, hand.empty)]
        return read_pairs(column, [pair for pair in pairs if not is_nothing(pair[1], hand.empty)])
    said = [once(part) for part in parts if not is_nothing(part, hand.empty)]
    return _fitting(column, [_read(column, column.form, part) for part in said])


def all_nothing(column: Column, cell: str, hand: Hand) -> bool:
    """Say whether every value in a cell of several stands for nothing: `-; -`, `NID=N/A`."""
    return all(_says_nothing(part, hand.empty) for part in parts_of(column, cell, hand.separator))


def _says_nothing(part: str, empty: frozenset[str]) -> bool:
    value = part.partition("=")[2].strip()
    return is_nothing(part, empty) or bool(value and is_nothing(value, empty))


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


def _yes_no(_column: Column, cell: str) -> bool:
    if cell.lower() not in YES | NO:
        raise BadCell("BAD_YES_NO")
    return cell.lower() in YES


def _choice(column: Column, cell: str) -> str:
    """Return one of the choices: `In person` is `IN_PERSON`, and `F` is `FEMALE`."""
    plain = _EACH_PART.sub("_", cell.strip()).upper()
    if plain in column.choices:
        return plain
    for choice, words in _SEXES.items():
        if choice in column.choices and folded(cell) in words:
            return choice
    raise BadCell("UNKNOWN_VALUE", known=", ".join(column.choices))


def _degrees(column: Column, cell: str) -> float:
    found = degrees_of(cell)
    most = 90 if column.name == "latitude" else 180
    if found is None or not -most <= found[0] <= most:
        raise BadCell("BAD_COORDINATE", least=-most, most=most)
    return found[0]


_READERS: dict[Form, Callable[[Column, str], Any]] = {
    Form.TEXT: _text,
    Form.CODE: _text,
    Form.NUMBER: _number,
    Form.YES_NO: _yes_no,
    Form.CHOICE: _choice,
    Form.DEGREES: _degrees,
}


def _fitting(column: Column, value: Any) -> Any:
    """Return a value that the contract takes; a code that stands for an id must be a code."""
    try:
        if column.ref and column.pair:
            codes = [pair[column.pair[0]] for pair in value]
            msgspec.convert(codes, list[Code])
            msgspec.convert([{**pair, column.pair[0]: _NOBODY} for pair in value], column.hint)
        elif column.ref in _NAMED:
            msgspec.convert(value, list[Text] if column.many else Text)
        elif column.ref:
            msgspec.convert(value, list[Code] if column.many else Code)
        else:
            msgspec.convert(value, column.hint)
            check_of(column.hint)(value, column.name)
    except msgspec.ValidationError as error:
        raise _bad(column, str(error)) from None
    except UnfitValue as unfit:
        if column.form in (Form.NUMBER, Form.DEGREES):
            raise BadCell("OUT_OF_BOUNDS", bounds=unfit.params["right"], means=SLID) from None
        raise BadCell("TOO_LONG", most=_longest(unfit)) from None
    return value


def _longest(unfit: UnfitValue) -> str:
    found = re.search(r"\d+", str(unfit.params.get("right", "")))
    return found[0] if found else "200"


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
