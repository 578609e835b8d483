"""Rwanda as lists to import: 5 provinces, 30 districts, 26 hospitals, 2 upgraded health centres.

Provinces and districts carry the codes of the National Institute of Statistics of Rwanda. The
brief says "26 hospitals and two upgraded health centers from 20 districts" and names seven of
them (`named_in_brief`: yes). The others are real facilities in their true districts, chosen to
make up the numbers: which ones the programme worked in, the brief does not say. Their codes are
the demonstration's own, not those of the national facility registry.
"""

from dataclasses import dataclass
from datetime import date
from importlib import resources
from uuid import UUID

from mshauri.importing.mapping import Mapping, read_mapping
from mshauri.importing.plan import Plan, Unit, plan_import
from mshauri.importing.read import Sheet, read_text

SINCE = date(2006, 1, 1)
"""Rwanda's present provinces and districts stand since the reform of that day."""

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


@dataclass(frozen=True, slots=True)
class Place:
    """A facility of the programme."""

    id: UUID
    code: str
    name: str


def read_data(name: str) -> Sheet:
    """Return one of the lists shipped with the demonstration."""
    folder = resources.files("mshauri.demo") / "data"
    return read_text((folder / name).read_text(encoding="utf-8"))


def plans() -> list[Plan]:
    """Return what to import: the districts first, then the facilities in them."""
    return [
        _sound(read_data("districts.csv"), read_mapping(_DISTRICTS)),
        _sound(read_data("hospitals.csv"), read_mapping(_HOSPITALS)),
    ]


def country() -> Unit:
    """Return Rwanda."""
    return plans()[0].units[0]


def facilities() -> list[Place]:
    """Return the 28 facilities of the programme."""
    return [Place(unit.id, unit.code, unit.name) for unit in plans()[1].listed]


def _sound(sheet: Sheet, mapping: Mapping) -> Plan:
    plan = plan_import(sheet, mapping)
    assert not plan.errors, plan.errors
    return plan
