"""Rwanda as lists to import: 5 provinces, 30 districts, 26 hospitals, 2 upgraded health centres,
323 health centres and a few health posts below them.

Provinces and districts carry the codes of the National Institute of Statistics of Rwanda. The
brief says "26 hospitals and two upgraded health centers from 20 districts" and names seven of
them (`named_in_brief`: yes). The others are real facilities in their true districts, chosen to
make up the numbers: which ones the programme worked in, the brief does not say. Their codes are
the demonstration's own, not those of the national facility registry. Of the 323 health centres that
Table 2 counts, the brief names none: they are numbered within the districts of the hospitals.
"""

from dataclasses import dataclass
from uuid import UUID

from mshauri.demo.data import read_data
from mshauri.demo.play import BEGINNING
from mshauri.importing.lists.facilities import read_units
from mshauri.importing.mapping import Mapping, read_mapping
from mshauri.importing.plan import Listed
from mshauri.importing.reading import Row, Sheet
from mshauri.importing.tree import Unit, grow

_COUNTRY = "{code: RW, name: Rwanda, latitude: [-2.9, -1.0], longitude: [28.8, 30.9]}"
_DISTRICTS = f"""
name: Rwanda's districts
kind: DISTRICT
country: {_COUNTRY}
columns: {{code: code, name: name}}
above:
  - {{kind: PROVINCE, name: province, code: province_code}}
"""
_HOSPITALS = f"""
name: Hospitals of the programme
country: {_COUNTRY}
columns: {{code: code, name: name, type: type}}
above:
  - {{kind: PROVINCE, name: province, code: province_code}}
  - {{kind: DISTRICT, name: district, code: district_code}}
"""


CENTRES = 323
"""Health centres of Table 2; the brief's text says 325."""
POSTS = 6
"""Health posts that the demonstration plays."""


@dataclass(frozen=True, slots=True)
class Place:
    """A facility of the programme."""

    id: UUID
    code: str
    name: str
    district: str


def plans() -> list[Listed]:
    """Return what to import: the districts first, then the facilities in them."""
    return [
        _sound(read_data("districts.csv"), read_mapping(_DISTRICTS)),
        _sound(read_data("hospitals.csv"), read_mapping(_HOSPITALS)),
        _sound(_centres(), read_mapping(_HOSPITALS)),
        _sound(_posts(), read_mapping(_HOSPITALS)),
    ]


def country() -> Unit:
    """Return Rwanda."""
    return grow(plans()[0]).units[0]


def facilities() -> list[Place]:
    """Return the 28 facilities of the hospital tier."""
    return _places(plans()[1])


def centres() -> list[Place]:
    """Return the 323 health centres, district by district."""
    return _places(plans()[2])


def posts() -> list[Place]:
    """Return the health posts."""
    return _places(plans()[3])


def _places(listed: Listed) -> list[Place]:
    units = grow(listed).listed
    return [Place(one.id, one.code, one.name, one.parent or "") for one in units]


def _centres() -> Sheet:
    """Number so many health centres within the districts of the hospitals, as evenly as it goes."""
    districts = _districts()
    shares = [
        CENTRES // len(districts) + (place < CENTRES % len(districts))
        for place in range(len(districts))
    ]
    return _numbered("C", "Health centre", districts, shares)


def _posts() -> Sheet:
    districts = _districts()[:POSTS]
    return _numbered("P", "Health post", districts, [1] * POSTS)


def _districts() -> list[dict[str, str]]:
    """Return the districts with a hospital of the programme, each once, by code."""
    rows = {row.cells["district_code"]: row.cells for row in read_data("hospitals.csv").rows}
    return [rows[code] for code in sorted(rows)]


def _numbered(letter: str, type: str, districts: list[dict[str, str]], shares: list[int]) -> Sheet:
    above = ("district", "district_code", "province", "province_code")
    rows: list[Row] = []
    for cells, share in zip(districts, shares, strict=True):
        for number in range(1, share + 1):
            named = {
                "code": f"{cells['district_code']}-{letter}{number:02d}",
                "name": f"{cells['district']} {type.lower()} {number}",
                "type": type,
            }
            rows.append(Row(len(rows) + 2, named | {name: cells[name] for name in above}))
    return Sheet(headings=["code", "name", "type", *above], rows=rows)


def _sound(sheet: Sheet, mapping: Mapping) -> Listed:
    listed = read_units(sheet, mapping, BEGINNING)
    assert not listed.errors, listed.errors
    return listed
