"""The nine clusters: who manages one, who stands for a county in it, and what a grant over it
reaches: its counties of today, each with all below it, and nothing once one has left.
"""

from random import Random
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import GROUP_OFFICER
from services.gateway.read.scope import scopes_of
from shared.access.grants import Grant, Read
from shared.access.policy import Actor, Place, decide
from shared.contracts.registry.access_grant import Role
from shared.contracts.registry.org_unit import OrgUnitSplitUp
from shared.domain.errors import AccessDenied
from tests.support.days import today
from tests.support.mentoring import Country, day

TODAY = today()
WHY = "It was typed wrongly."


class Clusters:
    """Three counties, with a facility each, two clusters, and an administrator of the country."""

    country: Country
    counties: list[UUID]
    facilities: list[UUID]
    cluster: UUID
    other: UUID

    async def drawn(self) -> "Clusters":
        self.country = country = await Country.under()
        self.counties, self.facilities = [], []
        for number in range(3):
            made = {"code": f"C{number}", "name": f"County {number}", "unitKind": "COUNTY"}
            county = await country.send("orgUnitEstablish", **made, parentId=country.facility)
            made = {"code": f"F{number}", "name": f"Facility {number}", "unitKind": "FACILITY"}
            self.counties.append(county)
            self.facilities.append(await country.send("orgUnitEstablish", **made, parentId=county))
        self.cluster, self.other = [await self.made(code) for code in ("NORTH", "LAKE")]
        return self

    async def made(self, code: str, **more: Any) -> UUID:
        made = {"code": code, "name": code, "groupKind": "CLUSTER"}
        return await self.country.send("groupEstablish", **made, **more)

    async def add(self, county: int, on: int = 0, group: UUID | None = None, **more: Any) -> None:
        member = {"groupId": group or self.cluster, "orgUnitId": self.counties[county]}
        await self.country.send("groupMemberAdd", **member, on=on, **more)

    async def remove(self, county: int, on: int) -> None:
        member = {"groupId": self.cluster, "orgUnitId": self.counties[county]}
        await self.country.send("groupMemberRemove", **member, on=on)

    async def give(self, subject: str, role: str = "COORDINATOR", **over: Any) -> UUID:
        return await self.country.send("accessGrantGive", subjectName=subject, role=role, **over)

    def reached(self, subject: str) -> list[int]:
        """Return the numbers of the facilities that somebody reaches today."""
        return [
            number
            for number, facility in enumerate(self.facilities)
            if self.reads(subject, Read.PERSONAL, facility)
        ]

    def reads(self, subject: str, action: Read, unit: UUID) -> bool:
        """Say whether somebody may read at a unit; lists are read by the same."""
        directory = self.country.house.directory
        actor = directory.actor(subject)
        path = directory.path_of(unit, TODAY)
        allowed = decide(actor, action, Place(path=path), TODAY).allowed
        tops = [part.tops for part in scopes_of(actor, TODAY)[action].parts]
        assert allowed is any(one is None or not set(one).isdisjoint(path) for one in tops)
        return allowed

    async def may_register(self, subject: str, facility: int) -> bool:
        """Say whether somebody may register a person at a facility."""
        wish = {"givenNames": "Given", "cadre": "NURSE", "orgUnitId": self.facilities[facility]}
        content = {key: str(value) for key, value in wish.items()} | {"familyName": "Family"}
        try:
            await self.country.house.send(
                "healthWorkerRegister", as_=subject, dryRun=True, **content
            )
        except AccessDenied:
            return False
        return True


@pytest.fixture
async def clusters() -> Clusters:
    return await Clusters().drawn()


# ── offices ───────────────────────────────────────────────────────────────────────────────────


