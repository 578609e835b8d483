"""Nothing is not a value: words for it are empty cells, and what a spreadsheet broke is refused."""

import pytest

from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.mapping import Mapping, read_mapping
from mshauri.importing.plan import Listed
from tests.support.lists import read, told, tree, units

MAPPING = """
name: a list
country: {code: UG, name: Uganda}
columns: {code: id, name: facility, type: kind, beds: beds, latitude: lat, longitude: lon}
above: [{kind: DISTRICT, name: district}]
"""
HEADINGS = "id,facility,kind,district,beds,lat,lon"
GOOD = ("F-7", "Lakeside", "Clinic", "Hoima", "4", "1.4", "31.3")


def plan(*rows: tuple[str, ...], mapping: str = MAPPING) -> Listed:
    lines = (",".join(f'"{cell}"' for cell in row) for row in rows)
    return units(read_mapping(mapping), HEADINGS, *lines)


def with_cell(place: int, cell: str) -> tuple[str, ...]:
    return (*GOOD[:place], cell, *GOOD[place + 1 :])


@pytest.mark.parametrize(
    "word",
    [
        *("N/A", "n/a", "n.a.", "NA", "NA?", "#N/A", "(none)", "None", "NULL", "<null>", "nil"),
        *("-", "--", " – ", "?", "???", ".", "...", "…", "NaN", "Not available", "T.B.D."),
    ],
)
def test_a_word_for_nothing_is_an_empty_cell(word: str) -> None:
    assert told(plan(with_cell(0, word))) == [(2, "id", "MISSING_CODE")]
    assert told(plan(with_cell(1, word))) == [(2, "facility", "MISSING_NAME")]
    assert told(plan(with_cell(3, word))) == [(2, "district", "MISSING_PARENT")]
    (unit,) = tree(plan((*GOOD[:2], word, "Hoima", word, word, word))).listed
    assert unit.facility == {}


@pytest.mark.parametrize("name", ["Nile", "Nan Hospital", "Nullarbor", "St. None's", "N.A. Clinic"])
def test_a_name_that_only_begins_so_is_a_name(name: str) -> None:
    assert [unit.name for unit in tree(plan(with_cell(1, name))).listed] == [name]


