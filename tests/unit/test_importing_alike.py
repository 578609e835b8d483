"""One thing written in two ways: letters, spaces, codes that a spreadsheet took for numbers."""

from unicodedata import normalize

import pytest

from mshauri.importing.known import Unit as Standing
from mshauri.importing.mapping import read_mapping
from mshauri.importing.plan import Listed
from mshauri.importing.reading import read_text
from mshauri.importing.reading.text import folded, tidy
from mshauri.importing.tree import Unit
from tests.support.lists import held, told, tree, units, warned

MAPPING = """
name: a list
country: {code: TG, name: Togo}
columns: {code: code, name: name}
above: [{kind: DISTRICT, name: district, code: dcode}]
"""


def plan(*rows: str) -> Listed:
    return units(read_mapping(MAPPING), "code,name,district,dcode", *rows)


def standing(unit: Unit, name: str | None = None) -> Standing:
    return Standing("id", name or unit.name, unit.kind, unit.parent, {})


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Ho\u0302pital", "Hôpital"),
        ("Kilo\u200b", "Kilo"),
        ("\ufeffKilo", "Kilo"),
        ("Ki\u00adlo", "Kilo"),
        ("Kilo\u00a0\u2009Centre", "Kilo Centre"),
        ("Kilo\u3000Centre\r\n", "Kilo Centre"),
        ("Kilo\x07Centre", "Kilo Centre"),
        ("\u200b\u2060", ""),
    ],
)
def test_a_cell_is_read_composed_and_without_what_nobody_sees(raw: str, clean: str) -> None:
    assert tidy(raw) == clean
    sheet = read_text(f"code,name\n1,{raw.strip()}x\n")
    assert sheet.rows[0].cells["name"] in (f"{clean}x", f"{clean} x")


def test_headings_and_mappings_are_composed_too() -> None:
    mapping = read_mapping(MAPPING.replace("name: name}", normalize("NFD", "name: Hôpital}")))
    rows = normalize("NFD", "code,Hôpital,district,dcode"), "1,A,B,2"
    assert [unit.name for unit in tree(units(mapping, *rows)).listed] == ["A"]


def test_what_stands_in_another_form_or_case_is_already_there() -> None:
    row = "1,Hôpital  Général,Est,D-1"
    (unit,) = tree(plan(row)).listed
    for name in (normalize("NFD", unit.name), "HÔPITAL GÉNÉRAL", " Hôpital\u00a0Général"):
        assert folded(name) == folded(unit.name)
        planned = held(found := plan(row), {"1": standing(unit, name)})
        (one,) = [one for one in planned if one.listed]
        assert (one.wishes, told(found)) == ((), [])


@pytest.mark.parametrize(("one", "other"), [("881", "881.0"), ("hc-2", "HC-2"), ("A7.00", "a7")])
def test_one_code_in_two_ways_is_refused_in_both_rows_each_naming_the_other(
    one: str, other: str
) -> None:
    found = plan(f"{one},A,Est,D-1", f"{other},B,Est,D-1")
    assert [(error.row, error.code, error.column) for error in found.errors] == [
        (2, "CODE_ALIKE", "code"),
        (3, "CODE_ALIKE", "code"),
    ]
    assert "Row 3" in found.errors[0].problem
    assert "Row 2" in found.errors[1].problem


def test_a_code_without_its_zeros_is_a_warning_by_row() -> None:
    found = plan("00881,A,Est,D-1", "881,B,Est,D-1")
    assert found.errors == []
    assert warned(found) == [(2, "code", "CODE_ALIKE"), (3, "code", "CODE_ALIKE")]


@pytest.mark.parametrize("code", ["3.1", "3.10", "3.1.0", "HC.0"])
def test_codes_that_are_made_of_points_are_codes_of_their_own(code: str) -> None:
    found = plan(f"{code},A,Est,D-1", "3,B,Est,D-1", "HC,C,Est,D-1")
    assert (found.errors, found.warnings) == ([], [])


@pytest.mark.parametrize(
    ("code", "stands", "refused"),
    [("881.0", "881", True), ("881", "881.0", True), ("hc-2", "HC-2", True), ("7", "007", False)],
)
def test_a_code_that_stands_in_another_way_is_told(code: str, stands: str, refused: bool) -> None:
    (unit,) = tree(found := plan(f"{code},A,Est,D-1")).listed
    held(found, {stands: standing(unit)})
    expected = [(2, "code", "CODE_STANDS_ALIKE")]
    assert told(found) == (expected if refused else [])
    assert warned(found, "CODE_STANDS_ALIKE") == ([] if refused else expected)
    assert all(stands in one.problem for one in found.errors)


def test_one_district_in_two_cases_is_one() -> None:
    found = plan("1,A,Kloto,D-1", "2,B,KLOTO,D-1", "3,C,Kloto Sud,D-1")
    assert [unit.name for unit in tree(found).levels[1].values()] == ["Kloto"]
    assert told(found) == [(4, "dcode", "PARENT_CODE_MISMATCH")]
