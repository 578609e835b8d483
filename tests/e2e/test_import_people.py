"""`mshauri import` of people and what they did, against a whole running stack: a tier of community
health workers, from a council's lists to the last assessment, with the mistakes that lists have.
"""

import asyncio
import csv
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from mshauri.api import Answer, Api, Wish, send_all
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from shared.domain import derived_id
from shared.positions import furthest
from tests.support.servers import temporary_directory
from tests.support.strict import strict

PROGRAMME_FILE = Path(__file__).parents[2] / "programmes" / "ingobyi-chw.yaml"
SHIPPED_LISTS = Path(__file__).parents[2] / "lists" / "rwanda.yaml"
PROGRAMME, AREA = "ingobyi-chw", "CBMNH"
GROUPS, SIZE = 26, 8
BEGAN, ENROLLED, AGREED = "2023-01-02", "2023-02-01", "2023-02-10"
SESSIONS = ("2023-03-06", "2023-06-05", "2023-09-04")
ITEMS = {"PREGNANCY": 5, "MOTHER": 5, "NEWBORN": 4, "SENDS": 5}

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(600),
    pytest.mark.slow,
]


def mentee(number: int) -> str:
    return f"CHW-{number:04}"


def mentor(group: int) -> str:
    return f"CEHO-{group:02}"


def members(group: int) -> list[str]:
    return [mentee(group * SIZE + place) for place in range(SIZE)]


