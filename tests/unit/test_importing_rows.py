"""Lists of people and what they did: columns follow from contracts, each mistake has its code."""

import pytest

from mshauri.importing.explain import columns_table, template
from mshauri.importing.kinds import Kind
from mshauri.importing.lists import KINDS
from mshauri.importing.lists.assessments import ASSESSMENTS
from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.lists.mentors import MENTORS
from mshauri.importing.lists.sessions import SESSIONS
from mshauri.importing.mapping import BadMapping, Mapping, read_mapping
from mshauri.importing.plan import Listed
from shared.contracts.base import personal_fields
from shared.contracts.registry.health_worker import HealthWorkerRegistered
from tests.support.lists import read

PEOPLE = "number,givenNames,familyName,phone,identifiers,cadre,languages,orgUnit,occurredOn"
GOOD = "N-1,Aline,Uwase,+250 788 000 000,NID=77;NCNM=4,Midwife,en; rw,H-1,2024-01-31"

MEETINGS = "programme,cohort,mentee,present,partly,mode,minutes,consentRecorded,occurredOn"
MET = "pairs,FY24,N-1,N-1;N-2,N-1=30,in_person,60,Yes,2024-03-01"


def listed(kind: Kind, *lines: str, mapping: Mapping | None = None) -> Listed:
    return read(kind, *lines, mapping=mapping)


def changed(heading: str, cell: str, headings: str = PEOPLE, good: str = GOOD) -> str:
    names = headings.split(",")
    cells = good.split(",")
    cells[names.index(heading)] = cell
    return ",".join(cells)


def told(kind: Kind, *lines: str, mapping: Mapping | None = None) -> list[tuple[int, str, str]]:
    return [
        (error.row, error.column, error.code)
        for error in listed(kind, *lines, mapping=mapping).errors
    ]


def test_a_row_says_what_its_command_takes() -> None:
    (draft,) = listed(HEALTH_WORKERS, PEOPLE, GOOD).sound
    assert draft.values == {
        "number": "N-1",
        "givenNames": "Aline",
        "familyName": "Uwase",
        "phone": "+250 788 000 000",
        "identifiers": [{"system": "NID", "value": "77"}, {"system": "NCNM", "value": "4"}],
        "cadre": "Midwife",
        "languages": ["en", "rw"],
        "orgUnit": "H-1",
        "occurredOn": "2024-01-31",
    }


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("number", "", "MISSING_VALUE"),
        ("number", "N 1", "BAD_CODE"),
        ("givenNames", "x" * 201, "TOO_LONG"),
        ("phone", "at home", "BAD_FORM"),
        ("identifiers", "77", "BAD_PAIR"),
        ("identifiers", "NID=77;NID=78", "SAME_TWICE"),
        ("languages", "English", "BAD_FORM"),
        ("orgUnit", "x" * 201, "TOO_LONG"),
        ("occurredOn", "31/01/24", "BAD_DAY"),
        ("occurredOn", "02/01/2024", "AMBIGUOUS_DAY"),
        ("occurredOn", "2024-02-31", "BAD_DAY"),
        ("occurredOn", "20240131", "BAD_DAY"),
        ("occurredOn", "2024-W05-3", "BAD_DAY"),
        ("occurredOn", "2024-01-31T21:00:00Z", "BAD_DAY"),
        ("occurredOn", "0024-01-31", "BAD_YEAR"),
        ("occurredOn", "1899-12-31", "BAD_YEAR"),
        ("occurredOn", "3000-01-01", "BAD_YEAR"),
    ],
)
def test_each_mistake_has_its_row_column_code_and_remedy(
    heading: str, cell: str, code: str
) -> None:
    found = listed(HEALTH_WORKERS, PEOPLE, changed("number", "N-0"), changed(heading, cell))
    assert [(error.row, error.column, error.code) for error in found.errors] == [(3, heading, code)]
    assert found.errors[0].problem
    assert found.errors[0].remedy
    assert [draft.row for draft in found.sound] == [2], "the good row lands"


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("mode", "TELEPATHY", "UNKNOWN_VALUE"),
        ("minutes", "0", "OUT_OF_BOUNDS"),
        ("minutes", "1.5", "BAD_NUMBER"),
        ("minutes", "9999", "OUT_OF_BOUNDS"),
        ("consentRecorded", "perhaps", "BAD_YES_NO"),
        ("partly", "N-1=long", "BAD_NUMBER"),
        ("partly", "N-1=0", "OUT_OF_BOUNDS"),
        ("occurredOn", "", "MISSING_VALUE"),
        ("cohort", "", "MISSING_VALUE"),
        ("cohort", "n/a", "MISSING_VALUE"),
        ("cohort", "#REF!", "SPREADSHEET_ERROR"),
        ("cohort", "FY 24", "BAD_CODE"),
    ],
)
def test_a_session_s_mistakes_are_told(heading: str, cell: str, code: str) -> None:
    row = changed(heading, cell, MEETINGS, MET)
    assert told(SESSIONS, MEETINGS, row) == [(2, heading, code)]


