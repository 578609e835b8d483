"""A day of a year that nobody means is refused, whichever way a command came."""

from typing import Any

import pytest

from shared.domain.errors import MshauriError
from tests.support.house import House


async def refusal(house: House, name: str, **content: Any) -> tuple[str, str | None]:
    with pytest.raises(MshauriError) as refused:
        await house.send(name, **content)
    return refused.value.code, refused.value.field


@pytest.mark.parametrize("day", ["0023-05-31", "1899-12-31"])
async def test_a_posting_does_not_begin_before_1900(day: str) -> None:
    house = await House.built()
    unit = await house.send(
        "orgUnitEstablish", code="C1", name="Clinic", unitKind="FACILITY", occurredOn="1900-01-01"
    )
    person = {"givenNames": "Given", "familyName": "Family", "cadre": "Nurse"}
    refused = await refusal(
        house, "healthWorkerRegister", orgUnitId=str(unit.id), occurredOn=day, **person
    )
    assert refused == ("UNFIT_VALUE", "occurredOn")


async def test_a_grant_does_not_end_in_a_year_of_five_digits_or_nearly() -> None:
    refused = await refusal(
        await House.built(),
        "accessGrantGive",
        subjectName="c@moh",
        role="VIEWER",
        until="9999-12-31",
    )
    assert refused == ("UNFIT_VALUE", "until")
