"""The plan of an import: good rows become units under their parents, each mistake has its code."""

from typing import Any

import msgspec
import pytest

from mshauri.importing.mapping import BadMapping, Mapping, load_mapping, presets, read_mapping
from mshauri.importing.plan import Listed
from mshauri.importing.tree import LONGEST_CODE, Unit
from shared.contracts.base import commands
from shared.contracts.registry.org_unit import OrgUnitEstablish, OrgUnitKind
from tests.support.lists import told, tree, units

HEADINGS = (
    "code,name,keph_level_name,facility_type_name,owner_type_name,county_name,sub_county_name,"
    "ward_name,lat,long,operation_status_name,beds"
)
GOOD = (
    "25499,Spero,Level 2,Dispensary,Ministry of Health,Bungoma,Kanduyi,"
    "Township,0.5,34.5,Operational,3"
)


@pytest.fixture(scope="module")
def kmhfl() -> Mapping:
    """The preset for Kenya's list."""
    return load_mapping("kmhfl")


def plan(mapping: Mapping, *rows: str, swap: bool = False) -> Listed:
    return units(mapping, HEADINGS, *rows, swap=swap)


def landing(mapping: Mapping, *rows: str, swap: bool = False) -> list[Unit]:
    return tree(plan(mapping, *rows, swap=swap)).listed


def facility(mapping: Mapping, *rows: str, swap: bool = False) -> dict[str, Any]:
    return landing(mapping, *rows, swap=swap)[0].facility or {}


def changed(**cells: str) -> str:
    return ",".join(
        cells.get(heading, value)
        for heading, value in zip(HEADINGS.split(","), GOOD.split(","), strict=True)
    )


def test_a_facility_lies_in_its_ward_sub_county_county_and_country(kmhfl: Mapping) -> None:
    found = tree(plan(kmhfl, GOOD))
    assert [(unit.code, unit.kind, unit.parent) for unit in found.units] == [
        ("KE", OrgUnitKind.COUNTRY, None),
        ("KE/BUNGOMA", OrgUnitKind.COUNTY, "KE"),
        ("KE/BUNGOMA/KANDUYI", OrgUnitKind.SUB_COUNTY, "KE/BUNGOMA"),
        ("KE/BUNGOMA/KANDUYI/TOWNSHIP", OrgUnitKind.WARD, "KE/BUNGOMA/KANDUYI"),
        ("25499", OrgUnitKind.FACILITY, "KE/BUNGOMA/KANDUYI/TOWNSHIP"),
    ]
    assert found.listed[0].facility == {
        "type": "Dispensary",
        "level": "KEPH 2",
        "ownership": "PUBLIC",
        "latitude": 0.5,
        "longitude": 34.5,
        "operational": True,
        "beds": 3,
    }


def test_wards_of_one_name_in_two_sub_counties_are_two_units(kmhfl: Mapping) -> None:
    found = tree(plan(kmhfl, GOOD, changed(code="2", sub_county_name="Webuye East")))
    assert [unit.code for unit in found.units if unit.kind == OrgUnitKind.WARD] == [
        "KE/BUNGOMA/KANDUYI/TOWNSHIP",
        "KE/BUNGOMA/WEBUYE-EAST/TOWNSHIP",
    ]


def test_one_ward_spelled_in_two_ways_is_one_unit(kmhfl: Mapping) -> None:
    rows = (
        changed(ward_name="Malakisi/South Kulisiru"),
        changed(code="2", ward_name="MALAKISI / South  Kulisiru"),
    )
    found = tree(plan(kmhfl, *rows))
    assert len([unit for unit in found.units if unit.kind == OrgUnitKind.WARD]) == 1


def test_every_planned_unit_is_a_command_the_contract_takes(kmhfl: Mapping) -> None:
    assert commands["orgUnitEstablish"] is OrgUnitEstablish
    for unit in tree(plan(kmhfl, GOOD)).units:
        parent = None if unit.parent is None else str(unit.id)
        command = msgspec.convert(unit.command(parent), OrgUnitEstablish)
        assert command.code == unit.code
        assert command.id == unit.id


def test_the_same_list_again_is_the_same_commands(kmhfl: Mapping) -> None:
    first, again = tree(plan(kmhfl, GOOD)), tree(plan(kmhfl, GOOD))
    assert [unit.command(None) for unit in first.units] == [
        unit.command(None) for unit in again.units
    ]


