"""What is asked of cohorts, groups and grants, and of whom it is asked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from shared.contracts.definition import Gate
from shared.contracts.registry.access_grant import AccessGrantGiven, Role
from shared.domain.errors import MshauriError
from tests.support.definitions import definition
from tests.support.house import House

SINCE, DAY, LATER = "2018-01-01", "2018-11-05", "2019-03-01"


class Ministry:
    """A house with two districts, and what is asked of it in these tests."""

    def __init__(self, house: House, here: UUID, there: UUID) -> None:
        self.house, self.here, self.there = house, here, there

    @classmethod
    async def founded(cls) -> "Ministry":
        house = await House.built()
        here, there = [
            await house.send(
                "orgUnitEstablish", code=code, name=code, unitKind="DISTRICT", occurredOn=SINCE
            )
            for code in ("D1", "D2")
        ]
        return cls(house, here.id, there.id)

    async def cohort(self, *gates: Gate) -> UUID:
        rules = replace(definition(), gates=gates)
        version = await self.house.send(
            "programmePublish", definition=msgspec.json.encode(rules).decode()
        )
        cohort = await self.house.send(
            "cohortOpen",
            programmeVersionId=str(version.id),
            code="FY19",
            name="FY 2019",
            orgUnitId=str(self.here),
            starts="2018-10-01",
            ends="2019-09-30",
            occurredOn=SINCE,
        )
        return cohort.id

    async def register(self, unit: UUID) -> UUID:
        answer = await self.house.send(
            "healthWorkerRegister",
            givenNames="Given",
            familyName="Family",
            cadre="Nurse",
            orgUnitId=str(unit),
            occurredOn=SINCE,
        )
        return answer.id

    async def code_of(self, name: str, /, **content: Any) -> tuple[str, str | None]:
        with pytest.raises(MshauriError) as refused:
            await self.house.send(name, **content)
        return refused.value.code, refused.value.field


@pytest.mark.parametrize("gates", [(), (Gate.LEADERSHIP_APPROVAL,)])
async def test_a_cohort_starts_by_the_gates_of_its_version(gates: Sequence[Gate]) -> None:
    ministry = await Ministry.founded()
    asked = {"cohortId": str(await ministry.cohort(*gates)), "occurredOn": DAY}
    if gates:
        code = await ministry.code_of("cohortStart", **asked)
        assert code == ("APPROVAL_MISSING", "cohortId")
        await ministry.house.send("cohortApprove", **asked, approvedBy="The district's office")
    await ministry.house.send("cohortStart", **asked)
    assert await ministry.code_of("cohortStart", **asked) == ("COHORT_ALREADY_STARTED", "cohortId")


async def test_a_cohort_is_closed_when_everybody_in_it_has_come_to_an_end() -> None:
    ministry = await Ministry.founded()
    cohort = await ministry.cohort()
    worker = await ministry.register(ministry.here)
    enrol = {"healthWorkerId": str(worker), "cohortId": str(cohort), "area": "RAM"}
    enrolment = await ministry.house.send("menteeEnrol", **enrol, occurredOn=DAY)
    asked = {"cohortId": str(cohort), "occurredOn": LATER}
    assert await ministry.code_of("cohortClose", **asked) == ("COHORT_STILL_ACTIVE", "cohortId")
    await ministry.house.send(
        "menteeWithdraw", enrolmentId=str(enrolment.id), reason="Left", occurredOn=LATER
    )
    await ministry.house.send("cohortClose", **asked)
    code = await ministry.code_of("menteeEnrol", **enrol, occurredOn=DAY)
    assert code == ("COHORT_CLOSED", "cohortId")


async def test_a_grant_says_who_its_holder_is() -> None:
    ministry = await Ministry.founded()
    worker = await ministry.register(ministry.here)
    answer = await ministry.house.send(
        "accessGrantGive",
        subjectName="m@moh",
        role="MENTEE",
        orgUnitId=str(ministry.here),
        healthWorkerId=str(worker),
        occurredOn=DAY,
    )
    [given] = await ministry.house.events(answer.id)
    assert isinstance(given, AccessGrantGiven)
    assert (given.role, given.health_worker_id) == (Role.MENTEE, worker)


async def test_nobody_lets_somebody_be_a_person_outside_of_their_reach() -> None:
    ministry = await Ministry.founded()
    await ministry.house.send(
        "accessGrantGive",
        subjectName="a@moh",
        role="ADMINISTRATOR",
        orgUnitId=str(ministry.here),
        occurredOn=DAY,
    )
    mine, theirs = [await ministry.register(u) for u in (ministry.here, ministry.there)]
    asked = {"subjectName": "a@moh", "role": "MENTOR", "orgUnitId": str(ministry.here)}
    code = await ministry.code_of(
        "accessGrantGive", **asked, healthWorkerId=str(theirs), as_="a@moh"
    )
    assert code == ("ACCESS_DENIED", None)
    await ministry.house.send("accessGrantGive", **asked, healthWorkerId=str(mine), as_="a@moh")


async def test_a_grant_is_of_a_person_who_is_there_and_ends_after_it_begins() -> None:
    ministry = await Ministry.founded()
    asked = {"subjectName": "m@moh", "role": "MENTEE", "occurredOn": DAY}
    code = await ministry.code_of("accessGrantGive", **asked, healthWorkerId=str(ministry.here))
    assert code == ("NOT_FOUND", "healthWorkerId")
    code = await ministry.code_of("accessGrantGive", **asked, until="2018-11-04")
    assert code == ("GRANT_ENDS_BEFORE_START", "until")


async def test_who_changes_a_group_answers_for_the_place_of_the_member() -> None:
    ministry = await Ministry.founded()
    await ministry.house.send(
        "accessGrantGive",
        subjectName="c@moh",
        role="COORDINATOR",
        orgUnitId=str(ministry.here),
        occurredOn=DAY,
    )
    group = await ministry.house.send(
        "groupEstablish", code="G", name="Cluster", groupKind="CLUSTER", occurredOn=SINCE
    )
    asked = {"groupId": str(group.id), "as_": "c@moh"}
    await ministry.house.send("groupMemberAdd", **asked, orgUnitId=str(ministry.here))
    for name in ("groupMemberAdd", "groupMemberRemove"):
        code = await ministry.code_of(name, **asked, orgUnitId=str(ministry.there))
        assert code == ("ACCESS_DENIED", None)
        assert await ministry.code_of(name, **asked) == ("ONE_GROUP_MEMBER", "orgUnitId")
    again = {"code": "G", "name": "Cluster", "groupKind": "CLUSTER"}
    assert await ministry.code_of("groupEstablish", **again) == ("ALREADY_TAKEN", "code")
    await ministry.house.send("groupMemberRemove", **asked, orgUnitId=str(ministry.here))


async def test_a_district_coordinator_makes_a_circle_of_their_own_unit() -> None:
    ministry = await Ministry.founded()
    for subject, unit in (("c@moh", ministry.here), ("d@moh", ministry.there)):
        await ministry.house.send(
            "accessGrantGive",
            subjectName=subject,
            role="COORDINATOR",
            orgUnitId=str(unit),
            occurredOn=DAY,
        )
    circle = {"code": "Q", "name": "Quality circle", "groupKind": "CIRCLE", "as_": "c@moh"}
    assert await ministry.code_of("groupEstablish", **circle) == ("ACCESS_DENIED", None)
    elsewhere = await ministry.code_of("groupEstablish", **circle, orgUnitId=str(ministry.there))
    assert elsewhere == ("ACCESS_DENIED", None)
    group = await ministry.house.send("groupEstablish", **circle, orgUnitId=str(ministry.here))
    worker = await ministry.register(ministry.there)
    asked = {"groupId": str(group.id), "healthWorkerId": str(worker)}
    denied = await ministry.code_of("groupMemberAdd", **asked, as_="d@moh")
    assert denied == ("ACCESS_DENIED", None), "they keep the member's place, and not the circle"
