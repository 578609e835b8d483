"""Lists as a ministry has them, against a whole running stack: a workbook of another country's
structure, a staff return with whole names, and what three years of paper hold, in any order.

Every place and person is invented.
"""

import csv
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from mshauri.api import Api
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from tests.e2e.test_import_people import House
from tests.support.servers import temporary_directory
from tests.support.strict import strict

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(600),
    pytest.mark.slow,
]

PLACES = """
country: {code: RW, name: Rwanda, latitude: [-2.9, -1.0], longitude: [28.8, 30.9]}
columns:
  code: FOSA ID
  name: Health facility
  type: Category
  latitude: GPS South
  longitude: GPS East
  beds: Beds
codes: {DHIS2: DHIS2 UID}
above:
  - {kind: DISTRICT, name: District}
  - {kind: SECTOR, name: Sector}
  - {kind: CELL, name: Cell}
"""
STAFF = """
columns:
  number: P/No.
  wholeName: Name of officer
  cadre: {heading: Designation, values: {"RN": Nurse, "RM": Midwife}}
  phone: Mobile
  orgUnit: Station
  occurredOn: {heading: Date posted, days: [DD/MM/YYYY, SERIAL, DD-MON-YY]}
names: FAMILY_FIRST
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house() -> AsyncIterator[House]:
    """One stack for the module."""
    with temporary_directory() as data, temporary_directory() as lists:
        async with Stack(data, environ={}) as stack:
            yield House(stack.gateway_url, DevelopmentIssuer(data).mint(OPERATOR), lists)


def book(path: Path, *rows: list[Any], merge: tuple[str, ...] = ()) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    for cells in merge:
        sheet.merge_cells(cells)
    workbook.save(path)
    return path


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def outcomes(file: Path, suffix: str = ".result.csv") -> Counter[str]:
    with file.with_suffix(suffix).open(encoding="utf-8", newline="") as result:
        return Counter(line["outcome"] for line in csv.DictReader(result))


async def told(house: House, document: str) -> Any:
    async with Api(house.gateway, house.token) as api:
        return await api.ask(document)


async def test_lists_of_places_and_people_land_by_a_mapping_alone(house: House) -> None:
    folder = house.directory
    # The staff return comes first: it waits for its places.
    staff = book(
        folder / "staff.xlsx",
        ["STAFF RETURN, ALL STATIONS"],
        [],
        ["P/No.", "Name of officer", "Designation", "Mobile", "Station", "Date posted"],
        ["00482", "NAMELESS Some Body", "RN", "0788 000 001", 90001, date(2021, 6, 30)],
        [483.0, "NOBODY Else", "rm", 250788000002, 90001, "05/06/2021"],
        ["484", "Anybody, At All", "RN", "0788000003 / 0788000004", "90002", "30-Jun-21"],
        ["485", "ONENAME", "Clinical officer", None, "90002", 44377],
        ["486", "NOPLACE Who", "RN", None, "77777", "13/06/2021"],
        [None, "TOTAL", None, None, None, 5],
    )
    by = write(folder / "staff.yaml", STAFF)
    code, said = await house.run("health-workers", staff, "--map", by)
    assert code == 1, said
    assert outcomes(staff) == {"WAITING": 5, "LEFT_OUT": 1, "WARNING": 1}, said

    # A country of sectors and cells tells its kinds; then its list, with a totals row, lands.
    code, said = await house.run(
        "facilities",
        write(folder / "root.csv", "code,name\nRW-1,Invented\n"),
        *("--map", write(folder / "root.yaml", ROOT_OF), "--since", "2006-01-01"),
    )
    assert code == 0, said
    code, said = await house.command("lists", "tell", ROOT / "lists" / "rwanda.yaml")
    assert code == 0, said
    places = book(
        folder / "places.xlsx",
        ["HEALTH FACILITIES OF NOWHERE, 2021"],
        [
            *("District", "Sector", "Cell", "FOSA ID", "DHIS2 UID", "Health facility", "Category"),
            *("GPS South", "GPS East", "Beds"),
        ],
        [
            *("Ahantu", "Kure", "Hasi", 90001, "aB3dE5gH1jK", "Kure Hospital", "Hospital"),
            *("1°56'38.8\"S", "30°03'43.0\"E", 120),
        ],
        [
            *(None, None, None, 90002, "zY9xW7vU5tS", "Hasi Health Centre", "Health centre"),
            *("S 1 58 0", "E 30 05 0", 12),
        ],
        ["Ahantu", "Hose", "Mugezi", 90003, None, "Mugezi Post", "Health post", None, None, None],
        ["TOTAL", None, None, None, None, None, None, None, None, 132],
        ["Source: invented"],
        merge=("A3:A4", "B3:B4", "C3:C4"),
    )
    arguments = places, "--map", write(folder / "places.yaml", PLACES), "--since", "2006-01-01"
    code, said = await house.run("facilities", *arguments)
    assert code == 0, said
    assert "1 rows of totals, 1 notes, 1 lines above the headings left out" in said
    assert outcomes(places)["ESTABLISHED"] == 3 + 5, "and what lies above them"
    # What waited has landed, but for whom no place is there.
    assert "Rows of staff.xlsx that wait" in said
    assert outcomes(staff, ".waiting.result.csv")["RECORDED"] == 4

    code, said = await house.run("facilities", *arguments)
    assert (code, outcomes(places)["ALREADY_THERE"]) == (0, 3 + 6), said
    code, said = await house.run("health-workers", staff, "--map", by)
    assert outcomes(staff)["ALREADY_THERE"] == 4, said
    await they_stand(house)


ROOT_OF = """
kind: DISTRICT
country: {code: RW, name: Rwanda, latitude: [-2.9, -1.0], longitude: [28.8, 30.9]}
columns: {code: code, name: name}
"""


async def they_stand(house: House) -> None:
    found = await told(
        house,
        """{
          orgUnit(code: "90002") {
            latitude longitude beds codes { system code }
            parent { kindCode parent { kindCode parent { kindCode parent { kindCode } } } }
          }
          healthWorkers(first: 9) {
            nodes { number givenNames familyName cadre orgUnit { code } since }
          }
        }""",
    )
    unit = found["orgUnit"]
    assert (round(unit["latitude"], 4), round(unit["longitude"], 4)) == (-1.9667, 30.0833)
    assert {"system": "DHIS2", "code": "zY9xW7vU5tS"} in unit["codes"]
    kinds = []
    while unit := unit.get("parent"):
        kinds.append(unit["kindCode"])
    assert kinds == ["CELL", "SECTOR", "DISTRICT", "COUNTRY"]
    people = {one["number"]: one for one in found["healthWorkers"]["nodes"]}
    assert sorted(people) == ["00482", "483", "484", "485"]
    assert [(one["givenNames"], one["familyName"]) for _, one in sorted(people.items())] == [
        ("Some Body", "NAMELESS"),
        ("Else", "NOBODY"),
        ("At All", "Anybody"),
        ("ONENAME", None),
    ]
    assert {one["since"] for one in people.values()} == {"2021-06-30", "2021-06-05"}


async def test_paper_of_years_lands_in_any_order(house: House) -> None:
    """Import what happened before who it was of: each list waits for the one before it."""
    folder = house.directory / "paper"
    folder.mkdir()
    programme = ROOT / "programmes" / "ingobyi-chw.yaml"
    text = strict(programme.read_text(encoding="utf-8"))
    file = write(folder / programme.name, text)
    code, said = await house.command("programme", "publish", file, "--on", "2020-01-01")
    assert code == 0, said
    lists = {
        "sessions": "programme,cohort,mentee,present,guests,mode,minutes,occurredOn\n"
        "ingobyi-chw,C-21,C-1,M-1;C-1;C-2;C-3;C-4;C-5,supervisor,In person,120,2021-03-08\n",
        "mentorships": "programme,cohort,orgUnit,mentors,mentees,area,occurredOn\n"
        "ingobyi-chw,C-21,CLINIC,M-1,C-1;C-2;C-3;C-4;C-5,CBMNH,2021-02-15\n",
        "pre-tests": "healthWorker,programme,area,assessor,raw,max,occurredOn\n"
        "C-1,ingobyi-chw,CBMNH,M-1,9,20,2021-02-20\n",
        "certifications": "healthWorker,programme,area,occurredOn\n"
        "M-1,ingobyi-chw,CBMNH,2021-01-20\n",
        "enrolments": "healthWorker,programme,cohort,area,occurredOn\n"
        + "".join(f"C-{n},ingobyi-chw,C-21,CBMNH,2021-02-01\n" for n in range(1, 6)),
        "mentors": "number,programme,area,criteria,occurredOn\n"
        "M-1,ingobyi-chw,CBMNH,TRAINED,2021-01-10\n",
    }
    for kind, content in lists.items():
        code, said = await house.run(kind, write(folder / f"{kind}.csv", content))
        assert code == 1, said
        assert set(outcomes(folder / f"{kind}.csv")) == {"WAITING"}, said
    clinic = write(folder / "clinic.csv", "code,name\nCLINIC,A clinic\n")
    by = write(folder / "clinic.yaml", ROOT_OF.replace("DISTRICT", "FACILITY"))
    code, said = await house.run("facilities", clinic, "--map", by, "--since", "2006-01-01")
    assert code == 0, said
    root = (await told(house, '{ orgUnit(code: "RW") { id } }'))["orgUnit"]["id"]
    version = await told(
        house,
        '{ programmeVersions(first: 1, filter: {programme: "ingobyi-chw"}) { nodes { id } } }',
    )
    cohort = {
        "id": "0f0f0f0f-0000-4000-8000-000000000021",
        "programmeVersionId": version["programmeVersions"]["nodes"][0]["id"],
        "code": "C-21",
        "name": "2021",
        "orgUnitId": root,
        "starts": "2021-01-01",
        "ends": "2021-12-31",
    }
    await house.send([[("cohortOpen", "2021-01-01", cohort)]])
    await house.send([[("cohortStart", "2021-01-01", {"cohortId": cohort["id"]})]])
    people = "number,givenNames,familyName,cadre,orgUnit,occurredOn\n" + "".join(
        f"{number},Some,Body{number},CHW,CLINIC,2020-01-01\n"
        for number in ("M-1", *(f"C-{n}" for n in range(1, 6)))
    )
    code, said = await house.run("health-workers", write(folder / "people.csv", people))
    assert code == 0, said
    assert not list(folder.glob("*.waiting.json")), said
    for kind in lists:
        landed = outcomes(folder / f"{kind}.csv", ".waiting.result.csv")
        assert set(landed) == {"RECORDED"}, said
    found = await told(
        house,
        """{ sessions(first: 9, filter: {programme: "ingobyi-chw"}) { nodes { heldOn minutes } }
             mentees(first: 9, filter: {programme: "ingobyi-chw"}) { nodes { baselineRaw } } }""",
    )
    assert found["sessions"]["nodes"] == [{"heldOn": "2021-03-08", "minutes": 120}]
    assert sorted(str(one["baselineRaw"]) for one in found["mentees"]["nodes"]) == [
        *("9", "None", "None", "None", "None")
    ]
