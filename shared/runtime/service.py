"""The skeleton of a recording service: the same for registry, sessions and validation.

HTTP ─▶ Commander ─▶ aggregates ─▶ PostgresLedger ─▶ Relay ─▶ bus
            ▲ facts, grants                                    │
            └── local views ◀── Engine ◀───────────────────────┘
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from hashlib import sha256
from hmac import new as hmac
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from starlette.applications import Starlette

from shared.access.directory import Directory
from shared.access.facts import ACCESS
from shared.access.tokens import Verifier
from shared.bus.consumer import Consumer
from shared.bus.relay import Relay
from shared.ledger.postgres import PostgresLedger
from shared.privacy.keys import KeySource
from shared.privacy.master import MasterKey
from shared.privacy.postgres_keys import PostgresKeyStore
from shared.projection import Projection
from shared.projection.engine import Engine
from shared.projection.schema import ensure
from shared.projection.waiting import Waiter
from shared.runtime.commanding import Commander
from shared.runtime.database import Pool, open_pool
from shared.runtime.decoding import BLIND, EventDecoder
from shared.runtime.facts import Facts
from shared.runtime.handlers import Handlers
from shared.runtime.health import PartHealth, database_health, health_routes
from shared.runtime.http import command_app
from shared.runtime.metrics import EngineMetrics, LedgerMetrics, exposed
from shared.runtime.parts import RunningParts
from shared.runtime.policies import Policy, projection_of
from shared.runtime.policy_runner import PolicyRunner
from shared.runtime.serving import serve
from shared.runtime.settings import ServiceSettings, settings_or_exit

_log = structlog.get_logger(__name__)


class RecordingService:
    """One service: its commands, the views of facts that it decides by, and its policies.

    Args:
        handlers: the commands it decides.
        views: what it must know of other services' facts, or find among its own.
        policies: what it does of itself when something has happened.
        reads_people: its views hold personal data of its own people, read with its own keys.
    """

    def __init__(
        self,
        handlers: Handlers,
        views: Sequence[Projection] = (),
        policies: Sequence[Policy] = (),
        *,
        reads_people: bool = False,
    ) -> None:
        self.name = handlers.service
        self.handlers = handlers
        self.views = (ACCESS, *views, *([projection_of(policies)] if policies else []))
        self.policies = tuple(policies)
        self._reads_people = reads_people
        self._parts: RunningParts | None = None

    @property
    def heard(self) -> list[str]:
        """The services whose facts its views are made of, by name."""
        topics = (topic for view in self.views for topic in view.topics or ())
        return sorted({topic.partition(".")[0] for topic in topics})

    def run(self) -> None:
        """Serve until told to stop; what `python -m services.<name>` does."""
        settings = settings_or_exit(ServiceSettings)
        serve(self.name, settings, self.app(settings))

    def app(self, settings: ServiceSettings) -> Starlette:
        """Return the service as an ASGI application; its parts live as long as it does."""

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            async with AsyncExitStack() as stack:
                self._parts = await self._start(settings, stack)
                yield

        return command_app(lambda: self.running, health_routes(self._health), lifespan)

    @property
    def running(self) -> RunningParts:
        """What runs now."""
        assert self._parts is not None, "the lifespan has not begun"
        return self._parts

    async def _start(self, settings: ServiceSettings, stack: AsyncExitStack) -> RunningParts:
        url = settings.database_url
        # What asks and writes leaves nothing behind on a connection, so the pool need not spend a
        # round trip on cleaning it up; what listens, locks and sets its session has its own pool.
        pool = await stack.enter_async_context(open_pool(url, most=16, cleaned=False))
        own = await stack.enter_async_context(open_pool(url, most=4))
        master = settings.master_key.get_secret_value()
        keys = PostgresKeyStore(pool, MasterKey(master))
        await keys.prepare()
        ledger = await stack.enter_async_context(PostgresLedger(pool, service=self.name))
        relay = Relay(
            self.name, ledger, database_url=url, bootstrap_servers=settings.bootstrap_servers
        )
        async with own.acquire() as connection:
            await ensure(connection, self.views)
        engine = await self._start_views(settings, own, keys, stack)
        await _run_along(relay.run(), stack)
        stack.enter_context(exposed(EngineMetrics(engine)))
        stack.enter_context(exposed(LedgerMetrics(ledger, relay)))
        waiter = await stack.enter_async_context(Waiter(own))
        directory = Directory(url, operators=settings.operators)
        await directory.start()
        stack.push_async_callback(directory.stop)
        facts = Facts(pool, waiter, heard=self.heard)
        commander = Commander(
            handlers=self.handlers,
            ledger=ledger,
            keys=keys,
            directory=directory,
            facts=facts,
            claim_key=hmac(master, b"claims", sha256).digest(),
            zone=ZoneInfo(settings.zone),
        )
        if self.policies:
            zone = ZoneInfo(settings.zone)
            runner = PolicyRunner(pool, url, commander, self.policies, facts, zone)
            await _run_along(runner.run(), stack)
        verifier = Verifier(
            issuer=settings.issuer, audience=settings.audience, jwks_url=settings.jwks_url
        )
        return RunningParts(
            pool=pool,
            verifier=verifier,
            directory=directory,
            keys=keys,
            internal_token=settings.internal_token.get_secret_value(),
            ledger=ledger,
            relay=relay,
            engine=engine,
            commander=commander,
        )

    async def _start_views(
        self,
        settings: ServiceSettings,
        pool: Pool,
        keys: PostgresKeyStore,
        stack: AsyncExitStack,
    ) -> Engine:
        consumer = Consumer(
            settings.bootstrap_servers, self.heard, fetch_max_wait_ms=settings.fetch_max_wait_ms
        )
        stack.push_async_callback(consumer.close)
        engine = Engine(pool, consumer, self.views, self.heard, EventDecoder(self.keys(keys)))
        await _run_along(engine.run(), stack)
        return engine

    def keys(self, own: KeySource) -> dict[str, KeySource]:
        """Return what its views are read with, by service: nobody's keys, unless they say so."""
        sources = dict.fromkeys(self.heard, BLIND)
        return sources | {self.name: own} if self._reads_people else sources

    async def _health(self) -> Mapping[str, PartHealth]:
        parts = self.running
        engine = parts.engine.health()
        return {
            "database": await database_health(parts.pool),
            "relay": PartHealth(
                ready=True,
                says=f"{'leads' if parts.relay.leading else 'stands by'} "
                f"at {parts.relay.acknowledged}",
            ),
            "views": PartHealth(ready=engine.ready, says=engine.error or engine.state),
        }


async def _run_along(work: Coroutine[Any, Any, None], stack: AsyncExitStack) -> None:
    """Run something for as long as the service does; if it fails, the log says so at once."""
    task = asyncio.create_task(work)

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            _log.critical("a part of the service ended", error=repr(task.exception()))

    async def end() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    task.add_done_callback(ended)
    stack.push_async_callback(end)
