"""A county joined its cluster on another day than was typed, or never did: whoever is enrolled for
the cluster is judged by its members of the day.
"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import DEVIATION, GROUP_MEMBER, ORG_UNIT
from tests.support.mentoring import BEGAN, Country, day
from tests.unit.field.test_mentorships import WHY, gentle


class Cluster:
    """A cluster that a county joined on the tenth day, with a cohort for whoever works there."""

    country: Country
    group: UUID
    county: UUID
    cohort: UUID

    async def joined(self) -> "Cluster":
        self.country = country = await Country.under(gentle())
        unit = {"unitKind": "FACILITY", "parentId": country.facility}
        elsewhere = await country.send("orgUnitEstablish", code="X", name="X", **unit)
        self.county = await country.send("orgUnitEstablish", code="Y", name="Y", **unit)
        made = {"code": "CL", "name": "Cluster", "groupKind": "CLUSTER"}
        self.group = await country.send("groupEstablish", **made)
        await self.send("Add", on=10)
        self.cohort = await country.send(
            "cohortOpen",
            programmeVersionId=country.version,
            code="OF-CL",
            name="Of the cluster",
            orgUnitId=elsewhere,
            groupId=self.group,
            starts=BEGAN,
            ends=day(365),
        )
        await country.send("cohortStart", cohortId=self.cohort)
        return self

    async def send(self, name: str, **content: Any) -> None:
        member = {"groupId": self.group, "orgUnitId": self.county}
        await self.country.send(f"groupMember{name}", **member | content)

    def said(self, *stays: tuple[int, int | None]) -> dict[str, Any]:
        days = [(day(since), None if until is None else day(until)) for since, until in stays]
        return {"stays": [{"since": a, "until": b} for a, b in days], "reason": WHY}

    async def corrected(self, *stays: tuple[int, int | None]) -> None:
        await self.send("Correct", **self.said(*stays), on=90)

    async def refused(self, *stays: tuple[int, int | None]) -> tuple[str, str | None]:
        member = {"groupId": self.group, "orgUnitId": self.county, "on": 90}
        return await self.country.refused("groupMemberCorrect", **member, **self.said(*stays))

    def row(self) -> list[tuple[date, date | None]]:
        rows = self.country.house.rows(GROUP_MEMBER, group_id=self.group)
        return [(row["since"], row["until"]) for row in rows]

    async def outside(self, on: int) -> bool:
        """Enrol somebody of the county, and say whether they are none of the cohort's."""
        person = await self.country.person(self.county)
        id = await self.country.enrolment(person, cohort=self.cohort, on=on)
        rows = self.country.house.rows(DEVIATION, record_id=id)
        return [row["rule"] for row in rows] == ["OUTSIDE_COHORT_UNIT"]


@pytest.fixture
async def cluster() -> Cluster:
    return await Cluster().joined()


async def test_who_is_enrolled_for_a_cluster_is_judged_by_its_members_of_the_day(
    cluster: Cluster,
) -> None:
    assert [await cluster.outside(on=9), await cluster.outside(on=10)] == [True, False]
    await cluster.send("Remove", on=30)
    assert [await cluster.outside(on=29), await cluster.outside(on=30)] == [False, True]


async def test_what_a_county_was_split_up_into_is_in_the_cluster_in_its_place(
    cluster: Cluster,
) -> None:
    parts = [{"code": code, "name": code} for code in ("Y-1", "Y-2")]
    split = {"orgUnitId": cluster.county, "successors": parts}
    await cluster.country.send("orgUnitSplit", **split, on=20)
    (row,) = cluster.country.house.rows(ORG_UNIT, code="Y-1")
    cluster.county = row["id"]
    assert not await cluster.outside(on=20)


async def test_a_correction_followed_by_its_undoing_restores_every_row(cluster: Cluster) -> None:
    before = cluster.row()
    await cluster.corrected((5, 20), (40, None))
    assert cluster.row() == [(day(40), None)]
    days = [await cluster.outside(on=on) for on in (4, 5, 20, 39, 40)]
    assert days == [True, False, True, True, False]
    await cluster.corrected((10, None))
    assert cluster.row() == before


async def test_who_never_belonged_to_it_does_not_and_may_after_all(cluster: Cluster) -> None:
    before = cluster.row()
    await cluster.corrected()
    assert cluster.row() == []
    assert await cluster.outside(on=50)
    await cluster.corrected((10, None))
    assert cluster.row() == before
    await cluster.send("Remove", on=91)


async def test_membership_is_within_the_groups_days_and_in_order(cluster: Cluster) -> None:
    assert await cluster.refused((10, None)) == ("LINE_UNCHANGED", "stays")
    assert await cluster.refused((-1, None)) == ("BEFORE_GROUP_CHANGE", "stays[0].since")
    assert await cluster.refused((9, 8)) == ("BEFORE_GROUP_CHANGE", "stays[0].until")
    assert await cluster.refused((5, 20), (19, None)) == ("BEFORE_GROUP_CHANGE", "stays[1].since")
    assert await cluster.refused((5, None), (19, None)) == ("BEFORE_GROUP_CHANGE", "stays[1].since")
    assert await cluster.refused((91, None)) == ("OCCURRED_IN_FUTURE", "stays[0]")
    other = {"orgUnitId": cluster.country.facility, "on": 90}
    wish = {"groupId": cluster.group, **other, **cluster.said((10, None))}
    assert await cluster.country.refused("groupMemberCorrect", **wish) == (
        "NOT_GROUP_MEMBER",
        "orgUnitId",
    )
    silent = wish | {"orgUnitId": cluster.county, "reason": None}
    refused = await cluster.country.refused("groupMemberCorrect", **silent)
    assert refused == ("REASON_MISSING", "reason")