@dataclass(frozen=True)
class House:
    """A running stack, how the command line reaches it, and a directory for lists."""

    gateway: str
    token: str
    directory: Path

    def write(self, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
        """Write a list."""
        path = self.directory / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *rows])
        return path

    async def run(self, *arguments: object) -> tuple[int, str]:
        """Run `mshauri import …`; return how it ended and what it said."""
        return await self.command("import", *arguments)

    async def command(self, *arguments: object) -> tuple[int, str]:
        """Run a command of the command line; return how it ended and what it said."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mshauri", *map(str, arguments)),
            env={
                **os.environ,
                "MSHAURI_GATEWAY_URL": self.gateway,
                "MSHAURI_TOKEN": self.token,
                "COLUMNS": "200",
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    async def send(self, lanes: Sequence[Sequence[tuple[str, str, dict[str, Any]]]]) -> None:
        """Send commands, by name, day and content, and wait until they can be read."""
        wishes = [
            [
                Wish(
                    name,
                    {
                        "commandId": str(derived_id("test", name, day, repr(content))),
                        "occurredOn": day,
                        **content,
                    },
                )
                for name, day, content in lane
            ]
            for lane in lanes
        ]
        async with Api(self.gateway, self.token) as api:
            answers: list[Answer] = await send_all(api, wishes)
            assert all(one.recorded for one in answers), [one for one in answers if one.errors][:3]
            await api.caught_up(furthest(at for one in answers for at in one.positions))


def lines(file: Path) -> list[dict[str, str]]:
    """Return the result file beside a list."""
    with file.with_suffix(".result.csv").open(encoding="utf-8", newline="") as result:
        return list(csv.DictReader(result))


def outcomes(file: Path) -> Counter[str]:
    return Counter(line["outcome"] for line in lines(file))


def mistakes(file: Path) -> set[tuple[int, str, str]]:
    """Return every mistake, and what rows wait for: row, column and code."""
    return {
        (int(line["row"]), line["column"], line["error_code"])
        for line in lines(file)
        if line["outcome"] in ("REFUSED", "WAITING")
    }


def ids(file: Path) -> dict[str, str]:
    """Return the records' ids by the rows' keys."""
    return {line["key"]: line["id"] for line in lines(file) if line["id"]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house() -> AsyncIterator[House]:
    """One stack for the module, with a country, a facility a group, and the programme."""
    with temporary_directory() as data, temporary_directory() as lists:
        async with Stack(data, environ={}) as stack:
            house = House(stack.gateway_url, DevelopmentIssuer(data).mint(OPERATOR), lists)
            country = derived_id("test", "country")
            unit = {"code": "RW", "name": "Rwanda", "unitKind": "COUNTRY", "id": str(country)}
            await house.send([[("orgUnitEstablish", BEGAN, unit)]])
            facilities = [
                {
                    "id": str(derived_id("test", group)),
                    "code": f"HC-{group:02}",
                    "name": f"Health centre {group}",
                    "unitKind": "FACILITY",
                    "parentId": str(country),
                }
                for group in range(GROUPS)
            ]
            await house.send([[("orgUnitEstablish", BEGAN, one)] for one in facilities])
            text = PROGRAMME_FILE.read_text(encoding="utf-8")
            file = lists / PROGRAMME_FILE.name
            file.write_text(strict(text), encoding="utf-8")
            code, said = await house.command("programme", "publish", file, "--on", BEGAN)
            assert code == 0, said
            yield house


async def test_a_tier_is_imported_from_lists_and_again_and_nothing_is_doubled(
    house: House,
) -> None:
    await health_workers(house)
    certified = await mentors(house)
    enrolled = await enrolments(house)
    await agreements(house, certified, enrolled)
    await sessions(house)
    await assessments(house)


async def imported(house: House, kind: str, file: Path, good: int, *options: str) -> str:
    """Import a list three times: dry, in earnest, and again; return what was said in earnest."""
    code, said = await house.run(kind, file, *options, "--dry-run")
    assert outcomes(file)["WOULD_BE_RECORDED"] == good, said
    assert "Dry run: nothing was sent" in said
    code, said = await house.run(kind, file, *options)
    assert code == 1, said
    assert outcomes(file)["RECORDED"] == good, said
    refused = mistakes(file)
    code, again = await house.run(kind, file, *options)
    assert outcomes(file)["ALREADY_THERE"] == good, again
    assert outcomes(file)["RECORDED"] == 0
    assert mistakes(file) == refused
    return said


async def health_workers(house: House) -> None:
    good = [
        (one, "Aline", f"Uwase{one}", "+250 788 000 000", "CHW", "rw; en", f"HC-{group:02}", BEGAN)
        for group in range(GROUPS)
        for one in members(group)
    ]
    bad = [
        ("", "Secret", "Name", "", "CHW", "", "HC-01", BEGAN),
        ("CHW-X", "", "", "secret-phone", "", "rwandan", "HC-01", "01/02/2023"),
        ("CHW-Z", "Secret", "Twice", "", "CHW", "", "HC-01", BEGAN),
        (" ", "", "", "", "", "", "", ""),
        ("CHW-Y", "Secret", "Nowhere", "", "CHW", "", "HC-99", BEGAN),
        ("CHW-Z", "Secret", "Again", "", "CHW", "", "HC-01", BEGAN),
    ]
    headings = [
        *("number", "givenNames", "familyName", "phone"),
        *("cadre", "languages", "orgUnit", "occurredOn"),
    ]
    file = house.write("people.csv", headings, good + bad)
    said = await imported(house, "health-workers", file, GROUPS * SIZE)
    last = len(good) + 1
    assert mistakes(file) == {
        (last + 1, "number", "MISSING_VALUE"),
        *((last + 2, column, "MISSING_VALUE") for column in ("givenNames", "cadre")),
        (last + 2, "phone", "BAD_FORM"),
        (last + 2, "languages", "BAD_FORM"),
        (last + 2, "occurredOn", "AMBIGUOUS_DAY"),
        (last + 3, "number", "DUPLICATE_ROW"),
        (last + 5, "orgUnit", "UNKNOWN_ORG_UNIT"),
        (last + 6, "number", "DUPLICATE_ROW"),
    }
    result = file.with_suffix(".result.csv").read_text(encoding="utf-8")
    for personal in ("secret-phone", "Secret", "Uwase", "788"):
        assert personal not in result + said
    assert f"{GROUPS * SIZE:,}" in said

    # A number that is somebody else's, and one posted elsewhere since.
    other = house.write(
        "others.csv",
        headings,
        [
            ("CHW-0002", "Grace", "Mutoni", "", "CHW", "", "HC-00", BEGAN),
            ("CHW-0003", "ALINE", "uwaseCHW-0003", "", "Nurse", "", "HC-05", BEGAN),
        ],
    )
    code, said = await house.run("health-workers", other)
    assert code == 1, said
    assert mistakes(other) == {
        (2, "number", "NUMBER_OF_ANOTHER"),
        (3, "cadre", "STANDS_OTHERWISE"),
        (3, "orgUnit", "STANDS_OTHERWISE"),
    }
    await edition_after(house, headings)


async def edition_after(house: House, headings: Sequence[str]) -> None:
    """Import another edition with `--update`: what it says otherwise is changed, and told."""
    person = ("Aline", "UwaseCHW-0003", "+250 788 000 003", "CHW", "rw; en; fr", "HC-00", BEGAN)
    rows = [
        ("CHW-0003", *person, "NID=3"),
        ("CHW-0004", "Aline", "UwaseCHW-0004", "", "CHW", "", "HC-00", BEGAN, "NID=4"),
        ("CHW-0005", "Aline", "UwaseCHW-0005", "", "CHW", "en;rw", "HC-00", BEGAN, ""),
        ("CHW-0006", "Grace", "Mutoni", "+250 788 000 006", "CHW", "", "HC-00", BEGAN, ""),
        ("CHW-0007", "Aline", "UwaseCHW-0007", "", "Nurse", "fr", "HC-00", BEGAN, "NID=3"),
    ]
    file = house.write("edition.csv", [*headings, "identifiers"], rows)
    there = {(2, "phone"), (2, "languages"), (6, "languages")}
    code, said = await house.run("health-workers", file, "--update", "--dry-run")
    told = [(int(one["row"]), one["column"]) for one in lines(file)]
    assert outcomes(file)["WOULD_BE_UPDATED"] == len(there) + 1, said
    assert (6, "cadre") in told
    code, said = await house.run("health-workers", file, "--update")
    assert code == 1, said
    mistaken = {
        (5, "number", "NUMBER_OF_ANOTHER"),
        (6, "occurredOn", "BEFORE_CADRE"),
        (6, "identifiers", "ALREADY_TAKEN"),
    }
    assert mistakes(file) == mistaken, said
    changed = [one for one in lines(file) if one["outcome"] == "UPDATED"]
    assert {(int(one["row"]), one["column"]) for one in changed} == there
    assert outcomes(file)["ALREADY_THERE"] == 2
    assert "788" not in said + file.with_suffix(".result.csv").read_text(encoding="utf-8")
    async with Api(house.gateway, house.token) as api:
        asked = "{ healthWorkers(first: 9, filter: {numbers: [%s]}) { nodes { %s } } }"
        of = '"CHW-0003", "CHW-0004", "CHW-0007"', "number phone languages cadre"
        nodes = (await api.ask(asked % of))["healthWorkers"]["nodes"]
    assert {(one["number"], one["phone"], *one["languages"], one["cadre"]) for one in nodes} == {
        ("CHW-0003", "+250788000003", "rw", "en", "fr", "CHW"),
        ("CHW-0004", "+250788000000", "rw", "en", "CHW"),
        ("CHW-0007", "+250788000000", "fr", "CHW"),
    }
    # Once more: nothing is left to do, and the mistakes are the same.
    code, said = await house.run("health-workers", file, "--update")
    assert mistakes(file) == mistaken, said
    assert (outcomes(file)["UPDATED"], outcomes(file)["ALREADY_THERE"]) == (0, 3)


async def mentors(house: House) -> dict[str, str]:
    """Import a council's membership list in the council's own words; some members are known."""
    words = house.directory / "council.yaml"
    words.write_text(
        """
        columns: {Reg. no.: number, First: givenNames, Last: familyName, Title: cadre, At: orgUnit}
        values: {cadre: {C.E.H.O.: Community environmental health officer}}
        defaults: {programme: ingobyi-chw, area: CBMNH, criteria: TRAINED}
        """,
        encoding="utf-8",
    )
    good = [
        (mentor(group), "Eric", "Habimana", "C.E.H.O.", f"HC-{group:02}", "paid")
        for group in range(GROUPS)
    ]
    good.append((mentee(0), "", "", "", "", "paid"))
    bad = [("CEHO-98", "", "", "", "", ""), ("CEHO-99", "A", "B", "C.E.H.O.", "HC-77", "")]
    headings = ["Reg. no.", "First", "Last", "Title", "At", "Dues"]
    file = house.write("council.csv", headings, good + bad)
    options = ("--map", str(words), "--on", BEGAN)
    said = await imported(house, "mentors", file, len(good), *options)
    assert "Columns that say nothing to Mshauri: Dues" in said
    last = len(good) + 1
    assert mistakes(file) == {
        *((last + 1, column, "NEW_PERSON") for column in ("First", "Last", "Title", "At")),
        (last + 2, "At", "UNKNOWN_ORG_UNIT"),
    }
    return {key.partition(" ")[0]: id for key, id in ids(file).items()}


async def enrolments(house: House) -> dict[str, str]:
    cohort = {
        "id": str(derived_id("test", "cohort")),
        "programmeVersionId": str(derived_id("programme_version", PROGRAMME, 2)),
        "code": "CHW-23",
        "name": "2023",
        "orgUnitId": str(derived_id("test", "country")),
        "starts": BEGAN,
        "ends": "2023-12-31",
    }
    begin = ("cohortStart", BEGAN, {"cohortId": cohort["id"]})
    await house.send([[("cohortOpen", BEGAN, cohort), begin]])
    good = [
        (one, PROGRAMME, "CHW-23", AREA, ENROLLED)
        for group in range(GROUPS)
        for one in members(group)
    ]
    bad = [
        ("CHW-9999", PROGRAMME, "CHW-23", AREA, ENROLLED),
        (mentor(0), PROGRAMME, "CHW-22", AREA, ENROLLED),
        (mentor(0), PROGRAMME, "CHW-23", "SURGERY", ENROLLED),
        (mentor(0), PROGRAMME, "CHW-23", AREA, "2024-06-01"),
    ]
    headings = ["healthWorker", "programme", "cohort", "area", "occurredOn"]
    file = house.write("enrolments.csv", headings, good + bad)
    # What only the API can tell is not known to a dry run.
    code, said = await house.run("enrolments", file, "--dry-run")
    assert outcomes(file) == {"WOULD_BE_RECORDED": len(good) + 2, "WAITING": 2}, said
    code, said = await house.run("enrolments", file)
    assert code == 1
    assert outcomes(file) == {"RECORDED": len(good), "REFUSED": 2, "WAITING": 2}, said
    found = {(row, column) for row, column, _ in mistakes(file)}
    last = len(good) + 1
    assert {(last + 1, "healthWorker"), (last + 2, "cohort"), (last + 3, "area")} < found
    code, said = await house.run("enrolments", file)
    assert outcomes(file) == {"ALREADY_THERE": len(good), "REFUSED": 2, "WAITING": 2}, said
    return {key.partition(" ")[0]: id for key, id in ids(file).items()}


async def agreements(house: House, certified: dict[str, str], enrolled: dict[str, str]) -> None:
    """Certify the mentors, and propose a mentorship a group."""
    await house.send(
        [[("mentorCertify", BEGAN, {"mentorId": certified[mentor(g)]})] for g in range(GROUPS)]
    )
    lanes = []
    for group in range(GROUPS):
        mentorship = str(derived_id("test", "mentorship", group))
        proposed: dict[str, Any] = {
            "id": mentorship,
            "cohortId": str(derived_id("test", "cohort")),
            "orgUnitId": str(derived_id("test", group)),
            "mentorIds": [certified[mentor(group)]],
            "enrolmentIds": [enrolled[one] for one in members(group)],
        }
        lanes.append([("mentorshipPropose", AGREED, proposed)])
    await house.send(lanes)


async def sessions(house: House) -> None:
    headings = (
        "programme cohort mentee present mode minutes steps consentRecorded guests occurredOn"
    )

    def row(group: int, day: str, **cells: str) -> list[str]:
        told = {
            "programme": PROGRAMME,
            "cohort": "CHW-23",
            "mentee": members(group)[0],
            "present": ";".join([mentor(group), *members(group)]),
            "mode": "in_person",
            "minutes": "120",
            "steps": "REVIEW; HOME-VISIT",
            "consentRecorded": "yes",
            "guests": "supervisor",
            "occurredOn": day,
        } | cells
        return [told[heading] for heading in headings.split()]

    good = [row(group, day) for group in range(GROUPS) for day in reversed(SESSIONS)]
    bad = [
        row(0, "2023-11-06"),
        row(1, "2023-10-02", mode="TELEPATHY", minutes="0", occurredOn="2 October"),
        row(2, "2023-10-02", mentee=mentor(2)),
        row(3, "2023-10-02", present="CHW-9999"),
        row(4, "2023-10-02", cohort=""),
        row(5, "2023-10-02", steps="DANCING"),
        row(0, "2023-11-06", mentee=members(0)[1]),
    ]
    file = house.write("sessions.csv", headings.split(), good + bad)
    code, said = await house.run("sessions", file)
    assert code == 1, said
    assert outcomes(file)["RECORDED"] == len(good), said
    last = len(good) + 1
    assert mistakes(file) == {
        (last + 1, "programme", "DUPLICATE_ROW"),
        (last + 2, "mode", "UNKNOWN_VALUE"),
        (last + 2, "minutes", "OUT_OF_BOUNDS"),
        (last + 2, "occurredOn", "BAD_DAY"),
        (last + 3, "mentee", "NO_MENTORSHIP"),
        (last + 4, "present", "UNKNOWN_HEALTH_WORKER"),
        (last + 5, "cohort", "MISSING_VALUE"),
        (last + 6, "steps", "STEP_UNKNOWN"),
        (last + 7, "programme", "DUPLICATE_ROW"),
    }
    code, said = await house.run("sessions", file)
    assert outcomes(file)["ALREADY_THERE"] == len(good), said

    changed = house.write("changed.csv", headings.split(), [row(0, SESSIONS[0], minutes="180")])
    code, said = await house.run("sessions", changed)
    assert mistakes(changed) == {(2, "minutes", "STANDS_OTHERWISE")}, said
    assert "sessionCorrect" in said
    async with Api(house.gateway, house.token) as api:
        asked = "{ sessions(first: 1, filter: {programme: %s}) { totalCount { value } } }"
        found = await api.ask(asked % f'"{PROGRAMME}"')
        assert found["sessions"]["totalCount"]["value"] == len(good)


async def assessments(house: House) -> None:
    headings = [
        *("healthWorker", "programme", "area", "competency", "assessor", "technique"),
        *("occurredOn", "reference"),
        *(f"item:{code}" for code in ITEMS),
    ]

    def row(group: int, number: str, day: str, **cells: str) -> list[str]:
        told = {
            "healthWorker": number,
            "programme": PROGRAMME,
            "area": AREA,
            "competency": "DANGER-SIGNS",
            "assessor": mentor(group),
            "technique": "yes",
            "occurredOn": day,
            "reference": "",
            **{f"item:{code}": str(points) for code, points in ITEMS.items()},
        } | cells
        return [told[heading] for heading in headings]

    good = [row(group, one, SESSIONS[1]) for group in range(GROUPS) for one in members(group)]
    again = members(0)[0]
    # The same scores twice on one day are two attempts where a reference says so.
    good += [row(0, again, SESSIONS[2], reference=number) for number in ("1", "2")]
    bad = [
        row(1, members(1)[0], SESSIONS[0]),
        row(1, members(1)[0], SESSIONS[2], **{"item:MOTHER": "many"}),
        row(1, members(1)[0], SESSIONS[2], **{"item:MOTHER": ""}),
        row(1, members(1)[0], SESSIONS[2], area="ICCM"),
        row(1, members(1)[0], SESSIONS[2], technique="perhaps", assessor="CEHO-77"),
        row(1, members(1)[0], SESSIONS[0], technique="no"),
    ]
    file = house.write("assessments.csv", headings, good + bad)
    code, said = await house.run("assessments", file)
    assert code == 1, said
    assert outcomes(file)["RECORDED"] == len(good), said
    last = len(good) + 1
    found = mistakes(file)
    assert found >= {
        (last + 1, "healthWorker", "DUPLICATE_ROW"),
        (last + 2, "item:MOTHER", "BAD_NUMBER"),
        (last + 4, "healthWorker", "NOT_ENROLLED"),
        (last + 5, "technique", "BAD_YES_NO"),
        (last + 6, "healthWorker", "DUPLICATE_ROW"),
    }
    assert {row for row, _, _ in found} == set(range(last + 1, last + 7))
    code, said = await house.run("assessments", file)
    assert outcomes(file)["ALREADY_THERE"] == len(good), said

    # A row that was changed is no second attempt.
    changed = [row(1, members(1)[0], SESSIONS[1], **{"item:NEWBORN": "5"})]
    other = house.write("changed.csv", headings, changed)
    code, said = await house.run("assessments", other)
    assert mistakes(other) == {(2, "reference", "IMPORTED_OTHERWISE")}, said


async def test_a_list_without_a_column_that_must_be_there_is_not_begun(house: House) -> None:
    file = house.write("other.csv", ["id", "label"], [("1", "A")])
    code, said = await house.run("enrolments", file)
    assert code == 2
    assert "has no column healthWorker, programme, cohort, area" in said
    assert not file.with_suffix(".result.csv").exists()


async def test_a_country_tells_its_lists_from_the_file_that_is_shipped(house: House) -> None:
    await house.send(
        [[("orgUnitEstablish", BEGAN, {"code": "LISTS", "name": "Lists", "unitKind": "COUNTRY"})]]
    )
    tell = ("lists", "tell", SHIPPED_LISTS, "--country", "LISTS")
    code, said = await house.command(*tell)
    assert (code, said.splitlines()) == (0, ["CADRE: told", "UNIT_KIND: told", "NICKNAME: told"])
    async with Api(house.gateway, house.token) as api:
        asked = (
            '{ codeListEntries(first: 9, filter: {list: CADRE, code: "MIDWIFE"}) { nodes { %s } } }'
        )
        nodes = (await api.ask(asked % "isco aliases orgUnit { code }"))["codeListEntries"]["nodes"]
    (midwife,) = nodes
    assert (midwife["isco"], midwife["orgUnit"]["code"]) == ("2222", "LISTS")
    assert "Sage-femme" in midwife["aliases"]
    code, said = await house.command(*tell)
    assert (code, said.count("as it is on record")) == (0, 3)
    code, said = await house.command(*tell[:-1], "NOWHERE")
    assert (code, "NOWHERE" in said) == (1, True)
