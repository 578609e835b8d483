"""Rows that name what is not there yet wait, and land when another list has brought it."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mshauri.api import Api, ApiFault
from mshauri.cli import app

runner = CliRunner(env={"COLUMNS": "200", "MSHAURI_TOKEN": "t"})

MAPPING = """
name: a list
country: {code: LS, name: Lesotho}
columns: {code: code, name: name}
above: [{kind: DISTRICT, name: district}]
"""


class Standing:
    """An API at which things come to stand."""

    def __init__(self) -> None:
        self.units: set[str] = set()
        self.people: dict[str, dict[str, Any]] = {}
        self.recorded: list[str] = []
        self.away = False

    async def __call__(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        if self.away:
            raise ApiFault("UNAUTHENTICATED", "No.")
        if "query Root" in document:
            return {"orgUnit": None}
        if "query Units" in document:
            found = [code for code in variables["codes"] if code in self.units]
            return {"orgUnits": {"nodes": [{"id": code, "code": code} for code in found]}}
        if "query People" in document:
            found = [self.people[one] for one in variables["numbers"] if one in self.people]
            return {"healthWorkers": {"nodes": found}}
        if "query Named" in document:
            return {name: {"nodes": []} for name in variables}
        if "query Cadres" in document:
            return {"codeListEntries": {"nodes": [], "pageInfo": {"hasNextPage": False}}}
        if "commands" not in variables:
            return {}
        return {"commandBatch": {"results": [self._take(**one) for one in variables["commands"]]}}

    def _take(self, name: str, command: dict[str, Any]) -> dict[str, Any]:
        self.recorded.append(name)
        if name == "orgUnitEstablish":
            self.units.add(command["code"])
        if name == "healthWorkerRegister":
            number = command["number"]
            said = {"cadre": "Nurse", "postings": [], "languages": []}
            self.people[number] = {"id": number, "number": number, **said}
        return {"id": "x", "positions": [], "userErrors": []}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Standing:
    """An API at which nothing stands."""
    standing = Standing()
    monkeypatch.setattr(Api, "_once", standing)
    return standing


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def staff(folder: Path, *units: str) -> Path:
    rows = (f"P-{place},A,B,Nurse,{unit}" for place, unit in enumerate(units))
    return write(folder / "staff.csv", "number,givenNames,familyName,cadre,orgUnit", *rows)


def units(folder: Path, *codes: str, name: str = "units.csv") -> list[str]:
    rows = (f"{code},Clinic {code},Maseru" for code in codes)
    write(folder / "map.yaml", MAPPING)
    file = write(folder / name, "code,name,district", *rows)
    return ["facilities", str(file), "--map", str(folder / "map.yaml")]


def run(*arguments: object) -> tuple[int, str]:
    result = runner.invoke(app, ["import", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def outcomes(path: Path) -> Counter[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return Counter(line["outcome"] for line in csv.DictReader(file))


def test_a_row_whose_place_is_not_there_yet_lands_when_the_list_of_places_has(
    api: Standing, tmp_path: Path
) -> None:
    list_ = staff(tmp_path, "F-1", "F-2", "F-9")
    code, said = run("health-workers", list_)
    assert code == 1
    assert "3 rows wait" in said
    assert outcomes(tmp_path / "staff.result.csv") == {"WAITING": 3}
    code, said = run(*units(tmp_path, "F-1", "F-2"))
    assert code == 0
    assert "Rows of staff.csv that wait" in said
    assert sorted(api.people) == ["P-0", "P-1"]
    assert outcomes(tmp_path / "staff.waiting.result.csv") == {"RECORDED": 2, "WAITING": 1}
    run(*units(tmp_path, "F-9", name="more.csv"))
    assert sorted(api.people) == ["P-0", "P-1", "P-2"]
    assert not list(tmp_path.glob("*.waiting.json"))
    assert api.recorded.count("healthWorkerRegister") == 3, "none twice"


def test_only_the_numbers_of_rows_are_kept(api: Standing, tmp_path: Path) -> None:
    run("health-workers", staff(tmp_path, "F-1"))
    kept = json.loads((tmp_path / "staff.waiting.json").read_text())
    assert kept["rows"] == [2]
    assert (kept["kind"], kept["file"]) == ("health-workers", "staff.csv")
    assert not any(word in str(kept) for word in ("P-0", "Nurse", "F-1"))


def test_a_dry_run_and_an_import_that_lands_nothing_wake_nobody(
    api: Standing, tmp_path: Path
) -> None:
    run("health-workers", staff(tmp_path, "F-1"), "--dry-run")
    assert not list(tmp_path.glob("*.waiting.json"))
    run("health-workers", staff(tmp_path, "F-1"))
    api.units.add("F-1")
    run(*units(tmp_path, "F-1"), "--dry-run")
    assert api.people == {}
    code, said = run("health-workers", tmp_path / "staff.csv")
    assert (code, sorted(api.people)) == (0, ["P-0"]), said
    assert not list(tmp_path.glob("*.waiting.json"))


def test_a_row_with_another_mistake_is_refused_and_does_not_wait(
    api: Standing, tmp_path: Path
) -> None:
    file = write(tmp_path / "staff.csv", "number,givenNames,cadre,orgUnit", "P-0,,Nurse,F-1")
    run("health-workers", file)
    assert outcomes(tmp_path / "staff.result.csv") == {"REFUSED": 1}
    assert not list(tmp_path.glob("*.waiting.json"))


def test_what_waits_for_another_house_or_has_lost_its_list_is_left_alone(
    api: Standing, tmp_path: Path
) -> None:
    run("health-workers", staff(tmp_path, "F-1"))
    run(*units(tmp_path, "F-1"), "--gateway-url", "http://elsewhere:1")
    assert api.people == {}
    (tmp_path / "staff.csv").unlink()
    code, _ = run(*units(tmp_path, "F-1"))
    assert (code, api.people) == (0, {})


def test_what_breaks_keeps_waiting(api: Standing, tmp_path: Path) -> None:
    run("health-workers", staff(tmp_path, "F-1"))
    api.away = True
    assert run("health-workers", tmp_path / "staff.csv")[0] == 2
    assert (tmp_path / "staff.waiting.json").exists()
