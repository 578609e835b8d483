"""The gateway's API: what it is made of.

partner ──GraphQL──▶ Endpoint ──▶ schema ──▶ Reader ──▶ read models (Postgres)
├──────▶ CommandClient ──▶ recording services
└──────▶ Teller ──▶ spool ──▶ the ledger `access`
auditor ──GET /log/…──▶ LogRoutes ──▶ recording services, and the ledger `access`
"""

import asyncio
import hashlib
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import httpx
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from services.gateway.asof.ledgers import Ledgers
from services.gateway.commands import CommandClient
from services.gateway.evidence.making import Making
from services.gateway.evidence.served import Parts as Evidence
from services.gateway.evidence.served import evidence_routes
from services.gateway.evidence.tickets import Tickets
from services.gateway.graphql.context import Parts
from services.gateway.graphql.endpoint import Endpoint
from services.gateway.graphql.limits import Buckets
from services.gateway.graphql.persisted import PersistedDocuments, documents_in
from services.gateway.graphql.schema import build_schema
from services.gateway.log.routes import LogRoutes
from services.gateway.looked.keeping import SERVICE as ACCESS_LOG
from services.gateway.looked.keeping import AccessLog
from services.gateway.looked.spool import Spool
from services.gateway.looked.telling import Teller
from services.gateway.pacing import paced_tasks
from services.gateway.projections.group import (
    ACCESS_EVENTS,
    ACCESS_EVENTS_BUILT,
    READ_MODELS,
    READ_MODELS_BUILT,
)
from services.gateway.read.keyset import Keyset
from services.gateway.read.pool import FIGURES, READS, Kind, ReadPool, lag
from services.gateway.standing import Standing
from services.gateway.web import manners
from shared.access.directory import Directory
from shared.access.facts import BUILT, GROUP
from shared.access.tokens import Verifier
from shared.contracts.base import SERVICES
from shared.database.pooler import refuse_shared_sessions
from shared.database.pools import as_it_is
from shared.domain.errors import MshauriError
from shared.evidence.remote import RemoteEvidence
from shared.ledger.reads import Reads
from shared.privacy.keys import KeyCache, KeySource
from shared.privacy.remote_keys import RemoteKeyStore
from shared.projection.live import LivePool
from shared.projection.waiting import Waiter
from shared.runtime.alongside import end_with, run_along
from shared.runtime.health import PartHealth, database_health, health_routes
from shared.runtime.house_client import house_client
from shared.runtime.peers import remote_ledgers
from shared.runtime.problems import on_error
from shared.runtime.serving import living
from shared.runtime.settings import Environment, GatewaySettings
from shared.transparency.published import PublishedLog

_AT_HAND_S = 1.0
"""For a person's keys: nobody tells this process that somebody was erased, and it reads them as
they were before."""
_EVIDENCE_S = 30.0
"""For a service to find 20,000 events and prove them."""


