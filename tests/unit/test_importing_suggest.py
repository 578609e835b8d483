"""A mapping that is proposed for a file: by its headings and by what stands under them."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from mshauri.cli import app
from mshauri.importing.job import Job
from mshauri.importing.kinds import Kind
from mshauri.importing.lists.facilities import FACILITIES
from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.mapping import Mapping, read_mapping
from mshauri.importing.suggest import suggestion

runner = CliRunner(env={"COLUMNS": "200", "MSHAURI_TOKEN": ""})

STAFF = """STAFF RETURN OF A COUNTY,,,,,,
P/No,Name of Officer,Gender,Designation,Mobile No,Duty Station,Date Posted,Remarks
00482,NAMELESS Some Body,F,Nurse,0722 000 001,HC-1,05/06/2021,
00483,NOBODY Else,Mme,Clinical Officer,0722 000 002,HC-1,06/06/2021,ok
"""
UNITS = """MFL Code,Facility Name,Province,District,Sector,Lat,Long,Owner,No. of beds,Email
1001,Kilo,North,Aa,Bb,-1.5,30.1,Public,4,a@b.c
"""


def proposed(tmp_path: Path, kind: Kind, text: str) -> tuple[str, Mapping]:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    said = suggestion(Job(kind, file))
    return said, read_mapping(said)


def test_a_staff_list_s_columns_are_found_and_what_must_be_looked_over_is_said(
    tmp_path: Path,
) -> None:
    said, mapping = proposed(tmp_path, HEALTH_WORKERS, STAFF)
    assert (
        mapping.columns.items()
        >= {
            "number": "P/No",
            "wholeName": "Name of Officer",
            "cadre": "Designation",
            "phone": "Mobile No",
            "orgUnit": "Duty Station",
            "occurredOn": "Date Posted",
        }.items()
    )
    assert mapping.names is not None
    assert "GIVEN_FIRST" in said
    assert "no row proves it" in said
    assert "Remarks" in said


def test_a_facility_list_s_columns_and_levels_are_found(tmp_path: Path) -> None:
    _, mapping = proposed(tmp_path, FACILITIES, UNITS)
    assert mapping.columns == {
        "code": "MFL Code",
        "name": "Facility Name",
        "latitude": "Lat",
        "longitude": "Long",
        "ownership": "Owner",
        "beds": "No. of beds",
    }
    assert [(one.kind, one.name) for one in mapping.above] == [
        ("PROVINCE", "Province"),
        ("DISTRICT", "District"),
        ("SECTOR", "Sector"),
    ]


def test_a_column_whose_cells_say_something_else_is_not_it(tmp_path: Path) -> None:
    _, mapping = proposed(tmp_path, FACILITIES, UNITS.replace("-1.5,30.1", "here,there"))
    assert "latitude" not in mapping.columns


def test_what_no_column_says_is_asked_for(tmp_path: Path) -> None:
    _, mapping = proposed(tmp_path, HEALTH_WORKERS, "Staff No,First name\n1,Some\n")
    assert mapping.defaults.keys() == {"cadre", "orgUnit"}


def test_it_is_written_beside_the_list_once_and_the_list_can_be_read_by_it(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in ([], ["Emp. No", "Surname", "First name", "Job title", "Station"]):
        sheet.append(row)
    sheet.append([17, "Nameless", "Some", "Nurse", "HC-1"])
    path = tmp_path / "staff.xlsx"
    book.save(path)
    arguments = ["import", "health-workers", str(path)]
    result = runner.invoke(app, [*arguments, "--suggest"])
    assert result.exit_code == 0, result.output
    beside = tmp_path / "staff.map.yaml"
    assert "look it over" in result.output
    result = runner.invoke(app, [*arguments, "--map", str(beside), "--dry-run"])
    assert result.exit_code == 0, result.output
    beside.write_text("name: mine", encoding="utf-8")
    assert "stays as it is" in runner.invoke(app, [*arguments, "--suggest"]).output
    assert beside.read_text(encoding="utf-8") == "name: mine"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04"])
def test_for_what_cannot_be_read_nothing_is_proposed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    result = runner.invoke(app, ["import", "health-workers", str(path), "--suggest"])
    assert result.exit_code == 2
    assert not (tmp_path / "list.map.yaml").exists()
