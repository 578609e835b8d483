"""Following a mentee: over WebSocket and server-sent events, for as long as the token is good."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import websockets
from websockets.asyncio.client import ClientConnection

from services.gateway.graphql.ids import global_id
from services.gateway.projections import MENTEE
from shared.positions import partition_of
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOLLOW = """
subscription Follow($id: ID!, $after: [Position!]) {
  menteeProgress(id: $id, after: $after) { mentee { validated area } positions }
}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway for all tests here."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        yield running
    await postgres.drop_database(name)


async def a_mentee(gateway: RunningGateway) -> tuple[UUID, int]:
    mentee, worker = uuid4(), uuid4()
    await gateway.insert(
        MENTEE, id=mentee, health_worker_id=worker, cohort_id=uuid4(),
        programme_version_id=uuid4(), programme="P", area="RPA", technical_area="T",
        org_unit_id=uuid4(), since=date(2020, 1, 1), fiscal_year=2020, record_version=1,
        registry_position=1,
    )  # fmt: skip
    return mentee, partition_of(worker)


async def validated(gateway: RunningGateway, mentee: UUID, partition: int, count: int) -> None:
    await gateway.database.execute(
        f'UPDATE "{MENTEE.physical}" SET validated = $2, validation_position = $3 WHERE id = $1',
        mentee,
        count,
        count + 10,
    )
    await gateway.applied("validation", partition, count + 10)


@asynccontextmanager
async def connected(
    gateway: RunningGateway, token: str | None, origin: str | None = None, **said: str
) -> AsyncIterator[ClientConnection]:
    url = gateway.url.replace("http", "ws") + "/graphql"
    async with websockets.connect(
        url,
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
        additional_headers={"Origin": origin} if origin else None,
    ) as socket:
        payload = said | ({"authorization": f"Bearer {token}"} if token else {})
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        yield socket


async def following(socket: ClientConnection, id: str, after: list[str] | None = None) -> None:
    assert json.loads(await socket.recv())["type"] == "connection_ack"
    await socket.send(
        json.dumps(
            {
                "id": "1",
                "type": "subscribe",
                "payload": {"query": FOLLOW, "variables": {"id": id, "after": after}},
            }
        )
    )


async def message(socket: ClientConnection) -> Any:
    async with asyncio.timeout(5):
        return json.loads(await socket.recv())


async def test_a_mentee_is_told_as_it_stands_and_whenever_it_changed(
    gateway: RunningGateway,
) -> None:
    mentee, partition = await a_mentee(gateway)
    async with connected(gateway, gateway.token(OPERATOR)) as socket:
        await following(socket, global_id("Mentee", mentee))
        first = (await message(socket))["payload"]["data"]["menteeProgress"]
        assert first["mentee"] == {"validated": 0, "area": "RPA"}
        await validated(gateway, mentee, partition, 1)
        second = (await message(socket))["payload"]["data"]["menteeProgress"]
        assert second["mentee"]["validated"] == 1
        assert f"validation.{partition}.11" in second["positions"]


async def test_what_is_known_is_not_told_again(gateway: RunningGateway) -> None:
    mentee, partition = await a_mentee(gateway)
    await validated(gateway, mentee, partition, 1)
    await gateway.applied("registry", partition, 1)
    known = [f"registry.{partition}.1", f"validation.{partition}.11"]
    async with connected(gateway, gateway.token(OPERATOR)) as socket:
        await following(socket, global_id("Mentee", mentee), known)
        await asyncio.sleep(0.3)
        await validated(gateway, mentee, partition, 2)
        told = (await message(socket))["payload"]["data"]["menteeProgress"]
        assert told["mentee"]["validated"] == 2


async def test_somebody_elses_change_is_not_told(gateway: RunningGateway) -> None:
    mentee, partition = await a_mentee(gateway)
    async with connected(gateway, gateway.token(OPERATOR)) as socket:
        await following(socket, global_id("Mentee", mentee))
        await message(socket)
        await gateway.applied("validation", partition, 5000)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.4):
                await socket.recv()


async def test_a_mentee_out_of_scope_is_not_there(gateway: RunningGateway) -> None:
    mentee, _ = await a_mentee(gateway)
    async with connected(gateway, gateway.token("nobody")) as socket:
        await following(socket, global_id("Mentee", mentee))
        answer = await message(socket)
        errors = answer["payload"] if answer["type"] == "error" else answer["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == "NOT_FOUND"


async def test_without_a_good_token_the_connection_is_closed(gateway: RunningGateway) -> None:
    for token in (None, "nonsense", gateway.token("x", timedelta(hours=-1))):
        async with connected(gateway, token) as socket:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await message(socket)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4403


async def test_when_the_token_expires_the_connection_is_closed(gateway: RunningGateway) -> None:
    # Verified with 30 s of leeway: good enough to come in, and expired a moment later.
    mentee, _ = await a_mentee(gateway)
    async with connected(gateway, gateway.token(OPERATOR, timedelta(seconds=2))) as socket:
        await following(socket, global_id("Mentee", mentee))
        await message(socket)
        with pytest.raises(websockets.ConnectionClosed):
            await _the_end(socket)
        assert socket.close_code == 4403


async def _the_end(socket: ClientConnection) -> None:
    async with asyncio.timeout(8):
        while True:
            await socket.recv()


async def test_a_page_of_another_origin_may_not_open_a_socket(gateway: RunningGateway) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with connected(gateway, gateway.token(OPERATOR), "https://elsewhere.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_the_same_over_server_sent_events(gateway: RunningGateway) -> None:
    mentee, _ = await a_mentee(gateway)
    async with (
        asyncio.timeout(10),
        gateway.client.stream(
            "POST",
            f"{gateway.url}/graphql",
            json={"query": FOLLOW, "variables": {"id": global_id("Mentee", mentee)}},
            headers={
                "Authorization": f"Bearer {gateway.token(OPERATOR)}",
                "Accept": "text/event-stream",
            },
        ) as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        async for line in stream.aiter_lines():
            if line.startswith("data:") and "menteeProgress" in line:
                told = json.loads(line.removeprefix("data:"))
                break
    assert told["data"]["menteeProgress"]["mentee"] == {"validated": 0, "area": "RPA"}
