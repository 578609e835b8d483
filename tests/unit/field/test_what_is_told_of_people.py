"""What a register tells of people, and takes back: phones of a country, numbers, licences, details,
cadres of a list, and people of whom little is known.
"""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import (
    DEVIATION,
    HEALTH_WORKER,
    LICENCE,
    PERSON_IDENTIFIER,
    POSTING,
    SUSPECTED_DUPLICATE,
)
from services.registry.views.people import PERSON
from shared.contracts.definition import Area
from shared.domain.errors import MshauriError
from tests.support.house import House
from tests.support.mentoring import Country, rules

BEGAN, LATER = "2019-03-04", "2021-05-03"
WHY = "So the council wrote."


class Register:
    """A country with a district and a hospital, and a person's record in it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.country: UUID
        self.district: UUID
        self.hospital: UUID

    @classmethod
    async def of(cls, code: str = "KE", name: str = "Kenya") -> "Register":
        register = cls(await House.built())
        register.country = await register.unit(code, name, "COUNTRY")
        register.district = await register.unit("D1", "First", "DISTRICT", register.country)
        register.hospital = await register.unit("H1", "Hospital", "FACILITY", register.district)
        return register

    async def unit(self, code: str, name: str, kind: str, parent: UUID | None = None) -> UUID:
        under = {} if parent is None else {"parentId": str(parent)}
        about = {"code": code, "name": name, "unitKind": kind, "occurredOn": BEGAN}
        return (await self.house.send("orgUnitEstablish", **about, **under)).id

    async def person(self, unit: UUID | None = None, **more: Any) -> UUID:
        content = {
            "givenNames": "Testa",
            "familyName": "Mfano",
            "cadre": "Nurse",
            "orgUnitId": str(unit or self.hospital),
            "occurredOn": BEGAN,
            **more,
        }
        return (await self.house.send("healthWorkerRegister", **content)).id

    async def send(self, name: str, person: UUID, **content: Any) -> None:
        await self.house.send(f"healthWorker{name}", healthWorkerId=str(person), **content)

    async def refused(self, name: str, person: UUID, **content: Any) -> tuple[str, str | None]:
        with pytest.raises(MshauriError) as error:
            await self.send(name, person, **content)
        return error.value.code, error.value.field

    def shown(self, person: UUID) -> dict[str, Any]:
        (row,) = self.house.rows(HEALTH_WORKER, id=person)
        return dict(row)


async def refused(wish: Any) -> tuple[str, str | None]:
    with pytest.raises(MshauriError) as error:
        await wish
    return error.value.code, error.value.field


# ── phones ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("country", "written", "kept"),
    [
        (("KE", "Kenya"), "0722 123 456", "+254722123456"),
        (("KE", "Kenya"), "254722123456", "+254722123456"),
        (("KE", "Kenya"), "00254 722 123456", "+254722123456"),
        (("KE", "Kenya"), "(0722) 123-456", "+254722123456"),
        (("KE", "Kenya"), "722123456", "+254722123456"),
        (("KE", "Kenya"), "+250 788 123 456", "+250788123456"),
        (("RWA", "Republic"), "0788 123 456", "+250788123456"),
        (("R-1", "Rwanda"), "0788 123 456", "+250788123456"),
        (("BF", "Burkina Faso"), "70 12 34 56", "+22670123456"),
    ],
)
async def test_a_phone_is_kept_in_one_form_by_the_country_of_its_unit(
    country: tuple[str, str], written: str, kept: str
) -> None:
    register = await Register.of(*country)
    person = await register.person(phone=written)
    assert register.shown(person)["phone"] == kept


@pytest.mark.parametrize(
    "written", ["07221234567890", "312345", "+254 12 34", "000 000 000", "+999 123 456 789"]
)
async def test_a_number_that_no_phone_has_is_refused_by_its_field(written: str) -> None:
    register = await Register.of()
    assert await refused(register.person(phone=written)) == ("PHONE_IMPOSSIBLE", "phone")
    person = await register.person()
    said = await register.refused("UpdateDetails", person, phone=written)
    assert said == ("PHONE_IMPOSSIBLE", "phone")


async def test_one_phone_is_one_however_it_was_recorded() -> None:
    register = await Register.of()
    there = await register.unit("H2", "Other", "FACILITY", register.district)
    one = await register.person(phone="0722 123 456", givenNames="Ama", familyName="Kwanza")
    other = await register.person(
        there, phone="+254-722-123-456", givenNames="Zed", familyName="Pili"
    )
    (pair,) = register.house.rows(SUSPECTED_DUPLICATE)
    assert {pair["health_worker_id"], pair["other_id"]} == {one, other}
    assert list(pair["grounds"]) == ["PHONE"]


async def test_a_phone_in_a_place_of_no_country_stays_as_it_is_typed() -> None:
    register = await Register.of("XX-1", "Nowhere at all")
    person = await register.person(phone="0722-123-456")
    assert register.shown(person)["phone"] == "0722 123 456"


async def test_a_house_may_say_of_which_country_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    register = await Register.of("XX-1", "Nowhere at all")
    monkeypatch.setattr(register.house.commander("registry"), "_country", "KE")
    person = await register.person(phone="0722-123-456")
    assert register.shown(person)["phone"] == "+254722123456"


# ── details ───────────────────────────────────────────────────────────────────────────────────

DETAILS: dict[str, Any] = {
    "email": "testa@example.org",
    "sex": "FEMALE",
    "birthYear": 1990,
    "qualification": "Diploma",
    "employer": "A partner",
}


async def test_what_is_told_is_shown_replaced_and_cleared() -> None:
    register = await Register.of()
    person = await register.person(**DETAILS, phone="0722 123 456", languages=["sw"])
    shown = register.shown(person)
    assert {name: shown[name] for name in ("email", "sex", "birth_year", "employer")} == {
        "email": "testa@example.org",
        "sex": "FEMALE",
        "birth_year": 1990,
        "employer": "A partner",
    }
    await register.send("UpdateDetails", person, employer="The county", clear=["PHONE", "SEX"])
    shown = register.shown(person)
    assert (shown["employer"], shown["phone"], shown["sex"]) == ("The county", None, None)
    assert shown["email"] == "testa@example.org"
    (known,) = register.house.rows(PERSON, id=person)
    assert known["phone"] is None
    await register.send("UpdateDetails", person, clear=["LANGUAGES", "EMAIL", "BIRTH_YEAR"])
    shown = register.shown(person)
    assert (list(shown["languages"]), shown["email"], shown["birth_year"]) == ([], None, None)


async def test_a_correction_of_a_detail_says_why() -> None:
    register = await Register.of()
    person = await register.person(**DETAILS)
    wish = {"birthYear": 1991, "corrected": True}
    assert await register.refused("UpdateDetails", person, **wish) == ("REASON_MISSING", "reason")
    await register.send("UpdateDetails", person, **wish, reason=WHY)
    assert register.shown(person)["birth_year"] == 1991


async def test_a_detail_is_given_or_cleared_and_nobody_is_born_at_work() -> None:
    register = await Register.of()
    person = await register.person()
    said = await register.refused("UpdateDetails", person, phone="0722123456", clear=["PHONE"])
    assert said == ("DETAIL_GIVEN_AND_CLEARED", "clear")
    said = await register.refused("UpdateDetails", person, birthYear=2019)
    assert said == ("BORN_LATER", "birthYear")
    assert await refused(register.person(birthYear=2021)) == ("BORN_LATER", "birthYear")


# ── numbers ───────────────────────────────────────────────────────────────────────────────────


def number(value: str, system: str = "NCK") -> list[dict[str, str]]:
    return [{"system": system, "value": value}]


async def test_a_number_of_another_is_given_up_and_free_for_whoever_has_it() -> None:
    register = await Register.of()
    wrong = await register.person(identifiers=number("Ab 47-11"))
    taken = await refused(register.person(identifiers=number("AB47-11")))
    assert taken == ("ALREADY_TAKEN", "identifiers[0].value")
    said = await register.refused("CorrectIdentifiers", wrong, wrong=number("ab47-11"))
    assert said == ("REASON_MISSING", "reason")
    await register.send("CorrectIdentifiers", wrong, wrong=number("ab47-11"), reason=WHY)
    assert register.house.rows(PERSON_IDENTIFIER) == []
    there = await register.unit("H2", "Other", "FACILITY", register.district)
    right = await register.person(there, identifiers=number("AB47-11"))
    (row,) = register.house.rows(PERSON_IDENTIFIER)
    assert (row["health_worker_id"], row["value"]) == (right, "AB47-11")
    assert register.house.rows(SUSPECTED_DUPLICATE) == [], "it speaks of the first no more"
    again = await register.refused("CorrectIdentifiers", wrong, wrong=number("ab47-11"), reason=WHY)
    assert again == ("IDENTIFIER_NOT_ON_RECORD", "wrong[0]")


async def test_a_number_is_corrected_and_the_right_one_is_nobody_else_s() -> None:
    register = await Register.of()
    person = await register.person(identifiers=number("4711"))
    await register.person(identifiers=number("4713"))
    wish = {"wrong": number("4711"), "reason": WHY}
    taken = await register.refused("CorrectIdentifiers", person, **wish, right=number("4713"))
    assert taken == ("ALREADY_TAKEN", "right[0].value")
    await register.send("CorrectIdentifiers", person, **wish, right=number("4712"))
    rows = register.house.rows(PERSON_IDENTIFIER, health_worker_id=person)
    assert [row["value"] for row in rows] == ["4712"]
    assert await refused(register.person(identifiers=number("4712"))) == (
        "ALREADY_TAKEN",
        "identifiers[0].value",
    )


async def test_only_a_number_on_record_is_corrected() -> None:
    register = await Register.of()
    person = await register.person(identifiers=number("4711"))
    other = await register.person(identifiers=number("4712"))
    said = await register.refused("CorrectIdentifiers", person, wrong=number("4712"), reason=WHY)
    assert said == ("IDENTIFIER_NOT_ON_RECORD", "wrong[0]")
    assert register.house.rows(PERSON_IDENTIFIER, health_worker_id=other)
    same = {"wrong": number("4711"), "right": number("4711"), "reason": WHY}
    assert await register.refused("CorrectIdentifiers", person, **same) == ("SAME_DETAILS", "wrong")


async def test_how_a_number_is_written_is_corrected_and_it_stays_theirs() -> None:
    register = await Register.of()
    person = await register.person(identifiers=number("47 11", "nck"))
    wish = {"wrong": number("4711"), "right": number("4711"), "reason": WHY}
    await register.send("CorrectIdentifiers", person, **wish)
    (row,) = register.house.rows(PERSON_IDENTIFIER)
    assert (row["system"], row["value"]) == ("NCK", "4711")
    assert await refused(register.person(identifiers=number("47 11"))) == (
        "ALREADY_TAKEN",
        "identifiers[0].value",
    )


# ── licences ──────────────────────────────────────────────────────────────────────────────────

TERMS = {
    "issuingBody": "Council of Nurses",
    "number": "L-1",
    "validFrom": "2020-01-01",
    "validUntil": "2020-12-31",
}


def licence_of(register: Register, person: UUID) -> dict[str, Any]:
    (row,) = register.house.rows(LICENCE, health_worker_id=person)
    return dict(row)


async def test_a_licence_is_told_renewed_withdrawn_and_corrected() -> None:
    register = await Register.of()
    person = await register.person(licences=[TERMS])
    licence = licence_of(register, person)
    assert (licence["issuing_body"], str(licence["valid_until"])) == (
        "Council of Nurses",
        "2020-12-31",
    )
    about = {"licenceId": str(licence["licence_id"])}
    longer = {**TERMS, "validFrom": "2021-01-01", "validUntil": "2021-12-31"}
    await register.send("RenewLicence", person, **about, terms=longer)
    assert str(licence_of(register, person)["valid_until"]) == "2021-12-31"
    assert await register.refused("WithdrawLicence", person, **about) == (
        "REASON_MISSING",
        "reason",
    )
    await register.send("WithdrawLicence", person, **about, reason=WHY, occurredOn=LATER)
    assert str(licence_of(register, person)["withdrawn_on"]) == LATER
    said = await register.refused("RenewLicence", person, **about, terms=longer)
    assert said == ("LICENCE_WITHDRAWN", "licenceId")
    await register.send("CorrectLicence", person, **about, terms=longer, reason=WHY)
    assert licence_of(register, person)["withdrawn_on"] is None
    await register.send("RenewLicence", person, **about, terms=longer)
    await register.send("CorrectLicence", person, **about, reason=WHY)
    assert register.house.rows(LICENCE) == []
    said = await register.refused("CorrectLicence", person, **about, terms=TERMS, reason=WHY)
    assert said == ("NO_SUCH_LICENCE", "licenceId")


async def test_a_licence_is_told_once_and_holds_a_day() -> None:
    register = await Register.of()
    person = await register.person()
    ends_before = {**TERMS, "validUntil": "2019-12-31"}
    said = await register.refused("TellLicence", person, terms=ends_before)
    assert said == ("LICENCE_ENDS_BEFORE", "terms.validUntil")
    assert await refused(register.person(licences=[TERMS, ends_before])) == (
        "LICENCE_ENDS_BEFORE",
        "licences[1].validUntil",
    )
    await register.send("TellLicence", person, terms={"issuingBody": "Board", "number": "9"})
    id = str(licence_of(register, person)["licence_id"])
    said = await register.refused("TellLicence", person, licenceId=id, terms=TERMS)
    assert said == ("LICENCE_ALREADY_TOLD", "licenceId")


async def test_two_who_show_one_licence_may_be_one_person() -> None:
    register = await Register.of()
    there = await register.unit("H2", "Other", "FACILITY", register.district)
    await register.person(licences=[TERMS], givenNames="Ama", familyName="Kwanza")
    await register.person(there, licences=[TERMS], givenNames="Zed", familyName="Pili")
    (pair,) = register.house.rows(SUSPECTED_DUPLICATE)
    assert list(pair["grounds"]) == ["IDENTIFIER"]


# ── cadres ────────────────────────────────────────────────────────────────────────────────────

CADRES = [
    {"code": "NURSE", "name": "Nurse", "aliases": ["KRCHN"], "isco": "2221"},
    {"code": "DATA-CLERK", "name": "Data clerk", "aliases": ["Data capturer"], "isco": "3252"},
]


async def test_once_a_country_told_its_cadres_they_are_recorded_by_their_codes() -> None:
    register = await Register.of()
    before = await register.person(cadre="Matron")
    early = await register.person(cadre="Nurse")
    await register.house.send(
        "codeListTell", orgUnitId=str(register.country), list="CADRE", entries=CADRES
    )
    said = await register.refused("ChangeCadre", early, cadre="KRCHN", occurredOn=LATER)
    assert said == ("SAME_CADRE", "cadre"), "in other words, what was recorded before the list"
    person = await register.person(cadre="krchn")
    assert register.shown(person)["cadre"] == "NURSE"
    with pytest.raises(MshauriError) as error:
        await register.person(cadre="Nurze")
    assert (error.value.code, error.value.field) == ("CADRE_NOT_LISTED", "cadre")
    assert error.value.params["candidates"] == "NURSE"
    said = await register.refused("ChangeCadre", person, cadre="Nurse", occurredOn=LATER)
    assert said == ("SAME_CADRE", "cadre")
    await register.send("ChangeCadre", person, cadre="Data capturer", occurredOn=LATER)
    assert register.shown(person)["cadre"] == "DATA-CLERK"
    line = [{"cadre": "Matron", "since": BEGAN}, {"cadre": "nurse", "since": LATER}]
    await register.send("CorrectCadres", before, cadres=line, reason=WHY)
    assert register.shown(before)["cadre"] == "NURSE"
    wrong = [{"cadre": "Matron", "since": BEGAN}, {"cadre": "Sister", "since": LATER}]
    said = await register.refused("CorrectCadres", before, cadres=wrong, reason=WHY)
    assert said == ("CADRE_NOT_LISTED", "cadres[1].cadre")


async def test_a_list_of_one_country_holds_in_no_other() -> None:
    register = await Register.of()
    await register.house.send(
        "codeListTell", orgUnitId=str(register.country), list="CADRE", entries=CADRES
    )
    elsewhere = await register.unit("RW", "Rwanda", "COUNTRY")
    person = await register.person(elsewhere, cadre="Matron")
    assert register.shown(person)["cadre"] == "Matron"
    await register.house.send("codeListTell", list="CADRE", entries=[CADRES[1]])
    assert await refused(register.person(elsewhere, cadre="Nurse")) == ("CADRE_NOT_LISTED", "cadre")
    await register.person(cadre="Nurse")


@pytest.mark.parametrize("told_before", [True, False])
async def test_an_area_s_cadres_are_those_of_the_list_by_any_of_their_words(
    *, told_before: bool
) -> None:
    area = Area(code="HR", name="Data", technical_area="HMIS", cadres=("Data capturer",))
    country = await Country.under(rules(areas=(area,)))
    told = {"list": "CADRE", "entries": CADRES}
    if told_before:
        await country.send("codeListTell", **told)
    person = await country.send(
        "healthWorkerRegister",
        givenNames="Testa",
        cadre="Data clerk",
        orgUnitId=country.facility,
    )
    if not told_before:
        await country.send("codeListTell", **told)
    enrolment = await country.enrolment(person)
    assert country.house.rows(DEVIATION, record_id=enrolment) == []


# ── people of whom little is known ────────────────────────────────────────────────────────────


async def test_somebody_without_facility_licence_phone_or_number_is_known() -> None:
    register = await Register.of()
    for unit in (register.district, register.country):
        person = await register.person(unit, familyName=None)
        shown = register.shown(person)
        assert (shown["org_unit_id"], shown["number"], shown["phone"]) == (unit, None, None)
        assert register.house.rows(LICENCE) == register.house.rows(PERSON_IDENTIFIER) == []
        (posting,) = register.house.rows(POSTING, health_worker_id=person)
        assert (posting["kind"], posting["org_unit_id"]) == ("PRIMARY", unit)
