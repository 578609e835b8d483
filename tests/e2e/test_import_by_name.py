"""Places and people that a list calls by name, or by another list's code, against a running stack:
what the API's own search finds, and what it leaves unsure. Every place and person is invented.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from shared.domain import derived_id
from tests.e2e.test_import_as_they_come import told, write
from tests.e2e.test_import_people import House, ids, lines, mistakes, outcomes
from tests.support.servers import temporary_directory

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(600),
    pytest.mark.slow,
]
SINCE = "2015-01-01"
UNITS = {
    "F-1": ("Kuremure Health Centre", "aB3dE5gH1jK"),
    "F-2": ("Hasihose Post", "zY9xW7vU5tS"),
    "F-3": ("Hasihose Post", "qQ1wW2eE3rR"),
    "F-4": ("Old Mugezi Clinic", "tT4yY5uU6iI"),
}
PEOPLE = "number,givenNames,familyName,cadre,orgUnit,occurredOn\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house() -> AsyncIterator[House]:
    """One stack with a country, some facilities, of which one was renamed, and two namesakes."""
    with temporary_directory() as data, temporary_directory() as lists:
        async with Stack(data, environ={}) as stack:
            house = House(stack.gateway_url, DevelopmentIssuer(data).mint(OPERATOR), lists)
            root = str(derived_id("test", "root"))
            country = {"id": root, "code": "RW", "name": "Rwanda", "unitKind": "COUNTRY"}
            await house.send([[("orgUnitEstablish", SINCE, country)]])
            await house.send([[("orgUnitEstablish", SINCE, unit(c, root))] for c in UNITS])
            renamed = {"orgUnitId": str(derived_id("test", "F-4")), "name": "New Mugezi Clinic"}
            await house.send([[("orgUnitRename", "2020-01-01", renamed)]])
            yield house


def unit(code: str, root: str) -> dict[str, Any]:
    name, uid = UNITS[code]
    return {
        "id": str(derived_id("test", code)),
        "code": code,
        "name": name,
        "unitKind": "FACILITY",
        "parentId": root,
        "codes": [{"system": "DHIS2", "code": uid}],
    }


async def posted(house: House) -> dict[str, str]:
    """Return where everybody works, by number."""
    found = await told(house, "{ healthWorkers(first: 99) { nodes { number orgUnit { code } } } }")
    return {one["number"]: one["orgUnit"]["code"] for one in found["healthWorkers"]["nodes"]}


async def test_a_place_is_found_by_its_name_or_an_earlier_one_and_asked_about_if_unsure(
    house: House,
) -> None:
    rows = {
        "P-1": "KUREMURE  health centre",
        "P-2": "Hasihose Post",  # there are two of them
        "P-3": "Old Mugezi Clinic",
        "P-4": "Kuremurre Health Centre",  # nothing is called so, quite
        "P-5": "Nyabugogo Referral Institute",  # nor like this
        "P-6": "A-B-C-D-E-F-G Clinic",  # more words than a search takes
    }
    said = "".join(
        f"{number},Some,Body{number},Nurse,{at},2021-01-01\n" for number, at in rows.items()
    )
    file = write(house.directory / "staff.csv", PEOPLE + said)
    code, told_ = await house.run("health-workers", file)
    assert code == 1, told_
    assert mistakes(file) == {
        (3, "orgUnit", "UNSURE_ORG_UNIT"),
        (5, "orgUnit", "UNSURE_ORG_UNIT"),
        (6, "orgUnit", "UNKNOWN_ORG_UNIT"),
        (7, "orgUnit", "UNKNOWN_ORG_UNIT"),
    }, told_
    problems = {int(one["row"]): one["problem"] for one in lines(file)}
    assert "Hasihose Post (F-2)" in problems[3]
    assert "Hasihose Post (F-3)" in problems[3]
    assert "Kuremure Health Centre (F-1)" in problems[5]
    assert await posted(house) == {"P-1": "F-1", "P-3": "F-4"}
    code, told_ = await house.run("health-workers", file)
    assert outcomes(file)["ALREADY_THERE"] == 2, told_


async def test_somebody_is_found_by_name_where_nobody_else_bears_it(house: House) -> None:
    two = "P-20,Aline,Namesake,Nurse,F-1,2021-01-01\nP-21,Aline,Namesake,Nurse,F-2,2021-01-01\n"
    one = "P-22,Jeanne,Unlikely-Name,Nurse,F-1,2021-01-01\n"
    code, said = await house.run(
        "health-workers", write(house.directory / "people.csv", PEOPLE + one + two)
    )
    assert code == 0, said
    headings = "healthWorker,programme,cohort,area,occurredOn\n"
    rows = "".join(
        f'"{name}",ingobyi-chw,C-1,CBMNH,2021-02-01\n'
        for name in ("UNLIKELY-NAME, Jeanne", "Aline Namesake", "Nobody Whatever")
    )
    file = write(house.directory / "enrolments.csv", headings + rows)
    code, said = await house.run("enrolments", file)
    assert code == 1, said
    # Whom the first row means is known; there is no cohort yet.
    assert mistakes(file) == {
        *((row, "cohort", "UNKNOWN_COHORT") for row in (2, 3, 4)),
        (3, "healthWorker", "UNSURE_HEALTH_WORKER"),
        (4, "healthWorker", "UNKNOWN_HEALTH_WORKER"),
    }, said
    (unsure,) = [one for one in lines(file) if one["error_code"] == "UNSURE_HEALTH_WORKER"]
    assert "P-20" in unsure["problem"]
    assert "P-21" in unsure["problem"]
    assert "Aline" not in unsure["problem"], "of people, numbers alone are told"


async def test_units_are_named_by_their_codes_in_another_list(house: House) -> None:
    mapping = write(
        house.directory / "uids.yaml",
        "columns: {orgUnit: {heading: Unit UID, codeSystem: DHIS2}}\n",
    )
    rows = "".join(
        f"P-3{place},Some,Other{place},Nurse,{at},2021-01-01\n"
        for place, at in enumerate(("aB3dE5gH1jK", "zY9xW7vU5tS", "xxxxxxxxxx1", "F-1"))
    )
    file = write(house.directory / "uids.csv", PEOPLE.replace("orgUnit", "Unit UID") + rows)
    for outcome in ("RECORDED", "ALREADY_THERE"):
        code, said = await house.run("health-workers", file, "--map", mapping)
        assert code == 1, said
        assert outcomes(file) == {outcome: 2, "WAITING": 2}, said
    assert mistakes(file) == {(row, "Unit UID", "UNKNOWN_ORG_UNIT") for row in (4, 5)}, said
    there = await posted(house)
    assert (there["P-30"], there["P-31"]) == ("F-1", "F-2")


async def test_a_licence_in_columns_is_told_of_whom_it_is(house: House) -> None:
    headings = PEOPLE.replace("occurredOn", "occurredOn,licenceBody,licenceNumber,licenceUntil")
    row = "P-40,Some,Licensed,Nurse,F-1,2021-01-01,Invented Council,NC-77,2099-12-31\n"
    file = write(house.directory / "licensed.csv", headings + row)
    code, said = await house.run("health-workers", file)
    assert code == 0, said
    asked = f'{{ healthWorker(id: "{ids(file)["P-40"]}") {{ licences {{ %s }} }} }}'
    found = await told(house, asked % "issuingBody number validUntil")
    assert found["healthWorker"]["licences"] == [
        {"issuingBody": "Invented Council", "number": "NC-77", "validUntil": "2099-12-31"}
    ]
    code, said = await house.run("health-workers", file)
    assert outcomes(file) == {"ALREADY_THERE": 1, "WARNING": 1}, said
    assert "NC-77" not in said + file.with_suffix(".result.csv").read_text(encoding="utf-8")