def test_a_session_is_found_by_its_mentorship_s_id_alone() -> None:
    headings = "mentorship,present,mode,minutes,occurredOn"
    assert told(SESSIONS, headings, "bm90IGFuIGlk,N-1,PHONE,30,2024-03-01") == [
        (2, "mentorship", "BAD_FORM")
    ]
    given = "TWVudG9yc2hpcDowMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDE"
    assert told(SESSIONS, headings, f"{given},N-1,PHONE,30,2024-03-01") == []


def test_a_whole_number_may_be_written_as_a_spreadsheet_writes_it() -> None:
    row = changed("partly", "N-1=30.0", MEETINGS, changed("minutes", "90.0", MEETINGS, MET))
    (draft,) = listed(SESSIONS, MEETINGS, row).sound
    assert draft.values["minutes"] == 90
    assert draft.values["partly"] == [{"healthWorkerId": "N-1", "minutes": 30}]
    for odd in ("90.5", "9e1", "90.", "+90", "٩٠"):
        row = changed("minutes", odd, MEETINGS, MET)
        assert told(SESSIONS, MEETINGS, row) == [(2, "minutes", "BAD_NUMBER")]


def test_one_number_in_two_ways_is_refused_in_both_rows() -> None:
    rows = [changed("number", number) for number in ("P-77", "p-77", "P-77.0", "P-78")]
    found = listed(HEALTH_WORKERS, PEOPLE, *rows)
    assert [(error.row, error.column, error.code) for error in found.errors] == [
        (row, "number", "CODE_ALIKE") for row in (2, 3, 4)
    ]
    assert "Rows 3 and 4" in found.errors[0].problem
    zeros = [changed("number", number) for number in ("0077", "77")]
    found = listed(HEALTH_WORKERS, PEOPLE, *zeros)
    assert [(one.row, one.code) for one in found.warnings] == [(2, "CODE_ALIKE"), (3, "CODE_ALIKE")]
    assert found.errors == []


def test_rows_of_one_key_are_all_refused_even_where_one_is_wrong_anyway() -> None:
    found = told(HEALTH_WORKERS, PEOPLE, GOOD, changed("cadre", ""), changed("number", "N-2"))
    assert found == [
        (2, "number", "DUPLICATE_ROW"),
        (3, "cadre", "MISSING_VALUE"),
        (3, "number", "DUPLICATE_ROW"),
    ]


def test_every_mistake_of_a_row_is_told_at_once() -> None:
    row = changed("number", "", good=changed("cadre", "", good=changed("phone", "x")))
    assert [code for _, _, code in told(HEALTH_WORKERS, PEOPLE, row)] == [
        "MISSING_VALUE",
        "BAD_FORM",
        "MISSING_VALUE",
    ]


def test_no_mistake_shows_anything_personal() -> None:
    row = "N 1,,x," + "secret,secret;NID=secret=;NID=secret,,secret,H 1,secret"
    found = listed(HEALTH_WORKERS, PEOPLE, row, "N-2,,,secret,NID=secret;NID=secret,,,,")
    shown = {error.column: (error.value, error.problem, error.remedy) for error in found.errors}
    personal = {"givenNames", "familyName", "phone", "identifiers"}
    assert {"phone", "identifiers"} < shown.keys()
    assert not any("secret" in text for name in personal & shown.keys() for text in shown[name])
    assert shown["number"][0] == "N 1"


def test_what_a_contract_marks_as_personal_is_personal_here() -> None:
    known = {column.name for column in HEALTH_WORKERS.columns.values() if column.personal}
    licence = {"licenceBody", "licenceNumber", "licenceFrom", "licenceUntil"}
    assert licence < known, "its terms are an event of their own, personal as a whole"
    known -= licence
    assert known == {
        *("givenNames", "familyName", "phone", "identifiers", "email", "sex", "birthYear"),
        *("qualification", "employer"),
    }
    assert len(known) == len(list(personal_fields(HealthWorkerRegistered)))


def test_two_rows_of_one_key_are_one_too_many() -> None:
    assert told(HEALTH_WORKERS, PEOPLE, GOOD, "", GOOD) == [
        (2, "number", "DUPLICATE_ROW"),
        (4, "number", "DUPLICATE_ROW"),
    ]


