"""Which column of a list says what: a YAML file, one of the presets shipped here, or nothing.

One form for every kind of list. A mapping says, for instance:

    columns: {number: Staff No, cadre: {heading: Title, values: {RM: Midwife}}}   # ours: theirs
    defaults: {programme: ingobyi-hospital, version: 1}   # where the file says nothing
    days: DD/MM/YYYY              # how days are written, where the list itself does not prove it
    names: FAMILY_FIRST           # the order in a column `wholeName`
    sheet: Staff                  # of a workbook
    headerRow: 4
    empty: [N/A, "-", none]       # instead of the usual words for nothing

`columns` may say theirs: ours as well; of a column that names units by another list's codes, whose
they are: `orgUnit: {heading: Unit UID, codeSystem: DHIS2}`. A list of org units says more:
`country`, and `above`, the levels between the country and the rows.
"""

from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Annotated, Any
from unicodedata import normalize

import msgspec
from msgspec import Meta, Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mshauri.importing.days import CONTRARY, Written
from mshauri.importing.reading.nothing import NOTHING
from shared.contracts.registry.org_unit_codes import CodeSystem

Bounds = tuple[float, float]


KindCode = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z][A-Z0-9_-]*$",
        max_length=64,
        description="A kind, by its code: DISTRICT, or SECTOR of the country's own list.",
    ),
]
Ways = Written | tuple[Written, ...]
"""How days are written."""


class Names(StrEnum):
    """In which order a whole name is written."""

    FAMILY_FIRST = "FAMILY_FIRST"
    GIVEN_FIRST = "GIVEN_FIRST"


class Column(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """Where a column stands in a file, and what the list's own words in it mean here.

    Attributes:
        heading: the list's heading.
        values: the list's word → ours. With `others: REFUSE`, no other word is accepted.
        others: KEEP (default) what `values` does not name, or REFUSE it.
        days: how days are written in it; several ways, where several hands wrote it.
        separator: what stands between several values in a cell, where it is none of the usual ones.
        code_system: the list of codes that units are named by, where it is not their own: DHIS2.
    """

    heading: str
    values: dict[str, Any] = {}
    others: Annotated[str, Meta(pattern="^(KEEP|REFUSE)$")] = "KEEP"
    days: Ways = ()
    separator: Annotated[str, Meta(min_length=1, max_length=5)] | None = None
    code_system: CodeSystem | None = None


class Above(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level above the listed units, the highest first.

    Attributes:
        kind: what its units are, by a code: COUNTY, SECTOR.
        name: the column with its name.
        code: the column with its official code; without one, a code is made from the names of
            the levels down to it, so that two wards of one name in two places stay two units.
    """

    kind: KindCode
    name: Column | str
    code: str | None = None


class Country(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The root of the list.

    Attributes:
        latitude: the least and the greatest, in degrees north; tells swapped coordinates.
        longitude: likewise, in degrees east.
    """

    code: Annotated[str, Meta(pattern=r"^[A-Z]{2}$", description="ISO 3166-1, two letters.")]
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    latitude: Bounds = (-90.0, 90.0)
    longitude: Bounds = (-180.0, 180.0)


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """How a list is read.

    Attributes:
        kind: of org units, what the list's rows are.
        columns: our column → where it stands, or their heading → our column.
        values: our column → their word → ours; a word that is not named there is kept.
        defaults: our column → what every row says that says nothing there.
        codes: of org units, a list of codes → the column with the row's code in it: `DHIS2: uid`.
        above: of org units, the levels between the country and the rows, the highest first.
        swap_coordinates: latitude and longitude are swapped.
        days: how days are written in every column that does not say it itself.
        names: the order of a whole name.
        without: our columns that some rows rightly lack: `[number]`, where some have none.
        empty: the words that stand for an empty cell.
        sheet, header_row, encoding: how the file is read.
    """

    name: str = ""
    kind: KindCode = "FACILITY"
    country: Country | None = None
    columns: dict[str, Column | str] = {}
    values: dict[str, dict[str, Any]] = {}
    defaults: dict[str, Any] = {}
    codes: dict[str, str] = {}
    above: tuple[Above, ...] = ()
    swap_coordinates: bool = False
    days: Ways = ()
    names: Names | None = None
    without: tuple[str, ...] = ()
    empty: tuple[str, ...] = NOTHING
    sheet: str | None = None
    header_row: Annotated[int, Meta(ge=1)] | None = None
    encoding: str | None = None


class BadMapping(Exception):
    """The mapping cannot be used; the sentence says why and what would help."""


def presets() -> list[str]:
    """Return the names of the mappings shipped with Mshauri."""
    folder = resources.files("mshauri.importing") / "presets"
    return sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.is_file())


def load_mapping(name_or_path: str) -> Mapping:
    """Return a preset by its name, or the mapping in a file.

    Raises:
        BadMapping: there is none, or it says something that a mapping cannot say.
    """
    if name_or_path in presets():
        resource = resources.files("mshauri.importing") / "presets" / f"{name_or_path}.yaml"
        return read_mapping(resource.read_text(encoding="utf-8"))
    path = Path(name_or_path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = (
            f"The mapping {name_or_path} cannot be read. Give a YAML file in UTF-8, "
            f"or one of the presets: {', '.join(presets())}."
        )
        raise BadMapping(msg) from error
    return read_mapping(text)


def read_mapping(text: str) -> Mapping:
    """Return the mapping that a YAML text describes: see `load_mapping`."""
    try:
        plain = YAML(typ="safe", pure=True).load(normalize("NFC", text)) or {}
        mapping = msgspec.convert(plain, Mapping)
    except (YAMLError, msgspec.ValidationError) as error:
        msg = (
            f"The mapping cannot be read: {str(error).splitlines()[0]}. "
            f"It may have {', '.join(Mapping.__struct_encode_fields__)}."
        )
        raise BadMapping(msg) from error
    details = [one for one in mapping.columns.values() if isinstance(one, Column)]
    for said in (ways(mapping.days), *(ways(one.days) for one in details)):
        if all(set(said) & contrary for contrary in CONTRARY):
            msg = "The mapping says of one column that the day and that the month stands first."
            raise BadMapping(msg)
    return mapping


def ways(days: Ways) -> tuple[Written, ...]:
    """Return the ways in which a mapping says that days are written."""
    return (days,) if isinstance(days, Written) else days


def written(value: Any) -> str:
    """Return a value of a YAML file as a cell would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
