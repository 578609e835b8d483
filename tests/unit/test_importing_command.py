"""`mshauri import KIND` where nobody is asked: templates, explanations, and dry runs by oneself."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mshauri.cli import app

runner = CliRunner(env={"COLUMNS": "200", "MSHAURI_TOKEN": ""})

LIST = """number,givenNames,familyName,cadre,orgUnit
N-1,Aline,Uwase,Midwife,H-1
,Secret,Name,Midwife,H-1
"""


def run(*arguments: object) -> tuple[int, str]:
    result = runner.invoke(app, ["import", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_template_is_written_to_a_new_file_and_never_over_one(tmp_path: Path) -> None:
    path = tmp_path / "mentors.csv"
    assert run("mentors", path, "--template")[0] == 0
    (headings,) = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    assert {"number", "programme", "area", "criteria"} < set(headings)
    code, said = run("mentors", path, "--template")
    assert code == 2
    assert "is there already" in said


def test_columns_are_explained() -> None:
    code, said = run("assessments", "--explain")
    assert code == 0
    assert "item:…" in said
    assert "MASSAGE=2;OXYTOCIN=3" in said


def test_a_dry_run_without_a_token_checks_and_asks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(LIST, encoding="utf-8")
    code, said = run("health-workers", path, "--dry-run", "--gateway", "http://127.0.0.1:1")
    assert code == 1
    assert "MISSING_VALUE" in said
    assert "Secret" not in said
    with path.with_suffix(".result.csv").open(encoding="utf-8", newline="") as result:
        lines = list(csv.DictReader(result))
    assert [(line["row"], line["outcome"], line["key"]) for line in lines] == [
        ("2", "WOULD_BE_RECORDED", "N-1"),
        ("3", "REFUSED", ""),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.csv",), "nowhere.csv"),
        ((), "Name the list"),
        (("people.csv", "--map", "nowhere.yaml"), "nowhere.yaml cannot be read"),
    ],
)
def test_what_cannot_begin_ends_with_2(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text(LIST, encoding="utf-8")
    code, output = run("health-workers", *arguments)
    assert code == 2
    assert said in output


def test_only_lists_whose_records_can_be_changed_take_update(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(LIST, encoding="utf-8")
    code, said = run("sessions", path, "--update")
    assert code == 2
    assert "only adds" in said
    assert "--update" not in run("sessions", "--help")[1]
    assert "--update" in run("health-workers", "--help")[1]


def test_where_the_api_answers_has_one_name_and_the_old_one_is_taken_and_not_shown(
    tmp_path: Path,
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(LIST, encoding="utf-8")
    shown = run("health-workers", "--help")[1]
    assert "--gateway-url" in shown
    assert "--gateway " not in shown
    assert "--gateway," not in shown
    for name in ("--gateway", "--gateway-url"):
        code, said = run("health-workers", path, "--token", "t", name, "nowhere:x")
        assert (code, "does not answer" in said) == (2, True)


def test_a_list_of_places_is_read_by_a_mapping_only(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("code,name\n1,A\n", encoding="utf-8")
    code, said = run("facilities", path, "--dry-run")
    assert code == 2
    assert "--suggest proposes one" in " ".join(said.split())
