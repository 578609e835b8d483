"""The skeleton of a recording service: the same for registry, sessions and validation.

HTTP ─▶ Commander ─▶ aggregates ─▶ PostgresLedger ─▶ Relay ─▶ bus
            ▲ facts, grants                                    │
            └── local views ◀── Engine ◀───────────────────────┘
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256
from hmac import new as hmac
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from shared.access.directory import Directory
from shared.access.facts import ACCESS, BUILT, GROUP
from shared.access.tokens import Verifier
from shared.bus.relay import Relay
from shared.ledger.postgres import PostgresLedger
from shared.privacy.keys import KeySource
from shared.privacy.master import MasterKey
from shared.privacy.postgres_keys import PostgresKeyStore
from shared.projection import Projection, Waiter
from shared.projection.live import LivePool
from shared.projection.schema import built_of
from shared.projection.targets import AskHead
from shared.runtime.alongside import end_with, run_along
from shared.runtime.commanding import Commander
from shared.runtime.database import open_pool
from shared.runtime.decoding import BLIND
from shared.runtime.facts import Facts
from shared.runtime.following import (
    Following,
    group_health,
    heads_of,
    must_be_fresh,
    must_be_level,
    remote_ledgers,
)
from shared.runtime.handlers import Handlers
from shared.runtime.health import PartHealth, database_health, health_routes
from shared.runtime.house_client import house_client
from shared.runtime.http import command_app
from shared.runtime.lag import RelayLag
from shared.runtime.metrics import KeeperMetrics, LedgerMetrics, exposed
from shared.runtime.parts import RunningParts
from shared.runtime.policies import Policy, projection_of
from shared.runtime.policy_following import PolicyFollowing
from shared.runtime.serving import serve
from shared.runtime.settings import ServiceSettings, settings_or_exit

VIEWS = "views"
"""The group of what a service decides by."""


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
        self.decided_by = tuple(views)
        self.policies = tuple(policies)
        self._reads_people = reads_people
        self._parts: RunningParts | None = None

    @property
    def views(self) -> tuple[Projection, ...]:
        """All that it folds: grants and places, what it decides by, what its policies call for."""
        policies = [projection_of(self.policies)] if self.policies else []
        return (ACCESS, *self.decided_by, *policies)

    @property
    def heard(self) -> list[str]:
        """The services whose facts it folds, by name."""
        return heard_by(self.views)

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
        # round trip on cleaning it up; what listens and locks has connections of its own.
        pool = await stack.enter_async_context(open_pool(url, most=16, cleaned=False))
        master = settings.master_key.get_secret_value()
        keys = PostgresKeyStore(pool, MasterKey(master))
        await keys.prepare()
        ledger = await stack.enter_async_context(PostgresLedger(pool, service=self.name))
        relay = Relay(
            self.name, ledger, database_url=url, bootstrap_servers=settings.bootstrap_servers
        )
        await run_along(relay.run(), stack, "the relay")
        lag = RelayLag(pool)
        await run_along(lag.run(), stack, "the relay's lag")
        client = await stack.enter_async_context(house_client(5.0))
        token = settings.internal_token.get_secret_value()
        remotes = remote_ledgers(client, settings.services, token)
        heads: dict[str, AskHead] = heads_of(remotes) | {self.name: ledger.head}
        following = Following(
            url,
            settings.bootstrap_servers,
            settings.fetch_max_wait_ms,
            heads,
            {**remotes, self.name: ledger},
            patience=settings.peers_patience_s,
        )
        access = await following.keep_access(stack)
        views = await following.keep(
            VIEWS, self.decided_by, heard_by(self.decided_by), self.keys(keys), stack
        )
        stack.enter_context(exposed(KeeperMetrics(access, views)))
        stack.enter_context(exposed(LedgerMetrics(ledger, relay)))
        seen = await stack.enter_async_context(
            LivePool(url, VIEWS, built_of(self.decided_by), most=12)
        )
        end_with(seen.watching, "the pointer to the views")
        waiter = await stack.enter_async_context(Waiter(seen))
        directory = Directory(url, operators=settings.operators, group=(GROUP, BUILT))
        await directory.start()
        stack.push_async_callback(directory.stop)
        facts = Facts(seen, waiter, heard=heard_by(self.decided_by), heads=heads, own=self.name)
        policies = PolicyFollowing(
            url, pool, following, self.policies, views, ZoneInfo(settings.zone)
        )

        def admit() -> None:
            must_be_level({"grants": access, "views": views})
            policies.must_have_begun()
            must_be_fresh(access, directory, settings.grants_at_most_behind_s)

        commander = Commander(
            handlers=self.handlers,
            ledger=ledger,
            keys=keys,
            directory=directory,
            facts=facts,
            claim_key=hmac(master, b"claims", sha256).digest(),
            zone=ZoneInfo(settings.zone),
            admit=admit,
        )
        if self.policies:
            await run_along(policies.run(commander, facts), stack, "the policies")
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
            lag=lag,
            access=access,
            views=views,
            policies=policies,
            commander=commander,
            admit=admit,
        )

    def keys(self, own: KeySource) -> dict[str, KeySource]:
        """Return what its views are read with, by service: nobody's keys, unless they say so."""
        sources = dict.fromkeys(self.heard, BLIND)
        return sources | {self.name: own} if self._reads_people else sources

    async def _health(self) -> Mapping[str, PartHealth]:
        parts = self.running
        return {
            "database": await database_health(parts.pool),
            "relay": parts.lag.health(leading=parts.relay.leading),
            "grants": group_health(parts.access),
            "views": group_health(parts.views),
            "policies": parts.policies.health(),
        }


def heard_by(projections: Sequence[Projection]) -> list[str]:
    """Return the services whose facts these are made of, by name."""
    topics = (topic for view in projections for topic in view.topics or ())
    return sorted({topic.partition(".")[0] for topic in topics})
