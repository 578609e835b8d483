"""Kenya as a list to import: the country, its 47 counties, and the nine clusters they work in."""

from uuid import UUID

from mshauri.demo.data import read_data
from mshauri.demo.play import BEGINNING
from mshauri.importing.lists.facilities import read_units
from mshauri.importing.mapping import read_mapping
from mshauri.importing.plan import Listed
from shared.domain import derived_id

COUNTIES = """
name: Kenya's counties
kind: COUNTY
country: {code: KE, name: Kenya, latitude: [-4.9, 5.6], longitude: [33.8, 42.0]}
columns: {code: code, name: name}
above: []
"""
CLUSTERS = {
    "COAST": "Coast",
    "NORTH-EASTERN": "North Eastern",
    "UPPER-EASTERN": "Upper Eastern",
    "LOWER-EASTERN": "Lower Eastern",
    "CENTRAL": "Central",
    "NORTH-RIFT": "North Rift",
    "SOUTH-RIFT": "South Rift",
    "WESTERN": "Western",
    "NYANZA": "Nyanza",
}


def plans() -> list[Listed]:
    """Return the country and its 47 counties, to import."""
    listed = read_units(read_data("kenya.csv"), read_mapping(COUNTIES), BEGINNING)
    assert not listed.errors, listed.errors
    return [listed]


def unit(code: str) -> UUID:
    """Return the id of a county, or of the country, by its code."""
    return derived_id("org_unit", code)