def test_a_reference_sets_two_sessions_of_one_day_apart() -> None:
    headings, row = f"{MEETINGS},reference", MET
    assert told(SESSIONS, headings, f"{row},1", f"{row},1") == [
        (2, "programme", "DUPLICATE_ROW"),
        (3, "programme", "DUPLICATE_ROW"),
    ]
    assert told(SESSIONS, headings, f"{row},1", f"{row},2") == []


ATTEMPT = "healthWorker,programme,area,competency,assessor,technique,occurredOn"
TRIED = "N-1,chw,MNH,PPH,N-2,yes,2024-03-01"


def test_the_items_of_a_checklist_stand_in_one_cell_or_in_columns_of_their_own() -> None:
    (one,) = listed(ASSESSMENTS, f"{ATTEMPT},items", f"{TRIED},A=2; B=0").sound
    (spread,) = listed(ASSESSMENTS, f"{ATTEMPT},item:A,item:B,item:C", f"{TRIED},2,0,").sound
    assert one.values["items"] == spread.values["items"]
    assert one.values["items"] == [{"item": "A", "points": 2}, {"item": "B", "points": 0}]


def test_a_mistake_in_an_item_s_own_column_names_that_column() -> None:
    assert told(ASSESSMENTS, f"{ATTEMPT},item:A,item:B", f"{TRIED},2,-1") == [
        (2, "item:B", "BAD_NUMBER")
    ]
    assert told(ASSESSMENTS, f"{ATTEMPT},item:A", f"{TRIED},") == [(2, "items", "MISSING_VALUE")]


COUNCIL = """
columns: {Reg. no.: number, First: givenNames, Last: familyName, Title: cadre, At: orgUnit}
values: {cadre: {RM: Midwife}}
defaults: {programme: hospital, version: 2, area: PAED, occurredOn: 2024-05-01}
"""


def test_a_partner_s_own_words_are_read_by_a_mapping() -> None:
    found = listed(
        MENTORS,
        "Reg. no.,First,Last,Title,At,Dues",
        "7,Aline,Uwase,RM,H-1,paid",
        "8,Eric,Habimana,Doctor,H-1,",
        mapping=read_mapping(COUNCIL),
    )
    assert [draft.values["cadre"] for draft in found.sound] == ["Midwife", "Doctor"]
    assert found.sound[0].values["version"] == 2
    assert found.sound[0].values["occurredOn"] == "2024-05-01"
    assert found.unread == ("Dues",)


def test_mistakes_are_told_in_the_partner_s_own_headings() -> None:
    row = " ,Aline,Uwase,RM,H-1"
    assert told(MENTORS, "Reg. no.,First,Last,Title,At", row, mapping=read_mapping(COUNCIL)) == [
        (2, "Reg. no.", "MISSING_VALUE")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: [", "cannot be read"),
        ("colums: {}", "cannot be read"),
        ("columns: {number: nummer}", "has no column nummer"),
        ("columns: {nummer: Staff}", "Nothing is called nummer, Staff"),
        ("columns: {nummer: {heading: number}}", "Nothing is called nummer"),
        ("defaults: {nummer: 1}", "Nothing is called nummer"),
        ("columns: {Staff: number}", "has no column Staff"),
        ("columns: {NUMBER: number}", "Did you mean number"),
        ("columns: {cadre: number}", "Both 'number' and 'cadre' say number"),
        ("columns: {number: phone}", "Both 'number' and 'phone' say phone"),
    ],
)
def test_a_mapping_that_cannot_be_is_explained(text: str, said: str) -> None:
    with pytest.raises(BadMapping, match=said):
        listed(HEALTH_WORKERS, PEOPLE, GOOD, mapping=read_mapping(text))


def test_a_file_without_a_column_that_must_be_there_is_not_begun() -> None:
    with pytest.raises(BadMapping, match="has no column cadre, orgUnit") as refused:
        listed(HEALTH_WORKERS, "number,givenNames,familyName", "1,A,B")
    assert "--map" in str(refused.value)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_column_of_a_template_is_explained_and_its_example_can_be_read(kind: Kind) -> None:
    headings = template(kind)
    assert headings.strip().split(",") == list(kind.columns)
    table = columns_table(kind)
    assert table.row_count >= len(kind.columns)
    assert all(column.means and column.example for column in kind.columns.values())
    row = ",".join(
        "" if column.name == "mentorship" else f'"{column.example}"'
        for column in kind.columns.values()
    )
    mapping = read_mapping("country: {code: RW, name: Rwanda}") if kind.mapped else None
    found = listed(kind, headings.strip(), row, mapping=mapping)
    assert found.errors == []
    assert len(found.sound) == 1
