"""What became of every row: compared with what stands, counted, and written down."""

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path

from rich.console import Console

from mshauri.importing.held import Known, Outcome, compared, count
from mshauri.importing.mapping import load_mapping
from mshauri.importing.plan import Plan, Unit, plan_import
from mshauri.importing.read import read_text
from mshauri.importing.report import print_report, refusals, result_lines, write_result
from mshauri.importing.send import would_send

LIST = (
    "code,name,keph_level_name,facility_type_name,owner_type_name,county_name,sub_county_name,"
    "ward_name,lat,long,operation_status_name,beds\n"
    "1,Spero,Level 2,Dispensary,Ministry of Health,Bungoma,Kanduyi,Township,,,Operational,3\n"
    ",Nameless,Level 2,Dispensary,Ministry of Health,Bungoma,Kanduyi,Township,,,Operational,0\n"
    "3,=1,Level 9,Dispensary,Ministry of Health,Bungoma,Kanduyi,Khalaba,,,Operational,0\n"
)


def a_plan() -> Plan:
    return plan_import(read_text(LIST), load_mapping("kmhfl"))


def standing(unit: Unit, **changes: str) -> Known:
    return Known(
        id="T3JnVW5pdDo",
        name=changes.get("name", unit.name),
        kind=unit.kind,
        parent=changes.get("parent", unit.parent),
        facility={"latitude": None, "longitude": None, **(unit.facility or {})},
    )


def test_a_unit_that_stands_as_the_list_says_is_already_there() -> None:
    (unit,) = a_plan().listed
    assert compared(unit, standing(unit)).outcome is Outcome.ALREADY_THERE


def test_a_unit_that_stands_otherwise_is_refused_and_what_differs_is_named() -> None:
    plan = a_plan()
    (unit,) = plan.listed
    found = compared(unit, standing(unit, name="Another", parent="KE/BUNGOMA"), plan.headings)
    assert found.outcome is Outcome.REFUSED
    assert [(error.code, error.column) for error in found.errors] == [
        ("STANDS_OTHERWISE", "name"),
        ("STANDS_OTHERWISE", "ward_name"),
    ]
    assert "another name: Another" in found.errors[0].problem
    assert "--update" in found.errors[0].remedy


def test_a_dry_run_says_what_would_be_and_what_stands() -> None:
    plan = a_plan()
    known = {unit.code: standing(unit) for unit in plan.units if not unit.listed}
    sent = would_send(plan, known)
    assert count(sent, Outcome.WOULD_BE_ESTABLISHED) == 1
    assert count(sent, Outcome.ALREADY_THERE, listed=False) == 4


def test_the_result_file_holds_every_row_and_every_mistake(tmp_path: Path) -> None:
    plan = a_plan()
    write_result(tmp_path / "result.csv", result_lines(plan, would_send(plan, {})))
    with (tmp_path / "result.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    facilities = [line for line in lines if line["kind"] == "FACILITY"]
    assert [line["unit_code"] for line in facilities] == ["1"]
    refused = [line for line in lines if line["outcome"] == "REFUSED"]
    assert [(line["row"], line["column"], line["error_code"]) for line in refused] == [
        ("3", "code", "MISSING_CODE"),
        ("4", "keph_level_name", "UNKNOWN_VALUE"),
    ]
    assert refused[1]["value"] == "Level 9"
    assert all(line["remedy"] for line in refused)


def test_the_result_file_can_be_json_lines(tmp_path: Path) -> None:
    plan = a_plan()
    write_result(tmp_path / "result.jsonl", result_lines(plan, would_send(plan, {})))
    lines = [json.loads(line) for line in (tmp_path / "result.jsonl").read_text().splitlines()]
    assert {line["outcome"] for line in lines} == {"WOULD_BE_ESTABLISHED", "REFUSED"}


def test_a_list_s_words_never_run_as_formulas_in_the_result_file(tmp_path: Path) -> None:
    text = LIST.replace("Level 9", "=1+1")
    plan = plan_import(read_text(text), load_mapping("kmhfl"))
    write_result(tmp_path / "result.csv", result_lines(plan, []))
    assert "'=1+1" in (tmp_path / "result.csv").read_text()


def test_the_printed_report_counts_and_explains() -> None:
    plan = a_plan()
    console = Console(record=True, width=200, file=StringIO())
    sent = would_send(plan, {})
    print_report(console, plan, sent, dry_run=True)
    assert len(refusals(plan, sent)) == 2
    said = console.export_text()
    assert "Dry run: nothing was sent" in said
    assert "MISSING_CODE" in said
    assert "UNKNOWN_VALUE" in said


def test_units_of_one_day_are_dated_by_it() -> None:
    command = a_plan().units[0].command(None, date(2020, 5, 20))
    assert command["occurredOn"] == "2020-05-20"
