"""What a reform would do, asked of the gateway: figures by units as they are read before it as they
do, and after it as was told.
"""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import GROUP, GROUP_MEMBER, ORG_UNIT, ORG_UNIT_PARENT
from shared.access.facts import ORG_UNIT_HEIR, ORG_UNIT_PLACE
from tests.integration.test_gateway_queries import PROGRAMME, House
from tests.support.days import today
from tests.support.gateway import OPERATOR, running_gateway
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

ON, TODAY = date(2022, 1, 1), today()
EFFECTS = """
query Effects($changes: [ReformChangeInput!]!, $level: OrgUnitKind) {
  reformEffects(effectiveOn: "2022-01-01", changes: $changes, level: $level) {
    grants { subject role change gains loses gained { code } lost { code } over { code } }
    grantsThatStay
    moves {
      level from { code } to { code } orgUnits healthWorkers mentees mentorships cohorts
    }
    groups { code member { code } ends successors { code } }
    figures {
      programme orgUnit { code }
      before { mentees validated fullyValidated } after { mentees validated fullyValidated }
    }
    leftBehind { orgUnit { code } parent { code } }
  }
}
"""
TABLE = """
query Table($programme: String!, $level: OrgUnitKind, $hierarchy: HierarchyView!) {
  validationTable(programme: $programme, by: ORG_UNIT, fiscalYear: 2021,
                  hierarchy: $hierarchy, level: $level) {
    rows { key mentees validated fullyValidated }
  }
}
"""


class Reforms:
    """Two districts with a hospital and five mentees each, and reforms of them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.position = 10**15

    def id(self, unit: UUID) -> str:
        return global_id("OrgUnit", unit)

    async def told(self, *changes: dict[str, Any], as_: str = OPERATOR, **asked: Any) -> Any:
        found = await self.house.gateway.ask(EFFECTS, as_, changes=list(changes), **asked)
        return found["reformEffects"]

    async def table(self, level: str | None, hierarchy: str = "AS_IS") -> dict[str, Any]:
        """Return the rows of the validation table, by code."""
        asked: dict[str, Any] = {"programme": PROGRAMME, "level": level, "hierarchy": hierarchy}
        found = await self.house.gateway.ask(TABLE, **asked)
        return {row.pop("key"): row for row in found["validationTable"]["rows"]}

    async def stands(self, unit: UUID, parent: UUID) -> None:
        """Have a unit stand under another since the reform's day."""
        gateway = self.house.gateway
        self.position += 1
        row = {"org_unit_id": unit, "since": ON, "parent_id": parent}
        await gateway.insert(ORG_UNIT_PARENT, **row)
        await gateway.insert(ORG_UNIT_PLACE, **row, position=self.position)

    async def merged(self, unit: UUID, into: UUID) -> None:
        self.position += 1
        await self.house.gateway.database.execute(
            f'UPDATE "{ORG_UNIT.physical}" SET state = $2, ended_on = $3, into_id = $4'
            " WHERE id = $1",
            unit, "MERGED", ON, into,
        )  # fmt: skip
        await self.house.gateway.insert(
            ORG_UNIT_HEIR, org_unit_id=unit, heir_id=into, since=ON, merged=True,
            position=self.position,
        )  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module")
async def reforms(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Reforms]:
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as gateway:
        house = House(gateway)
        await house.fill()
        await gateway.grant("coordinator-b", "COORDINATOR", house.district["B"])
        await gateway.told()
        yield Reforms(house)
    await postgres.drop_database(name)


def figures(told: Any) -> dict[str, tuple[Any, Any]]:
    return {row["orgUnit"]["code"]: (row["before"], row["after"]) for row in told["figures"]}


NOTHING = {"mentees": 0, "validated": 0, "fullyValidated": 0}


async def test_figures_read_before_and_after_as_is_told_and_as_was_they_stay(
    reforms: Reforms,
) -> None:
    house, new = reforms.house, uuid4()
    was = await reforms.table("DISTRICT", "AS_WAS")
    told = await reforms.told(
        {
            "kind": "ESTABLISH", "id": str(new), "code": "D-C", "name": "New",
            "unitKind": "DISTRICT", "parentId": reforms.id(house.country),
        },
        {"kind": "MOVE", "orgUnitId": reforms.id(house.hospital["A"]),
         "parentId": reforms.id(new)},
        level="DISTRICT",
    )  # fmt: skip
    before = await reforms.table("DISTRICT")
    assert figures(told) == {"D-A": (before["D-A"], NOTHING), "D-C": (NOTHING, before["D-A"])}
    assert told["moves"] == [
        {
            "level": "DISTRICT", "from": {"code": "D-A"}, "to": {"code": "D-C"}, "orgUnits": 1,
            "healthWorkers": 5, "mentees": 5, "mentorships": 1, "cohorts": 1,
        }
    ]  # fmt: skip
    await house.unit(new, "D-C", "DISTRICT", house.country)
    await reforms.stands(house.hospital["A"], new)
    after = await reforms.table("DISTRICT")
    assert after == {"D-B": before["D-B"], "D-C": before["D-A"]}
    assert await reforms.table("DISTRICT", "AS_WAS") == was


