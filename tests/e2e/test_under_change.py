"""The whole stack, rebuilt and littered: no query sees half, nobody dismissed is let in."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from kafka import KafkaProducer

from mshauri.rebuild import GROUPS, What, beside
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from shared.bus.topics import topic_of
from tests.support.days import today
from tests.support.rubbish import PARTITION, rubbish_for
from tests.support.servers import temporary_directory

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(700),
    pytest.mark.slow,
]

PATIENCE_S = 90.0
AUDITOR = "an-auditor"
COUNT = "{ orgUnits(first: 1) { totalCount { value } } }"


class World:
    """A stack, its operator, and an auditor who was dismissed."""

    def __init__(self, stack: Stack, client: httpx.AsyncClient, issuer: DevelopmentIssuer) -> None:
        self.stack = stack
        self.client = client
        self.issuer = issuer

    async def ask(self, query: str, subject: str = OPERATOR, **variables: Any) -> dict[str, Any]:
        """Send an operation; return the whole answer."""
        answer = await self.client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {self.issuer.mint(subject)}"},
        )
        said: dict[str, Any] = answer.json()
        return said

    async def send(self, name: str, /, **fields: Any) -> dict[str, Any]:
        """Send a command that must be recorded; return its payload."""
        kind = name[0].upper() + name[1:]
        text = (
            f"mutation ($input: {kind}Input!) {{ {name}(input: $input) "
            "{ userErrors { code message } id positions } }"
        )
        said = await self.ask(text, input={"commandId": str(uuid4()), **fields})
        assert not said.get("errors"), said
        payload: dict[str, Any] = said["data"][name]
        assert payload["userErrors"] == [], payload
        return payload

    async def counted(self, subject: str = OPERATOR) -> int | None:
        """Return how many org units somebody counts; None: they are refused."""
        said = await self.ask(COUNT, subject)
        if said.get("errors"):
            return None
        return int(said["data"]["orgUnits"]["totalCount"]["value"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    with temporary_directory() as directory:
        async with (
            Stack(directory, environ={}) as stack,
            httpx.AsyncClient(base_url=stack.gateway_url, timeout=30, trust_env=False) as client,
        ):
            made = World(stack, client, DevelopmentIssuer(directory))
            country = await made.send(
                "orgUnitEstablish",
                code="RW",
                name="Rwanda",
                unitKind="COUNTRY",
                occurredOn="2018-01-01",
            )
            grant = await made.send(
                "accessGrantGive",
                subjectName=AUDITOR,
                role="AUDITOR",
                orgUnitId=country["id"],
                occurredOn="2018-01-01",
            )
            async with asyncio.timeout(PATIENCE_S):
                while await made.counted(AUDITOR) != 1:  # noqa: ASYNC110 - elsewhere
                    await asyncio.sleep(0.1)
            await made.send(
                "accessGrantRevoke",
                accessGrantId=grant["id"],
                occurredOn=str(today()),
                reason="dismissed",
            )
            async with asyncio.timeout(PATIENCE_S):
                while await made.counted(AUDITOR):  # noqa: ASYNC110 - elsewhere
                    await asyncio.sleep(0.1)
            yield made


async def rebuild(world: World, what: What) -> None:
    process, group, projections = GROUPS[what]
    process = "projector" if process == "gateway" else process
    connection = await asyncpg.connect(world.stack.database_url(process))
    try:
        await beside(connection, group, projections, patience=PATIENCE_S)
    finally:
        await connection.close()


async def test_while_everything_is_rebuilt_no_query_fails_and_nobody_dismissed_is_let_in(
    world: World,
) -> None:
    for number in range(40):
        await world.send(
            "orgUnitEstablish",
            code=f"D-{number}",
            name=f"District {number}",
            unitKind="DISTRICT",
            occurredOn="2018-01-01",
        )
    done = asyncio.Event()
    wrong: list[str] = []
    asked = {"operator": 0, "auditor": 0}
    recorded = 0

    async def query() -> None:
        last = 0
        while not done.is_set() or asked["operator"] < 300:
            said = await world.ask(COUNT)
            asked["operator"] += 1
            if said.get("errors"):
                wrong.append(f"the operator: {said['errors'][0]['extensions']['code']}")
                continue
            now = said["data"]["orgUnits"]["totalCount"]["value"]
            if now < last:
                wrong.append(f"{now} after {last}")
            last = now

    async def knock() -> None:
        while not done.is_set() or asked["auditor"] < 1_000:
            asked["auditor"] += 1
            if await world.counted(AUDITOR):
                wrong.append("the dismissed auditor was let in")

    async def record() -> None:
        nonlocal recorded
        while not done.is_set():
            recorded += 1
            await world.send(
                "orgUnitEstablish",
                code=f"L-{recorded}",
                name=f"Late {recorded}",
                unitKind="DISTRICT",
                occurredOn="2018-01-01",
            )
            await asyncio.sleep(0.05)

    async with asyncio.TaskGroup() as group:
        for work in (query, knock, record):
            group.create_task(work())
        for what in (What.READ_MODELS, What.GRANTS, What.REGISTRY, What.READ_MODELS):
            await rebuild(world, what)
        done.set()
    assert wrong == []
    assert recorded > 0
    assert asked["auditor"] >= 1_000


async def test_ten_thousand_records_of_rubbish_stop_nobody_and_are_counted(world: World) -> None:
    before = await world.counted()
    assert before
    producer = KafkaProducer(bootstrap_servers=world.stack.bootstrap_servers)
    kinds = {
        service: [kind for kind in rubbish_for(service) if len(kind[1] or b"") < 10_000]
        for service in ("registry", "sessions", "validation")
    }
    each = 10_000
    for service, litter in kinds.items():
        for number in range(each):
            _, value, headers = litter[number % len(litter)]
            producer.send(topic_of(service), value, key=b"k", headers=headers, partition=PARTITION)
    producer.flush(60)
    producer.close()
    for number in range(30):
        answer = await world.send(
            "orgUnitEstablish",
            code=f"R-{number}",
            name=f"Ward {number}",
            unitKind="DISTRICT",
            occurredOn="2018-01-01",
        )
        assert answer["positions"]
    async with asyncio.timeout(PATIENCE_S):
        while await world.counted() != before + 30:  # noqa: ASYNC110 - elsewhere
            await asyncio.sleep(0.2)
    # Each reader that hears a topic has all of its rubbish, by place and bytes.
    connection = await asyncpg.connect(world.stack.database_url("projector"))
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                rows = await connection.fetch(
                    "SELECT service, count(*) FROM public.unreadable GROUP BY service"
                )
                if {row[0]: row[1] for row in rows} == dict.fromkeys(kinds, each):
                    break
                await asyncio.sleep(0.5)
    finally:
        await connection.close()
    for process in ("followers", "projector"):
        health = await world.client.get(f"{world.stack.url(process)}/health/ready")
        assert health.status_code == 200, health.text
        assert "are no events" in health.text
    listed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mshauri", "quarantine", "list"),
        *("--data-dir", str(world.stack.data_dir)),
        stdout=asyncio.subprocess.PIPE,
    )
    said = (await listed.communicate())[0].decode()
    assert f"{3 * each:,} records that are no events" in said
    assert all(f"{service}  " in said for service in kinds), "each topic's, by place"
