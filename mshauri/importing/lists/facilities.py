"""`facilities`: a list of org units, such as a master facility list, with the levels above them.

A unit is known by its code. A level above the rows is established for a row that lands in it, and
for no other.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from mshauri.importing.columns import Column, Form
from mshauri.importing.kinds import Kind
from mshauri.importing.layout import lay_out
from mshauri.importing.mapping import Column as Place
from mshauri.importing.mapping import Mapping
from mshauri.importing.plan import Listed, read_list
from mshauri.importing.reading import Sheet
from mshauri.importing.reading.shapes import is_a_sum
from mshauri.importing.rows import Draft
from mshauri.importing.standing_units import known_units, plan_units, still_empty
from mshauri.importing.tree import code_column, country_of, level_column, level_place, slug
from shared.contracts.base import Text
from shared.contracts.registry.org_unit import Facility, OrgUnitEstablish


def swapped(mapping: Mapping) -> dict[str, Place | str]:
    """Return where a list's columns stand if latitude stands in longitude's, and the reverse."""
    columns = dict(mapping.columns)
    north, east = (columns.get(name, name) for name in ("latitude", "longitude"))
    return {**columns, "latitude": east, "longitude": north}


def read_units(sheet: Sheet, mapping: Mapping, since: date | None = None) -> Listed:
    """Return a list of org units that stand since a day."""
    if since is not None:
        defaults = {"occurredOn": since.isoformat(), **mapping.defaults}
        mapping = msgspec.structs.replace(mapping, defaults=defaults)
    return read_list(FACILITIES, sheet, lay_out(FACILITIES, sheet.headings, mapping))


def _levels(mapping: Mapping) -> Iterable[Column]:
    """Yield the columns of the levels above the rows: of each its name, and its code if any."""
    country_of(mapping)
    for place, level in enumerate(mapping.above):
        kind = level.kind.lower().replace("_", "-")
        yield Column(
            name=level_column(place),
            means=kind,
            form=Form.TEXT,
            hint=Text,
            required=True,
            missing="MISSING_PARENT",
        )
        if level.code is not None:
            yield Column(
                name=code_column(place),
                means=kind,
                form=Form.CODE,
                required=True,
                missing="MISSING_PARENT",
            )


def _places(mapping: Mapping) -> dict[str, str]:
    found = {}
    for place, level in enumerate(mapping.above):
        found[level_column(place)] = level_place(place, mapping).heading
        if level.code is not None:
            found[code_column(place)] = level.code
    return found


def _detailed(mapping: Mapping) -> dict[str, Any]:
    return {level_column(place): level_place(place, mapping) for place in range(len(mapping.above))}


def _check(draft: Draft) -> None:
    mapping = draft.layout.mapping
    draft.kind = mapping.kind
    for name in ("code", "name"):
        if is_a_sum(draft.text(name)):
            draft.wrong("A_SUM", name, what=name)
    for place, level in enumerate(mapping.above):
        name = draft.text(level_column(place))
        if not name:
            continue
        if is_a_sum(name):
            draft.wrong("A_SUM", level_column(place), what="name")
        elif level.code is None and not slug(name):
            kind = level.kind.lower().replace("_", "-")
            draft.wrong("BAD_PARENT", level_column(place), kind=kind)
    _point(draft)


def _point(draft: Draft) -> None:
    """Look whether a row's point is one, and lies in the country."""
    north, east = (name in draft.cells for name in ("latitude", "longitude"))
    if not (north or east) or not {"latitude", "longitude"} <= draft.layout.headings.keys():
        return
    if not (north and east):
        draft.wrong("HALF_A_COORDINATE", "longitude" if north else "latitude")
        return
    latitude, longitude = (draft.values.get(name) for name in ("latitude", "longitude"))
    if latitude is None or longitude is None:
        return
    mapping = draft.layout.mapping
    code = ""
    if abs(latitude) < 1 and abs(longitude) < 1:
        # Where lists put what they have no point of: in the sea, around 0/0.
        code = "OUTSIDE_COUNTRY"
    elif not _within(mapping, latitude, longitude):
        # Swapped once too often is as wrong as swapped: the option's name is not the remedy then.
        swap = not mapping.swap_coordinates and _within(mapping, longitude, latitude)
        code = "COORDINATES_SWAPPED" if swap else "OUTSIDE_COUNTRY"
    if code:
        both = ", ".join(draft.layout.heading(name) for name in ("latitude", "longitude"))
        cells = f"{draft.cells['latitude']}, {draft.cells['longitude']}"
        draft.wrong(code, both, cells)


def _within(mapping: Mapping, latitude: float, longitude: float) -> bool:
    south, north = country_of(mapping).latitude
    west, east = country_of(mapping).longitude
    return south <= latitude <= north and west <= longitude <= east


FACILITIES = Kind(
    name="facilities",
    record="org unit",
    sends=(OrgUnitEstablish, Facility),
    key=("code",),
    key_was="unit_code",
    plan_all=plan_units,
    hidden=frozenset({"unitKind", "kindCode", "parentId"}),
    missing={"code": "MISSING_CODE", "name": "MISSING_NAME"},
    more=_levels,
    places=_places,
    detailed=_detailed,
    names={"code": "OrgUnit"},
    check=_check,
    look_up=known_units,
    alone=True,
    updates=True,
    same="DUPLICATE_CODE",
    lands="ESTABLISHED",
    afterwards=still_empty,
    ours_first=True,
    mapped=True,
)
