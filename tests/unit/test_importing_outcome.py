"""What became of every row: counted, and written down."""

import csv
import json
from io import StringIO
from pathlib import Path

from rich.console import Console

from mshauri.importing.carrying import ResultFile
from mshauri.importing.lists.facilities import FACILITIES
from mshauri.importing.mapping import load_mapping
from mshauri.importing.outcome import Line, count, print_outcome, result_lines
from mshauri.importing.plan import Listed
from mshauri.importing.planned import Outcome, Sent
from mshauri.importing.send import would_send
from tests.support.lists import held, units

LIST = (
    "code,name,keph_level_name,facility_type_name,owner_type_name,county_name,sub_county_name,"
    "ward_name,lat,long,operation_status_name,beds",
    "1,Spero,Level 2,Dispensary,Ministry of Health,Bungoma,Kanduyi,Township,,,Operational,3",
    ",Nameless,Level 2,Dispensary,Ministry of Health,Bungoma,Kanduyi,Township,,,Operational,0",
    "3,=1,Level 9,Dispensary,Ministry of Health,Bungoma,Kanduyi,Khalaba,,,Operational,0",
    "Total,,,,,,,,,,,3",
    "Source: the county's health office,,,,,,,,,,,",
)


def a_list(*lines: str) -> Listed:
    return units(load_mapping("kmhfl"), *(lines or LIST))


def would(listed: Listed) -> list[Sent]:
    return would_send(held(listed), FACILITIES)


def written(path: Path, listed: Listed, sent: list[Sent]) -> Path:
    ResultFile(path, Line, key_was=FACILITIES.key_was).finish(result_lines(listed, sent))
    return path


def test_the_result_file_holds_every_row_every_mistake_and_what_was_left_out(
    tmp_path: Path,
) -> None:
    listed = a_list()
    path = written(tmp_path / "result.csv", listed, would(listed))
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    landing = [line for line in lines if line["outcome"] == "WOULD_BE_ESTABLISHED"]
    assert [line["key"] for line in landing if line["kind"] == "FACILITY"] == ["1"]
    # Programs of before read it by its old name.
    assert all(line["unit_code"] == line["key"] for line in lines)
    refused = [line for line in lines if line["outcome"] == "REFUSED"]
    assert [(line["row"], line["column"], line["error_code"]) for line in refused] == [
        ("3", "code", "MISSING_CODE"),
        ("4", "keph_level_name", "UNKNOWN_VALUE"),
    ]
    assert refused[1]["value"] == "Level 9"
    assert all(line["remedy"] for line in refused)
    left = [line for line in lines if line["outcome"] == "LEFT_OUT"]
    assert [(line["row"], line["error_code"]) for line in left] == [
        ("5", "LEFT_OUT_TOTAL"),
        ("6", "LEFT_OUT_NOTE"),
    ]


def test_the_result_file_can_be_json_lines(tmp_path: Path) -> None:
    listed = a_list()
    path = written(tmp_path / "result.jsonl", listed, would(listed))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert {line["outcome"] for line in lines} >= {"WOULD_BE_ESTABLISHED", "REFUSED", "LEFT_OUT"}


def test_a_list_s_words_never_run_as_formulas_in_the_result_file(tmp_path: Path) -> None:
    listed = a_list(*(line.replace("Level 9", "=1+1") for line in LIST))
    assert "'=1+1" in written(tmp_path / "result.csv", listed, []).read_text()


def test_the_printed_outcome_counts_and_explains() -> None:
    listed = a_list()
    console = Console(record=True, width=200, file=StringIO())
    sent = would(listed)
    print_outcome(console, listed, sent, dry_run=True)
    assert count(listed, sent, Outcome.WOULD_BE_ESTABLISHED) == 1
    assert count(listed, sent, Outcome.WOULD_BE_ESTABLISHED, rows=False) == 4
    assert count(listed, sent, Outcome.REFUSED) == 2
    said = console.export_text()
    assert "Dry run: nothing was sent" in said
    assert "MISSING_CODE (1)" in said
    assert "UNKNOWN_VALUE (1)" in said
    assert "1 rows of totals, 1 notes left out" in said
