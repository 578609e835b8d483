"""The whole way round: ledger, relay, bus, engine, rows; and the same rows again from zero."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest
import typer
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from typer.testing import CliRunner

from mshauri.rebuild import NobodyProjects, beside, rebuild
from services.gateway.projections import AUDIT_EVENT, HEALTH_WORKER, MENTEE, PROJECTIONS
from services.gateway.projections.group import READ_MODELS, READ_MODELS_BUILT
from services.gateway.projector import Projector
from shared.bus.relay import Relay
from shared.contracts.base import SERVICES
from shared.contracts.envelope import encode_meta
from shared.ledger import NewEvent, StreamAppend, Transaction
from shared.ledger.postgres import PostgresLedger
from shared.ledger.remote import HEAD_PATH, must_be_of_the_house, tell_head
from shared.privacy.keys import MemoryKeyStore
from shared.privacy.payload import ERASED, encode_event, subject_of
from shared.privacy.remote_keys import PATH, TOKEN_HEADER, tell_keys
from shared.projection import Table, Waiter, fingerprint
from shared.projection.builds import Build
from shared.projection.live import LivePool
from shared.projection.schema import tables_of
from shared.runtime.settings import ProjectorSettings
from tests.conftest import OwnBroker
from tests.support.relays import running, until
from tests.support.rows import Rows
from tests.support.story import MENTEE as MUTONI
from tests.support.story import STORY, happenings, meta_of
from tests.support.story_erasure import FORGOTTEN

TOKEN = "t" * 32
TABLES = tables_of(PROJECTIONS)

MakeDatabase = Callable[[], Any]


@dataclass(slots=True)
class House:
    """The recording services' ledgers and keys, the bus, and the gateway's database."""

    ledgers: dict[str, PostgresLedger]
    keys: dict[str, MemoryKeyStore]
    settings: ProjectorSettings
    pool: LivePool

    async def beside(
        self, patience: float = 20, told: Callable[[int, int], None] = lambda _done, _all: None
    ) -> tuple[Build | None, Build]:
        """Have the read models made anew, as `mshauri rebuild` does."""
        connection = await asyncpg.connect(self.settings.database_url)
        try:
            before, after = await beside(
                connection, READ_MODELS, PROJECTIONS, patience=patience, told=told
            )
        finally:
            await connection.close()

        async def turned() -> bool:
            return self.pool.build is not None and self.pool.build.number >= after.number

        await until(turned)
        return before, after

    async def record(self) -> list[str]:
        """Record the whole story, and return where its events came to lie."""
        tokens: list[str] = []
        for told, happening in zip(TOLD, happenings(TOLD), strict=True):
            subject = subject_of(told.body, told.stream)
            keys = await self.keys[told.service].keys_for(
                [] if subject is None else [subject], create=True
            )
            event = NewEvent(
                id=happening.id,
                topic=told.body.topic,
                meta=encode_meta(meta_of(told)),
                payload=encode_event(told.body, happening.id, keys, told.stream),
            )
            append = StreamAppend(
                stream=told.stream,
                kind=told.kind,
                key=told.key,
                expected=happening.version - 1,
                events=(event,),
            )
            receipt = await self.ledgers[told.service].append(
                Transaction(
                    command_id=happening.command_id, fingerprint=bytes(32), appends=(append,)
                )
            )
            tokens += receipt.positions
        return tokens

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return a table's rows as they are stored, JSON read."""
        rows = [dict(row) for row in await self.pool.fetch(f'SELECT * FROM "{table.physical}"')]
        for name, column in table.columns.items():
            if column.type == "jsonb":
                for row in rows:
                    row[name] = json.loads(row[name])
        return rows


@pytest.fixture
async def house(make_database: MakeDatabase, own_broker: OwnBroker) -> AsyncIterator[House]:
    """A house in which the three services publish; no projector runs yet."""
    async with AsyncExitStack() as stack:
        broker = await own_broker()
        ledgers, keys = {}, {}
        for service in SERVICES:
            url = await make_database()
            ledgers[service] = await stack.enter_async_context(PostgresLedger(url, service=service))
            relay = Relay(
                service, ledgers[service], database_url=url, bootstrap_servers=broker.address
            )
            await stack.enter_async_context(running(relay))
            keys[service] = MemoryKeyStore()
        gateway = await make_database()
        pool = await stack.enter_async_context(
            LivePool(gateway, READ_MODELS, READ_MODELS_BUILT, most=4)
        )
        registry, sessions, validation = [
            await stack.enter_async_context(_telling(keys[service], ledgers[service]))
            for service in SERVICES
        ]
        settings = ProjectorSettings(
            database_url=gateway,
            access_database_url=gateway,
            bootstrap_servers=broker.address,
            fetch_max_wait_ms=20,
            internal_token=SecretStr(TOKEN),
            registry_url=registry,
            sessions_url=sessions,
            validation_url=validation,
        )
        yield House(ledgers, keys, settings, pool)


@asynccontextmanager
async def _telling(keys: MemoryKeyStore, ledger: PostgresLedger) -> AsyncIterator[str]:
    """Serve a service's keys and its ledger's head, as its own process does; return where."""

    async def told(request: Request) -> Response:
        shown = request.headers.get(TOKEN_HEADER)
        return Response(await tell_keys(keys, shown, TOKEN, await request.body()))

    async def head(request: Request) -> Response:
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), TOKEN)
        return Response(await tell_head(ledger))

    app = Starlette(routes=[Route(PATH, told, methods=["POST"]), Route(HEAD_PATH, head)])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


