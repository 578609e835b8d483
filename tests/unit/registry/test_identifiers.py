"""Who holds an identifier, holds it in whatever way it is written."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections.health_workers import HEALTH_WORKER
from services.registry.views.people import IDENTIFIER
from shared.domain.errors import MshauriError
from tests.support.house import House

DAY = "2021-05-03"


class Clinic:
    """One facility, and people to register there."""

    def __init__(self, house: House, unit: UUID) -> None:
        self.house, self.unit = house, unit

    @classmethod
    async def founded(cls) -> "Clinic":
        house = await House.built()
        unit = await house.send(
            "orgUnitEstablish", code="C1", name="Clinic", unitKind="FACILITY", occurredOn=DAY
        )
        return cls(house, unit.id)

    async def register(self, **more: Any) -> UUID:
        answer = await self.house.send(
            "healthWorkerRegister",
            givenNames="Given",
            familyName="Family",
            cadre="Nurse",
            orgUnitId=str(self.unit),
            occurredOn=DAY,
            **more,
        )
        return answer.id

    async def refusal(self, **more: Any) -> tuple[str, str | None]:
        with pytest.raises(MshauriError) as refused:
            await self.register(**more)
        return refused.value.code, refused.value.field


def council(value: str, system: str = "NCNM") -> list[dict[str, str]]:
    return [{"system": system, "value": value}]


async def test_a_number_is_one_in_capitals_and_without() -> None:
    clinic = await Clinic.founded()
    await clinic.register(number="W-204a")
    for number in ("w-204A", "W-204A"):
        assert await clinic.refusal(number=number) == ("ALREADY_TAKEN", "number")
    await clinic.register(number="W-204b")


@pytest.mark.parametrize("value", ["ab 12-7", "AB12-7 ", "ＡＢ12-7", "AB\u200b12-7", "a b12 -7"])
async def test_an_identifier_is_one_however_it_is_typed(value: str) -> None:
    clinic = await Clinic.founded()
    await clinic.register(identifiers=council("AB12-7"))
    refused = await clinic.refusal(identifiers=council(value))
    assert refused == ("ALREADY_TAKEN", "identifiers[0].value")
    refused = await clinic.refusal(identifiers=council("AB12-7", system="ncnm "))
    assert refused == ("ALREADY_TAKEN", "identifiers[0].value")
    await clinic.register(identifiers=council("AB12-7", system="KMPDC"))


async def test_a_number_is_recorded_as_sent_and_recognised_folded() -> None:
    clinic = await Clinic.founded()
    await clinic.register(number="W-204a", identifiers=council(" Ab 12-7 "))
    (worker,) = clinic.house.rows(HEALTH_WORKER)
    assert worker["number"] == "W-204a"
    (kept,) = clinic.house.rows(IDENTIFIER)
    assert kept["value"] == "ab12-7"


async def test_an_identifier_that_comes_later_is_nobody_else_s_and_their_own_comes_again() -> None:
    clinic = await Clinic.founded()
    await clinic.register(identifiers=council("AB12-7"))
    await clinic.register(number="W-2", identifiers=council("AB12-8"))
    (second,) = clinic.house.rows(HEALTH_WORKER, number="W-2")

    async def update(*identifiers: dict[str, str]) -> None:
        await clinic.house.send(
            "healthWorkerUpdateDetails",
            healthWorkerId=str(second["id"]),
            identifiers=list(identifiers),
        )

    await update(*council("ab12-8"), *council(" AB12-9"))
    with pytest.raises(MshauriError) as refused:
        await update(*council("AB12-10"), *council("ab12-7"))
    assert (refused.value.code, refused.value.field) == ("ALREADY_TAKEN", "identifiers[1].value")
    assert await clinic.refusal(identifiers=council("AB12-9")) == (
        "ALREADY_TAKEN",
        "identifiers[0].value",
    )
    # What was refused claims nothing.
    await clinic.register(identifiers=council("AB12-10"))


async def test_what_is_left_out_of_an_update_is_shown_as_it_was() -> None:
    clinic = await Clinic.founded()
    await clinic.register(phone="+254 712 345 678", languages=["en", "sw"])
    (before,) = clinic.house.rows(HEALTH_WORKER)
    update = {"healthWorkerId": str(before["id"])}
    await clinic.house.send("healthWorkerUpdateDetails", languages=["en"], **update)
    await clinic.house.send("healthWorkerUpdateDetails", identifiers=council("1"), **update)
    (after,) = clinic.house.rows(HEALTH_WORKER)
    assert (after["phone"], list(after["languages"])) == ("+254712345678", ["en"])
    await clinic.house.send("healthWorkerUpdateDetails", phone="0722 000 000", **update)
    (after,) = clinic.house.rows(HEALTH_WORKER)
    assert (after["phone"], list(after["languages"])) == ("0722 000 000", ["en"])
    with pytest.raises(MshauriError) as refused:
        await clinic.house.send("healthWorkerUpdateDetails", languages=["en"], **update)
    assert (refused.value.code, refused.value.field) == ("SAME_DETAILS", "languages")


async def test_no_claim_tells_an_identifier() -> None:
    clinic = await Clinic.founded()
    await clinic.register(identifiers=council("12:34:5678"))
    claims = clinic.house.ledger("registry")._claims
    assert not [key for key in claims if "12" in key.rpartition(":")[0]]


@pytest.mark.parametrize(("before", "now"), [("KE-9", "ke-9"), ("ke-9", "KE-9"), ("Ke-9", "Ke-9")])
async def test_a_code_claimed_before_codes_were_folded_is_taken(before: str, now: str) -> None:
    clinic = await Clinic.founded()
    clinic.house.ledger("registry")._claims[f"org_unit:code:{before}"] = clinic.unit
    with pytest.raises(MshauriError) as refused:
        await clinic.house.send("orgUnitEstablish", code=now, name="Nine", unitKind="FACILITY")
    assert (refused.value.code, refused.value.field) == ("ALREADY_TAKEN", "code")


async def test_the_code_of_a_group_is_one_in_capitals_and_without() -> None:
    clinic = await Clinic.founded()
    group = {"name": "Association", "groupKind": "ASSOCIATION", "occurredOn": DAY}
    await clinic.house.send("groupEstablish", code="Kma", **group)
    with pytest.raises(MshauriError) as refused:
        await clinic.house.send("groupEstablish", code="KMA", **group)
    assert (refused.value.code, refused.value.field) == ("ALREADY_TAKEN", "code")
