"""Checks one row against the mapping and the contract: what it says, or everything wrong in it."""

import re
from dataclasses import dataclass, field
from typing import Any, get_args, get_type_hints
from unicodedata import normalize

import msgspec

from mshauri.importing.errors import RowError, row_error
from mshauri.importing.mapping import FACILITY_FIELDS, Column, Mapping
from mshauri.importing.nothing import is_a_sum
from mshauri.importing.read import Row
from mshauri.importing.text import says_something, tidy
from shared.contracts.registry.org_unit import Facility
from shared.deciding.values import UnfitValue, check_of

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")
_MOST = re.compile(r"(of length )?<= (\d+)")
"""How the contract's reader says that something is too long or too great."""
LONGEST = 200
"""Characters of a name: `Text` of the contract."""

LONGEST_LISTED = 64
"""Characters of a code in another list: `ListedCode` of the contract."""

_KINDS = {
    one.encode_name: next(part for part in (*get_args(one.type), one.type) if part is not None)
    for one in msgspec.structs.fields(Facility)
}

_CHECKS = {
    one.encode_name: check_of(get_type_hints(Facility, include_extras=True)[one.name])
    for one in msgspec.structs.fields(Facility)
}
"""What the API looks at in a value that has its shape: a phone number is no number of beds."""
SLID = "Look whether a column has slid into this one."


@dataclass(slots=True)
class Draft:
    """What one row says of its unit, as far as it could be read.

    Attributes:
        above: name and code (where the list has one) of each level above it, the highest first.
        facility: the contract's `Facility`, by wire names, without what the row leaves empty.
        codes: its codes in other lists, by list, without what the row leaves empty.
    """

    row: int
    code: str = ""
    name: str = ""
    above: list[tuple[str, str | None]] = field(default_factory=list)
    facility: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def wrong(self, code: str, column: str, value: str, **params: object) -> None:
        """Note a mistake in a cell of the row."""
        self.errors.append(row_error(code, self.row, column, value, **params))


def check_row(row: Row, mapping: Mapping, *, swap_coordinates: bool) -> Draft:
    """Read a row; `errors` of the draft holds every mistake in it."""
    draft = Draft(row.number)
    _code(draft, row, mapping)
    _name(draft, row, mapping)
    _above(draft, row, mapping)
    for target in FACILITY_FIELDS:
        column = mapping.column(target)
        if column is not None and target not in ("latitude", "longitude"):
            _fact(draft, target, column, row.cells[column.heading])
    _coordinates(draft, row, mapping, swap_coordinates)
    for system, heading in mapping.codes.items():
        if cell := tidy(row.cells[heading]):
            draft.codes[system] = cell
            if len(cell) > LONGEST_LISTED:
                draft.wrong("TOO_LONG", heading, cell, most=LONGEST_LISTED)
    draft.errors = row.all_wrong(draft.errors)
    return draft


def _code(draft: Draft, row: Row, mapping: Mapping) -> None:
    heading, draft.code = _cell(row, mapping.column("code"))
    if not draft.code:
        draft.wrong("MISSING_CODE", heading, "")
    elif not CODE.fullmatch(draft.code):
        draft.wrong("BAD_CODE", heading, draft.code)
    elif is_a_sum(draft.code):
        draft.wrong("A_SUM", heading, draft.code, what="code")


def _name(draft: Draft, row: Row, mapping: Mapping) -> None:
    heading, draft.name = _cell(row, mapping.column("name"))
    if not draft.name:
        draft.wrong("MISSING_NAME", heading, "")
    elif len(draft.name) > LONGEST:
        draft.wrong("TOO_LONG", heading, draft.name, most=LONGEST)
    elif not says_something(draft.name):
        draft.wrong("BAD_NAME", heading, draft.name)
    elif is_a_sum(draft.name):
        draft.wrong("A_SUM", heading, draft.name, what="name")


def _above(draft: Draft, row: Row, mapping: Mapping) -> None:
    for level in mapping.above:
        column = Column(heading=level.name) if isinstance(level.name, str) else level.name
        kind = level.kind.lower().replace("_", "-")
        name = str(column.values.get(row.cells[column.heading], row.cells[column.heading]))
        code = row.cells[level.code] if level.code is not None else None
        if not name:
            draft.wrong("MISSING_PARENT", column.heading, "", kind=kind)
        elif len(name) > LONGEST:
            draft.wrong("TOO_LONG", column.heading, name, most=LONGEST)
        elif level.code is not None and code is not None and not CODE.fullmatch(code):
            draft.wrong("BAD_CODE", level.code, code)
        elif is_a_sum(name):
            draft.wrong("A_SUM", column.heading, name, what="name")
        elif code is None and not slug(name):
            draft.wrong("BAD_PARENT", column.heading, name, kind=kind)
        draft.above.append((name, code))


