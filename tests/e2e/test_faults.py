"""The whole stack while its parts go away and come back: nothing by halves, nothing lost."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio

from mshauri.rebuild import Source
from mshauri.stack.stack import Stack
from tests.support.stacks import frozen, operated, read_models, rebuild

PATIENCE_S = 60.0
FROZEN_S = 10.0

ESTABLISH = """
mutation ($input: OrgUnitEstablishInput!) {
  orgUnitEstablish(input: $input) { userErrors { code field } positions orgUnit { id code } }
}
"""
BATCH = """
mutation ($input: CommandBatchInput!) {
  commandBatch(input: $input) { results { outcome userErrors { code } id } }
}
"""
COUNT = "{ orgUnits(first: 1, filter: {kind: WARD}) { totalCount { value } } }"

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(300),
    pytest.mark.slow,
]


@dataclass
class Partner:
    """A partner's front-end: it sends, and sends again what was not answered."""

    stack: Stack
    client: httpx.AsyncClient
    established: list[str] = field(default_factory=list)

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send an operation; return the whole answer."""
        answer = await self.client.post("/graphql", json={"query": query, "variables": variables})
        said: dict[str, Any] = answer.json()
        return said

    async def establish(self, code: str, **changes: Any) -> dict[str, Any]:
        """Establish a ward once, however often it takes; return the last answer."""
        command = {
            "commandId": str(uuid4()),
            "code": code,
            "name": code,
            "unitKind": "WARD",
            "occurredOn": "2018-01-01",
            **changes,
        }
        async with asyncio.timeout(PATIENCE_S):
            while True:
                said = await self.ask(ESTABLISH, input=command)
                if not said.get("errors"):
                    self.established.append(code)
                    return said
                code = said["errors"][0]["extensions"]["code"]
                assert code in ("UNAVAILABLE", "STALE_READ"), said
                await asyncio.sleep(0.2)

    async def all_can_be_read(self) -> None:
        """Wait until every ward that was acknowledged is counted, and none twice."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                said = await self.ask(COUNT)
                counted = said["data"] and said["data"]["orgUnits"]["totalCount"]["value"]
                if counted == len(self.established):
                    return
                assert not counted or counted < len(self.established)
                await asyncio.sleep(0.1)


async def killed_under_load(partner: Partner, part: str) -> None:
    """Kill a part while wards are established, and wait until all that was acknowledged is read."""

    async def load(lane: int) -> None:
        for number in range(20):
            await partner.establish(f"{part}-{lane}-{number}")

    loading = [asyncio.create_task(load(lane)) for lane in range(4)]
    await asyncio.sleep(0.3)
    await partner.stack.kill(part)
    await asyncio.gather(*loading)
    await partner.all_can_be_read()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def partner() -> AsyncIterator[Partner]:
    """One stack for the module, and a partner of it."""
    async with operated() as (stack, client):
        yield Partner(stack, client)


async def test_what_was_written_can_be_read_at_once(partner: Partner) -> None:
    said = await partner.establish("W-0")
    assert said["data"]["orgUnitEstablish"]["orgUnit"]["code"] == "W-0"


async def test_a_refusal_names_the_field_and_writes_nothing(partner: Partner) -> None:
    command = {"commandId": str(uuid4()), "code": "W-0", "name": "Again", "unitKind": "WARD"}
    said = await partner.ask(ESTABLISH, input=command)
    (error,) = said["data"]["orgUnitEstablish"]["userErrors"]
    assert (error["code"], error["field"]) == ("ALREADY_TAKEN", "code")
    await partner.all_can_be_read()


