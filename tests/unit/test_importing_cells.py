"""What stands in one cell as lists have it: points, several values, whole names, phones, words."""

import pytest

from mshauri.importing.cells import read_cell
from mshauri.importing.days import BadCell
from mshauri.importing.degrees import degrees_of
from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.lists.plans import PLANS
from mshauri.importing.lists.sessions import SESSIONS
from mshauri.importing.mapping import BadMapping, Names, read_mapping
from mshauri.importing.phones import first_phone
from mshauri.importing.whole_names import parted
from tests.support.lists import read, told, warned


@pytest.mark.parametrize(
    "cell",
    [
        *("-1.9441", "-1,9441", "−1.9441", "1.9441 S", "S 1.9441°", "1°56.646'S", "01:56:38.76S"),
        *("1°56'38.76\"S", "1° 56′ 38.76″ S", "S 01 56 38.76", "-1°56'38.76''", "1º56’38.76”s"),
    ],
)
def test_a_latitude_is_the_same_however_it_is_written(cell: str) -> None:
    found = degrees_of(cell)
    assert found is not None
    assert found[0] == pytest.approx(-1.9441, abs=1e-6)


@pytest.mark.parametrize(
    "cell", ["nan", "5.0E0", "3_2.5", "٣.٥", "1°70'S", "N 1 S", "-1 S", "x", "1°S2'"]
)
def test_what_is_no_degrees_is_none(cell: str) -> None:
    assert degrees_of(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        *("N-1;N-2", "N-1, N-2", "N-1 | N-2", "N-1\nN-2", "N-1 / N-2", "N-1 & N-2", "N-1 and N-2"),
        *("N-1 et N-2", "N-1 na N-2", "N-1;N-2;", "N-1،N-2"),
    ],
)
def test_people_in_a_cell_are_parted_by_any_usual_separator(cell: str) -> None:
    assert read_cell(SESSIONS.columns["present"], cell) == ["N-1", "N-2"]


def test_what_may_belong_to_a_value_parts_none() -> None:
    assert read_cell(SESSIONS.columns["present"], "RW/N/1; RW/N/2") == ["RW/N/1", "RW/N/2"]
    assert read_cell(SESSIONS.columns["present"], "RW/N/1") == ["RW/N/1"]
    assert read_cell(HEALTH_WORKERS.columns["languages"], "en/fr") == ["en", "fr"]
    assert read_cell(PLANS.columns["objectives"], "Listens, and waits") == ["Listens, and waits"]
    assert read_cell(PLANS.columns["objectives"], "Listens; waits") == ["Listens", "waits"]
    assert read_cell(HEALTH_WORKERS.columns["identifiers"], "NID=1, NCNM=2") == [
        {"system": "NID", "value": "1"},
        {"system": "NCNM", "value": "2"},
    ]
    assert read_cell(HEALTH_WORKERS.columns["identifiers"], "NID=1, old") == [
        {"system": "NID", "value": "1, old"}
    ]


def test_a_mapping_says_what_parts_values_where_nothing_usual_does() -> None:
    text = "columns: {present: {heading: present, separator: '+'}}"
    headings = "programme,cohort,mentee,present,mode,minutes,occurredOn"
    row = "pairs,FY24,N-1,N-1+N-2,PHONE,30,2024-03-01"
    (draft,) = read(SESSIONS, headings, row, mapping=read_mapping(text)).sound
    assert draft.values["present"] == ["N-1", "N-2"]


@pytest.mark.parametrize("cell", ["IN_PERSON", "in person", "In-person", "IN  PERSON"])
def test_a_choice_is_one_however_its_words_are_set_apart(cell: str) -> None:
    assert read_cell(SESSIONS.columns["mode"], cell) == "IN_PERSON"


@pytest.mark.parametrize(
    ("cell", "yes"),
    [("Oui", True), ("NDIYO", True), ("y", True), ("Hapana", False), ("Non", False)],
)
def test_yes_and_no_are_said_in_several_languages(cell: str, yes: bool) -> None:
    assert read_cell(SESSIONS.columns["consentRecorded"], cell) is yes


