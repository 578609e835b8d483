"""One thing written in two ways: letters, spaces, codes that a spreadsheet took for numbers."""

from unicodedata import normalize

import pytest

from mshauri.importing.held import Known, Outcome, compared, hold
from mshauri.importing.mapping import read_mapping
from mshauri.importing.plan import Plan, Unit, plan_import
from mshauri.importing.read import read_text
from mshauri.importing.text import folded, tidy

MAPPING = """
name: a list
country: {code: TG, name: Togo}
columns: {code: code, name: name}
above: [{kind: DISTRICT, name: district, code: dcode}]
"""


def plan(*rows: str) -> Plan:
    return plan_import(
        read_text("\n".join(["code,name,district,dcode", *rows])), read_mapping(MAPPING)
    )


def standing(unit: Unit, name: str | None = None) -> Known:
    return Known("id", name or unit.name, unit.kind, unit.parent, {})


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
    sheet = read_text(normalize("NFD", "code,Hôpital,district,dcode\n1,A,B,2\n"))
    assert [unit.name for unit in plan_import(sheet, mapping).listed] == ["A"]


def test_what_stands_in_another_form_or_case_is_already_there() -> None:
    (unit,) = plan("1,Hôpital  Général,Est,D-1").listed
    for name in (normalize("NFD", unit.name), "HÔPITAL GÉNÉRAL", " Hôpital\u00a0Général"):
        assert folded(name) == folded(unit.name)
        assert compared(unit, standing(unit, name)).outcome is Outcome.ALREADY_THERE


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
    assert [(one.row, one.code) for one in found.warnings] == [(2, "CODE_ALIKE"), (3, "CODE_ALIKE")]


@pytest.mark.parametrize("code", ["3.1", "3.10", "3.1.0", "HC.0"])
def test_codes_that_are_made_of_points_are_codes_of_their_own(code: str) -> None:
    found = plan(f"{code},A,Est,D-1", "3,B,Est,D-1", "HC,C,Est,D-1")
    assert (found.errors, found.warnings) == ([], [])


@pytest.mark.parametrize(
    ("code", "stands", "refused"),
    [("881.0", "881", True), ("881", "881.0", True), ("hc-2", "HC-2", True), ("7", "007", False)],
)
def test_a_code_that_stands_in_another_way_is_told(code: str, stands: str, refused: bool) -> None:
    (unit,) = (found := plan(f"{code},A,Est,D-1")).listed
    held = hold(found, {stands: standing(unit)})
    told = [error for one in held.standing for error in one.errors]
    told += [one for one in held.warnings if one.code == "CODE_STANDS_ALIKE"]
    assert [(error.row, error.code) for error in told] == [(2, "CODE_STANDS_ALIKE")]
    assert stands in told[0].problem
    assert bool(held.standing) is refused


def test_one_district_in_two_cases_is_one() -> None:
    found = plan("1,A,Kloto,D-1", "2,B,KLOTO,D-1", "3,C,Kloto Sud,D-1")
    assert [unit.name for unit in found.levels[1]] == ["Kloto"]
    assert [(error.row, error.code) for error in found.errors] == [(4, "PARENT_CODE_MISMATCH")]