@asynccontextmanager
async def projecting(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Run the projector as its process does; return a client of its health."""
    app = Projector(house.settings).app()
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://projector") as client,
    ):
        yield client


async def reached(house: House, tokens: list[str]) -> None:
    """Wait until the read models hold these positions."""
    await house.pool.opened()
    async with Waiter(house.pool) as waiter:
        await waiter.reach(tokens, 30)


TOLD = [one for one in STORY if one not in FORGOTTEN]
"""Nobody is forgotten here: keys are destroyed by services, of which none is at work."""

INSTANTS = frozenset(
    {"recorded", "given_at", "revoked_at", "taken_at", "reviewed_at", "dismissed_at"}
)


def plain(rows: list[dict[str, Any]], table: Table) -> list[str]:
    """Return rows as comparable text, without the instants that only a ledger can give."""
    columns = [name for name in table.columns if name not in INSTANTS]
    return sorted(
        json.dumps(msgspec.to_builtins({name: row[name] for name in columns}), sort_keys=True)
        for row in rows
    )


async def test_what_was_recorded_comes_round_as_the_folds_say(house: House) -> None:
    expected = Rows()
    for happening in happenings(TOLD):
        expected.happen(PROJECTIONS, happening)
    async with projecting(house):
        await reached(house, await house.record())
    for table in TABLES:
        stored = await house.rows(table)
        assert plain(stored, table) == plain(expected.of(table.name), table), table.name


async def test_read_models_from_zero_are_the_same_to_the_byte(house: House) -> None:
    async with projecting(house):
        await reached(house, await house.record())
        before = await fingerprint(house.pool, TABLES)
        told: list[tuple[int, int]] = []
        old, new = await house.beside(told=lambda *progress: told.append(progress))
        assert old is not None
        assert (old.number, new.number) == (1, 2)
        assert await fingerprint(house.pool, TABLES) == before
        events = await house.pool.fetchval("SELECT sum(version) FROM stream_cursor")
    assert events == len(TOLD)
    assert told[-1][1] > 0
    assert len(before) == len(TABLES)


async def test_read_models_that_nobody_fills_are_given_up_with_a_reason(house: House) -> None:
    async with projecting(house):
        await reached(house, await house.record())
    with pytest.raises(NobodyProjects, match="is a projector up"):
        await house.beside(patience=0.3)


async def test_the_rebuild_command_says_that_every_table_is_the_same(house: House) -> None:
    async with projecting(house):
        await reached(house, await house.record())
        command = typer.Typer()
        command.command()(rebuild)
        arguments = ["read-models", "--compare", "--database-url", house.settings.database_url]
        result = await asyncio.to_thread(CliRunner().invoke, command, arguments)
    assert result.exit_code == 0, result.output
    assert f"{len(TOLD)} events folded" in result.output
    assert result.output.count("the same") == len(TABLES)


async def test_a_person_whose_key_is_erased_is_nameless_in_what_is_built_after(
    house: House,
) -> None:
    async with projecting(house):
        await reached(house, await house.record())
        trail, mentees = await house.rows(AUDIT_EVENT), await house.rows(MENTEE)
    await house.keys["registry"].erase(MUTONI)
    async with projecting(house):  # another process, which remembers no key
        await house.beside()
        (mentee,) = [row for row in await house.rows(HEALTH_WORKER) if row["id"] == MUTONI]
        assert (mentee["given_names"], mentee["family_name"]) == (ERASED, ERASED)
        assert mentee["phone"] is None
        assert len(await house.rows(MENTEE)) == len(mentees)
        after = await house.rows(AUDIT_EVENT)
        assert without_reasons(after) == without_reasons(trail)
        # Why something was asked for that is about her is sealed with her key, and gone with it.
        told = {row["reason"] for row in after}
        assert ERASED in told
        before = {row["reason"] for row in trail}
        assert {row["reason"] for row in after} <= before | {ERASED}


def without_reasons(rows: list[dict[str, Any]]) -> list[str]:
    return plain([row | {"reason": None} for row in rows], AUDIT_EVENT)


async def test_the_projector_waits_for_a_service_that_holds_keys_and_says_so(house: House) -> None:
    away = house.settings.model_copy(update={"registry_url": "http://127.0.0.1:9"})
    tokens = await house.record()
    async with projecting(House(house.ledgers, house.keys, away, house.pool)) as client:

        async def says_so() -> bool:
            return "key store" in (await client.get("/health/ready")).text

        await until(says_so)
        health = await client.get("/health/ready")
        assert health.status_code == 503
        assert health.json()["parts"]["database"]["ready"] is True
        assert (await client.get("/health/live")).status_code == 200
    async with projecting(house):
        await reached(house, tokens)


async def test_the_projector_says_how_it_stands(house: House) -> None:
    async with projecting(house) as client:
        await reached(house, await house.record())

        async def ready() -> bool:  # grants are read at their own pace
            return (await client.get("/health/ready")).status_code == 200

        await until(ready)
        health = await client.get("/health/ready")
        said = health.json()["parts"]["readModels"]
        assert said["ready"] is True
        assert "s behind the bus" in said["says"]
        metrics = (await client.get("/metrics")).text
    assert 'mshauri_projector_partitions{group="read_models"} 24.0' in metrics
    assert 'mshauri_projector_parked_events{group="read_models"} 0.0' in metrics
    last = "mshauri_projector_last_applied_timestamp_seconds"
    assert f'{last}{{group="read_models",service="validation"}}' in metrics
