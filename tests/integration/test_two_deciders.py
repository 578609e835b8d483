"""Two deciders of one service, on one ledger: what both decide on at once, is decided in turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, nullcontext
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from services.registry.app import service as registry
from shared.service import decider as deciding
from shared.service.decider import Decider
from tests.conftest import OwnBroker
from tests.support.services import Asked, decides, running

ROUNDS = 60
LANES = 8


@pytest.fixture
async def asked(database: str, own_broker: OwnBroker, tmp_path: Path) -> AsyncIterator[Asked]:
    broker = await own_broker()
    async with running(
        registry, database=database, broker=broker.address, directory=tmp_path
    ) as asked:
        yield asked


@pytest.fixture
async def second(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Asked]:
    """Another decider of the same service; Prometheus expects one a process."""
    monkeypatch.setattr(deciding, "exposed", lambda _: nullcontext())
    decider = Decider(registry, asked.decider._settings)
    transport = httpx.ASGITransport(app=decider.app())
    async with (
        AsyncExitStack() as stack,
        httpx.AsyncClient(transport=transport, base_url="http://second", timeout=30) as client,
    ):
        await decider.start(stack)
        await decides(decider)
        yield Asked(decider=decider, follower=asked.follower, client=client, issuer=asked.issuer)


@pytest.mark.timeout(300)
async def test_one_record_decided_by_two_is_decided_in_turn(
    asked: Asked, second: Asked, database: str
) -> None:
    unit = (
        await asked.send(
            "orgUnitEstablish", code="W", name="W", unitKind="WARD", occurredOn="2018-01-01"
        )
    )["id"]
    versions: list[int] = []

    async def rename(lane: int) -> None:
        for number in range(ROUNDS):
            decider = (asked, second)[(lane + number) % 2]
            said = await decider.send(
                "orgUnitRename", orgUnitId=unit, name=f"W {lane} {number}", reason="again"
            )
            versions.append(said["version"])

    await asyncio.gather(*(rename(lane) for lane in range(LANES)))
    # Every one of them was recorded, each on what the one before it had left.
    assert sorted(versions) == list(range(2, 2 + LANES * ROUNDS))
    written = [one.decider.served.ledger.counters for one in (asked, second)]
    assert all(counters.commands for counters in written)
    tried = sum(counters.commands for counters in written)
    print(f"{LANES * ROUNDS} commands on one record, handed to the ledger {tried} times")


@pytest.mark.timeout(120)
async def test_a_command_sent_to_both_is_recorded_once(
    asked: Asked, second: Asked, database: str
) -> None:
    commands: list[dict[str, Any]] = [
        {
            "commandId": str(uuid4()),
            "code": f"D-{number}",
            "name": "D",
            "unitKind": "WARD",
            "occurredOn": "2018-01-01",
        }
        for number in range(50)
    ]
    answers = await asyncio.gather(
        *(
            decider.send("orgUnitEstablish", **command)
            for command in commands
            for decider in (asked, second)
        )
    )
    assert answers[::2] == answers[1::2]
    connection = await asyncpg.connect(database)
    assert await connection.fetchval("SELECT count(*) FROM ledger") == len(commands)
    await connection.close()
