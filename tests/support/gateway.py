"""A gateway that really listens, over read models that a test fills by hand, and services that
speak the wire format of the real ones over HTTP and decide as the test says.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import msgspec
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from mshauri.stack.ports import free_port
from mshauri.stack.service import ServiceProcess
from mshauri.stack.topology import PROCESSES
from services.gateway.app import Gateway
from services.gateway.projections import PROJECTIONS
from services.gateway.projections.access_events import ACCESS_SHOWN_TO
from services.gateway.projections.group import (
    ACCESS_EVENTS,
    ACCESS_EVENTS_BUILT,
    READ_MODELS,
    READ_MODELS_BUILT,
)
from shared.access.directory import Directory
from shared.access.facts import (
    ACCESS,
    ACCESS_GRANT,
    BUILT,
    GROUP,
    GROUP_UNIT,
    ORG_UNIT_HEIR,
    ORG_UNIT_PLACE,
)
from shared.access.issuer import DevelopmentIssuer
from shared.contracts.base import commands
from shared.domain.errors import MshauriError
from shared.domain.folding import folded_text
from shared.projection import Table, builds
from shared.projection.schema import ensure
from shared.runtime.problems import on_error
from shared.runtime.settings import PREFIX, Environment, GatewaySettings
from tests.support.house import House

OPERATOR = "operator@test"
SINCE = date(2020, 1, 1)
FOLLOWED = (ACCESS_GRANT, ORG_UNIT_PLACE, ORG_UNIT_HEIR, GROUP_UNIT)
"""The tables that the directory reads."""


def hash_of(document: str) -> str:
    """Return by what a document is named instead of being sent."""
    return hashlib.sha256(document.encode()).hexdigest()


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application on a free port of the loopback, and yield its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


def is_json(table: Table, column: str, value: Any) -> bool:
    """Say whether a value is written as JSON, as the driver gives such a column."""
    return table.columns[column].type == "jsonb" and isinstance(value, str)


Decide = Callable[[str, dict[str, Any]], dict[str, Any] | None]
"""Given a command's name and body, the problem it is refused with, or None."""