class Offices:
    """What is asked of a cluster's offices."""

    def __init__(self, clusters: Clusters, person: UUID) -> None:
        self.clusters, self.person = clusters, person

    def wish(self, office: str = "MANAGER", **more: Any) -> dict[str, Any]:
        who = {"groupId": self.clusters.cluster, "healthWorkerId": self.person, "office": office}
        return who | more

    async def ask(self, name: str, **more: Any) -> None:
        await self.clusters.country.send(f"groupOffice{name}", **self.wish(**more))

    async def refused(self, name: str, **more: Any) -> tuple[str, str | None]:
        return await self.clusters.country.refused(f"groupOffice{name}", **self.wish(**more))

    def rows(self, **equals: Any) -> list[tuple[Any, ...]]:
        rows = self.clusters.country.house.rows(GROUP_OFFICER, **equals)
        return sorted((row["office"], row["since"], row["until"]) for row in rows)


@pytest.fixture
async def offices(clusters: Clusters) -> Offices:
    return Offices(clusters, await clusters.country.person())


async def test_one_manager_has_several_clusters_and_need_belong_to_none(offices: Offices) -> None:
    await offices.ask("Take", on=10)
    await offices.ask("Take", groupId=offices.clusters.other, on=20)
    found = [("MANAGER", day(10), None), ("MANAGER", day(20), None)]
    assert offices.rows(health_worker_id=offices.person) == found
    await offices.ask("Leave", on=30)
    assert offices.rows(group_id=offices.clusters.cluster) == [("MANAGER", day(10), day(30))]


async def test_a_representative_stands_for_a_unit_that_is_in_the_group_that_day(
    offices: Offices,
) -> None:
    county = offices.clusters.counties[0]
    stands = {"office": "REPRESENTATIVE", "orgUnitId": county}
    await offices.clusters.add(0, on=10)
    assert await offices.refused("Take", **stands, on=9) == ("NOT_GROUP_MEMBER", "orgUnitId")
    await offices.ask("Take", **stands, on=10)
    (row,) = offices.clusters.country.house.rows(GROUP_OFFICER)
    assert (row["org_unit_id"], row["since"]) == (county, day(10))


async def test_an_office_is_taken_by_who_does_not_hold_it_and_left_by_who_does(
    offices: Offices,
) -> None:
    assert await offices.refused("Leave", on=5) == ("NOT_IN_OFFICE", "healthWorkerId")
    assert await offices.refused("Take", on=-1) == ("BEFORE_GROUP_CHANGE", "occurredOn")
    await offices.ask("Take", on=10)
    assert await offices.refused("Take", on=11) == ("ALREADY_IN_OFFICE", "healthWorkerId")
    assert await offices.refused("Leave", on=9) == ("BEFORE_GROUP_CHANGE", "occurredOn")
    await offices.ask("Leave", on=20)
    assert await offices.refused("Take", on=19) == ("BEFORE_GROUP_CHANGE", "occurredOn")
    await offices.ask("Take", office="CHAIR", on=11)


async def test_terms_are_said_anew_and_their_undoing_restores_every_row(offices: Offices) -> None:
    await offices.ask("Take", on=10)
    before = offices.rows()

    def terms(*line: tuple[int, int | None]) -> dict[str, Any]:
        said = [(day(since), None if until is None else day(until)) for since, until in line]
        told = [{"since": since, "until": until} for since, until in said]
        return {"terms": told, "reason": WHY, "on": 90}

    await offices.ask("Correct", **terms((5, 20), (40, None)))
    assert offices.rows() == [("MANAGER", day(40), None)]
    await offices.ask("Correct", **terms())
    assert offices.rows() == []
    await offices.ask("Correct", **terms((10, None)))
    assert offices.rows() == before
    assert await offices.refused("Correct", **terms((10, None))) == ("LINE_UNCHANGED", "terms")
    order = await offices.refused("Correct", **terms((5, 20), (19, None)))
    assert order == ("BEFORE_GROUP_CHANGE", "terms[1].since")
    late = await offices.refused("Correct", **terms((91, None)))
    assert late == ("OCCURRED_IN_FUTURE", "terms[0]")
    silent = terms((5, None)) | {"reason": None}
    assert await offices.refused("Correct", **silent) == ("REASON_MISSING", "reason")
    chair = await offices.refused("Correct", office="CHAIR", **terms((5, None)))
    assert chair == ("NOT_IN_OFFICE", "healthWorkerId")


