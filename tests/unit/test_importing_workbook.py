"""Reading a workbook: what its cells show, whatever stands around the rows."""

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from mshauri.importing.reading import How, NotATable, Sheet, Why, read_sheet


def first_of(workbook: Workbook) -> Worksheet:
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    return sheet


WANTED = How(wanted={"code", "name", "district"})


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Return what writes a workbook of rows, and lets a test change it before it is saved."""

    def write(
        *rows: list[Any], change: Callable[[Worksheet], object] = id, name: str = "a"
    ) -> Path:
        workbook = Workbook()
        sheet = first_of(workbook)
        for row in rows:
            sheet.append(row)
        change(sheet)
        path = tmp_path / "a.xlsx"
        workbook.save(path)
        return path

    return write


def cells(sheet: Sheet) -> list[list[str]]:
    return [list(row.cells.values()) for row in sheet.rows]


def test_a_cell_is_what_was_typed_dates_are_days_and_numbers_have_no_point(
    book: Callable[..., Path],
) -> None:
    path = book(
        ["code", "name", "beds", "opened", "seen", "north", "open", "share"],
        [
            "00482",
            " Kilo ",
            12,
            date(2021, 6, 30),
            datetime(2021, 6, 30, 14, 5),
            -1.9441,
            True,
            None,
        ],
        [482.0, "Lima", 12.0, datetime(2021, 6, 30), None, 0.1 + 0.2, False, "=1/0"],
    )
    assert cells(read_sheet(path)) == [
        ["00482", "Kilo", "12", "2021-06-30", "2021-06-30 14:05:00", "-1.9441", "TRUE", ""],
        ["482", "Lima", "12", "2021-06-30", "", "0.3", "FALSE", ""],
    ]


def test_zeros_that_a_number_s_format_shows_belong_to_it(book: Callable[..., Path]) -> None:
    def shown(sheet: Worksheet) -> None:
        sheet["A2"].number_format = "00000"
        sheet["B2"].number_format = "#,##0"

    assert cells(read_sheet(book(["code", "beds"], [482, 1200], change=shown))) == [
        ["00482", "1200"]
    ]


def test_the_headings_are_found_below_titles_and_what_is_no_row_is_left_out_and_told(
    book: Callable[..., Path],
) -> None:
    path = book(
        ["MINISTRY OF HEALTH OF NOWHERE"],
        ["Facilities as at 1 January 2026"],
        [],
        ["code", "name", "district", "beds"],
        ["F-1", "Alpha", "North", 3],
        ["code", "name", "district", "beds"],
        ["F-2", "Beta", "North", 4],
        [None, "TOTAL", None, 7],
        [],
        ["* beds as licensed"],
    )
    sheet = read_sheet(path, WANTED)
    assert [row.number for row in sheet.rows] == [5, 7]
    assert [(left.row, left.why) for left in sheet.left] == [
        (6, Why.HEADINGS),
        (8, Why.TOTAL),
        (10, Why.NOTE),
    ]
    assert sheet.titles == 2


def test_a_cell_merged_over_rows_says_the_same_in_each(book: Callable[..., Path]) -> None:
    def merged(sheet: Worksheet) -> None:
        sheet.merge_cells("C2:C3")
        sheet.merge_cells("A5:C5")

    path = book(
        ["code", "name", "district"],
        ["F-1", "Alpha", "North"],
        ["F-2", "Beta", None],
        ["F-3", "Gamma", "South"],
        ["Prepared by the district office", None, None],
        change=merged,
    )
    sheet = read_sheet(path)
    assert cells(sheet) == [
        ["F-1", "Alpha", "North"],
        ["F-2", "Beta", "North"],
        ["F-3", "Gamma", "South"],
    ]
    assert [left.why for left in sheet.left] == [Why.NOTE]


def test_the_sheet_is_the_one_that_has_the_headings_or_the_one_that_is_named(
    tmp_path: Path,
) -> None:
    workbook = Workbook()
    first_of(workbook).append(["read", "me"])
    for name in ("Facilities", "Closed"):
        sheet = workbook.create_sheet(name)
        sheet.append(["code", "name", "district"])
        sheet.append([f"{name}-1", "A", "B"])
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    with pytest.raises(NotATable, match="Several sheets may be meant: Facilities, Closed"):
        read_sheet(path, WANTED)
    named = read_sheet(path, How(wanted={"code"}, sheet="closed"))
    assert cells(named) == [["Closed-1", "A", "B"]]
    with pytest.raises(NotATable, match="Its sheets: Sheet, Facilities, Closed"):
        read_sheet(path, How(sheet="Open"))
    del workbook["Closed"]
    workbook.save(path)
    assert cells(read_sheet(path, WANTED)) == [["Facilities-1", "A", "B"]]
    workbook["Facilities"].sheet_state = "hidden"
    workbook.save(path)
    assert read_sheet(path, WANTED).headings == ["read", "me"]


def test_the_row_of_headings_can_be_named(book: Callable[..., Path]) -> None:
    path = book(["code", "name"], ["Code", "Name"], ["1", "A"])
    assert read_sheet(path, How(header_row=2)).headings == ["Code", "Name"]
    with pytest.raises(NotATable, match="Row 9 holds no headings"):
        read_sheet(path, How(header_row=9))


def test_a_time_alone_is_no_day(book: Callable[..., Path]) -> None:
    assert cells(read_sheet(book(["at", "on"], [time(9, 30), "x"]))) == [["09:30:00", "x"]]


def test_a_text_has_no_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,name\n1,A\n", encoding="utf-8")
    with pytest.raises(NotATable, match="Leave --sheet out"):
        read_sheet(path, How(sheet="Staff"))