@dataclass
class FakeServices:
    """All three services behind one address, in the wire format of the real ones.

    Attributes:
        requests: each request's path and body, in order.
        headers: each request's headers.
        more: further routes of a service.
        remembers: whether requests are kept: the collector looks through all that is, and in one
            process with the gateway that is at the gateway's cost.
    """

    requests: list[tuple[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    decide: Decide = lambda _name, _command: None
    away: set[str] = field(default_factory=set)
    remembers: bool = True
    more: Callable[[str], list[Route]] = lambda _service: []
    _position: int = 0

    def app(self, service: str) -> Starlette:
        """Return one service."""

        async def one(request: Request) -> Response:
            self._note(request, body := msgspec.json.decode(await request.body()))
            if service in self.away:
                return Response(status_code=500)
            outcome = self._outcome(service, request.path_params["name"], body)
            if "problem" in outcome:
                problem = outcome["problem"]
                return Response(msgspec.json.encode(problem), status_code=problem["status"])
            return Response(msgspec.json.encode(outcome["answer"]))

        async def many(request: Request) -> Response:
            self._note(request, items := msgspec.json.decode(await request.body()))
            if service in self.away:
                return Response(status_code=500)
            outcomes = [self._outcome(service, i["name"], i["command"]) for i in items]
            return Response(msgspec.json.encode(outcomes))

        async def live(_request: Request) -> Response:
            return Response(b"{}", status_code=500 if service in self.away else 200)

        return Starlette(
            routes=[
                Route("/commands/{name}", one, methods=["POST"]),
                Route("/commands", many, methods=["POST"]),
                Route("/health/live", live),
                *self.more(service),
            ],
            exception_handlers={MshauriError: on_error},
        )

    def _note(self, request: Request, body: Any) -> None:
        if not self.remembers:
            return
        self.requests.append((request.url.path, body))
        self.headers.append(dict(request.headers))

    def _outcome(self, service: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
        kind = commands[name]
        assert kind.service == service, f"{name} came to {service}"
        problem = self.decide(name, body)
        try:
            command = msgspec.convert(body, kind)
        except msgspec.ValidationError as fault:
            problem = refusal("MALFORMED", 400, str(fault))
        if problem is not None:
            return {"problem": problem}
        self._position += 1
        return {
            "answer": {
                "commandId": str(command.command_id),
                "record": kind.record,
                "id": body.get("id") or str(uuid4()),
                "version": 1,
                "positions": [f"{service}.7.{self._position}"],
            }
        }


def refusal(code: str, status: int, detail: str, **more: Any) -> dict[str, Any]:
    """Return Problem Details."""
    return {
        "type": f"urn:mshauri:error:{code}",
        "title": "Refused",
        "status": status,
        "code": code,
        "detail": detail,
        "remedy": "Do it right.",
        **more,
    }


@dataclass
class RunningGateway:
    """A gateway with everything around it."""

    url: str
    database: "asyncpg.Connection[Any]"
    services: FakeServices
    issuer: DevelopmentIssuer
    client: httpx.AsyncClient
    gateway: Gateway
    settings: GatewaySettings

    def token(self, subject: str, lifetime: timedelta = timedelta(hours=1)) -> str:
        """Return a good token."""
        return self.issuer.mint(subject, lifetime)

    async def insert(self, table: Table, **values: Any) -> None:
        """Write a row of a read model; what is folded in it follows from the rest."""
        if "name_folded" in table.columns and "name" in values:
            values.setdefault("name_folded", folded_text(values["name"]))
        if "employment" in table.columns and "cadre" in table.columns:
            values.setdefault("employment", "ACTIVE")
        columns = ", ".join(f'"{name}"' for name in values)
        places = ", ".join(f"${i}" for i in range(1, len(values) + 1))
        encoded = [
            msgspec.json.encode(v).decode() if table.columns[n].type == "jsonb" else v
            for n, v in values.items()
        ]
        await self.database.execute(
            f'INSERT INTO "{table.physical}" ({columns}) VALUES ({places})', *encoded
        )

    async def hold(self, house: House) -> None:
        """Write what a house in memory holds, and tell the directory."""
        for table in (table for each in (*PROJECTIONS, ACCESS) for table in each.tables):
            for row in house.gateway.tables.of(table):
                known = {
                    name: msgspec.json.decode(value) if is_json(table, name, value) else value
                    for name, value in row.items()
                    if value is not None
                }
                if known.keys() >= set(table.key):
                    await self.insert(table, **known)
        await self.told()

    async def told(self) -> None:
        """Tell the directory that grants and places changed, and wait until it knows."""
        for name in (table.name for table in FOLLOWED):
            await self.database.execute("SELECT pg_notify($1, $2)", f"{GROUP}_1.changed", name)
        assert self.gateway._endpoint is not None
        directory = self.gateway._endpoint._parts.directory
        assert isinstance(directory, Directory)
        async with asyncio.timeout(30):
            while True:
                known = directory._known
                held = (known.grants, known.places, known.heirs, known.members)
                totals = tuple(rows.total for rows in held)
                if totals == await self._written():
                    return
                await asyncio.sleep(0.02)

    async def _written(self) -> tuple[int, ...]:
        """Return the sum of positions of each table that the directory reads."""
        sums = [
            await self.database.fetchval(
                f"SELECT coalesce(sum(position), 0)::bigint FROM {GROUP}_1.{table.physical}"
            )
            for table in FOLLOWED
        ]
        return tuple(sums)

    async def grant(
        self,
        subject: str,
        role: str,
        org_unit_id: UUID | None = None,
        programme: str | None = None,
        group_id: UUID | None = None,
    ) -> None:
        """Give a role."""
        await self.insert(
            ACCESS_GRANT,
            grant_id=uuid4(),
            subject=subject,
            role=role,
            org_unit_id=org_unit_id,
            group_id=group_id,
            programme=programme,
            since=SINCE,
            position=int(datetime.now(UTC).timestamp() * 1e6),
        )

    async def applied(self, service: str, partition: int, position: int) -> None:
        """Move a partition on, as the engine does."""
        await self.database.execute(
            "INSERT INTO applied (service, partition, topic_id, next_offset, position, built)"
            " VALUES ($1, $2, 't', 1, $3, 'b') ON CONFLICT (service, partition)"
            " DO UPDATE SET position = excluded.position",
            service,
            partition,
            position,
        )
        token = f"{service}.{partition}.{position}"
        await self.database.execute("SELECT pg_notify($1, $2)", f"{READ_MODELS}_1.applied", token)

    async def send(self, document: str, subject: str = OPERATOR, **variables: Any) -> Any:
        """Send an operation and return the whole answer."""
        response = await self.client.post(
            f"{self.url}/graphql",
            json={"query": document, "variables": variables},
            headers={"Authorization": f"Bearer {self.token(subject)}"},
        )
        return response.json()

    async def ask(self, document: str, subject: str = OPERATOR, **variables: Any) -> Any:
        """Send an operation that must succeed, and return its data."""
        answer = await self.send(document, subject, **variables)
        assert "errors" not in answer or not answer["errors"], answer
        return answer["data"]


async def _build(connection: "asyncpg.Connection[Any]") -> None:
    """Make the builds that the gateway reads, empty, and turn its readers to them."""
    await builds.prepare(connection)
    schemas = []
    for name, built, projections in (
        (READ_MODELS, READ_MODELS_BUILT, PROJECTIONS),
        (GROUP, BUILT, [ACCESS]),
        (ACCESS_EVENTS, ACCESS_EVENTS_BUILT, [ACCESS_SHOWN_TO]),
    ):
        build = await builds.begin(connection, name, built)
        await connection.execute("SELECT set_config('search_path', $1, false)", build.schema)
        await ensure(connection, projections)
        await builds.turn(connection, build)
        await builds.beat(connection, build, 0)
        schemas.append(build.schema)
    # Rows go where their table is; `applied`, which each build has, is that of the read models.
    await connection.execute("SELECT set_config('search_path', $1, false)", ", ".join(schemas))


@asynccontextmanager
async def running_gateway(
    database: str,
    directory: Path,
    environment: Environment = Environment.DEVELOPMENT,
    services: FakeServices | None = None,
    *,
    origins: tuple[str, ...] = (),
    documents: Path | None = None,
) -> AsyncIterator[RunningGateway]:
    """Run a gateway on an empty database.

    Args:
        documents: the file of those that alone are carried out; None: any is.
    """
    issuer = DevelopmentIssuer(directory)
    services = services or FakeServices()
    async with AsyncExitStack() as stack:
        connection = await asyncpg.connect(database)
        stack.push_async_callback(connection.close)
        await _build(connection)
        urls = {
            name: await stack.enter_async_context(listening(services.app(name)))
            for name in ("registry", "sessions", "validation")
        }
        settings = GatewaySettings(
            environment=environment,
            database_url=database,
            access_database_url=database,
            access_spool=directory / "access-spool",
            internal_token=SecretStr("x" * 32),
            issuer=issuer.issuer,
            jwks_url=issuer.jwks_url,
            operators=(OPERATOR,),
            origins=origins,
            documents=documents,
            documents_alone=documents is not None,
            registry_url=urls["registry"],
            sessions_url=urls["sessions"],
            validation_url=urls["validation"],
        )
        gateway = Gateway(settings)
        url = await stack.enter_async_context(listening(gateway.app()))
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=20))
        yield RunningGateway(url, connection, services, issuer, client, gateway, settings)


@asynccontextmanager
async def another_process(gateway: RunningGateway, log: Path) -> AsyncIterator[str]:
    """Serve the same read models from a process of its own, and yield its address.

    It is what an installation runs: its own event loop and collector, and no stand-in beside it.
    """
    port = free_port()
    (served,) = (process for process in PROCESSES if process.name == "gateway")
    told = gateway.settings.model_dump(exclude_none=True) | {"port": port}
    process = ServiceProcess(
        served,
        {f"{PREFIX}{name.upper()}": _said(value) for name, value in told.items()},
        url := f"http://127.0.0.1:{port}",
        log,
    )
    process.process.start()
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        for _ in range(600):
            if await _is_alive(client):
                break
            await asyncio.sleep(0.1)
    try:
        yield url
    finally:
        await process.stop()


async def _is_alive(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/live")).is_success
    except httpx.TransportError:
        return False


def _said(value: Any) -> str:
    """Write a setting as the environment has it."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(value) if isinstance(value, tuple) else str(value)
