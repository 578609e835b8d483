"""Which column of a list says what: read from a YAML file, or one of the presets shipped here.

The targets follow from the contract: `code` and `name` of `OrgUnitEstablish`, and every field of
`Facility` by its wire name. A new field there can be mapped here without a change.
"""

from importlib import resources
from pathlib import Path
from typing import Annotated
from unicodedata import normalize

import msgspec
from msgspec import Meta, Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mshauri.importing.nothing import NOTHING
from shared.contracts.registry.org_unit import Facility, OrgUnitKind
from shared.contracts.registry.org_unit_codes import CodeSystem

FACILITY_FIELDS = tuple(
    field.encode_name for field in msgspec.structs.fields(Facility) if field.name != "services"
)
"""What one cell says; services are several."""
KindCode = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z][A-Z0-9_-]*$",
        max_length=64,
        description="A kind, by its code: DISTRICT, or SECTOR of the country's own list.",
    ),
]
TARGETS = ("code", "name", *FACILITY_FIELDS)

Value = str | bool | int | float
Bounds = tuple[float, float]


class Column(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a target's value stands, and what the list's own words for it mean here.

    Attributes:
        heading: the list's heading.
        values: the list's word → ours. With `others: REFUSE`, no other word is accepted.
        others: KEEP (default) what `values` does not name, or REFUSE it.
    """

    heading: str
    values: dict[str, Value] = {}
    others: Annotated[str, Meta(pattern="^(KEEP|REFUSE)$")] = "KEEP"


class Above(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level above the listed units, the highest first.

    Attributes:
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


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a list is read.

    Attributes:
        kind: what the list's rows are: a standard kind, or one of the country's own list of kinds.
        columns: target → column of the list.
        codes: list of codes → the column with the row's code in it: `DHIS2: uid`.
        above: the levels between the country and the rows, the highest first.
        empty: the words that stand for an empty cell.
    """

    name: str
    kind: KindCode = OrgUnitKind.FACILITY.value
    country: Country
    columns: dict[str, Column | str]
    codes: dict[CodeSystem, str] = {}
    above: tuple[Above, ...] = ()
    empty: tuple[str, ...] = NOTHING

    def column(self, target: str) -> Column | None:
        """Return where a target's value stands, if the list has it."""
        column = self.columns.get(target)
        return Column(heading=column) if isinstance(column, str) else column

    def headings(self) -> list[str]:
        """Return every heading that the mapping counts on."""
        used = [
            column if isinstance(column, str) else column.heading
            for column in self.columns.values()
        ]
        for level in self.above:
            used.append(level.name if isinstance(level.name, str) else level.name.heading)
            if level.code is not None:
                used.append(level.code)
        return [*used, *self.codes.values()]

    def words(self) -> dict[str, set[str]]:
        """Return every heading that is read, with the words there that the mapping knows."""
        known: dict[str, set[str]] = {heading: set() for heading in self.headings()}
        for column in (*self.columns.values(), *(level.name for level in self.above)):
            if isinstance(column, Column):
                known[column.heading] |= column.values.keys()
        return known


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
    if not path.is_file():
        msg = (
            f"There is no mapping {name_or_path!r}. Give a YAML file, "
            f"or one of the presets: {', '.join(presets())}."
        )
        raise BadMapping(msg)
    return read_mapping(path.read_text(encoding="utf-8"))


def read_mapping(text: str) -> Mapping:
    """Return the mapping that a YAML text describes: see `load_mapping`."""
    try:
        mapping = msgspec.convert(YAML(typ="safe", pure=True).load(normalize("NFC", text)), Mapping)
    except (YAMLError, msgspec.ValidationError) as error:
        msg = f"The mapping cannot be read: {str(error).splitlines()[0]}."
        raise BadMapping(msg) from error
    unknown = sorted(set(mapping.columns) - set(TARGETS))
    if unknown:
        msg = f"Nothing is called {', '.join(unknown)} here. Targets: {', '.join(TARGETS)}."
        raise BadMapping(msg)
    missing = [target for target in ("code", "name") if target not in mapping.columns]
    if missing:
        msg = f"The mapping names no column for {' and '.join(missing)}. Add it under `columns`."
        raise BadMapping(msg)
    return mapping


def missing_headings(mapping: Mapping, headings: list[str]) -> list[str]:
    """Return the headings that the mapping counts on and the file does not have."""
    return [heading for heading in mapping.headings() if heading not in headings]
