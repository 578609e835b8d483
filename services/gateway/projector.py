"""The projector: keeps the gateway's read models. `python -m services.gateway.projector`.

    bus ──▶ Consumer ──▶ Engine ──▶ read models, positions
                           ▲
                 keys of each service's people

    the ledger `access` ──▶ Engine ──▶ access events
                        └─▶ Sealing ──▶ its Merkle log, witnesses

It answers nobody but whoever asks for its health. Any number may run: one owns a partition, the
others stand by. Where its engine cannot go on, the process ends, to be started again.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack

from msgspec.structs import replace
from starlette.applications import Starlette

from services.gateway.looked.keeping import SERVICE
from services.gateway.projections import PROJECTIONS
from services.gateway.projections.access_events import ACCESS_SHOWN_TO
from services.gateway.projections.group import ACCESS_EVENTS, READ_MODELS
from services.gateway.reconciling import Reconciling
from services.gateway.unreviewed import count_unreviewed
from services.gateway.verifying.signed import RemoteLog
from services.gateway.verifying.verifying import Verifying
from shared.access.facts import ACCESS
from shared.contracts.base import SERVICES
from shared.database.pools import Pool, open_pool
from shared.following.decoding import BLIND, EventDecoder, remote_keys
from shared.following.groups import LEISURE, Following, group_health
from shared.following.hearing import Hearing
from shared.following.metrics import KeeperMetrics, LogMetrics
from shared.ledger.postgres import PostgresLedger
from shared.projection import Projection
from shared.projection.feed import FeedSource
from shared.projection.keeper import Keeper
from shared.projection.targets import Targets
from shared.runtime.alongside import run_along
from shared.runtime.health import PartHealth, database_health, health_routes
from shared.runtime.house_client import house_client
from shared.runtime.metrics import come_to, exposed
from shared.runtime.peers import heads_of, remote_ledgers
from shared.runtime.serving import living, serve
from shared.runtime.settings import ProjectorSettings, settings_or_exit
from shared.transparency.kept import Log
from shared.transparency.witnessing import witnessed_of

KEPT: tuple[Projection, ...] = (*PROJECTIONS, ACCESS)
"""Everything that is folded into the gateway's database: what queries are answered from, and what
decides who may see the answer, which no rebuild takes back."""

FEED_S = 1.0
"""Between two looks at the ledger of who looked."""


class Projector:
    """The process: its keepers, and its health."""

    def __init__(self, settings: ProjectorSettings) -> None:
        self._settings = settings
        self._pool: Pool | None = None
        self._access: Keeper | None = None
        self._read_models: Keeper | None = None
        self._reconciling: Reconciling | None = None
        self._verifying: Verifying | None = None
        self._looked: Keeper | None = None
        self._log: Log | None = None

    def app(self) -> Starlette:
        """Return its HTTP face; the keepers run for as long as that is served."""
        return Starlette(routes=health_routes(self._health), lifespan=living(self._start))

    async def _start(self, stack: AsyncExitStack) -> None:
        settings = self._settings
        # For whoever asks how it is: the keepers have connections of their own.
        self._pool = await stack.enter_async_context(open_pool(settings.database_url, most=2))
        client = await stack.enter_async_context(house_client(10.0))
        token = settings.internal_token.get_secret_value()
        remotes = remote_ledgers(client, settings.services, token)
        hearing = await Hearing.open(
            settings.bootstrap_servers, settings.fetch_max_wait_ms, remotes, stack
        )
        following = Following(
            settings.database_url,
            hearing,
            heads_of(remotes),
            remotes,
            patience=settings.peers_patience_s,
        )
        self._access = await following.keep_access(stack)
        keys = remote_keys(client, settings.services, token)
        self._read_models = await following.keep(
            READ_MODELS, PROJECTIONS, SERVICES, keys, stack, leisure=0.0, come_to=come_to
        )
        # A feed alone: no bus carries who looked, and so nothing wakes whoever reads it.
        self._looked, self._log = await self._keep_access_events(stack)
        if self._log.sealing is not None:
            stack.enter_context(exposed(LogMetrics({SERVICE: self._log.sealing})))
        self._reconciling = Reconciling(
            settings.database_url, heads_of(remotes), settings.reconcile_every_s
        )
        await run_along(self._reconciling.run(), stack, "the reconciling")
        await run_along(count_unreviewed(settings.database_url), stack, "the count of broken glass")
        logs = {name: RemoteLog(client, url) for name, url in settings.services.items()}
        self._verifying = Verifying(
            settings.database_url, remotes, logs, settings.reconcile_every_s
        )
        await run_along(self._verifying.run(), stack, "the verifying")
        kept = {keeper.name: keeper for keeper in (self._access, self._read_models, self._looked)}
        stack.enter_context(exposed(KeeperMetrics(kept)))

    async def _keep_access_events(self, stack: AsyncExitStack) -> tuple[Keeper, Log]:
        pool = await stack.enter_async_context(
            open_pool(self._settings.access_database_url, most=4)
        )
        witnessed = await asyncio.to_thread(
            witnessed_of, SERVICE, self._settings.witness_dir, self._settings.log_origin
        )
        ledger = await stack.enter_async_context(
            PostgresLedger(pool, service=SERVICE, witnessed=witnessed)
        )
        feed = {SERVICE: ledger}
        keeper = Keeper(
            self._settings.database_url,
            ACCESS_EVENTS,
            [ACCESS_SHOWN_TO],
            [SERVICE],
            source=lambda: FeedSource(feed),
            decoder=lambda: EventDecoder({SERVICE: BLIND}),
            targets=Targets({SERVICE: ledger.head}),
            options={"poll_timeout": FEED_S, "leisure": LEISURE, "awaited": False},
        )
        await run_along(keeper.run(), stack, "the engine of access events")
        stack.push_async_callback(keeper.stop)
        return keeper, await Log.open(SERVICE, self._settings, pool, ledger, stack)

    async def _health(self) -> Mapping[str, PartHealth]:
        assert self._pool is not None, "the lifespan has not begun"
        assert self._access is not None
        assert self._read_models is not None
        assert self._reconciling is not None
        assert self._verifying is not None
        assert self._looked is not None
        assert self._log is not None
        return {
            "database": await database_health(self._pool),
            "grants": group_health(self._access),
            "readModels": group_health(self._read_models),
            "reconciled": self._reconciling.health(),
            "verified": self._verifying.health(),
            # Nobody's work waits until who looked can be read: it may be long, and is not lost.
            "accessEvents": replace(group_health(self._looked), ready=True),
            "accessLog": replace(self._log.health(), ready=True),
        }


def main() -> None:
    """Keep the read models until told to stop."""
    settings = settings_or_exit(ProjectorSettings)
    serve("projector", settings, Projector(settings).app())


if __name__ == "__main__":
    main()
