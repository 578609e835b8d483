"""Lists by group: who belongs to a cluster today, with all below its counties; nobody else."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import GROUP, GROUP_MEMBER, ORG_UNIT
from shared.access.facts import GROUP_UNIT
from tests.integration.test_gateway_queries import House
from tests.support.days import today
from tests.support.gateway import running_gateway
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = today()
POSITIONS = count(10**15)
TOMORROW, LONG_AGO = TODAY + timedelta(days=1), date(2020, 1, 1)

OF_GROUP = """
query OfGroup($group: ID!) {
  orgUnits(first: 10, filter: {groupId: $group}) { nodes { code } }
  healthWorkers(first: 10, filter: {groupId: $group}) { nodes { number } }
  mentees(first: 10, filter: {groupId: $group}) { nodes { healthWorker { number } } }
  mentors(first: 10, filter: {groupId: $group}) { nodes { healthWorker { number } } }
  mentorships(first: 10, filter: {groupId: $group}) { nodes { id } }
  sessions(first: 10, filter: {groupId: $group}) { nodes { id } }
  cohorts(first: 10, filter: {groupId: $group}) { nodes { code } }
}
"""
OF_A = {
    "orgUnits": ["D-A", "H-A"],
    "healthWorkers": ["A0", "A1", "A2", "A3", "A4"],
    "mentees": ["A0", "A1", "A2", "A3", "A4"],
    "mentors": ["A0"],
    "mentorships": 1,
    "sessions": 1,
    "cohorts": ["C-A"],
}
NOBODY: dict[str, Any] = {name: 0 if isinstance(found, int) else [] for name, found in OF_A.items()}


class Clusters:
    """Two districts with people in them, and clusters as a test makes them."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def made(self, *members: tuple[str, Any, date, date | None]) -> UUID:
        """Make a group of these members: `unit` or `person`, its id, since, until."""
        group, gateway = uuid4(), self.house.gateway
        await gateway.insert(
            GROUP, id=group, code=str(group), name="Cluster", group_kind="CLUSTER", since=LONG_AGO,
            record_version=1, position=1,
        )  # fmt: skip
        for kind, member, since, until in members:
            column = "org_unit_id" if kind == "unit" else "health_worker_id"
            who = {column: member}
            await gateway.insert(
                GROUP_MEMBER, group_id=group, member_id=member, since=since, until=until, **who
            )
        return group

    async def seen(self, group: UUID, **asked: Any) -> dict[str, Any]:
        """Return what each list has of a group."""
        found = await self.house.gateway.ask(OF_GROUP, group=global_id("Group", group), **asked)
        return {
            name: (
                len(listed["nodes"])
                if name in ("mentorships", "sessions")
                else sorted(map(_called, listed["nodes"]))
            )
            for name, listed in found.items()
        }


def _called(node: dict[str, Any]) -> str:
    return str(node.get("code") or node.get("number") or node["healthWorker"]["number"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clusters(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Clusters]:
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as gateway:
        house = House(gateway)
        await house.fill()
        yield Clusters(house)
    await postgres.drop_database(name)


async def test_a_unit_in_a_group_counts_with_all_below_it(clusters: Clusters) -> None:
    group = await clusters.made(("unit", clusters.house.district["A"], LONG_AGO, None))
    assert await clusters.seen(group) == OF_A


async def test_only_who_belongs_to_it_today_does(clusters: Clusters) -> None:
    district = clusters.house.district["A"]
    left = await clusters.made(("unit", district, LONG_AGO, TODAY))
    assert await clusters.seen(left) == NOBODY
    to_come = await clusters.made(("unit", district, TOMORROW, None))
    assert await clusters.seen(to_come) == NOBODY
    last_day = await clusters.made(("unit", district, LONG_AGO, TOMORROW))
    assert await clusters.seen(last_day) == OF_A


async def test_a_person_is_a_member_by_themselves(clusters: Clusters) -> None:
    person = clusters.house.workers["B"][0]
    group = await clusters.made(("person", person, LONG_AGO, None))
    seen = await clusters.seen(group)
    of_the_one = {"healthWorkers": ["B0"], "mentees": ["B0"], "mentors": ["B0"]}
    assert seen == NOBODY | of_the_one


async def test_what_a_member_was_split_up_into_stands_in_its_place(clusters: Clusters) -> None:
    house, old = clusters.house, uuid4()
    await house.unit(old, "D-OLD", "DISTRICT", house.country)
    await house.gateway.database.execute(
        f'UPDATE "{ORG_UNIT.physical}" SET successors = $2, ended_on = $3 WHERE id = $1',
        old, [house.district["A"]], LONG_AGO,
    )  # fmt: skip
    group = await clusters.made(("unit", old, LONG_AGO, None))
    assert await clusters.seen(group) == OF_A | {"orgUnits": ["D-A", "D-OLD", "H-A"]}


NUMBERS = """
query Numbers($after: Cursor) {
  healthWorkers(first: 3, after: $after) {
    nodes { number givenNames } pageInfo { endCursor hasNextPage }
  }
}
"""


async def numbers(clusters: Clusters, subject: str) -> list[tuple[str, bool]]:
    """Return the numbers that somebody sees, page by page, and whether they see the names."""
    found: list[tuple[str, bool]] = []
    after = None
    while True:
        answer = await clusters.house.gateway.ask(NUMBERS, subject, after=after)
        page = answer["healthWorkers"]
        found += [(node["number"], node["givenNames"] is not None) for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return sorted(found)
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("role", ["COORDINATOR", "VIEWER"])
async def test_by_a_grant_over_a_cluster_one_sees_what_by_one_over_each_of_its_units(
    clusters: Clusters, role: str
) -> None:
    gateway, district = clusters.house.gateway, clusters.house.district
    group = uuid4()
    by_group, by_unit = f"{role} of the group", f"{role} of the unit"

    async def belongs(unit: UUID, until: date | None) -> None:
        await gateway.database.execute(
            f'DELETE FROM "{GROUP_UNIT.physical}" WHERE org_unit_id = $1 AND group_id = $2',
            unit, group,
        )  # fmt: skip
        await gateway.insert(
            GROUP_UNIT, group_id=group, org_unit_id=unit, since=LONG_AGO, until=until,
            position=next(POSITIONS),
        )  # fmt: skip
        await gateway.told()

    await belongs(district["A"], None)
    await gateway.grant(by_group, role, group_id=group)
    await gateway.grant(by_unit, role, district["A"])
    await gateway.told()
    seen = await numbers(clusters, by_group)
    assert seen == await numbers(clusters, by_unit) != []
    first = await gateway.ask(NUMBERS, by_group)
    await belongs(district["A"], TODAY)
    assert await numbers(clusters, by_group) == []
    kept = first["healthWorkers"]["pageInfo"]["endCursor"]
    answer = await gateway.send(NUMBERS, by_group, after=kept)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"
    await belongs(district["B"], None)
    assert {number[0] for number, _ in await numbers(clusters, by_group)} == {"B"}
