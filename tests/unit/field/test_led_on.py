"""Whoever names a unit that is no more is led to what stands in its place today."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import ORG_UNIT
from shared.domain.errors import MshauriError
from tests.unit.registry.test_org_unit_commands import Country, two

SPLIT, MERGED, CLOSED = date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1)


async def reformed() -> tuple[Country, UUID]:
    """Return a country where a unit was split up into North and South, and South became a part of
    Great; with the unit.
    """
    country = await Country.founded()
    top = await country.establish("COUNTRY")
    unit, great = await country.establish(parent=top), await country.establish(parent=top)
    await country.ask("orgUnitRename", great, SPLIT, name="Great")
    await country.ask("orgUnitChangeCode", great, SPLIT, code="G-1")
    await country.ask("orgUnitSplit", unit, SPLIT, successors=two("N", "S"))
    south = next(row["id"] for row in country.house.rows(ORG_UNIT) if row["code"] == "S")
    await country.ask("orgUnitMerge", south, MERGED, intoId=str(great))
    return country, unit


async def told(country: Country, name: str, /, **content: Any) -> MshauriError:
    with pytest.raises(MshauriError) as refused:
        await country.house.send(name, **content)
    return refused.value


PERSON = {"givenNames": "Invented", "cadre": "Nurse"}


@pytest.mark.parametrize(
    ("name", "field", "content"),
    [
        ("orgUnitRename", "orgUnitId", {"name": "Later"}),
        ("orgUnitEstablish", "parentId", {"code": "F", "name": "F", "unitKind": "FACILITY"}),
        ("healthWorkerRegister", "orgUnitId", PERSON),
        ("accessGrantGive", "orgUnitId", {"subjectName": "c", "role": "COORDINATOR"}),
    ],
)
async def test_a_refusal_names_what_is_there_today_by_code_and_name(
    name: str, field: str, content: dict[str, Any]
) -> None:
    country, unit = await reformed()
    refused = await told(country, name, **{field: str(unit)}, **content)
    assert refused.field == field
    assert "N (Part N)" in refused.remedy
    assert "G-1 (Great)" in refused.remedy
    assert "S (Part S)" not in refused.remedy


async def test_of_a_unit_that_nothing_took_the_place_of_nothing_is_named() -> None:
    country, _ = await reformed()
    (north,) = (row["id"] for row in country.house.rows(ORG_UNIT) if row["code"] == "N")
    (south,) = (row["id"] for row in country.house.rows(ORG_UNIT) if row["code"] == "S")
    await country.ask("orgUnitClose", north, CLOSED, reason="Empty")
    refused = await told(country, "orgUnitRename", orgUnitId=str(north), name="Later")
    assert (refused.code, refused.remedy) == ("ORG_UNIT_CLOSED", "Name a unit that is open.")
    later = CLOSED + timedelta(days=1)
    refused = await told(
        country, "healthWorkerRegister", orgUnitId=str(south), occurredOn=str(later), **PERSON
    )
    assert "G-1 (Great)" in refused.remedy
    assert "N (" not in refused.remedy
