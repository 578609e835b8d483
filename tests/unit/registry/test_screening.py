"""The whole register screened: whoever is in it twice is come upon, wherever the two are posted."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import SCREENING, SUSPECTED_DUPLICATE
from services.registry.commands import screening as steps
from shared.contracts.registry.screening import ScreeningAdvanced, ScreeningEnded
from shared.domain.errors import MshauriError
from shared.following.policies import DUE
from tests.support.house import House

SINCE = "2020-03-02"


class Register:
    """A house with two facilities, and people who come into it as from an old list: unseen."""

    def __init__(self, house: House, units: list[UUID]) -> None:
        self.house, self.units = house, units

    @classmethod
    async def opened(cls) -> "Register":
        house = await House.built()
        units = []
        for code in ("F1", "F2"):
            answer = await house.send(
                "orgUnitEstablish", code=code, name=code, unitKind="FACILITY", occurredOn=SINCE
            )
            units.append(answer.id)
        return cls(house, units)

    async def register(self, given: str, family: str | None, at: int = 0, **more: Any) -> UUID:
        """Register somebody, and let nobody look whether they are there already."""
        content = {
            "givenNames": given,
            "familyName": family,
            "cadre": "Nurse",
            "orgUnitId": str(self.units[at]),
            "occurredOn": SINCE,
        }
        answer = await self.house.post("healthWorkerRegister", content | more)
        await self.house._relay()
        self.forget_what_is_due()
        return answer.id

    def forget_what_is_due(self) -> None:
        """Let policies ask for nothing of what happened so far."""
        for part in self.house._parts.values():
            for row in part.reader.tables.of(DUE):
                part.reader.tables.remove(DUE, row["policy"], row["about"])

    async def screened(self) -> UUID:
        """Screen it all."""
        return (await self.house.send("screeningBegin")).id

    def suspected(self) -> list[set[UUID]]:
        rows = self.house.rows(SUSPECTED_DUPLICATE)
        return [{row["health_worker_id"], row["other_id"]} for row in rows]

    async def refused(self, name: str, /, **content: Any) -> str:
        with pytest.raises(MshauriError) as refusal:
            await self.house.send(name, **content)
        return refusal.value.code


NUMBER = {"system": "NID", "value": "24118002"}


@pytest.mark.parametrize(
    ("given", "family", "at", "more"),
    [
        ("Mary", "Acheng", 0, {}),
        ("Achieng", "Mary", 0, {}),
        ("M.", "Achieng", 0, {}),
        ("Mary Atieno", "Achieng", 0, {}),
        ("Mary", "Achiengg", 0, {}),
        ("Mary", "Wambui", 1, {"phone": "0712 345 678"}),
        ("Mary", "Achieng", 1, {"phone": "+254 712 345 679"}),
        ("Mary", "Achieng", 1, {"phone": "+254 721 345 678"}),
        ("Grace", "Wambui", 1, {"identifiers": [NUMBER | {"system": "PAYROLL"}]}),
        ("Mary", "Achieng", 1, {"identifiers": [{"system": "NID", "value": "24118020"}]}),
        ("Mary", "Achieng", 1, {"identifiers": [{"system": "NID", "value": "24118.002"}]}),
    ],
)
async def test_who_is_there_twice_is_come_upon(
    given: str, family: str, at: int, more: dict[str, Any]
) -> None:
    there = await Register.opened()
    first = await there.register("Mary", "Achieng", phone="+254712345678", identifiers=[NUMBER])
    await there.register("Grace", "Njeri", 1)
    again = await there.register(given, family, at, **more)
    assert there.suspected() == []
    screening = await there.screened()
    assert there.suspected() == [{first, again}]
    [row] = there.house.rows(SCREENING, id=screening)
    assert (row["state"], row["found"]) == ("THROUGH", row["found"])
    assert row["found"] >= 1


async def test_the_same_name_elsewhere_and_relatives_are_come_upon_by_nobody() -> None:
    there = await Register.opened()
    await there.register("Claudine", "Uwase", phone="+254712345678")
    await there.register("Claudine", "Uwera")
    await there.register("Claudine", "Uwase", 1, phone="+254733999111")
    await there.screened()
    assert there.suspected() == []


async def test_a_screening_goes_on_block_by_block_and_comes_to_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "STEP", 7)
    there = await Register.opened()
    pairs = []
    for family in ("Kamande", "Odhiambo", "Cheruiyot", "Mutisya"):
        pairs.append({await there.register("Rose", family), await there.register(family, "Rose")})
    id = await there.screened()
    assert sorted(map(sorted, there.suspected())) == sorted(map(sorted, pairs))
    *advanced, ended = (await there.house.events(id))[1:]
    assert isinstance(ended, ScreeningEnded)
    marks = [int(one.up_to) for one in advanced if isinstance(one, ScreeningAdvanced)]
    assert len(marks) > 2
    assert marks == sorted(marks)


async def test_no_pair_is_suspected_twice_and_what_was_dismissed_stays_so() -> None:
    there = await Register.opened()
    first = await there.register("Mary", "Achieng")
    again = await there.register("Mary", "Acheng")
    await there.screened()
    before = await there.house.history()
    await there.screened()
    suspicions = [
        entry
        for _, entry in (await there.house.history())[len(before) :]
        if entry.topic == "registry.health_worker.duplicate_suspected"
    ]
    assert suspicions == []
    await there.house.send(
        "healthWorkerDismissDuplicate",
        healthWorkerId=str(first),
        otherId=str(again),
        reason="They are sisters",
    )
    await there.screened()
    [row] = there.house.rows(SUSPECTED_DUPLICATE)
    assert row["state"] == "DISMISSED"


async def test_who_is_merged_is_suspected_as_who_stands_for_them_and_never_of_themselves() -> None:
    there = await Register.opened()
    first = await there.register("Mary", "Achieng")
    again = await there.register("Mary", "Acheng")
    await there.house.send(
        "healthWorkerMerge", healthWorkerId=str(again), intoId=str(first), reason="One person"
    )
    third = await there.register("Mary", "Achengg")
    await there.screened()
    assert there.suspected() == [{first, third}]


async def test_one_screening_runs_at_a_time_until_it_is_stopped_for_a_reason() -> None:
    there = await Register.opened()
    answer = await there.house.post("screeningBegin", {})
    id = str(answer.id)
    assert await there_is_one(there)
    assert await there.refused("screeningStop", screeningId=id) == "REASON_MISSING"
    await there.house.post("screeningStop", {"screeningId": id, "reason": "Too early"})
    await there.house.settle()
    assert there.house.rows(SCREENING)[0]["state"] == "STOPPED"
    assert await there.refused("screeningGoOn", screeningId=id) == "SCREENING_OVER"
    assert await there.refused("screeningStop", screeningId=id, reason="Again") == "SCREENING_OVER"
    await there.screened()


async def there_is_one(there: Register) -> bool:
    with pytest.raises(MshauriError) as refusal:
        await there.house.post("screeningBegin", {})
    return refusal.value.code == "ALREADY_TAKEN"


async def test_names_are_compared_by_the_nicknames_that_a_country_tells() -> None:
    there = await Register.opened()
    first = await there.register("Nyarotich", "Kamande")
    again = await there.register("Toto", "Kamande")
    await there.screened()
    assert there.suspected() == []
    await there.house.send(
        "codeListTell",
        list="NICKNAME",
        entries=[{"code": "Nyarotich", "name": "Nyarotich", "aliases": ["Toto"]}],
    )
    await there.screened()
    assert there.suspected() == [{first, again}]


async def test_a_part_of_a_country_has_no_screening_of_its_own() -> None:
    there = await Register.opened()
    part = await there.house.send(
        "orgUnitEstablish",
        code="W",
        name="Ward",
        unitKind="FACILITY",
        parentId=str(there.units[0]),
        occurredOn=SINCE,
    )
    refused = await there.refused("screeningBegin", orgUnitId=str(part.id))
    assert refused == "LIST_NOT_OF_A_COUNTRY"
    await there.house.send("screeningBegin", orgUnitId=str(there.units[0]))


async def test_who_moved_is_known_again_by_name_and_year_of_birth_at_once() -> None:
    there = await Register.opened()
    first = await there.register("Mary", "Achieng", birthYear=1988)
    await there.register("Mary", "Achieng", 1, birthYear=1979)
    again = await there.house.send(
        "healthWorkerRegister",
        givenNames="Achieng",
        familyName="Mary",
        cadre="Nurse",
        orgUnitId=str(there.units[1]),
        birthYear=1988,
        occurredOn=SINCE,
    )
    assert there.suspected() == [{first, again.id}]


async def test_who_is_renamed_or_told_the_year_of_is_looked_at_again() -> None:
    there = await Register.opened()
    first = await there.register("Mary", "Achieng", birthYear=1988)
    again = await there.register("Mary", "Wambui", 1, birthYear=1988)
    third = await there.register("Mary", "Achieng", 1)
    named = {"givenNames": "Mary", "familyName": "Achieng", "reason": "Her maiden name"}
    await there.house.send("healthWorkerRename", healthWorkerId=str(again), **named)
    assert {first, again} in there.suspected()
    assert {first, third} not in there.suspected()
    await there.house.send("healthWorkerUpdateDetails", healthWorkerId=str(third), birthYear=1988)
    assert {first, third} in there.suspected()


async def test_a_number_that_was_wrong_leads_to_nobody() -> None:
    there = await Register.opened()
    worker = await there.register("Mary", "Achieng", identifiers=[NUMBER])
    await there.house.send(
        "healthWorkerCorrectIdentifiers",
        healthWorkerId=str(worker),
        wrong=[NUMBER],
        right=[{"system": "NID", "value": "99887766"}],
        reason="Somebody else's",
    )
    await there.register("Mary", "Wambui", 1, identifiers=[NUMBER])
    await there.screened()
    assert there.suspected() == []


@pytest.mark.parametrize(
    ("more", "one"),
    [
        ({}, True),
        ({"phone": "0733999111"}, False),
        ({"identifiers": [{"system": "nid", "value": "30567123"}]}, False),
        ({"identifiers": [{"system": "PAYROLL", "value": "30567123"}]}, True),
    ],
)
async def test_who_has_another_number_or_phone_is_another_of_that_name_and_year(
    more: dict[str, Any], *, one: bool
) -> None:
    there = await Register.opened()
    known: dict[str, Any] = {"birthYear": 1988, "phone": "0712345678", "identifiers": [NUMBER]}
    await there.register("Mary", "Achieng", **known)
    await there.register("Mary", "Achieng", 1, birthYear=1988, **more)
    await there.screened()
    assert bool(there.suspected()) is one


async def test_colleagues_who_share_a_phone_are_two_people() -> None:
    there = await Register.opened()
    for given, family in (("Mary", "Achieng"), ("Grace", "Njeri")):
        await there.register(given, family, phone="0712345678")
    await there.screened()
    assert there.suspected() == []