def test_a_code_made_from_long_names_stays_within_the_contract_and_tells_them_apart(
    kmhfl: Mapping,
) -> None:
    long = "A very long name of a ward that nobody would want to write on any form "
    rows = changed(ward_name=f"{long}east"), changed(code="2", ward_name=f"{long}west")
    found = tree(plan(kmhfl, *rows))
    wards = [unit.code for unit in found.units if unit.kind == OrgUnitKind.WARD]
    assert len(set(wards)) == 2
    assert max(map(len, wards)) <= LONGEST_CODE


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"code": ""}, "MISSING_CODE", "code"),
        ({"code": "a b"}, "BAD_CODE", "code"),
        ({"code": "x" * 65}, "TOO_LONG", "code"),
        ({"name": ""}, "MISSING_NAME", "name"),
        ({"name": "x" * 201}, "TOO_LONG", "name"),
        ({"ward_name": ""}, "MISSING_PARENT", "ward_name"),
        ({"ward_name": "-"}, "MISSING_PARENT", "ward_name"),
        ({"ward_name": "区"}, "BAD_PARENT", "ward_name"),
        ({"lat": "north"}, "BAD_COORDINATE", "lat"),
        ({"lat": "inf"}, "BAD_COORDINATE", "lat"),
        ({"lat": "nan"}, "HALF_A_COORDINATE", "lat"),
        ({"lat": "91"}, "BAD_COORDINATE", "lat"),
        ({"long": ""}, "HALF_A_COORDINATE", "long"),
        ({"lat": "34.5", "long": "0.5"}, "COORDINATES_SWAPPED", "lat, long"),
        ({"lat": "48.1", "long": "11.5"}, "OUTSIDE_COUNTRY", "lat, long"),
        ({"beds": "-1"}, "BAD_NUMBER", "beds"),
        ({"beds": "many"}, "BAD_NUMBER", "beds"),
        ({"beds": "1.5"}, "BAD_NUMBER", "beds"),
        ({"beds": "788123456"}, "OUT_OF_BOUNDS", "beds"),
        ({"facility_type_name": "x" * 201}, "TOO_LONG", "facility_type_name"),
        ({"owner_type_name": "Martians"}, "UNKNOWN_VALUE", "owner_type_name"),
        ({"operation_status_name": "Perhaps"}, "UNKNOWN_VALUE", "operation_status_name"),
    ],
)
def test_each_mistake_has_its_row_column_code_value_and_remedy(
    kmhfl: Mapping, cells: dict[str, str], code: str, column: str
) -> None:
    found = plan(kmhfl, GOOD.replace("25499", "1"), changed(**cells))
    assert [(error.row, error.code, error.column) for error in found.errors] == [(3, code, column)]
    assert found.errors[0].problem
    assert found.errors[0].remedy
    assert [unit.code for unit in tree(found).listed] == ["1"], "the good row lands"


def test_every_mistake_of_a_row_is_told_at_once(kmhfl: Mapping) -> None:
    found = plan(kmhfl, changed(code="", name="", beds="x", lat="y"))
    assert {error.code for error in found.errors} == {
        "MISSING_CODE",
        "MISSING_NAME",
        "BAD_NUMBER",
        "BAD_COORDINATE",
    }


def test_of_rows_with_one_code_none_lands_and_each_names_the_others(kmhfl: Mapping) -> None:
    rows = [GOOD, changed(code="1"), changed(name="Another"), changed(name="Third", beds="x")]
    found = plan(kmhfl, *rows)
    told = [(error.row, error.problem) for error in found.errors if error.code == "DUPLICATE_CODE"]
    assert [row for row, _ in told] == [2, 4, 5]
    assert [said.partition(" have")[0] for _, said in told] == [
        "Rows 4 and 5",
        "Rows 2 and 5",
        "Rows 2 and 4",
    ]
    assert [unit.code for unit in tree(found).listed] == ["1"]


def test_beds_may_be_written_as_a_spreadsheet_writes_them(kmhfl: Mapping) -> None:
    assert facility(kmhfl, changed(beds="12.0"))["beds"] == 12


def test_swapped_coordinates_are_mended_by_the_option(kmhfl: Mapping) -> None:
    row = changed(lat="34.5", long="0.5")
    assert plan(kmhfl, row, swap=True).errors == []
    found = facility(kmhfl, row, swap=True)
    assert (found["latitude"], found["longitude"]) == (0.5, 34.5)


def test_a_facility_without_coordinates_lands_without_them(kmhfl: Mapping) -> None:
    assert "latitude" not in facility(kmhfl, changed(lat="", long=""))


def test_a_refused_row_establishes_nothing_above_it(kmhfl: Mapping) -> None:
    found = tree(plan(kmhfl, changed(code="", ward_name="Only here")))
    assert [unit.code for unit in found.units] == ["KE"]


CODED = """
name: Districts
kind: DISTRICT
country: {code: RW, name: Rwanda}
columns: {code: code, name: name}
above: [{kind: PROVINCE, name: province, code: province_code}]
"""


def test_a_level_with_its_own_codes_is_named_by_them() -> None:
    rows = "code,name,province,province_code", "RW-51,Rwamagana,Eastern,RW-5"
    found = tree(units(read_mapping(CODED), *rows))
    assert [(unit.code, unit.parent) for unit in found.units] == [
        ("RW", None),
        ("RW-5", "RW"),
        ("RW-51", "RW-5"),
    ]
    assert found.listed[0].facility is None


def test_one_code_with_two_names_above_is_a_mistake() -> None:
    rows = "RW-51,Rwamagana,Eastern,RW-5", "RW-52,X,Western,RW-5"
    found = units(read_mapping(CODED), "code,name,province,province_code", *rows)
    tree(found)
    assert told(found) == [(3, "province_code", "PARENT_CODE_MISMATCH")]


def test_every_preset_can_be_read() -> None:
    assert "kmhfl" in presets()
    for name in presets():
        load_mapping(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "cannot be read"),
        ("name: x", "names no country"),
        (CODED.replace("name: name}", "nam: nom}"), "Nothing is called nam"),
        (CODED.replace("name: name}", "name: nom}"), "no column nom"),
        (CODED.replace("above:", "days: [DD/MM/YYYY, MM/DD/YY]\nabove:"), "stands first"),
        (CODED.replace("PROVINCE", "province"), "cannot be read"),
    ],
)
def test_a_mapping_that_says_what_none_can_is_explained(text: str, said: str) -> None:
    with pytest.raises(BadMapping, match=said):
        units(read_mapping(text), "code,name,province,province_code", "RW-51,A,B,RW-5")


def test_a_mapping_that_is_not_there_names_the_presets() -> None:
    with pytest.raises(BadMapping, match="kmhfl"):
        load_mapping("nowhere.yaml")