async def test_a_merger_makes_one_grant_grow_and_takes_nothing_from_the_other(
    reforms: Reforms,
) -> None:
    house = reforms.house
    of_a, of_b = house.district["A"], house.district["B"]
    merger = {"kind": "MERGE", "orgUnitId": reforms.id(of_a), "intoId": reforms.id(of_b)}
    told = await reforms.told(merger, level="DISTRICT")
    assert [(one["subject"], one["change"], one["gained"]) for one in told["grants"]] == [
        ("coordinator-b", "GROWS", [{"code": "H-A"}])
    ]
    assert told["grantsThatStay"] == 3, "those over the district that is no more"
    before = await reforms.table("DISTRICT")
    both = {name: 2 * number for name, number in before["D-A"].items()}
    assert figures(told) == {"D-A": (before["D-A"], NOTHING), "D-B": (before["D-B"], both)}
    await reforms.stands(house.hospital["A"], of_b)
    await reforms.merged(of_a, of_b)
    assert await reforms.table("DISTRICT") == {"D-B": both}


async def test_groups_and_who_is_left_behind_are_told(reforms: Reforms) -> None:
    house, group = reforms.house, uuid4()
    await house.gateway.insert(
        GROUP, id=group, code="LAKE", name="Lake", group_kind="CLUSTER", since=ON,
        record_version=1, position=1,
    )  # fmt: skip
    district = house.district["A"]
    await house.gateway.insert(
        GROUP_MEMBER, group_id=group, member_id=district, org_unit_id=district, since=ON
    )
    parts = [{"code": code, "name": code} for code in ("N", "S")]
    parted = {"kind": "SPLIT", "orgUnitId": reforms.id(district), "successors": parts}
    told = await reforms.told(parted)
    assert told["groups"] == [
        {
            "code": "LAKE", "member": {"code": "D-A"}, "ends": True,
            "successors": [{"code": "N"}, {"code": "S"}],
        }
    ]  # fmt: skip
    assert told["leftBehind"] == [{"orgUnit": {"code": "H-A"}, "parent": {"code": "D-A"}}]
    assert told["figures"] == told["moves"] == []


async def test_one_is_told_of_people_and_grants_where_one_may_read_names(
    reforms: Reforms,
) -> None:
    house = reforms.house
    of_a, of_b = house.district["A"], house.district["B"]
    moved = {
        "kind": "MOVE",
        "orgUnitId": reforms.id(house.hospital["A"]),
        "parentId": reforms.id(of_b),
    }
    seen = {}
    for subject in (OPERATOR, "coordinator-a", "coordinator-b", "viewer-a"):
        told = await reforms.told(moved, as_=subject, level="DISTRICT")
        grants = sorted(one["subject"] for one in told["grants"])
        seen[subject] = (grants, sum(row["mentees"] for row in told["moves"]))
    of_district = ["auditor-a", "coordinator-a", "viewer-a"]
    assert seen == {
        OPERATOR: (sorted([*of_district, "coordinator-b"]), 5),
        "coordinator-a": (of_district, 5),
        "coordinator-b": (["coordinator-b"], 0),
        "viewer-a": ([], 0),
    }
    assert of_a != of_b


@pytest.mark.parametrize("level", ["DISTRICT", None])
async def test_who_is_at_a_unit_that_is_merged_counts_for_what_it_becomes_part_of(
    reforms: Reforms, level: str | None
) -> None:
    house = reforms.house
    old, into = house.hospital["A"], house.hospital["B"]
    merger = {"kind": "MERGE", "orgUnitId": reforms.id(old), "intoId": reforms.id(into)}
    told = figures(await reforms.told(merger, level=level))
    before = await reforms.table(level)
    assert {code: was for code, (was, _) in told.items()} == before
    await reforms.merged(old, into)
    after = await reforms.table(level)
    assert {code: then for code, (_, then) in told.items() if then != NOTHING} == after
