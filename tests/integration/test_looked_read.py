"""From the ledger of who looked to its readers: by a feed and no bus, in a build of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from pydantic import SecretBytes, SecretStr
from starlette.applications import Starlette

from mshauri.verify.found import Found
from mshauri.verify.ledger import walked
from mshauri.verify.log import signed
from services.gateway.log.routes import LogRoutes
from services.gateway.looked.keeping import SERVICE, AccessLog
from services.gateway.looked.spool import Spool
from services.gateway.projections import ORG_UNIT, PROJECTIONS
from services.gateway.projections.group import (
    ACCESS_EVENTS,
    ACCESS_EVENTS_BUILT,
    READ_MODELS,
    READ_MODELS_BUILT,
)
from services.gateway.projector import Projector
from shared.contracts.access.operation import AccessKind, PersonalDataShown
from shared.domain.errors import MshauriError
from shared.ledger.postgres import PostgresLedger
from shared.ledger.reads import Reads
from shared.projection import builds
from shared.projection.live import LivePool
from shared.projection.schema import ensure
from shared.proof.checkpoints import LogKey, open_checkpoint
from shared.proof.notes import Verifier
from shared.proof.statement import statement_of
from shared.proof.tiles import unbundle
from shared.runtime.problems import on_error
from shared.runtime.settings import ProjectorSettings
from shared.transparency.published import PublishedLog
from shared.transparency.witnessing import last_witnessed
from tests.support.projecting import MakeDatabase

COUNT = "SELECT count(*) FROM access_shown_v1"


@pytest_asyncio.fixture
async def databases(make_database: MakeDatabase) -> AsyncIterator[tuple[str, str]]:
    yield await make_database(), await make_database()


async def test_what_was_shipped_is_read_beside_the_read_models(
    databases: tuple[str, str], tmp_path: Path
) -> None:
    gateway, access = databases
    log = AccessLog(Spool(tmp_path))
    log.open()
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(PostgresLedger(access, service=SERVICE))
        await _read_models(gateway)
        pool = await stack.enter_async_context(
            LivePool(
                gateway,
                READ_MODELS,
                READ_MODELS_BUILT,
                most=2,
                beside=(ACCESS_EVENTS, ACCESS_EVENTS_BUILT),
            )
        )
        with pytest.raises(asyncpg.UndefinedTableError):
            await pool.fetchval(COUNT)
        projector = Projector(_settings(gateway, access))
        await projector._keep_access_events(stack)
        for shown in (3, 5):
            await _show(log, shown)
            await log.ship_all(ledger)
            await _until(pool, shown if shown == 3 else 8)
        assert await pool.fetchval(f'SELECT count(*) FROM "{ORG_UNIT.physical}"') == 0


async def test_the_ledger_of_who_looked_is_sealed_and_published_as_others_are(
    databases: tuple[str, str], tmp_path: Path
) -> None:
    gateway, access = databases
    log = AccessLog(Spool(tmp_path / "spool"))
    log.open()
    settings = _settings(gateway, access, log_key=SecretBytes(SEED), witness_dir=tmp_path / "seen")
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(PostgresLedger(access, service=SERVICE))
        await _read_models(gateway)
        for shown in (3, 5):
            await _show(log, shown)
            await log.ship_all(ledger)
        await Projector(settings)._keep_access_events(stack)
        pool = await stack.enter_async_context(asyncpg.create_pool(access, min_size=0, max_size=2))
        published = PublishedLog(SERVICE, pool, Reads(pool, part="The access log"))
        routes = LogRoutes({}, {SERVICE: lambda: published})
        stack.push_async_callback(routes.close)
        app = Starlette(routes=routes.routes(), exception_handlers={MshauriError: on_error})
        client = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")
        )
        note = await _sealed(client, 2)
        (told,) = (await client.get("/log/keys")).json()["logs"]
        (key,) = told["keys"]
        verifier = LogKey(Verifier.of(key["vkey"]))
        assert told["path"] == SERVICE
        checkpoint, _ = open_checkpoint(note, [verifier], origin="mshauri.local/access")
        assert checkpoint.size == 2
        entries = await ledger.feed(after=0, limit=10)
        served = (await client.get("/log/access/tile/entries/000.p/2")).content
        assert unbundle(served) == [statement_of(entry) for entry in entries]
        async with asyncio.timeout(20):
            while not (seen := last_witnessed(tmp_path / "seen", "mshauri.local", SERVICE)):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert seen.checkpoint.size == 2
        held = await walked(access, sizes=frozenset({2}))
        found = Found(
            service=SERVICE,
            ledger=held,
            signed=await signed(access, SERVICE, tmp_path / "seen", "mshauri.local"),
        )
        found.weigh()
        assert (found.sealed, found.problems) == (2, [])


SEED = bytes(range(32))


async def _sealed(client: httpx.AsyncClient, size: int) -> bytes:
    async with asyncio.timeout(30):
        while True:
            answer = await client.get("/log/access/checkpoint")
            if answer.status_code == 200 and int(answer.text.split("\n")[1]) >= size:
                return answer.content
            assert answer.status_code in (200, 404), answer.text
            await asyncio.sleep(0.05)


async def _show(log: AccessLog, people: int) -> None:
    event = PersonalDataShown(
        operation_id=uuid4(),
        at=datetime.now(UTC),
        kinds=(AccessKind.PERSONAL,),
        people=tuple(uuid4() for _ in range(people)),
        trace_id="a" * 32,
    )
    log.write(event, actor="ann", correlation_id=uuid4(), cause=event.operation_id)


async def _until(pool: LivePool, count: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                if await pool.fetchval(COUNT) == count:
                    return
            except asyncpg.UndefinedTableError:
                pass
            await asyncio.sleep(0.1)


async def _read_models(url: str) -> None:
    connection = await asyncpg.connect(url)
    await builds.prepare(connection)
    build = await builds.begin(connection, READ_MODELS, READ_MODELS_BUILT)
    await connection.execute("SELECT set_config('search_path', $1, false)", build.schema)
    await ensure(connection, PROJECTIONS)
    await builds.turn(connection, build)
    await connection.close()


def _settings(gateway: str, access: str, **more: Any) -> ProjectorSettings:
    return ProjectorSettings(
        database_url=gateway,
        access_database_url=access,
        bootstrap_servers="127.0.0.1:1",
        internal_token=SecretStr("x" * 32),
        registry_url="http://127.0.0.1:1",
        sessions_url="http://127.0.0.1:1",
        validation_url="http://127.0.0.1:1",
        **more,
    )