async def test_a_district_makes_a_group_and_says_who_manages_it(clusters: Clusters) -> None:
    country, county = clusters.country, clusters.counties[0]
    await clusters.give("district", orgUnitId=county)
    made = {"code": "OWN", "name": "Own", "groupKind": "CIRCLE", "occurredOn": str(day(1))}
    own = await country.house.send("groupEstablish", as_="district", orgUnitId=str(county), **made)
    manager = await country.person(clusters.facilities[1])
    office = {"groupId": str(own.id), "healthWorkerId": str(manager), "office": "MANAGER"}
    await country.house.send("groupOfficeTake", as_="district", **office)
    (row,) = country.house.rows(GROUP_OFFICER)
    assert row["health_worker_id"] == manager


# ── grants over a group ───────────────────────────────────────────────────────────────────────


async def test_a_grant_over_a_cluster_reaches_its_counties_as_grants_over_each_would(
    clusters: Clusters,
) -> None:
    for county in (0, 1):
        await clusters.add(county)
        await clusters.give("by county", orgUnitId=clusters.counties[county])
    await clusters.give("by cluster", groupId=clusters.cluster)
    assert clusters.reached("by cluster") == clusters.reached("by county") == [0, 1]
    for action in Read:
        for unit in (*clusters.counties, *clusters.facilities, clusters.country.facility):
            by_cluster, by_county = [
                clusters.reads(subject, action, unit) for subject in ("by cluster", "by county")
            ]
            assert by_cluster is by_county
    may = [await clusters.may_register("by cluster", number) for number in range(3)]
    assert may == [True, True, False]


async def test_nothing_leaks_once_a_county_has_left(clusters: Clusters) -> None:
    await clusters.add(0)
    await clusters.add(1)
    await clusters.give("manager", groupId=clusters.cluster)
    await clusters.remove(1, on=100)
    assert clusters.reached("manager") == [0]
    assert not await clusters.may_register("manager", 1)
    await clusters.add(2, on=100)
    assert clusters.reached("manager") == [0, 2]


async def test_a_county_that_never_belonged_to_it_is_out_of_reach(clusters: Clusters) -> None:
    await clusters.add(0)
    await clusters.give("manager", groupId=clusters.cluster)
    member = {"groupId": clusters.cluster, "orgUnitId": clusters.counties[0], "reason": WHY}
    await clusters.country.send("groupMemberCorrect", **member, stays=[], on=90)
    assert clusters.reached("manager") == []


async def test_a_cluster_of_nobody_opens_nothing(clusters: Clusters) -> None:
    await clusters.give("manager", groupId=clusters.cluster)
    assert clusters.reached("manager") == []
    unit = clusters.country.facility
    assert not any(
        clusters.reads("manager", action, unit) for action in Read if action != "CATALOGUE"
    )


async def test_a_grant_that_names_a_group_opens_nothing_by_itself() -> None:
    grant = Grant(subject="s", role=Role.COORDINATOR, group_id=UUID(int=1), since=day(0))
    actor = Actor(subject="s", grants=(grant,))
    assert not any(decide(actor, action, Place(), TODAY).allowed for action in Read)


async def test_it_goes_on_over_what_became_of_a_county(clusters: Clusters) -> None:
    await clusters.add(0)
    await clusters.give("manager", groupId=clusters.cluster)
    parts = [{"code": code, "name": code} for code in ("C0-N", "C0-S")]
    county = clusters.counties[0]
    await clusters.country.send("orgUnitSplit", orgUnitId=county, successors=parts, on=50)
    split = (await clusters.country.house.events(county))[-1]
    assert isinstance(split, OrgUnitSplitUp)
    assert all(clusters.reads("manager", Read.RECORDS, part) for part in split.successors)


