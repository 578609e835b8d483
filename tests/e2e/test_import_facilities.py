"""`mshauri import facilities` and `mshauri programme publish` against a whole running stack."""

import asyncio
import csv
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from mshauri.api import Api
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from tests.support.servers import temporary_directory

PROGRAMME = Path(__file__).parents[2] / "programmes" / "ingobyi-hospital.yaml"
HEADINGS = (
    "code,name,keph_level_name,facility_type_name,owner_type_name,county_name,sub_county_name,"
    "ward_name,lat,long,operation_status_name,beds"
)
ROWS = [
    "90001,Alpha Dispensary,Level 2,Dispensary,Ministry of Health,Bungoma,Kanduyi,Township,"
    "34.56,0.57,Operational,3",
    "90002,Beta  Clinic ,Level 2,Medical Clinic,Private Practice,Bungoma,Kanduyi,Township,"
    "34.53,0.57,Operational,0",
    "",
    "90003,Gamma Hospital,Level 4,Primary care hospitals,Ministry of Health,Bungoma,Webuye East,"
    "Township,34.75,0.60,Operational,40",
    ",Codeless,Level 2,Dispensary,Ministry of Health,Bungoma,Kanduyi,Khalaba,,,Operational,0",
    "90004,Twice,Level 2,Dispensary,Ministry of Health,Bungoma,Kanduyi,Khalaba,,,Operational,0",
    "90004,Twice,Level 3,Dispensary,Ministry of Health,Bungoma,Kanduyi,Khalaba,,,Operational,0",
]

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(300),
    pytest.mark.slow,
]


