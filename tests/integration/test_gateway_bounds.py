"""What the gateway and the services allow one client: of the database, of a body, of a route."""

import asyncio
import time
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mshauri.stack import probe
from mshauri.stack.topology import HEALTH
from services.gateway.commands import Caller, CommandClient
from services.gateway.crowd import Crowd
from services.gateway.read.pool import FIGURES, READS, Kind, QueryTimedOut, ReadPool
from services.registry.app import service as registry
from shared.contracts.base import SERVICES
from tests.conftest import OwnBroker
from tests.support.gateway import FakeServices, listening
from tests.support.services import OPERATOR, running


async def test_a_statement_ends_at_its_time(database: str) -> None:
    # Before: none had a limit, and a figure kept its connection for as long as it liked.
    kind = Kind(connections=1, each=1, seconds=0.2)
    pool = await asyncpg.create_pool(database, min_size=1, server_settings=kind.settings)
    began = time.monotonic()
    with pytest.raises(QueryTimedOut, match=r"within 0.2 s"):
        await ReadPool(pool, kind).fetch("SELECT pg_sleep(5)")
    assert time.monotonic() - began < 2
    assert (await ReadPool(pool, kind).fetch("SELECT 1 AS one"))[0]["one"] == 1
    await pool.close()


async def test_figures_may_take_longer_and_have_fewer_connections() -> None:
    assert FIGURES.seconds > READS.seconds
    assert FIGURES.connections < READS.connections
    assert all(kind.each < kind.connections for kind in (READS, FIGURES))


async def test_one_subject_leaves_connections_for_the_others(database: str) -> None:
    kind = Kind(connections=2, each=1, seconds=5)
    pool = await asyncpg.create_pool(database, min_size=2, max_size=2)
    reads, crowd = ReadPool(pool, kind), Crowd()

    async def asking(subject: str, statement: str) -> float:
        began = time.monotonic()
        with crowd.operation(subject) as visit:
            await reads.fetch(statement)
            assert visit.rows == 1
            assert visit.database_s > 0
        return time.monotonic() - began

    slow = [asyncio.create_task(asking("greedy", "SELECT pg_sleep(0.5)")) for _ in range(6)]
    await asyncio.sleep(0.1)
    # Before: whoever asked first had every connection, and this waited for three rounds of them.
    assert await asking("modest", "SELECT 1") < 0.4
    await asyncio.gather(*slow)
    await pool.close()


async def test_a_service_does_not_gather_a_chunked_body(
    database: str, own_broker: OwnBroker, tmp_path: Path
) -> None:
    # Before: services had no limit at all.
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1_000_000

    broker = await own_broker()
    async with running(
        registry, database=database, broker=broker.address, directory=tmp_path
    ) as asked:
        headers = {"Authorization": f"Bearer {asked.issuer.mint(OPERATOR)}"}
        for path in ("/commands", "/commands/orgUnitEstablish"):
            tracemalloc.start()
            response = await asked.client.post(path, content=chunks(), headers=headers)
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert response.status_code == 413
            assert response.json()["code"] == "REQUEST_TOO_LARGE"
            assert most < 20_000_000


async def test_a_proxy_of_the_environment_is_not_for_the_house(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nobody listens there: before, every command was answered UNAVAILABLE.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    services = FakeServices()
    async with (
        listening(services.app("registry")) as url,
        CommandClient(dict.fromkeys(SERVICES, url)) as client,
    ):
        assert await client.alive("registry")
        command = {"commandId": str(uuid4()), "code": "RW", "name": "R", "unitKind": "COUNTRY"}
        outcome = await client.send(
            "registry",
            "orgUnitEstablish",
            {**command, "occurredOn": "2020-01-01"},
            Caller(token="t", trace_id="0" * 31 + "1"),
        )
    assert outcome.problem is None


async def test_a_containers_health_check_asks_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    # Before: behind a proxy every container was unhealthy.
    async def ready(_request: Request) -> Response:
        return Response(b"{}")

    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with listening(Starlette(routes=[Route(HEALTH, ready)])) as url:
        monkeypatch.setenv("MSHAURI_PORT", url.rpartition(":")[2])
        assert await asyncio.to_thread(probe.main) == 0
