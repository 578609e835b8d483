"""The story of what is told of one person besides their name: details, numbers, licences, a second
posting, and how they stand to the service, each told, changed and taken back; see `far_stories`.
"""

from contextlib import suppress
from typing import Any
from uuid import uuid4

from shared.domain.errors import Refusal
from tests.support.house import House

WHY = {"reason": "As the letter says."}


async def told_of_people() -> House:
    """Tell all of it of one midwife."""
    house = await House.built()

    async def send(name: str, on: str, /, **content: Any) -> str:
        return str((await house.send(name, occurredOn=on, **content)).id)

    country = await send(
        "orgUnitEstablish", "2018-01-01", code="KE", name="Kenya", unitKind="COUNTRY"
    )
    there = await send(
        "orgUnitEstablish",
        "2018-01-01",
        code="F1",
        name="Hospital",
        unitKind="FACILITY",
        parentId=country,
    )
    who = await send(
        "healthWorkerRegister", "2019-01-01", givenNames="Testa", cadre="Nurse", orgUnitId=country
    )
    person: dict[str, Any] = {"healthWorkerId": who}
    nid = {"system": "NID", "value": "1"}
    await send(
        "healthWorkerUpdateDetails",
        "2019-01-02",
        **person,
        **WHY,
        phone="0722 123 456",
        identifiers=[nid],
        email="testa@example.org",
        sex="FEMALE",
        birthYear=1990,
        qualification="Diploma",
        employer="A partner",
        clear=["LANGUAGES"],
        corrected=True,
    )
    await send(
        "healthWorkerCorrectIdentifiers",
        "2019-01-03",
        **person,
        **WHY,
        wrong=[nid],
        right=[{"system": "NID", "value": "2"}],
    )
    licence = {"licenceId": str(uuid4()), **person}
    terms = {
        "issuingBody": "Council",
        "number": "L-1",
        "validFrom": "2019-01-01",
        "validUntil": "2019-12-31",
    }
    await send("healthWorkerTellLicence", "2019-02-01", **licence, terms=terms)
    await send("healthWorkerRenewLicence", "2020-01-02", **licence, terms=terms)
    await send("healthWorkerWithdrawLicence", "2020-02-01", **licence, **WHY)
    await send(
        "healthWorkerCorrectLicence",
        "2020-03-01",
        **licence,
        **WHY,
        terms=terms,
        withdrawnOn="2020-02-02",
    )
    beside = {**person, "orgUnitId": there}
    await send("healthWorkerBeginSecondPosting", "2020-03-02", **beside)
    await send("healthWorkerEndSecondPosting", "2020-04-02", **beside)
    posting = {"orgUnitId": there, "since": "2020-03-03", "until": "2020-04-03"}
    await send(
        "healthWorkerCorrectSecondPostings", "2020-05-01", **person, **WHY, postings=[posting]
    )
    await send("healthWorkerGoOnLeave", "2020-06-01", **person, expectedReturn="2020-08-01")
    await send("healthWorkerReturn", "2020-08-03", **person)
    await send("healthWorkerLeave", "2020-09-01", **person, cause="RESIGNED")
    leave = {"employment": "ON_LEAVE", "since": "2020-06-02", "expectedReturn": "2020-08-01"}
    await send("healthWorkerCorrectEmployment", "2020-09-02", **person, **WHY, employment=[leave])
    with suppress(Refusal):  # nothing of hers follows
        await send("healthWorkerWeighEmployment", "2020-09-03", **person, **WHY)
    return house
