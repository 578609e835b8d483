"""`mshauri demo`: it ends with 0, the figures are the printed ones, and nothing is left running.

Five programmes are played, and a county's year; of Ingobyi the hospitals. Its other tiers take
minutes more: that their script comes to Table 2 is tested without a stack (tests/unit/demo), and
`make demo` plays them.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest

from mshauri.demo.rwanda.story import HOSPITAL
from mshauri.demo.rwanda.table1 import PRINTED
from tests.support.judges import accepted, built
from tests.support.servers import temporary_directory

FACILITIES = Path(__file__).parents[3] / "shared" / "data" / "kmhfl-seven-counties.csv"

PROGRAMMES = (
    "kenya-hrh",
    HOSPITAL,
    "mani-coaching",
    "south-africa-targeted",
    "mcsp-template",
    "county-year",
)

pytestmark = [pytest.mark.timeout(900), pytest.mark.slow]


@dataclass(frozen=True)
class Shown:
    """What a demonstration said, and how it ended."""

    code: int
    said: str
    directory: Path


@pytest.fixture(scope="module")
def shown() -> Iterator[Shown]:
    """One run for the module; with the real facility list where it is at hand."""
    with temporary_directory() as directory:
        command = [sys.executable, "-m", "mshauri", "demo", "--data-dir", str(directory)]
        for programme in PROGRAMMES:
            command += ["--programme", programme]
        if FACILITIES.is_file():
            command += ["--facilities", str(FACILITIES)]
        ended = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": "160"},
            check=False,
        )
        yield Shown(ended.returncode, ended.stdout + ended.stderr, directory)


def test_it_ends_with_0(shown: Shown) -> None:
    assert shown.code == 0, shown.said


def test_all_nine_cells_are_as_printed(shown: Shown) -> None:
    for (association, year), printed in PRINTED.items():
        cell = f"{printed.cell.mentees} → {printed.cell.validated}"
        row = rf"{association} +FY{year % 100} +{cell} +{cell} .* same"
        assert re.search(row, shown.said), shown.said


def test_the_traps_of_the_printed_table_are_told(shown: Shown) -> None:
    assert "29.7 %; the printed 27 % is a misprint" in shown.said
    assert "84.52 %" in shown.said


@pytest.mark.parametrize(
    "verdict",
    [
        "CPD points follow from the hours logged under each version",
        "32 of 32 certificates issued",
        "9 of nine cells as printed",
        "The average increase from baseline is 65 %",
        "81 requests raised, acknowledged, answered and closed",
        "2 certificates, each approved by two people",
        "45 of 45 figures as they should be, before and after",
        "The evidence of her ",
        "Every entry and tile walked: the logs are the ledgers",
        "0 audit findings in all the years",
        "Bus, logs and audit trail have what the ledgers hold",
    ],
)
def test_every_programme_came_out_as_it_should(shown: Shown, verdict: str) -> None:
    assert f"✓ {verdict}" in shown.said, shown.said


def test_an_unknown_programme_is_told_with_those_there_are() -> None:
    command = [sys.executable, "-m", "mshauri", "demo", "--programme", "nowhere"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "kenya-hrh" in ended.stdout


def test_one_mentee_s_trail_is_shown_from_registration_to_validation(shown: Shown) -> None:
    for topic in (
        "registry.health_worker.registered",
        "registry.enrolment.enrolled",
        "sessions.session.held",
        "validation.competency_record.assessment_recorded",
        "validation.competency_record.coaching_plan_set",
        "validation.competency_record.competency_validated",
    ):
        assert topic in shown.said


def test_the_auditor_s_mentee_was_validated_on_a_day_and_not_known_to_be_the_day_before(
    shown: Shown,
) -> None:
    (day,) = re.findall(r"✓ Validated on (\S+): not yet the day before, nor known", shown.said)
    before = date.fromisoformat(day) - timedelta(days=1)
    heads = rf" now +happened by {day} +happened by {before} +known before \d"
    assert re.search(heads, shown.said), shown.said
    assert re.search(rf"validated in all on +{day} +{day} +– +–", shown.said), shown.said
    assert re.search(r"validated \d+ → \d+, in all", shown.said)
    assert re.search(r"Health worker \S+, [A-Z-]+ of ingobyi-hospital, version 2", shown.said)


def test_the_evidence_that_was_taken_away_verifies_alone(shown: Shown) -> None:
    assert "It is genuine: all of it holds, signed by keys that you trust." in shown.said
    alone = [sys.executable, "-I", "mshauri-verify.py"]
    for what in ("evidence.zip", "logs"):
        ended = subprocess.run(
            [*alone, what, "--trust", "keys.json"],
            cwd=shown.directory / "audit",
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr


def test_fsck_accepts_every_log(shown: Shown, tmp_path: Path) -> None:
    fsck = built("fsck", tmp_path)
    told = json.loads((shown.directory / "audit" / "keys.json").read_text(encoding="utf-8"))
    for log in told["logs"]:
        copy = shown.directory / "audit" / "logs" / log["service"]
        if int((copy / "checkpoint").read_text(encoding="utf-8").split("\n")[1]):
            assert accepted(fsck, f"file://{copy}", log["keys"][0]["vkey"], tmp_path) == ""
    assert {log["service"] for log in told["logs"]} >= {"registry", "sessions", "validation"}


def test_nothing_is_left_running(shown: Shown) -> None:
    left = [
        process
        for process in psutil.process_iter(["cmdline", "environ"])
        if any(
            str(shown.directory) in text
            for text in [
                *(process.info["cmdline"] or []),
                *(process.info["environ"] or {}).values(),
            ]
        )
    ]
    assert left == []


@pytest.mark.skipif(
    not FACILITIES.is_file(), reason="the Kenyan facility list is not beside the repository"
)
def test_the_real_list_lands_but_for_three_rows_without_a_code(shown: Shown) -> None:
    assert re.search(r"established +│ +1,993 │ +313", shown.said), shown.said
    assert re.search(r"already there +│ +0 │ +8", shown.said), "Kenya and its seven counties"
    assert re.search(r"refused +│ +3 │ +0", shown.said)
    assert re.search(r"579 │ code +│ MISSING_CODE \(3\)", shown.said), shown.said