async def test_a_batch_goes_from_service_to_service(partner: Partner) -> None:
    checklist = [{"code": "a", "text": "Does it", "points": 1}]
    framework = {
        "commandId": str(uuid4()),
        "code": "batch",
        "frameworkVersion": 1,
        "name": "Batch",
        "competencies": [{"code": "C", "name": "C", "checklist": checklist}],
    }
    ward = {
        "commandId": str(uuid4()),
        "code": "W-batch",
        "name": "Ward",
        "unitKind": "WARD",
        "occurredOn": "2018-01-01",
    }
    said = await partner.ask(
        BATCH,
        input={
            "commands": [
                {"name": "frameworkPublish", "command": framework},
                {"name": "orgUnitEstablish", "command": ward},
            ]
        },
    )
    results = said["data"]["commandBatch"]["results"]
    assert [item["outcome"] for item in results] == ["RECORDED", "RECORDED"], results
    partner.established.append("W-batch")


async def test_a_broker_wiped_under_load_ends_with_equal_read_models(partner: Partner) -> None:
    await partner.all_can_be_read()

    async def load() -> None:
        for number in range(60):
            await partner.establish(f"B-{number}")

    loading = asyncio.create_task(load())
    await asyncio.sleep(0.3)
    await partner.stack.restart("broker")  # it holds everything in memory: it comes back empty
    await loading
    await partner.all_can_be_read()
    after = await read_models(partner.stack)
    await rebuild(partner.stack, patience=PATIENCE_S)
    assert await read_models(partner.stack) == after


async def test_reads_go_on_while_the_broker_is_away(partner: Partner) -> None:
    await partner.stack.stop("broker")
    try:
        said = await partner.ask(COUNT)
        assert said["data"]["orgUnits"]["totalCount"]["value"] == len(partner.established)
        command = {
            "commandId": str(uuid4()),
            "code": "W-away",
            "name": "Ward",
            "unitKind": "WARD",
            "occurredOn": "2018-01-01",
        }
        accepted = await partner.ask(
            "mutation ($input: OrgUnitEstablishInput!) "
            "{ orgUnitEstablish(input: $input) { userErrors { code } positions } }",
            input=command,
        )
        assert accepted["data"]["orgUnitEstablish"]["positions"], "durable without the broker"
        partner.established.append("W-away")
    finally:
        await partner.stack.start("broker")
    await partner.all_can_be_read()


async def test_read_models_are_made_of_the_ledgers_while_the_broker_is_away(
    partner: Partner,
) -> None:
    before = await read_models(partner.stack)
    await partner.stack.stop("broker")
    try:
        await rebuild(partner.stack, Source.LEDGERS, patience=PATIENCE_S)
        assert await read_models(partner.stack) == before
    finally:
        await partner.stack.start("broker")
    await partner.establish("W-ledgers")
    await partner.all_can_be_read()


async def test_a_database_killed_under_load_loses_nothing_that_was_acknowledged(
    partner: Partner,
) -> None:
    await killed_under_load(partner, "postgres")


async def test_a_service_killed_under_load_loses_nothing_that_was_acknowledged(
    partner: Partner,
) -> None:
    await killed_under_load(partner, "registry")


async def test_followers_killed_under_load_lose_nothing_that_was_acknowledged(
    partner: Partner,
) -> None:
    await killed_under_load(partner, "followers")


async def test_deciders_go_on_while_followers_are_frozen_and_all_is_seen_once_they_wake(
    partner: Partner,
) -> None:
    async def written() -> int:
        connection = await asyncpg.connect(partner.stack.database_url("registry"))
        try:
            return int(await connection.fetchval("SELECT position FROM ledger_head"))
        finally:
            await connection.close()

    before = await written()
    with frozen(partner.stack, "followers"):
        loading = [asyncio.create_task(partner.establish(f"Z-{lane}")) for lane in range(20)]
        await asyncio.sleep(FROZEN_S)
        # They are recorded; what nobody publishes, nobody is shown.
        assert await written() >= before + len(loading)
        assert not any(one.done() for one in loading)
    await asyncio.gather(*loading)
    await partner.all_can_be_read()
    after = await read_models(partner.stack)
    await rebuild(partner.stack, patience=PATIENCE_S)
    assert await read_models(partner.stack) == after
