"""An import that breaks says what landed and what to do, and its result file has every row."""

import asyncio
import csv
import json
from base64 import urlsafe_b64encode
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from mshauri.api import BATCH, Answer, Api, ApiFault, Wish, send_all
from mshauri.cli import app
from mshauri.connection import ends_at
from mshauri.importing.carrying import CannotBegin, may_not_last, must_last

runner = CliRunner(env={"COLUMNS": "200", "MSHAURI_TOKEN": ""})

MAPPING = """
name: a list
country: {code: LS, name: Lesotho}
columns: {code: code, name: name}
above: [{kind: DISTRICT, name: district}]
"""
ROWS = 100


def token(seconds: float) -> str:
    claims = {"exp": (datetime.now(UTC) + timedelta(seconds=seconds)).timestamp()}
    body = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2ln"


class Breaking:
    """Answers as the API would, until so many commands were answered; then it breaks."""

    def __init__(self, after: int, fault: BaseException) -> None:
        self.after, self.fault = after, fault

    async def __call__(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        if "query Root" in document:
            return {"orgUnit": None}
        if "query Units" in document:
            return {"orgUnits": {"nodes": [{"id": "u", "code": "F-1"}]}}
        if "query People" in document:
            return {"healthWorkers": {"nodes": []}}
        if "commands" not in variables:
            return {}
        commands = variables["commands"]
        self.after -= len(commands)
        if self.after < 0:
            raise self.fault
        answer = {"id": "x", "positions": [], "userErrors": []}
        return {"commandBatch": {"results": [answer for _ in commands]}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A directory with a mapping and two lists."""
    (tmp_path / "map.yaml").write_text(MAPPING, encoding="utf-8")
    units = "".join(f"F-{n},Clinic {n},Maseru\n" for n in range(ROWS))
    (tmp_path / "units.csv").write_text(f"code,name,district\n{units}", encoding="utf-8")
    people = "".join(f"P-{n},A,B,Nurse,F-1\n" for n in range(ROWS))
    head = "number,givenNames,familyName,cadre,orgUnit\n"
    (tmp_path / "people.csv").write_text(head + people, encoding="utf-8")
    return tmp_path


def run(folder: Path, kind: str, *options: object) -> tuple[int, str]:
    files = {
        "facilities": ["units.csv", "--map", str(folder / "map.yaml")],
        "health-workers": ["people.csv"],
    }
    file, *more = files[kind]
    arguments = ["import", kind, str(folder / file), *more, *map(str, options)]
    result = runner.invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def outcomes(path: Path) -> Counter[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return Counter(line["outcome"] for line in csv.DictReader(file))


FAULTS = [
    ApiFault("UNAUTHENTICATED", "The token has expired."),
    ExceptionGroup("several", [ApiFault("UNAUTHENTICATED", "The token has expired.")]),
    OSError("No route."),
    KeyboardInterrupt(),
    RuntimeError("never thought of"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize(("kind", "beside"), [("facilities", 2), ("health-workers", 0)])
def test_a_break_says_how_much_landed_and_ends_with_2(
    folder: Path, kind: str, beside: int, fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Api, "_once", Breaking(50 + beside, fault))
    result = folder / "out.csv"
    code, said = run(folder, kind, "--token", "t", "--result", result)
    assert code == 2
    told = outcomes(result)
    landed = told["ESTABLISHED"] + told["RECORDED"]
    assert 0 < landed < ROWS
    assert told["NOT_ANSWERED"] == ROWS + beside - landed
    assert f"{landed} of {ROWS + beside} landed" in said
    assert "run it again" in said


@pytest.mark.parametrize("kind", ["facilities", "health-workers"])
def test_a_break_before_anything_was_sent_leaves_no_result(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> dict[str, Any]:
        raise ApiFault("NOT_AN_API", "The gateway answered 404 without JSON.")

    monkeypatch.setattr(Api, "_once", away)
    code, said = run(folder, kind, "--token", "t")
    assert code == 2
    assert "404 without JSON" in said
    assert not list(folder.glob("*.result.csv"))


@pytest.mark.parametrize("kind", ["facilities", "health-workers"])
def test_where_the_result_cannot_be_written_nothing_is_sent(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> dict[str, Any]:
        raise AssertionError("it was sent")

    monkeypatch.setattr(Api, "_once", never)
    for result in (folder / "nowhere" / "out.csv", folder):
        code, said = run(folder, kind, "--token", "t", "--result", result)
        assert code == 2
        assert "cannot be written" in said
    own = folder / ("units.csv" if kind == "facilities" else "people.csv")
    before = own.read_text(encoding="utf-8")
    code, said = run(folder, kind, "--token", "t", "--result", own)
    assert (code, own.read_text(encoding="utf-8")) == (2, before)
    assert "over the list" in said


@pytest.mark.parametrize("kind", ["facilities", "health-workers"])
def test_a_token_that_has_ended_begins_nothing_and_a_dry_run_needs_none(
    folder: Path, kind: str
) -> None:
    code, said = run(folder, kind, "--token", token(-3600))
    assert code == 2
    assert "The token ended at" in said
    assert run(folder, kind)[0] == 2
    assert run(folder, kind, "--dry-run")[0] == 0


def test_a_token_that_may_not_last_is_told_beforehand_and_when_it_has_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Api, "_once", Breaking(10**6, RuntimeError()))
    code, said = run(folder, "facilities", "--token", token(1))
    assert code == 0
    assert "102 commands may take longer" in said
    monkeypatch.setattr(Api, "_once", Breaking(50, ApiFault("UNAUTHENTICATED", "No.")))
    code, said = run(folder, "facilities", "--token", token(-5))
    assert code == 2
    assert "get a new token, and run it again" in said


@pytest.mark.parametrize(
    ("kind", "option"), [("facilities", "--since"), ("health-workers", "--on")]
)
@pytest.mark.parametrize("day", ["1899-12-31", "0021-06-30", "3000-01-01"])
def test_a_day_of_another_age_is_no_day_for_an_import(
    folder: Path, kind: str, option: str, day: str
) -> None:
    code, said = run(folder, kind, "--dry-run", option, day)
    assert code == 2
    assert "1900 to 2999" in said


def test_what_a_token_says_of_its_end() -> None:
    now = datetime.now(UTC)
    end = ends_at(token(60))
    assert end is not None
    assert abs(end - now - timedelta(seconds=60)) < timedelta(seconds=5)
    for odd in ("", "x", "a.b.c", "e30.e30.e30", "e30.W10.e30"):
        assert ends_at(odd) is None
    assert may_not_last(token(3600), 1000) is None
    assert may_not_last("x", 1000) is None
    must_last(token(-10))
    with pytest.raises(CannotBegin):
        must_last("")


@pytest.mark.parametrize("kind", ["facilities", "health-workers", "sessions"])
def test_help_tells_how_an_import_ends(kind: str) -> None:
    said = " ".join(runner.invoke(app, ["import", kind, "--help"]).output.split())
    for part in ("0 if every row landed", "1 if a row was refused", "2 if the import could not"):
        assert part in said


async def test_a_request_that_fails_lets_those_under_way_land_and_begins_no_other() -> None:
    told: list[str] = []
    asked = 0

    class Half(Api):
        async def send(self, wishes: Any) -> list[Answer]:
            nonlocal asked
            asked += 1
            if asked == 1:
                raise ApiFault("UNAUTHENTICATED", "No.")
            await asyncio.sleep(0.01)
            return [Answer("id") for _ in wishes]

    lanes = [[Wish("orgUnitClose", {"commandId": str(n)})] for n in range(2000)]
    async with Half("http://127.0.0.1:1", "") as api:
        with pytest.raises(ApiFault, match="No"):
            await send_all(
                api, lanes, answered=lambda wish, _answer: told.append(wish.command["commandId"])
            )
    assert asked < 20
    assert len(told) == (asked - 1) * BATCH


@pytest.mark.parametrize(
    "error", [httpx.DecodingError("x"), httpx.TooManyRedirects("x"), httpx.InvalidURL("x")]
)
async def test_whatever_http_comes_to_is_a_fault_of_the_api(error: Exception) -> None:
    async with Api("http://127.0.0.1:1", "") as api:

        async def post(*_: object, **__: object) -> httpx.Response:
            raise error

        api._client.post = post  # type: ignore[method-assign]
        with pytest.raises(ApiFault):
            await api._once("{ x }", {})
