"""An area may be for some cadres: another one is recorded, counted or refused, as is set."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from services.gateway.projections import DEVIATION
from shared.contracts.definition import Area, Conduct
from shared.contracts.definition.conduct import ConductRule, Judgement
from tests.support.mentoring import Country, rules

NURSES = Area(
    code="HR", name="Treatment by nurses", technical_area="HIV", cadres=("Nurse", "Senior nurse")
)


async def for_nurses(conduct: Conduct | None = None) -> Country:
    return await Country.under(replace(rules(areas=(NURSES,)), conduct=conduct or Conduct()))


async def of_cadre(country: Country, cadre: str) -> UUID:
    return await country.send(
        "healthWorkerRegister",
        givenNames="Given",
        familyName="Family",
        cadre=cadre,
        orgUnitId=country.facility,
    )


def departures(country: Country, enrolment: UUID) -> list[tuple[str, bool]]:
    rows = country.house.rows(DEVIATION, record_id=enrolment)
    return [(row["rule"], row["counts"]) for row in rows]


@pytest.mark.parametrize("cadre", ["Nurse", "NURSE", "senior nurse"])
async def test_whoever_has_one_of_its_cadres_is_enrolled(cadre: str) -> None:
    country = await for_nurses()
    enrolment = await country.enrolment(await of_cadre(country, cadre))
    assert departures(country, enrolment) == []


@pytest.mark.parametrize(
    ("judgement", "counts"), [(Judgement.RECORD, False), (Judgement.COUNT, True)]
)
async def test_another_cadre_departs(judgement: Judgement, *, counts: bool) -> None:
    country = await for_nurses(Conduct(otherwise=judgement))
    enrolment = await country.enrolment(await of_cadre(country, "Data capturer"))
    assert departures(country, enrolment) == [("CADRE_NOT_OF_AREA", counts)]


async def test_a_version_may_refuse_another_cadre() -> None:
    country = await for_nurses(Conduct(refuse=(ConductRule.CADRE_NOT_OF_AREA,)))
    person = await of_cadre(country, "Data capturer")
    refused = await country.refused(
        "menteeEnrol", healthWorkerId=person, cohortId=country.cohort, area="HR"
    )
    assert refused == ("CADRE_NOT_OF_AREA", "area")


async def test_the_cadre_is_that_of_the_day() -> None:
    country = await for_nurses()
    person = await of_cadre(country, "Data capturer")
    await country.send("healthWorkerChangeCadre", healthWorkerId=person, cadre="Nurse", on=10)
    enrolment = await country.enrolment(person, on=10)
    assert departures(country, enrolment) == []
    other = await of_cadre(country, "Data capturer")
    await country.send("healthWorkerChangeCadre", healthWorkerId=other, cadre="Nurse", on=10)
    enrolment = await country.enrolment(other, on=9)
    assert departures(country, enrolment) == [("CADRE_NOT_OF_AREA", False)]


async def test_an_area_that_names_none_is_for_everybody() -> None:
    country = await Country.under(replace(rules(), conduct=Conduct(otherwise=Judgement.REFUSE)))
    await country.enrolment(await of_cadre(country, "Data capturer"))
