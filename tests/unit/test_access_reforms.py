"""A reform takes no access away silently, and gives none: grants go on over what units became."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from shared.access.grants import Grant, Read
from shared.access.policy import Actor, Place, decide
from shared.access.reforms import Heir, Reforms
from shared.access.tree import DatedTree, Standing
from shared.contracts.registry.access_grant import Role
from shared.domain.errors import MshauriError
from tests.support.house import House

FOUNDED, REFORM, LATER = date(2015, 1, 1), date(2021, 7, 1), date(2023, 1, 1)
BEFORE = REFORM - timedelta(days=1)
PROVINCE, OLD, EAST, WEST, NEIGHBOUR, OTHER, CLINIC, POST, THEIRS = (
    UUID(int=n) for n in range(1, 10)
)


class World:
    """A province with two districts, a clinic in one, another in the other; and their reforms."""

    def __init__(self) -> None:
        self.tree = DatedTree()
        self.reforms = Reforms(self.tree)
        for unit, parent in (
            (PROVINCE, None),
            (OLD, PROVINCE),
            (NEIGHBOUR, PROVINCE),
            (OTHER, PROVINCE),
            (CLINIC, OLD),
            (THEIRS, NEIGHBOUR),
        ):
            self.stand(unit, parent, FOUNDED)

    def stand(self, unit: UUID, parent: UUID | None, since: date) -> None:
        self.tree.take(Standing(unit, since, parent))

    def split(self, unit: UUID, *successors: UUID, since: date = REFORM) -> None:
        for each in successors:
            self.stand(each, PROVINCE, since)
            self.reforms.take(unit, Heir(each, since, merged=False))

    def merge(self, unit: UUID, into: UUID, since: date = REFORM) -> None:
        self.reforms.take(unit, Heir(into, since, merged=True))

    def sees(self, unit: UUID, on: date, held: Grant | None = None) -> bool:
        grants = self.reforms.carried([held or grant()], on)
        place = Place(path=self.tree.path(unit, on))
        return decide(Actor(subject="c", grants=grants), Read.PERSONAL, place, on).allowed


def grant(unit: UUID = OLD, since: date = FOUNDED, until: date | None = None) -> Grant:
    return Grant(subject="c", role=Role.COORDINATOR, org_unit_id=unit, since=since, until=until)


def test_a_grant_goes_on_over_the_successors_of_a_split_and_over_nothing_else() -> None:
    world = World()
    world.split(OLD, EAST, WEST)
    world.stand(CLINIC, EAST, REFORM)
    assert all(world.sees(unit, REFORM) for unit in (OLD, EAST, WEST, CLINIC))
    assert not any(world.sees(unit, LATER) for unit in (PROVINCE, NEIGHBOUR, OTHER, THEIRS))


def test_it_goes_on_from_the_day_of_the_reform() -> None:
    world = World()
    world.split(OLD, EAST, WEST)
    assert not world.sees(EAST, BEFORE)
    assert world.sees(CLINIC, BEFORE)


def test_it_goes_on_through_one_reform_after_another() -> None:
    world = World()
    world.split(OLD, EAST, WEST)
    world.split(WEST, POST, UUID(int=77), since=LATER)
    world.stand(CLINIC, POST, LATER)
    assert world.sees(CLINIC, LATER)
    assert not world.sees(POST, LATER - timedelta(days=1))


def test_it_ends_with_the_grant() -> None:
    world = World()
    world.split(OLD, EAST, WEST)
    world.stand(CLINIC, EAST, REFORM)
    assert world.sees(CLINIC, REFORM, grant(until=REFORM))
    assert not world.sees(CLINIC, LATER, grant(until=REFORM))
    assert not world.sees(CLINIC, REFORM, grant(since=LATER))


def test_a_grant_over_one_successor_is_none_over_its_sister_or_the_unit() -> None:
    world = World()
    world.split(OLD, EAST, WEST)
    assert not any(world.sees(unit, LATER, grant(EAST)) for unit in (OLD, WEST))


def test_after_a_merge_it_is_over_what_came_from_the_unit_and_not_what_was_there() -> None:
    world = World()
    world.merge(OLD, NEIGHBOUR)
    world.stand(CLINIC, NEIGHBOUR, REFORM)
    assert world.sees(CLINIC, LATER)
    assert world.sees(OLD, LATER)
    assert not any(world.sees(unit, LATER) for unit in (NEIGHBOUR, THEIRS, PROVINCE))
    assert not world.sees(CLINIC, LATER, grant(OTHER))
    assert all(world.sees(unit, LATER, grant(NEIGHBOUR)) for unit in (CLINIC, THEIRS))


def test_what_leaves_the_merged_unit_later_is_theirs_no_more() -> None:
    world = World()
    world.merge(OLD, NEIGHBOUR)
    world.stand(CLINIC, NEIGHBOUR, REFORM)
    world.stand(CLINIC, OTHER, LATER)
    assert world.sees(CLINIC, LATER - timedelta(days=1))
    assert not world.sees(CLINIC, LATER)


def test_what_came_from_the_unit_is_theirs_when_the_merged_one_is_split() -> None:
    world = World()
    world.merge(OLD, NEIGHBOUR)
    world.stand(CLINIC, NEIGHBOUR, REFORM)
    world.split(NEIGHBOUR, EAST, WEST, since=LATER)
    world.stand(CLINIC, EAST, LATER)
    assert world.sees(CLINIC, LATER)
    assert not any(world.sees(unit, LATER) for unit in (EAST, WEST))


def test_units_that_came_to_the_old_one_after_the_merge_are_not_theirs() -> None:
    world = World()
    world.merge(OLD, NEIGHBOUR)
    world.stand(POST, NEIGHBOUR, LATER)
    assert not world.sees(POST, LATER)


def test_two_units_said_to_have_become_each_other_go_round_once() -> None:
    world = World()
    world.split(OLD, EAST, since=REFORM)
    world.split(EAST, OLD, since=REFORM)
    assert world.sees(EAST, LATER)


@pytest.mark.parametrize("reform", ["orgUnitSplit", "orgUnitMerge"])
async def test_the_coordinator_of_a_district_goes_on_after_its_reform(reform: str) -> None:
    house = await House.built()

    async def establish(code: str, kind: str, parent: UUID | None = None) -> UUID:
        answer = await house.send(
            "orgUnitEstablish",
            code=code,
            name=code,
            unitKind=kind,
            parentId=parent and str(parent),
            occurredOn=str(FOUNDED),
        )
        return answer.id

    async def register(unit: UUID) -> None:
        await house.send(
            "healthWorkerRegister",
            as_="c@moh",
            givenNames="Given",
            familyName="Family",
            cadre="Nurse",
            orgUnitId=str(unit),
            occurredOn=str(LATER),
        )

    province = await establish("P", "PROVINCE")
    old, neighbour = [await establish(code, "DISTRICT", province) for code in ("D1", "D2")]
    clinic, theirs = (
        await establish("F1", "FACILITY", old),
        await establish("F2", "FACILITY", neighbour),
    )
    await house.send(
        "accessGrantGive",
        subjectName="c@moh",
        role="COORDINATOR",
        orgUnitId=str(old),
        occurredOn=str(FOUNDED),
    )
    parts = [{"id": str(id), "code": code, "name": code} for id, code in ((EAST, "E"), (WEST, "W"))]
    content = {"successors": parts} if reform == "orgUnitSplit" else {"intoId": str(neighbour)}
    await house.send(reform, orgUnitId=str(old), occurredOn=str(REFORM), **content)
    await house.send(
        "orgUnitReparent",
        orgUnitId=str(clinic),
        parentId=str(EAST if reform == "orgUnitSplit" else neighbour),
        occurredOn=str(REFORM),
    )
    await register(clinic)
    with pytest.raises(MshauriError) as refused:
        await register(theirs)
    assert refused.value.code == "ACCESS_DENIED"
