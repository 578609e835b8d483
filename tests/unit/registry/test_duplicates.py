"""Duplicates: suspected as soon as somebody is registered, dismissed for good, never in clear."""

from typing import Any
from uuid import UUID

import pytest

from services.registry.phones import phone_of
from services.registry.screening.likeness import ALIKE, Known, likeness
from services.registry.screening.names import folded_name, name
from services.registry.views.people import IDENTIFIER, PERSON
from shared.contracts.registry.health_worker import (
    DuplicateDismissed,
    DuplicateSuspected,
    Ground,
)
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.house import House

DAY = "2020-03-02"
HERE = new_id()


def row(full: str, phone: str | None = None, unit: UUID = HERE, *numbers: str) -> Known:
    given, _, family = full.rpartition(" ")
    reached = phone_of(phone)
    return Known(
        id=new_id(),
        org_unit_id=unit,
        name=name(folded_name(given, family)),
        phone=None if reached is None else reached.national,
        calling=None if reached is None else reached.calling,
        numbers=frozenset(numbers),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Espérance Mukamana", "ESPERANCE MUKAMANA"),
        ("Jean Baptiste Uwimana", "Uwimana Jean-Baptiste"),
        ("Mary Achieng", "Mary Acheng"),
        ("Marie Uwimana", "Mary Uwimana"),
        ("D\u00e9sir\u00e9e Ak\u00e9za", "De\u0301sire\u0301e Ake\u0301za"),
        ("Fabienne Nkusi", "Fabi\u200benne\u00a0 NKUSI"),
    ],
)
def test_a_name_written_otherwise_is_suspected_within_the_facility(one: str, other: str) -> None:
    found = likeness(row(one), row(other))
    assert found.grounds == (Ground.NAME_AND_FACILITY,)
    assert found.score >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [("Claudine Uwase", "Claudine Uwera"), ("Mary Achieng", "Mary Adhiambo")],
)
def test_relatives_and_namesakes_are_two_people(one: str, other: str) -> None:
    assert not likeness(row(one), row(other)).grounds


def test_the_same_name_elsewhere_is_no_ground() -> None:
    there = row("Mary Achieng", unit=new_id())
    assert not likeness(row("Mary Achieng"), there).grounds


def test_a_phone_is_the_same_with_and_without_the_country() -> None:
    one = row("Mary Achieng", "0712 345 678")
    other = row("Grace Wanjiku", "+254712345678", unit=new_id())
    assert likeness(one, other).grounds == (Ground.PHONE,)


def test_who_has_no_phone_shares_none() -> None:
    found = likeness(row("Mary Achieng"), row("Ann Ouma"))
    assert not found.grounds


def test_a_shared_identifier_is_a_ground_by_itself() -> None:
    found = likeness(row("Mary Achieng", None, HERE, "1"), row("Ann Ouma", None, HERE, "1"))
    assert found.grounds == (Ground.IDENTIFIER,)


def test_who_was_erased_is_like_nobody() -> None:
    erased = Known(id=new_id(), org_unit_id=HERE, name=None)
    assert not likeness(erased, erased).grounds


class Clinic:
    """One facility in a house, and people to register there."""

    def __init__(self, house: House, unit: UUID) -> None:
        self.house, self.unit = house, unit

    async def register(self, given: str, family: str, **more: Any) -> UUID:
        answer = await self.house.send(
            "healthWorkerRegister",
            **{
                "givenNames": given,
                "familyName": family,
                "cadre": "Nurse",
                "orgUnitId": str(self.unit),
                "occurredOn": DAY,
                **more,
            },
        )
        return answer.id

    async def refused(self, name: str, /, **content: Any) -> str:
        with pytest.raises(MshauriError) as refusal:
            await self.house.send(name, **content)
        return refusal.value.code


@pytest.fixture
async def clinic() -> Clinic:
    house = await House.built()
    unit = await house.send(
        "orgUnitEstablish", code="F1", name="Clinic", unitKind="FACILITY", occurredOn="2018-01-01"
    )
    return Clinic(house, unit.id)


async def suspicions(clinic: Clinic, worker: UUID) -> list[DuplicateSuspected]:
    return [
        event
        for event in await clinic.house.events(worker)
        if isinstance(event, DuplicateSuspected)
    ]


async def test_who_is_registered_twice_is_suspected_at_once(clinic: Clinic) -> None:
    first = await clinic.register("Mary", "Achieng")
    again = await clinic.register("Mary", "Acheng")
    [suspicion] = await suspicions(clinic, again)
    assert suspicion.other_id == first
    assert suspicion.grounds == (Ground.NAME_AND_FACILITY,)
    assert await suspicions(clinic, first) == []


async def test_one_number_in_two_systems_is_suspected(clinic: Clinic) -> None:
    first = await clinic.register(
        "Mary", "Achieng", identifiers=[{"system": "NID", "value": "24 118 002"}]
    )
    again = await clinic.register(
        "Grace", "Wanjiku", identifiers=[{"system": "NCK", "value": "24118002"}]
    )
    [suspicion] = await suspicions(clinic, again)
    assert (suspicion.other_id, suspicion.grounds) == (first, (Ground.IDENTIFIER,))


