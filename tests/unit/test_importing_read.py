"""Reading a list as people make it: stray spaces, blank rows, odd separators, broken rows."""

from pathlib import Path

import pytest

from mshauri.importing.reading import How, NotATable, Why, read_sheet, read_text


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
        (b"code,name\n1,H\x93pital\n", "Line 2 is not UTF-8"),
        (b'code,name\n1,"never closed\n2,B\n', "cannot be read"),
        (b"PK\x03\x04\x00\x00", "workbook cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1", "old kind"),
        (b"code,name\n1,\x00\n", "NUL"),
    ],
)
def test_what_is_no_table_is_explained(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(NotATable, match=said):
        read_sheet(path)


@pytest.mark.parametrize("wanted", [(), ("number", "criteria")])
def test_several_values_in_each_cell_separate_no_cells(wanted: tuple[str, ...]) -> None:
    """More values in a cell than there are columns, in every row but the headings'."""
    rows = "".join(f"{row},NEWBORN,A;B;C;D;E\n" for row in range(30))
    sheet = read_text(f"number,area,criteria\n{rows}", How(wanted=wanted))
    assert sheet.headings == ["number", "area", "criteria"]
    assert sheet.rows[0].cells["criteria"] == "A;B;C;D;E"


def test_headings_that_are_looked_for_tell_what_separates_them() -> None:
    """One row with as many values as columns, below a title that has a comma."""
    text = "Staff, all stations\ncode;names\n1;a,b\n"
    assert read_text(text, How(wanted=("code",))).headings == ["code", "names"]


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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("code,name\n1,Hôpital de l’État\n".encode("cp1252"), "Windows-1252"),
        ("code,name\n1,SANTÉ – Nº 4\n".encode("cp1252"), "Windows-1252"),
        ("code,name\n1,Hôpital\n".encode("utf-16"), "UTF-16"),
        ("code,name\n1,Hopital général\n".encode("utf-16-le"), "UTF-16"),
        ("code,name\n1,Hôpital\n".encode(), ""),
    ],
)
def test_an_encoding_that_is_certain_is_read_and_told(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    sheet = read_sheet(path)
    assert sheet.read_as == said
    assert "\ufffd" not in sheet.rows[0].cells["name"]
    assert any(sign in sheet.rows[0].cells["name"] for sign in "ôÉé")


@pytest.mark.parametrize("other", ["mac_roman", "cp850", "cp437"])
@pytest.mark.parametrize("word", ["Hôpital général", "Santé", "Centre à Zoé", "Perú"])
def test_an_encoding_that_is_not_certain_is_asked_for_and_taken_when_said(
    tmp_path: Path, other: str, word: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(f"code,name\n1,{word}\n".encode(other))
    with pytest.raises(NotATable, match="--encoding"):
        read_sheet(path)
    assert read_sheet(path, How(encoding=other)).rows[0].cells["name"] == word
    with pytest.raises(NotATable, match="No encoding is called"):
        read_sheet(path, How(encoding="latin-99"))


def test_a_title_above_the_headings_is_none_of_them() -> None:
    how = How(wanted={"code", "name", "district"})
    for title in ("MASTER FACILITY LIST 2018,,", "A list", "", "District health office,2018,"):
        sheet = read_text(f"{title}\n\ncode,name,district\nD-1,Alpha,North\n", how)
        assert [(row.number, row.cells["code"]) for row in sheet.rows] == [(4, "D-1")]
    bare = read_text("MASTER LIST 2018;;\nno;unit;place\n1;A;B\n")
    assert bare.headings == ["no", "unit", "place"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Total,,,12", Why.TOTAL),
        (',Grand total:,,"1,203"', Why.TOTAL),
        ("9,Jumla,,4", Why.TOTAL),
        ("code,name,district,beds", Why.HEADINGS),
        ("Source: the Ministry,,,", Why.NOTE),
        ("* as reported", Why.NOTE),
        (",BUNGOMA COUNTY,,", Why.NOTE),
    ],
)
def test_what_is_no_row_is_left_out_and_told(line: str, why: Why) -> None:
    sheet = read_text(f"code,name,district,beds\nD-1,Alpha,North,12\n{line}\n")
    assert [(left.row, left.why) for left in sheet.left] == [(3, why)]
    assert (len(sheet.rows), sheet.errors) == (1, [])


@pytest.mark.parametrize(
    "line", ["D-2,,,", "D-2,Total,North,", ",Total Care Clinic,North,4", "Total,Alpha,North,1", "7"]
)
def test_what_may_be_a_row_is_not_left_out(line: str) -> None:
    sheet = read_text(f"code,name,district,beds\nD-1,Alpha,North,12\n{line}\n")
    assert sheet.left == []
    assert len(sheet.rows) + len(sheet.errors) == 2