async def test_it_is_revoked_as_any_other(clusters: Clusters) -> None:
    await clusters.add(0)
    grant = await clusters.give("manager", groupId=clusters.cluster)
    await clusters.country.send("accessGrantRevoke", accessGrantId=grant, on=100)
    assert clusters.reached("manager") == []


async def test_a_grant_is_over_a_unit_or_over_a_group(clusters: Clusters) -> None:
    wish = {"subjectName": "x", "role": "VIEWER", "groupId": clusters.cluster}
    both = wish | {"orgUnitId": clusters.counties[0]}
    refused = await clusters.country.refused("accessGrantGive", **both)
    assert refused == ("GRANT_OVER_UNIT_AND_GROUP", "groupId")


async def test_it_is_given_by_who_may_give_it_over_each_of_its_units(clusters: Clusters) -> None:
    house = clusters.country.house
    own = await clusters.made("OWN", orgUnitId=clusters.counties[0])
    await clusters.add(0, group=own)
    await clusters.give("admin", "ADMINISTRATOR", orgUnitId=clusters.counties[0])
    wish = {"subjectName": "x", "role": "VIEWER", "groupId": str(own)}
    given = await house.send("accessGrantGive", as_="admin", **wish)
    await clusters.add(1, group=own)
    for name, asked in (
        ("accessGrantGive", wish),
        ("accessGrantRevoke", {"accessGrantId": str(given.id)}),
    ):
        with pytest.raises(AccessDenied, match="may not do"):
            await house.send(name, as_="admin", **asked)
    everywhere = wish | {"groupId": str(clusters.cluster)}
    with pytest.raises(AccessDenied, match="may not do"):
        await house.send("accessGrantGive", as_="admin", **everywhere)


async def test_who_takes_a_unit_into_it_could_give_there_what_was_given_over_it(
    clusters: Clusters,
) -> None:
    """Else a coordinator makes themselves an administrator, by a group that they administer."""
    house = clusters.country.house
    county = clusters.counties[0]
    own = await clusters.made("OWN", orgUnitId=clusters.counties[1])
    await clusters.give("sly", orgUnitId=county)
    await clusters.give("sly", orgUnitId=clusters.counties[1])
    member = {"groupId": str(own), "orgUnitId": str(county)}
    await house.send("groupMemberAdd", as_="sly", **member)
    await house.send("groupMemberRemove", as_="sly", **member)
    await clusters.give("sly", "ADMINISTRATOR", groupId=own)
    stays = [{"since": str(day(0))}]
    for name, more in (("Add", {}), ("Correct", {"stays": stays, "reason": WHY})):
        with pytest.raises(AccessDenied, match="may not do accessGrantGive"):
            await house.send(f"groupMember{name}", as_="sly", **member, **more)
    renamed = {"orgUnitId": str(county), "name": "Mine"}
    with pytest.raises(AccessDenied, match="may not do"):
        await house.send("orgUnitRename", as_="sly", **renamed)
    await clusters.give("head", "ADMINISTRATOR", orgUnitId=clusters.country.facility)
    await house.send("groupMemberAdd", as_="head", **member)


async def test_however_counties_come_and_go_it_reaches_those_of_today(clusters: Clusters) -> None:
    """At random: who holds grants over clusters sees what is in them, and never anything else."""
    groups = (clusters.cluster, clusters.other)
    for number, group in enumerate(groups):
        await clusters.give(f"manager {number}", groupId=group)
    random, members = Random(7), {group: set[int]() for group in groups}
    for _ in range(60):
        group, county = random.choice(groups), random.randrange(3)
        member = {"groupId": group, "orgUnitId": clusters.counties[county]}
        if county in members[group]:
            await clusters.country.send("groupMemberRemove", **member, on=100)
            members[group].remove(county)
        else:
            await clusters.country.send("groupMemberAdd", **member, on=100)
            members[group].add(county)
        for number, each in enumerate(groups):
            assert clusters.reached(f"manager {number}") == sorted(members[each])