@pytest.mark.parametrize(
    "error",
    [
        *("#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
        *("#NOM?", "#BEZUG!", "#¡REF!", "#ERROR!", "Err:502", "#####", "#GETTING_DATA"),
    ],
)
def test_what_a_spreadsheet_broke_is_a_mistake_in_whatever_column(error: str) -> None:
    for place, heading in enumerate(HEADINGS.split(",")):
        assert told(plan(with_cell(place, error)))[0] == (2, heading, "SPREADSHEET_ERROR")
    broken = plan((*GOOD[:2], *(error for _ in GOOD[2:])))
    assert {code for _, _, code in told(broken)} == {"SPREADSHEET_ERROR"}
    assert tree(broken).listed == []


@pytest.mark.parametrize(
    "cell", ["0", "0.0", "000", "TOTAL", "Grand total", "Sub-total:", "Total 41"]
)
def test_a_row_that_counts_the_others_is_no_facility(cell: str) -> None:
    assert (2, "facility", "A_SUM") in told(plan(with_cell(1, cell)))
    assert (2, "district", "A_SUM") in told(plan(with_cell(3, cell)))


def test_a_code_that_is_a_sum_or_a_nought_is_none() -> None:
    assert told(plan(with_cell(0, "0"))) == [(2, "id", "A_SUM")]
    assert told(plan(with_cell(0, "TOTAL"))) == [(2, "id", "A_SUM")]
    assert told(plan(with_cell(1, "Total Care Clinic"))) == []


@pytest.mark.parametrize(
    "point", [("0", "0"), ("0.0", "0.000"), ("0.0001", "-0.0"), ("-0.5", "0.2")]
)
def test_around_0_and_0_lies_no_country_whatever_the_bounds(point: tuple[str, str]) -> None:
    assert told(plan((*GOOD[:5], *point))) == [(2, "lat, lon", "OUTSIDE_COUNTRY")]
    assert told(plan((*GOOD[:5], "0", "31.3"))) == [], "the equator is somewhere"


@pytest.mark.parametrize("name", ["%%%", "!@!", "%", "+ +"])
def test_a_name_without_a_letter_or_a_digit_is_none(name: str) -> None:
    assert told(plan(with_cell(1, name))) == [(2, "facility", "BAD_NAME")]


def test_a_mapping_says_which_words_are_empty_and_keeps_those_it_knows() -> None:
    own: str = f"{MAPPING}empty: [KEINE]\n"
    assert told(plan(with_cell(1, "keine"), mapping=own)) == [(2, "facility", "MISSING_NAME")]
    assert told(plan(with_cell(1, "None"), mapping=own)) == []
    knows = MAPPING.replace("type: kind", "type: {heading: kind, values: {N/A: Outreach site}}")
    (unit,) = tree(plan(with_cell(2, "N/A"), mapping=knows)).listed
    assert (unit.facility or {})["type"] == "Outreach site"


def test_a_row_of_nothing_is_blank() -> None:
    found = plan(GOOD, ("-",) * 7)
    assert (found.sheet.blank_rows, found.rows, found.errors) == (1, 1, [])


PEOPLE = "number,givenNames,familyName,phone,identifiers,cadre,languages,orgUnit,occurredOn"
PERSON = ("K-1", "Ruth", "Atim", "0772000000", "NID=5", "Nurse", "en", "F-7", "2024-02-01")


def people(*rows: tuple[str, ...], mapping: Mapping | None = None) -> Listed:
    return read(HEALTH_WORKERS, PEOPLE, *(",".join(row) for row in rows), mapping=mapping)


@pytest.mark.parametrize("word", ["N/A", "-", ".", "nil", "NULL", "?"])
def test_nobody_is_called_nothing(word: str) -> None:
    for place, heading in enumerate(PEOPLE.split(",")):
        cells = (*PERSON[:place], word, *PERSON[place + 1 :])
        asked = heading in ("number", "givenNames", "cadre", "orgUnit", "occurredOn")
        found = people(cells)
        missing = [] if heading == "occurredOn" else [(2, heading, "MISSING_VALUE")]
        assert told(found) == (missing if asked else [])
        assert all(heading not in draft.values for draft in found.sound)


def test_of_several_values_in_a_cell_those_for_nothing_are_left_out() -> None:
    (draft,) = people((*PERSON[:4], "NID=N/A; NCNM=12;-", "Nurse", "en;-", *PERSON[7:])).sound
    assert draft.values["identifiers"] == [{"system": "NCNM", "value": "12"}]
    assert draft.values["languages"] == ["en"]
    (draft,) = people((*PERSON[:4], "NID=N/A", *PERSON[5:])).sound
    assert "identifiers" not in draft.values


def test_what_is_broken_or_says_nothing_in_a_person_s_cells_is_told() -> None:
    assert told(people(("K-1", "#REF!", "%%%", *PERSON[3:]))) == [
        (2, "givenNames", "SPREADSHEET_ERROR"),
        (2, "familyName", "BAD_NAME"),
    ]
    assert told(people((*PERSON[:4], "NID=#VALUE!", *PERSON[5:]))) == [
        (2, "identifiers", "SPREADSHEET_ERROR")
    ]


def test_a_mapping_of_people_says_which_words_are_empty() -> None:
    (draft,) = people((*PERSON[:2], "Nil", *PERSON[3:]), mapping=read_mapping("empty: [xx]")).sound
    assert draft.values["familyName"] == "Nil"


def test_the_words_are_the_default_of_every_mapping() -> None:
    assert {"N/A", "NULL", "-"} < set(read_mapping(MAPPING).empty)
    assert Mapping().empty == read_mapping(MAPPING).empty