@dataclass(frozen=True)
class House:
    """A running stack, and how the command line reaches it."""

    gateway: str
    token: str

    async def run(self, *arguments: str, token: str | None = None) -> tuple[int, str]:
        """Run a command of the command line; return how it ended and what it said."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mshauri", *arguments),
            env={
                **os.environ,
                "MSHAURI_GATEWAY_URL": self.gateway,
                "MSHAURI_TOKEN": self.token if token is None else token,
                "COLUMNS": "200",
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house() -> AsyncIterator[House]:
    """One stack for the module."""
    with temporary_directory() as directory:
        async with Stack(directory, environ={}) as stack:
            yield House(stack.gateway_url, DevelopmentIssuer(directory).mint(OPERATOR))


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    return path


def outcomes(file: Path) -> Counter[str]:
    """Count the outcomes of the facilities in the result file beside a list."""
    with file.with_suffix(".result.csv").open(encoding="utf-8", newline="") as result:
        return Counter(
            line["outcome"] for line in csv.DictReader(result) if line["kind"] in ("FACILITY", "")
        )


async def test_good_rows_land_and_every_other_row_is_explained_and_again_is_safe(
    house: House, tmp_path: Path
) -> None:
    file = write(tmp_path / "list.csv", *ROWS)
    arguments = (
        *("import", "facilities", str(file), "--map", "kmhfl", "--swap-coordinates"),
        *("--since", "2020-05-20"),
    )

    code, said = await house.run(*arguments, "--dry-run")
    assert code == 1, said
    assert "Dry run: nothing was sent" in said
    assert outcomes(file) == {"WOULD_BE_ESTABLISHED": 3, "REFUSED": 3}

    code, said = await house.run(*arguments)
    assert code == 1, said
    assert "MISSING_CODE" in said
    assert "DUPLICATE_CODE" in said
    assert outcomes(file) == {"ESTABLISHED": 3, "REFUSED": 3}

    code, said = await house.run(*arguments)
    assert outcomes(file) == {"ALREADY_THERE": 3, "REFUSED": 3}, said

    # Another day, the same list: the date of the import is no part of what stands.
    code, said = await house.run(*arguments[:-1], "2020-06-01")
    assert outcomes(file) == {"ALREADY_THERE": 3, "REFUSED": 3}, said


async def test_what_landed_can_be_read_under_its_parents(house: House, tmp_path: Path) -> None:
    file = write(tmp_path / "more.csv", ROWS[0].replace("90001", "90011"))
    code, said = await house.run(
        *("import", "facilities", str(file), "--map", "kmhfl", "--swap-coordinates"),
        *("--since", "2020-05-20"),
    )
    assert code == 0, said
    document = """
    { orgUnit(code: "90011") {
        name kind since latitude longitude facilityLevel
        parent { code kind parent { code kind parent { code kind parent { code kind } } } } } }
    """
    async with Api(house.gateway, house.token) as api:
        for _ in range(100):
            unit = (await api.ask(document))["orgUnit"]
            if unit is not None:
                break
            await asyncio.sleep(0.1)
    assert (unit["latitude"], unit["longitude"]) == (0.57, 34.56)
    assert (unit["since"], unit["facilityLevel"]) == ("2020-05-20", "KEPH 2")
    line = []
    while unit := unit.get("parent"):
        line.append((unit["kind"], unit["code"]))
    assert line == [
        ("WARD", "KE/BUNGOMA/KANDUYI/TOWNSHIP"),
        ("SUB_COUNTY", "KE/BUNGOMA/KANDUYI"),
        ("COUNTY", "KE/BUNGOMA"),
        ("COUNTRY", "KE"),
    ]


async def test_a_row_that_changed_is_told_and_changed_if_one_asks_for_it(
    house: House, tmp_path: Path
) -> None:
    file = write(tmp_path / "list.csv", ROWS[0].replace("90001", "90021"))
    arguments = (
        *("import", "facilities", str(file), "--map", "kmhfl", "--swap-coordinates"),
        *("--since", "2020-05-20"),
    )
    assert (await house.run(*arguments))[0] == 0
    write(file, ROWS[0].replace("90001", "90021").replace("Alpha", "Omega"))
    code, said = await house.run(*arguments)
    assert code == 1
    assert "--update" in said
    assert outcomes(file) == {"REFUSED": 1}

    changed = ROWS[0].replace("90001", "90021").replace("Alpha", "Omega")
    write(file, changed.replace(",Township", ",Musikoma").replace("Operational,3", "Operational,7"))
    code, said = await house.run(*arguments, "--update")
    assert code == 0, said
    assert outcomes(file) == {"UPDATED": 3}
    code, said = await house.run(*arguments)
    assert (code, outcomes(file)) == (0, {"ALREADY_THERE": 1}), said


async def test_a_list_without_the_columns_of_its_mapping_is_not_begun(
    house: House, tmp_path: Path
) -> None:
    file = tmp_path / "other.csv"
    file.write_text("id,label\n1,A\n", encoding="utf-8")
    code, said = await house.run("import", "facilities", str(file), "--map", "kmhfl")
    assert code == 2
    assert "has no column" in said
    assert "keph_level_name" in said


async def test_a_token_that_nobody_vouches_for_imports_nothing(
    house: House, tmp_path: Path
) -> None:
    file = write(tmp_path / "list.csv", ROWS[0])
    code, said = await house.run(
        *("import", "facilities", str(file), "--map", "kmhfl", "--swap-coordinates"), token="x"
    )
    assert code == 2
    assert "UNAUTHENTICATED" in said


async def test_a_programme_is_published_once_and_a_changed_file_is_refused(
    house: House, tmp_path: Path
) -> None:
    for _ in range(2):
        code, said = await house.run("programme", "publish", str(PROGRAMME))
        assert code == 0, said
        assert "ingobyi-hospital: published" in said
    changed = tmp_path / "changed.yaml"
    text = PROGRAMME.read_text(encoding="utf-8").replace("threshold: 85", "threshold: 80")
    changed.write_text(text, encoding="utf-8")
    code, said = await house.run("programme", "publish", str(changed))
    assert code == 1
    assert "was published before" in said
    assert "higher version" in said
