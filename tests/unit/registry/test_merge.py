"""Merged records: one person, whichever record is named; and all as before, once they are two."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.aggregates.enrolment import Enrolment
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.views.enrolments import ENROLMENT
from shared.contracts.registry.health_worker import HealthWorkerMergedInto
from shared.domain import Aggregate
from shared.domain.errors import MshauriError
from tests.support.definitions import definition
from tests.support.house import House
from tests.support.paired import paired, rules

AREAS = ("RPA", "RAM", "RSOG")
SINCE, DAY, LATER = "2018-01-01", "2018-11-05", "2019-03-01"


class Hospital:
    """A house with one hospital and one cohort, and what is asked of it in these tests."""

    def __init__(self, house: House, unit: UUID, cohort: UUID) -> None:
        self.house, self.unit, self.cohort = house, unit, cohort

    @classmethod
    async def opened(cls) -> "Hospital":
        house = await House.built()
        unit = await house.send(
            "orgUnitEstablish", code="H1", name="One", unitKind="FACILITY", occurredOn=SINCE
        )
        version = await house.send(
            "programmePublish", definition=msgspec.json.encode(definition()).decode()
        )
        cohort = await house.send(
            "cohortOpen",
            programmeVersionId=str(version.id),
            code="FY19",
            name="FY 2019",
            orgUnitId=str(unit.id),
            starts="2018-10-01",
            ends="2019-09-30",
            occurredOn=SINCE,
        )
        return cls(house, unit.id, cohort.id)

    async def register(self) -> UUID:
        answer = await self.house.send(
            "healthWorkerRegister",
            givenNames="Given",
            familyName="Family",
            cadre="Nurse",
            orgUnitId=str(self.unit),
            occurredOn=SINCE,
        )
        return answer.id

    async def enrol(self, worker: UUID, area: str, day: str = DAY) -> UUID:
        answer = await self.house.send(
            "menteeEnrol",
            healthWorkerId=str(worker),
            cohortId=str(self.cohort),
            area=area,
            occurredOn=day,
        )
        return answer.id

    async def withdraw(self, enrolment: UUID) -> None:
        await self.house.send(
            "menteeWithdraw", enrolmentId=str(enrolment), reason="Left", occurredOn=LATER
        )

    async def merge(self, worker: UUID, into: UUID) -> None:
        await self.house.send(
            "healthWorkerMerge", healthWorkerId=str(worker), intoId=str(into), reason="One person"
        )

    async def unmerge(self, worker: UUID) -> None:
        await self.house.send(
            "healthWorkerUnmerge", healthWorkerId=str(worker), reason="Two people after all"
        )

    async def code_of(self, name: str, /, **content: Any) -> tuple[str, str | None]:
        with pytest.raises(MshauriError) as refused:
            await self.house.send(name, **content)
        return refused.value.code, refused.value.field

    async def state(self, kind: type[Aggregate], stream: UUID) -> dict[str, Any]:
        """Return the state of a record, as its events come to."""
        first, *others = await self.house.events(stream)
        record = kind.begin(stream, first)
        for event in others:
            record.evolve(event)
        return {name: getattr(record, name) for name in kind.__annotations__}

    async def states(self, workers: Sequence[UUID], enrolments: Sequence[UUID]) -> list[Any]:
        return [
            *[await self.state(HealthWorker, worker) for worker in workers],
            *[await self.state(Enrolment, enrolment) for enrolment in enrolments],
            self.house.rows(ENROLMENT),
        ]


async def test_what_both_are_enrolled_in_rests_for_the_alias_and_nothing_else_does() -> None:
    hospital = await Hospital.opened()
    alias, survivor = await hospital.register(), await hospital.register()
    kept = await hospital.enrol(alias, "RPA")
    twice = await hospital.enrol(alias, "RAM")
    theirs = await hospital.enrol(survivor, "RAM")
    await hospital.merge(alias, survivor)
    assert (await hospital.house.events(alias))[-1] == HealthWorkerMergedInto(
        health_worker_id=alias, into_id=survivor, set_aside=(twice,)
    )
    active = {row["id"] for row in hospital.house.rows(ENROLMENT, active=True)}
    assert active == {kept, theirs}


async def test_what_has_ended_stands_in_nobodys_way() -> None:
    hospital = await Hospital.opened()
    alias, survivor = await hospital.register(), await hospital.register()
    kept = await hospital.enrol(alias, "RAM")
    await hospital.withdraw(await hospital.enrol(survivor, "RAM"))
    await hospital.merge(alias, survivor)
    assert [row["id"] for row in hospital.house.rows(ENROLMENT, active=True)] == [kept]


async def test_a_merge_and_its_reversal_say_why() -> None:
    hospital = await Hospital.opened()
    alias, survivor = await hospital.register(), await hospital.register()
    pair = {"healthWorkerId": str(alias), "intoId": str(survivor)}
    assert await hospital.code_of("healthWorkerMerge", **pair) == ("REASON_MISSING", "reason")
    await hospital.merge(alias, survivor)
    asked = {"healthWorkerId": str(alias)}
    assert await hospital.code_of("healthWorkerUnmerge", **asked) == ("REASON_MISSING", "reason")


async def test_two_records_make_a_merge_and_a_merge_its_reversal() -> None:
    hospital = await Hospital.opened()
    worker = str(await hospital.register())
    code = await hospital.code_of(
        "healthWorkerMerge", healthWorkerId=worker, intoId=worker, reason="One person"
    )
    assert code == ("HEALTH_WORKER_MERGED_WITH_ITSELF", "intoId")
    code = await hospital.code_of("healthWorkerUnmerge", healthWorkerId=worker, reason="Two")
    assert code == ("NOT_MERGED", "healthWorkerId")


async def test_names_lead_to_a_person_at_once() -> None:
    hospital = await Hospital.opened()
    alias, survivor, third = [await hospital.register() for _ in range(3)]
    await hospital.merge(alias, survivor)
    for worker, into, expected in (
        (alias, third, ("MERGED_INTO", "healthWorkerId")),
        (third, alias, ("MERGED_INTO", "intoId")),
        (survivor, third, ("STANDS_FOR_OTHERS", "healthWorkerId")),
    ):
        code = await hospital.code_of(
            "healthWorkerMerge", healthWorkerId=str(worker), intoId=str(into), reason="One"
        )
        assert code == expected


async def test_an_alias_is_named_for_nothing_new() -> None:
    hospital = await Hospital.opened()
    alias, survivor = await hospital.register(), await hospital.register()
    group = await hospital.house.send(
        "groupEstablish", code="G", groupKind="PROJECT", occurredOn=SINCE, name="A project"
    )
    await hospital.merge(alias, survivor)
    named: dict[str, dict[str, str]] = {
        "healthWorkerTransfer": {"orgUnitId": str(hospital.unit)},
        "healthWorkerChangeCadre": {"cadre": "Midwife"},
        "healthWorkerUpdateDetails": {"phone": "+250 788 000 001"},
        "menteeEnrol": {"cohortId": str(hospital.cohort), "area": "RAM"},
        "groupMemberAdd": {"groupId": str(group.id)},
        "accessGrantGive": {"subjectName": "m@moh", "role": "MENTEE"},
    }
    for name, content in named.items():
        asked = {"healthWorkerId": str(alias), "occurredOn": DAY, **content}
        assert await hospital.code_of(name, **asked) == ("MERGED_INTO", "healthWorkerId")


async def test_a_merge_that_another_rests_on_is_reversed_after_it() -> None:
    hospital = await Hospital.opened()
    first, second, survivor = [await hospital.register() for _ in range(3)]
    await hospital.enrol(first, "RAM")
    await hospital.enrol(second, "RAM")
    await hospital.merge(first, survivor)
    await hospital.merge(second, survivor)  # its enrolment rests, because of the first one's
    code = await hospital.code_of(
        "healthWorkerUnmerge", healthWorkerId=str(first), reason="Two people after all"
    )
    assert code == ("LATER_MERGE_RESTS_ON_IT", "healthWorkerId")
    await hospital.unmerge(second)
    await hospital.unmerge(first)
    assert len(hospital.house.rows(ENROLMENT, active=True)) == 2


async def test_nobody_comes_to_mentor_themselves_by_a_merge() -> None:
    there = await paired(rules())
    mentor, mentee, other = there.mentors[0], *there.mentees
    for worker, into in ((mentor, mentee), (mentee, mentor)):
        with pytest.raises(MshauriError) as refused:
            await there.send(
                "healthWorkerMerge", healthWorkerId=worker, intoId=into, reason="One person"
            )
        assert refused.value.code == "MERGED_WITH_THEIR_MENTOR"
    await there.send("healthWorkerMerge", healthWorkerId=mentee, intoId=other, reason="One person")
    with pytest.raises(MshauriError) as refused:  # the mentor of the other name
        await there.send(
            "healthWorkerMerge", healthWorkerId=mentor, intoId=other, reason="One person"
        )
    assert refused.value.code == "MERGED_WITH_THEIR_MENTOR"


async def test_a_mentee_whose_enrolment_was_restored_is_not_enrolled_twice() -> None:
    hospital = await Hospital.opened()
    alias, survivor = await hospital.register(), await hospital.register()
    twice = await hospital.enrol(alias, "RAM")
    await hospital.enrol(survivor, "RAM")
    await hospital.merge(alias, survivor)
    await hospital.unmerge(alias)
    asked = {"cohortId": str(hospital.cohort), "area": "RAM", "occurredOn": DAY}
    code = await hospital.code_of("menteeEnrol", healthWorkerId=str(alias), **asked)
    assert code == ("ALREADY_TAKEN", "healthWorkerId")
    await hospital.withdraw(twice)
    await hospital.enrol(alias, "RAM", LATER)


areas = st.lists(st.tuples(st.sampled_from(AREAS), st.booleans()), max_size=4)
"""What somebody was enrolled in, one after the other, and whether they withdrew."""


@settings(max_examples=25, deadline=None)
@given(of_alias=areas, of_survivor=areas, of_third=areas)
async def test_an_unmerge_restores_exactly_what_was_before(
    of_alias: list[tuple[str, bool]],
    of_survivor: list[tuple[str, bool]],
    of_third: list[tuple[str, bool]],
) -> None:
    hospital = await Hospital.opened()
    workers = [await hospital.register() for _ in range(3)]
    enrolments: list[UUID] = []
    for worker, history in zip(workers, (of_alias, of_survivor, of_third), strict=True):
        active: set[str] = set()
        for area, leaves in history:
            if area in active:
                continue
            enrolments.append(await hospital.enrol(worker, area))
            if leaves:
                await hospital.withdraw(enrolments[-1])
            else:
                active.add(area)
    alias, survivor, third = workers
    before = [await hospital.states(workers, enrolments)]
    await hospital.merge(alias, survivor)
    before.append(await hospital.states(workers, enrolments))
    await hospital.merge(third, survivor)
    people = [row["area"] for row in hospital.house.rows(ENROLMENT, active=True)]
    assert len(people) == len(set(people))  # all three are one person now
    await hospital.unmerge(third)
    assert await hospital.states(workers, enrolments) == before.pop()
    await hospital.unmerge(alias)
    assert await hospital.states(workers, enrolments) == before.pop()


async def test_a_person_is_enrolled_once_under_whichever_name() -> None:
    hospital = await Hospital.opened()
    alias, survivor = await hospital.register(), await hospital.register()
    kept = await hospital.enrol(alias, "RAM")
    await hospital.merge(alias, survivor)
    asked = {"cohortId": str(hospital.cohort), "area": "RAM", "occurredOn": DAY}
    code = await hospital.code_of("menteeEnrol", healthWorkerId=str(survivor), **asked)
    assert code == ("ENROLLED_UNDER_OTHER_NAME", "healthWorkerId")
    await hospital.enrol(survivor, "RPA")
    await hospital.withdraw(kept)
    await hospital.enrol(survivor, "RAM", LATER)
