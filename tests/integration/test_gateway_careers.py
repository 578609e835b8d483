"""What becomes of all that somebody has in programmes is asked over a real database, by whoever may
see them; and it is what the house in memory plans.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest_asyncio

from services.gateway.figures.consequences import Change
from services.gateway.graphql.ids import global_id
from shared.contracts.registry.employment import Employment
from tests.support.careers import shown
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.mentoring import Country, day, rules
from tests.support.servers import PostgresServer

ASKED = """
query Asked($person: ID!, $change: Employment, $on: Date, $line: [EmploymentChange!]) {
  healthWorkerConsequences(healthWorkerId: $person, change: $change, on: $on, line: $line) {
    duty becomes on until undone mentorsLeft
    mentee { id } mentorship { id status } mentor { id }
    improvementAction { id } supportRequest { id }
  }
}
"""
STANDS = """
query Stands($person: ID!) {
  healthWorker(id: $person) {
    employment employmentSince expectedReturn
    employments { employment since expectedReturn reason }
    employmentOutcomes { duty becomes on until because since undone mentorship { id } }
  }
  healthWorkers(first: 9, filter: {employment: ON_LEAVE}) { nodes { id } }
}
"""


class World:
    """A pair whose mentor is on leave, and asked about."""

    gateway: RunningGateway
    country: Country

    async def ask(self, document: str, **more: Any) -> Any:
        return await self.gateway.ask(
            document, person=global_id("HealthWorker", self.mentor), **more
        )

    async def begin(self, gateway: RunningGateway) -> "World":
        self.gateway = gateway
        self.country = country = await Country.under(rules())
        self.mentor, mentee = await country.person(), await country.person()
        pair = await country.propose(
            [await country.mentor(self.mentor)], [await country.enrolment(mentee)]
        )
        await country.sign(pair, self.mentor, mentee)
        await country.send(
            "healthWorkerGoOnLeave",
            healthWorkerId=self.mentor,
            expectedReturn=str(day(40)),
            reason="A child",
            on=10,
        )
        await gateway.hold(country.house)
        return self


@pytest_asyncio.fixture
async def world(postgres: PostgresServer, tmp_path: Any) -> AsyncIterator[World]:
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path) as gateway:
        yield await World().begin(gateway)
    await postgres.drop_database(name)


async def test_what_would_become_of_all_is_shown_before_it_is_told(world: World) -> None:
    about = {"change": "DECEASED", "on": day(20).isoformat()}
    found = (await world.ask(ASKED, **about))["healthWorkerConsequences"]
    planned = await shown(
        world.country.house, world.mentor, Change(employment=Employment.DECEASED, on=day(20))
    )
    assert [(one["duty"], one["becomes"], one["on"]) for one in found] == [
        (
            one.duty.value,
            "STAYS" if one.outcome is None else one.outcome.becomes.value,
            None if one.outcome is None else one.outcome.on.isoformat(),
        )
        for one in planned
    ]
    by = {one["becomes"]: one for one in found}
    assert set(by) == {"RESUMED", "REINSTATED", "DISENGAGED", "SUSPENDED"}
    assert by["RESUMED"]["mentorship"]["status"] == "AGREED"
    assert by["DISENGAGED"]["mentorsLeft"] == 0
    undone = (await world.ask(ASKED, line=[]))["healthWorkerConsequences"]
    assert {one["undone"] for one in undone} == {True}
    both = await world.gateway.send(ASKED, person=global_id("HealthWorker", world.mentor))
    assert both["errors"][0]["extensions"]["code"] == "MALFORMED"


async def test_how_somebody_stands_is_read_with_what_became_of_what_they_have(world: World) -> None:
    answer = await world.ask(STANDS)
    worker = answer["healthWorker"]
    since = day(10).isoformat()
    assert (worker["employment"], worker["employmentSince"]) == ("ON_LEAVE", since)
    assert worker["employments"][0]["reason"] == "A child"
    assert {one["becomes"] for one in worker["employmentOutcomes"]} == {"PAUSED", "SUSPENDED"}
    assert [one["id"] for one in answer["healthWorkers"]["nodes"]] == [
        global_id("HealthWorker", world.mentor)
    ]


async def test_nobody_out_of_scope_is_told(world: World) -> None:
    person = global_id("HealthWorker", world.mentor)
    asked = {"person": person, "change": "RETIRED"}
    answer = await world.gateway.ask(ASKED, "somebody@elsewhere", **asked)
    assert answer["healthWorkerConsequences"] is None