async def test_without_a_likeness_nothing_is_recorded(clinic: Clinic) -> None:
    await clinic.register("Mary", "Achieng")
    other = await clinic.register("Grace", "Wanjiku")
    assert ("duplicates", "healthWorkerCheckDuplicates", "NOTHING_SUSPECTED") in (
        clinic.house.outcomes
    )
    code = await clinic.refused("healthWorkerCheckDuplicates", healthWorkerId=str(other))
    assert code == "NOTHING_SUSPECTED"


@pytest.mark.parametrize("other_side", [False, True])
async def test_what_was_dismissed_is_not_suspected_again(
    clinic: Clinic, *, other_side: bool
) -> None:
    first = await clinic.register("Mary", "Achieng")
    again = await clinic.register("Mary", "Acheng")
    pair = (first, again) if other_side else (again, first)
    answer = await clinic.house.send(
        "healthWorkerDismissDuplicate",
        healthWorkerId=str(pair[0]),
        otherId=str(pair[1]),
        reason="They are sisters",
    )
    assert answer.id == again  # where the suspicion stands
    assert (await clinic.house.events(again))[-1] == DuplicateDismissed(
        health_worker_id=again, other_id=first
    )
    for worker in (first, again):
        code = await clinic.refused("healthWorkerCheckDuplicates", healthWorkerId=str(worker))
        assert code == "NOTHING_SUSPECTED"


async def test_a_dismissal_says_why_and_is_of_a_suspicion(clinic: Clinic) -> None:
    first = await clinic.register("Mary", "Achieng")
    again = await clinic.register("Mary", "Acheng")
    stranger = await clinic.register("Grace", "Wanjiku")
    pair = {"healthWorkerId": str(again), "otherId": str(first)}
    assert await clinic.refused("healthWorkerDismissDuplicate", **pair) == "REASON_MISSING"
    pair["otherId"] = str(stranger)
    code = await clinic.refused("healthWorkerDismissDuplicate", **pair, reason="Two people")
    assert code == "NOT_SUSPECTED"


async def test_who_is_like_an_alias_is_suspected_to_be_who_stands_for_it(clinic: Clinic) -> None:
    survivor = await clinic.register("Grace", "Wanjiku")
    alias = await clinic.register("Mary", "Achieng", phone="0712345678")
    await clinic.house.send(
        "healthWorkerMerge",
        healthWorkerId=str(alias),
        intoId=str(survivor),
        reason="Her name before she married",
    )
    third = await clinic.register("Mary", "Achieng", phone="+254712345678")
    [suspicion] = await suspicions(clinic, third)
    assert suspicion.other_id == survivor
    code = await clinic.refused("healthWorkerCheckDuplicates", healthWorkerId=str(alias))
    assert code == "MERGED_INTO"


async def test_people_are_recognised_where_they_are_posted_now(clinic: Clinic) -> None:
    house = clinic.house
    elsewhere = await house.send(
        "orgUnitEstablish", code="F2", name="Other", unitKind="FACILITY", occurredOn="2018-01-01"
    )
    first = await clinic.register("Mary", "Achieng")
    await house.send(
        "healthWorkerTransfer",
        healthWorkerId=str(first),
        orgUnitId=str(elsewhere.id),
        occurredOn="2021-01-01",
    )
    assert await suspicions(clinic, await clinic.register("Mary", "Acheng")) == []
    clinic.unit = elsewhere.id
    [suspicion] = await suspicions(clinic, await clinic.register("Mary", "Acheng"))
    assert suspicion.other_id == first


async def test_people_are_recognised_by_the_phone_they_have_now(clinic: Clinic) -> None:
    first = await clinic.register("Mary", "Achieng", phone="+254 712 345 678")
    second = await clinic.register("Grace", "Wanjiku", phone="+254 722 000 000")
    assert await suspicions(clinic, second) == []
    await clinic.house.send(
        "healthWorkerUpdateDetails", healthWorkerId=str(second), phone="0712 345 678"
    )
    [suspicion] = await suspicions(clinic, second)
    assert (suspicion.other_id, suspicion.grounds) == (first, (Ground.PHONE,))
    # Whoever gets the number that she gave up is somebody else.
    third = await clinic.register("Ann", "Ouma", phone="+254 722 000 000")
    assert await suspicions(clinic, third) == []


async def test_people_are_recognised_by_every_number_they_came_to_have(clinic: Clinic) -> None:
    def numbers(*values: str, system: str = "NID") -> list[dict[str, str]]:
        return [{"system": system, "value": value} for value in values]

    first = await clinic.register("Mary", "Achieng", identifiers=numbers("1", system="PAYROLL"))
    for values in (("22", "33"), ("44",)):
        await clinic.house.send(
            "healthWorkerUpdateDetails", healthWorkerId=str(first), identifiers=numbers(*values)
        )
    kept = clinic.house.rows(IDENTIFIER, health_worker_id=first)
    assert sorted(row["value"] for row in kept) == ["1", "22", "33", "44"]
    second = await clinic.register("Ann", "Ouma", identifiers=numbers("33", system="OTHER"))
    [suspicion] = await suspicions(clinic, second)
    assert (suspicion.other_id, suspicion.grounds) == (first, (Ground.IDENTIFIER,))


async def test_the_view_keeps_no_more_of_a_name_than_likeness_needs(clinic: Clinic) -> None:
    worker = await clinic.register("Espérance", "Muka-Mana", phone="+250 788 123 456")
    [kept] = clinic.house.rows(PERSON, id=worker)
    assert (kept["name"], kept["phone"]) == ("esperance muka mana", "788123456")
