"""People as they are: one name, a phone with dashes, a posting found on paper, another name."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import HEALTH_WORKER, POSTING
from shared.domain.errors import MshauriError
from tests.support.house import House

BEGAN, LATER = "2018-10-01", "2020-03-01"


class Register:
    """A house with two hospitals, and what is asked of it here."""

    house: House
    here: UUID
    there: UUID

    async def opened(self) -> "Register":
        self.house = await House.built()
        self.here, self.there = [
            (
                await self.house.send(
                    "orgUnitEstablish", code=code, name=code, unitKind="FACILITY", occurredOn=BEGAN
                )
            ).id
            for code in ("H1", "H2")
        ]
        return self

    async def register(self, **changes: Any) -> UUID:
        content = {
            "givenNames": "Marie",
            "familyName": "Uwase",
            "cadre": "Nurse",
            "orgUnitId": str(self.here),
            "occurredOn": BEGAN,
            **changes,
        }
        answer = await self.house.send(
            "healthWorkerRegister", **{key: one for key, one in content.items() if one is not None}
        )
        return answer.id

    async def refused(self, name: str, /, **content: Any) -> tuple[str, str | None]:
        with pytest.raises(MshauriError) as error:
            await self.house.send(name, **content)
        return error.value.code, error.value.field

    def shown(self, person: UUID) -> dict[str, Any]:
        (row,) = self.house.rows(HEALTH_WORKER, id=person)
        return dict(row)

    def postings(self, person: UUID) -> dict[str, UUID]:
        rows = self.house.rows(POSTING, health_worker_id=person)
        return {str(row["since"]): row["org_unit_id"] for row in rows}


@pytest.fixture
async def register() -> Register:
    return await Register().opened()


async def test_somebody_with_one_name_has_one_name(register: Register) -> None:
    person = await register.register(givenNames="Uwimana", familyName=None)
    assert (register.shown(person)["given_names"], register.shown(person)["family_name"]) == (
        "Uwimana",
        "",
    )


@pytest.mark.parametrize("written", ["0722-123-456", "(0722) 123 456", "0722.123.456"])
async def test_a_phone_is_written_as_people_write_it(register: Register, written: str) -> None:
    person = await register.register(phone=written)
    assert register.shown(person)["phone"] == "0722 123 456"
    details = {"healthWorkerId": str(person), "phone": "+254-722-999-999"}
    await register.house.send("healthWorkerUpdateDetails", **details)
    assert register.shown(person)["phone"] == "+254722999999"


async def test_an_earlier_posting_found_on_paper_goes_into_the_history(register: Register) -> None:
    person = await register.register(occurredOn=LATER)
    await register.house.send(
        "healthWorkerTransfer",
        healthWorkerId=str(person),
        orgUnitId=str(register.there),
        occurredOn=BEGAN,
    )
    assert register.postings(person) == {BEGAN: register.there, LATER: register.here}
    assert register.shown(person)["org_unit_id"] == register.here


async def test_a_posting_with_the_wrong_day_is_corrected_and_put_back(register: Register) -> None:
    person = await register.register()
    await register.house.send(
        "healthWorkerTransfer",
        healthWorkerId=str(person),
        orgUnitId=str(register.there),
        occurredOn=LATER,
    )
    before, shown = register.postings(person), register.shown(person)
    first = {"orgUnitId": str(register.here), "since": BEGAN}

    async def say(since: str) -> None:
        await register.house.send(
            "healthWorkerCorrectPostings",
            healthWorkerId=str(person),
            postings=[first, {"orgUnitId": str(register.there), "since": since}],
            reason="The letter says so.",
        )

    await say("2020-02-01")
    assert register.postings(person) == {BEGAN: register.here, "2020-02-01": register.there}
    await say(LATER)
    assert register.postings(person) == before
    again = register.shown(person)
    assert again | {name: shown[name] for name in ("position", "record_version")} == shown


async def test_a_correction_says_why_and_lies_in_no_future(register: Register) -> None:
    person = await register.register()
    wish = {
        "healthWorkerId": str(person),
        "postings": [{"orgUnitId": str(register.there), "since": "2999-01-01"}],
    }
    said = await register.refused("healthWorkerCorrectPostings", **wish)
    assert said == ("REASON_MISSING", "reason")
    said = await register.refused("healthWorkerCorrectPostings", **wish, reason="Later.")
    assert said == ("OCCURRED_IN_FUTURE", "postings[0].since")
    cadres = {"healthWorkerId": str(person), "cadres": [{"cadre": "Nurse", "since": "2999-01-01"}]}
    said = await register.refused("healthWorkerCorrectCadres", **cadres, reason="Later.")
    assert said == ("OCCURRED_IN_FUTURE", "cadres[0].since")


async def test_a_cadre_and_a_name_are_corrected_too(register: Register) -> None:
    person = await register.register()
    await register.house.send(
        "healthWorkerCorrectCadres",
        healthWorkerId=str(person),
        cadres=[{"cadre": "Midwife", "since": BEGAN}],
        reason="Her licence says so.",
    )
    await register.house.send(
        "healthWorkerRename",
        healthWorkerId=str(person),
        givenNames="Marie Claire",
        familyName="Mutesi",
        reason="She married.",
    )
    shown = register.shown(person)
    assert (shown["cadre"], shown["given_names"], shown["family_name"]) == (
        "Midwife",
        "Marie Claire",
        "Mutesi",
    )