class Gateway:
    """The process: its parts live as long as its application is served."""

    def __init__(self, settings: GatewaySettings, stands: Standing | None = None) -> None:
        """Take the settings; nothing is started yet.

        Args:
            stands: at which moment the read models stand that it answers from; None: now.
        """
        self._settings = settings
        self._zone = ZoneInfo(settings.zone)
        self._stands = stands
        self._pool: LivePool | None = None
        self._commands: CommandClient | None = None
        self._access: AccessLog | None = None
        self._endpoint: Endpoint | None = None
        self._log = LogRoutes(settings.services, {ACCESS_LOG: lambda: self._access_log})
        self._published: PublishedLog | None = None
        self._making: Making | None = None
        self._parts: Parts | None = None

    def app(self) -> Starlette:
        """Return the gateway as an ASGI application."""
        return Starlette(
            routes=[
                Route("/graphql", self._graphql),
                WebSocketRoute("/graphql", self._graphql),
                *evidence_routes(lambda: self._evidence),
                *self._log.routes(),
                *health_routes(self._health),
            ],
            middleware=manners(self._settings.origins, self._zone),
            exception_handlers={MshauriError: on_error},
            lifespan=living(self._start),
        )

    async def _start(self, stack: AsyncExitStack) -> None:
        settings = self._settings
        production = settings.environment is Environment.PRODUCTION
        schema = build_schema(suggestions=not production)
        stands = self._stands
        url = stands.database_url if stands else settings.database_url
        await refuse_shared_sessions(url)
        stack.enter_context(paced_tasks())
        pool = await stack.enter_async_context(_live_pool(url, READS))
        end_with(pool.watching, "the pointer to the read models")
        figures = await stack.enter_async_context(_live_pool(url, FIGURES))
        end_with(figures.watching, "the pointer to the read models, for figures")
        waiter = stands.waits if stands else await stack.enter_async_context(Waiter(pool))
        # Who may see the answer is decided by what is granted now, at whatever moment it stands.
        directory = await self._directory(settings.database_url, stack)
        stack.push_async_callback(self._log.close)
        client = await stack.enter_async_context(house_client(10.0))
        token = settings.internal_token.get_secret_value()
        self._pool = pool
        self._commands = await stack.enter_async_context(CommandClient(settings.services))
        access = AccessLog(Spool(settings.access_spool))
        access.open()
        await run_along(access.ship(settings.access_database_url), stack, "access events")
        stack.push_async_callback(access.close)
        # Opened when somebody asks: whether its database is there keeps nothing else from starting.
        looked = await stack.enter_async_context(
            asyncpg.create_pool(settings.access_database_url, min_size=0, max_size=2)
        )
        self._published = PublishedLog(ACCESS_LOG, looked, Reads(looked, part="The access log"))
        reads = ReadPool(pool, READS)
        self._making = await self._maker(reads, stack)
        self._parts = parts = Parts(
            database=reads,
            figures=ReadPool(figures, FIGURES),
            directory=directory,
            hierarchy=await self._directory(url, stack) if stands else None,
            stands=stands,
            waiter=waiter,
            commands=self._commands,
            keyset=Keyset(_cursor_secret(settings)),
            tickets=Tickets(_cursor_secret(settings)),
            buckets=Buckets(),
            masked=production,
            introspection=settings.introspects,
            smallest_cell=settings.smallest_cell,
            persisted=PersistedDocuments(
                documents_in(settings.documents) if settings.documents else None,
                alone=settings.documents_alone,
            ),
            ledgers=Ledgers(
                of=remote_ledgers(client, settings.services, token),
                keys=_keys(client, settings.services, token, _AT_HAND_S),
            ),
            teller=Teller(access),
        )
        self._access = access
        verifier = Verifier(
            issuer=settings.issuer, audience=settings.audience, jwks_url=settings.jwks_url
        )
        self._endpoint = Endpoint(
            schema, parts, verifier, console=not production, origins=settings.origins
        )

    async def _directory(self, url: str, stack: AsyncExitStack) -> Directory:
        directory = Directory(
            url, operators=self._settings.operators, group=(GROUP, BUILT), zone=self._zone
        )
        await directory.start()
        stack.push_async_callback(directory.stop)
        return directory

    async def _maker(self, reads: ReadPool, stack: AsyncExitStack) -> Making:
        settings = self._settings
        client = await stack.enter_async_context(house_client(_EVIDENCE_S))
        token = settings.internal_token.get_secret_value()
        ledgers = {
            name: RemoteEvidence(client, url, token) for name, url in settings.services.items()
        }
        # None is kept at hand: what is enclosed in a file is given for good.
        keys = _keys(client, settings.services, token, 0.0)
        return Making(reads, ledgers, keys)

    @property
    def _evidence(self) -> Evidence:
        assert self._making is not None, "the lifespan has not begun"
        assert self._parts is not None
        parts = self._parts
        return Evidence(
            *(self._making, parts.tickets, parts.directory, parts.teller),
            *(parts.crowd, parts.buckets),
        )

    @property
    def _access_log(self) -> PublishedLog:
        assert self._published is not None, "the lifespan has not begun"
        return self._published

    @property
    def _graphql(self) -> Any:
        async def graphql(scope: Scope, receive: Receive, send: Send) -> None:
            assert self._endpoint is not None, "the lifespan has not begun"
            await self._endpoint(scope, receive, send)

        return _Asgi(graphql)

    async def _health(self) -> Mapping[str, PartHealth]:
        assert self._pool is not None
        assert self._commands is not None
        if self._stands:
            return {"database": await database_health(self._pool)}
        assert self._access is not None
        alive = await asyncio.gather(*(self._commands.alive(service) for service in SERVICES))
        return {
            "database": await database_health(self._pool),
            "readModels": await lag(self._pool),
            "accessEvents": self._access.health(),
            **{
                service: PartHealth(ready=here, says="answers" if here else "does not answer")
                for service, here in zip(SERVICES, alive, strict=True)
            },
        }


def _live_pool(url: str, kind: Kind) -> LivePool:
    # What asks leaves nothing behind on a connection: it need not be cleaned up.
    return LivePool(
        url,
        READ_MODELS,
        READ_MODELS_BUILT,
        most=kind.connections,
        settings=kind.settings,
        beside=(ACCESS_EVENTS, ACCESS_EVENTS_BUILT),
        reset=as_it_is,
    )


class _Asgi:
    """An ASGI application as Starlette's routes want it: not a function of a request."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def _keys(
    client: httpx.AsyncClient, services: Mapping[str, str], token: str, seconds: float
) -> dict[str, KeySource]:
    return {
        name: RemoteKeyStore(client, url, token, cache=KeyCache(seconds=seconds))
        for name, url in services.items()
    }


def _cursor_secret(settings: GatewaySettings) -> bytes:
    # The same in every gateway of the installation, and told to no client.
    token = settings.internal_token.get_secret_value()
    return hashlib.blake2b(token.encode(), person=b"mshauri cursors").digest()