@pytest.mark.parametrize(
    ("name", "order", "family", "given"),
    [
        ("UWASE Aline Marie", Names.FAMILY_FIRST, "UWASE", "Aline Marie"),
        ("Aline Marie Uwase", Names.GIVEN_FIRST, "Uwase", "Aline Marie"),
        ("NYIRA MUTONI Aline", Names.FAMILY_FIRST, "NYIRA MUTONI", "Aline"),
        ("Aline NYIRA MUTONI", Names.GIVEN_FIRST, "NYIRA MUTONI", "Aline"),
        ("UWASE ALINE MARIE", Names.FAMILY_FIRST, "UWASE", "ALINE MARIE"),
        ("Uwase, Aline Marie", Names.GIVEN_FIRST, "Uwase", "Aline Marie"),
        ("Jan van der Merwe", Names.GIVEN_FIRST, "van der Merwe", "Jan"),
        ("Van der Merwe Jan", Names.FAMILY_FIRST, "Van der Merwe", "Jan"),
        ("Kato", Names.FAMILY_FIRST, None, "Kato"),
        ("O'Brien Niamh", Names.FAMILY_FIRST, "O'Brien", "Niamh"),
    ],
)
def test_a_whole_name_is_parted_by_the_order_that_is_said(
    name: str, order: Names, family: str | None, given: str
) -> None:
    assert parted(name, order) == {
        **({"familyName": family} if family else {}),
        "givenNames": given,
    }


STAFF = "number,wholeName,cadre,orgUnit"


def test_a_list_of_whole_names_says_their_order_or_is_not_begun() -> None:
    with pytest.raises(BadMapping, match="names: FAMILY_FIRST"):
        read(HEALTH_WORKERS, STAFF, "N-1,UWASE Aline,Nurse,H-1")
    mapping = read_mapping("names: FAMILY_FIRST")
    found = read(
        HEALTH_WORKERS, STAFF, "N-1,UWASE Aline,Nurse,H-1", "N-2,,Nurse,H-1", mapping=mapping
    )
    assert found.drafts[0].values["familyName"] == "UWASE"
    assert told(found) == [(3, "givenNames", "MISSING_VALUE")]


@pytest.mark.parametrize(
    ("cell", "phone", "more"),
    [
        ("0722 123 456", "0722 123 456", False),
        ("Tel: +254-722-123456 (home)", "+254-722-123456", False),
        ("254722123456.0", "254722123456", False),
        ("0722123456 / 0733123456", "0722123456", True),
        ("0722123456,0733123456", "0722123456", True),
        ("at home", "at home", False),
    ],
)
def test_of_a_cell_with_phones_the_first_number_is_read(cell: str, phone: str, more: bool) -> None:
    assert first_phone(cell) == (phone, more)


def test_that_only_one_phone_of_a_cell_is_kept_is_told_and_neither_number_is_shown() -> None:
    row = "N-1,A,B,0722123456 / 0733123456,Nurse,H-1"
    found = read(HEALTH_WORKERS, "number,givenNames,familyName,phone,cadre,orgUnit", row)
    assert warned(found) == [(2, "phone", "ONE_PHONE_KEPT")]
    assert found.warnings[0].value == ""


def test_a_sign_by_which_a_spreadsheet_keeps_text_is_no_part_of_a_code() -> None:
    found = read(HEALTH_WORKERS, "number,givenNames,cadre,orgUnit", "'00482,A,Nurse,'H-1")
    assert (found.sound[0].text("number"), found.sound[0].text("orgUnit")) == ("00482", "H-1")


def test_a_word_of_a_mapping_is_found_in_other_letters() -> None:
    mapping = read_mapping("values: {cadre: {RM: Midwife}}")
    headings = "number,givenNames,cadre,orgUnit"
    (draft,) = read(HEALTH_WORKERS, headings, "N-1,A,rm,H-1", mapping=mapping).sound
    assert draft.values["cadre"] == "Midwife"


def test_a_choice_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadCell):
        read_cell(SESSIONS.columns["mode"], "Telepathy")
