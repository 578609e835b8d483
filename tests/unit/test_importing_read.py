"""Reading a list as people make it: stray spaces, blank rows, odd separators, broken rows."""

from pathlib import Path

import pytest

from mshauri.importing.read import NotATable, read_sheet, read_text


def test_stray_spaces_are_trimmed_and_counted() -> None:
    sheet = read_text("code,name\n 1 ,Tudor  Health Care\n2,Kiamwasi\n")
    assert [row.cells for row in sheet.rows] == [
        {"code": "1", "name": "Tudor Health Care"},
        {"code": "2", "name": "Kiamwasi"},
    ]
    assert sheet.trimmed_cells == 2


def test_blank_rows_are_left_out_and_rows_keep_the_spreadsheet_s_numbers() -> None:
    sheet = read_text("code,name\n\n , \n1,A\n,,,\n2,B\n")
    assert [row.number for row in sheet.rows] == [4, 6]
    assert sheet.blank_rows == 3


def test_a_row_of_another_length_is_a_mistake_and_its_neighbours_are_read() -> None:
    sheet = read_text("code,name\n1,A\n2\n3,C,x\n4,D\n")
    assert [row.number for row in sheet.rows] == [2, 5]
    assert [(error.row, error.code) for error in sheet.errors] == [
        (3, "WRONG_CELL_COUNT"),
        (4, "WRONG_CELL_COUNT"),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_separates_cells_is_seen_in_the_headings(separator: str) -> None:
    sheet = read_text(f"code{separator}name\n1{separator}A\n")
    assert sheet.rows[0].cells == {"code": "1", "name": "A"}


def test_a_byte_order_mark_is_no_part_of_a_heading(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("code,name\n1,Hôpital\n", encoding="utf-8-sig")
    assert read_sheet(path).rows[0].cells == {"code": "1", "name": "Hôpital"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "headings"),
        (b" , \n1,2\n", "headings"),
        (b"code,code\n1,2\n", "more than once: code"),
        (b"code,name\n1,H\xf4pital\n", "Line 2 is not UTF-8"),
        (b'code,name\n1,"never closed\n2,B\n', "cannot be read"),
        (b"PK\x03\x04\x00\x00", "NUL"),
    ],
)
def test_what_is_no_table_is_explained(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(NotATable, match=said):
        read_sheet(path)


def test_what_stands_between_quotes_separates_nothing() -> None:
    sheet = read_text('no;"name (official, printed, short, old)";district\n1;A, B;North\n')
    assert [list(row.cells.values()) for row in sheet.rows] == [["1", "A, B", "North"]]
    bare = read_text("no;name (official, printed, short, old);district\n1;A;North\n2;B;South\n")
    assert bare.headings == ["no", "name (official, printed, short, old)", "district"]
    assert len(bare.rows) == 2
    tabs = read_text('"a, b; c"\tname\n1\tA;B,C\n')
    assert tabs.rows[0].cells == {"a, b; c": "1", "name": "A;B,C"}


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "sep=;;;"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_first_line_that_tells_the_separator_is_no_heading(first: str, end: str) -> None:
    sheet = read_text(end.join([first, "code;name,s", "1;A", ""]))
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, {"code": "1", "name,s": "A"})]


def test_empty_cells_beyond_the_headings_are_nothing() -> None:
    sheet = read_text("code,name,,\n1,A\n2,B,\n3,C,,,,\n4,D, ,\u200b\n5,E,,x\n6\n")
    assert [row.number for row in sheet.rows] == [2, 3, 4, 5]
    assert [(error.row, error.code) for error in sheet.errors] == [
        (6, "WRONG_CELL_COUNT"),
        (7, "WRONG_CELL_COUNT"),
    ]


def test_two_marks_and_a_mark_before_a_quote_are_no_part_of_a_heading(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"\xef\xbb\xbf\xef\xbb\xbf" + b'"code",name\n1,A\n')
    assert read_sheet(path).headings == ["code", "name"]