def _fact(draft: Draft, target: str, column: Column, cell: str) -> None:
    if not cell:
        return
    if not says_something(cell) and cell not in column.values:
        draft.wrong("BAD_NAME", column.heading, cell)
        return
    value = column.values.get(cell, cell)
    if cell not in column.values and column.others == "REFUSE":
        draft.wrong("UNKNOWN_VALUE", column.heading, cell, known=", ".join(column.values))
        return
    try:
        read = msgspec.convert(value, _KINDS[target], strict=False)
        _CHECKS[target](read, target)
        draft.facility[target] = read
    except UnfitValue as unfit:
        if isinstance(read, str):
            draft.wrong("TOO_LONG", column.heading, cell, most=LONGEST)
        else:
            bounds = unfit.params["right"]
            draft.wrong("OUT_OF_BOUNDS", column.heading, cell, bounds=bounds, means=SLID)
    except msgspec.ValidationError as error:
        most = _MOST.search(str(error))
        if most and most[1]:
            draft.wrong("TOO_LONG", column.heading, cell, most=most[2])
        elif most:
            bounds = f"at most {most[2]}"
            draft.wrong("OUT_OF_BOUNDS", column.heading, cell, bounds=bounds, means=SLID)
        elif target == "beds":
            draft.wrong("BAD_NUMBER", column.heading, cell)
        else:
            known = ", ".join(column.values) or "yes, no"
            draft.wrong("UNKNOWN_VALUE", column.heading, cell, known=known)


def _coordinates(draft: Draft, row: Row, mapping: Mapping, swap: bool) -> None:
    columns = [mapping.column("latitude"), mapping.column("longitude")]
    north, east = reversed(columns) if swap else columns
    if north is None or east is None:
        return
    cells = row.cells[north.heading], row.cells[east.heading]
    if not any(cells):
        return
    if not all(cells):
        empty = north if not cells[0] else east
        draft.wrong("HALF_A_COORDINATE", empty.heading, "")
        return
    read = [_degrees(draft, north, cells[0], 90), _degrees(draft, east, cells[1], 180)]
    latitude, longitude = read
    if latitude is None or longitude is None:
        return
    if _nowhere(latitude, longitude):
        draft.wrong("OUTSIDE_COUNTRY", f"{north.heading}, {east.heading}", ", ".join(cells))
    elif _within(mapping, latitude, longitude):
        draft.facility |= {"latitude": latitude, "longitude": longitude}
    else:
        # Swapped once too often is as wrong as swapped: the option's name is not the remedy then.
        swapped = not swap and _within(mapping, longitude, latitude)
        code = "COORDINATES_SWAPPED" if swapped else "OUTSIDE_COUNTRY"
        draft.wrong(code, f"{north.heading}, {east.heading}", ", ".join(cells))


def _degrees(draft: Draft, column: Column, cell: str, most: int) -> float | None:
    try:
        degrees = float(cell)
    except ValueError:
        degrees = float("nan")
    if -most <= degrees <= most:
        return degrees
    draft.wrong("BAD_COORDINATE", column.heading, cell, least=-most, most=most)
    return None


def _nowhere(latitude: float, longitude: float) -> bool:
    """Say whether a point is where lists put what they have no point of: in the sea, around 0/0."""
    return abs(latitude) < 1 and abs(longitude) < 1


def _within(mapping: Mapping, latitude: float, longitude: float) -> bool:
    south, north = mapping.country.latitude
    west, east = mapping.country.longitude
    return south <= latitude <= north and west <= longitude <= east


def _cell(row: Row, column: Column | None) -> tuple[str, str]:
    assert column is not None, "a mapping without code or name is refused when it is read"
    cell = row.cells[column.heading]
    return column.heading, tidy(str(column.values.get(cell, cell)))


def slug(name: str) -> str:
    """Return a name as a part of a code: capitals, digits and dashes, no accents.

    `Malakisi/South Kulisiru` and `MALAKISI / South  Kulisiru` are one place.
    """
    bare = normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", "-", bare.upper().replace("'", "")).strip("-")
