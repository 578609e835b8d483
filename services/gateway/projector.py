"""The projector: keeps the gateway's read models. `python -m services.gateway.projector`.

    bus ──▶ Consumer ──▶ Engine ──▶ read models, positions
                           ▲
                 keys of each service's people

It answers nobody but whoever asks for its health. Any number may run: one owns a partition, the
others stand by. Where its engine cannot go on, the process ends, to be started again.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import structlog
from starlette.applications import Starlette

from services.gateway.projections import PROJECTIONS
from shared.access.facts import ACCESS
from shared.bus.consumer import Consumer
from shared.contracts.base import SERVICES
from shared.projection import Projection
from shared.projection.engine import Engine
from shared.runtime.database import Pool, open_pool
from shared.runtime.decoding import EventDecoder, remote_keys
from shared.runtime.health import PartHealth, database_health, health_routes
from shared.runtime.metrics import EngineMetrics, exposed
from shared.runtime.serving import serve
from shared.runtime.settings import ProjectorSettings, settings_or_exit

KEPT: tuple[Projection, ...] = (*PROJECTIONS, ACCESS)
"""Everything that is folded into the gateway's database: what queries are answered from, and what
decides who may see the answer."""

_log = structlog.get_logger(__name__)


class Projector:
    """The process: an engine, and its health."""

    def __init__(self, settings: ProjectorSettings) -> None:
        self._settings = settings
        self._pool: Pool | None = None
        self._engine: Engine | None = None

    def app(self) -> Starlette:
        """Return its HTTP face; the engine runs for as long as that is served."""

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            async with AsyncExitStack() as stack:
                await self._start(stack)
                yield

        return Starlette(routes=health_routes(self._health), lifespan=lifespan)

    async def _start(self, stack: AsyncExitStack) -> None:
        settings = self._settings
        # One connection for the engine, the others for whoever asks how it is.
        pool = await stack.enter_async_context(open_pool(settings.database_url, most=3))
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=10.0, trust_env=False))
        consumer = Consumer(
            settings.bootstrap_servers, SERVICES, fetch_max_wait_ms=settings.fetch_max_wait_ms
        )
        stack.push_async_callback(consumer.close)
        keys = remote_keys(client, settings.services, settings.internal_token.get_secret_value())
        engine = Engine(pool, consumer, KEPT, SERVICES, EventDecoder(keys))
        self._pool, self._engine = pool, engine
        stack.enter_context(exposed(EngineMetrics(engine)))
        running = asyncio.create_task(engine.run(), name="engine")
        running.add_done_callback(_end_with)
        stack.push_async_callback(asyncio.wait, [running])
        stack.push_async_callback(engine.stop)

    async def _health(self) -> Mapping[str, PartHealth]:
        assert self._pool is not None, "the lifespan has not begun"
        assert self._engine is not None
        engine = self._engine.health()
        says = engine.error or engine.state
        if engine.parked:
            says += f"; {engine.parked} events of {engine.people_parked} people wait"
        return {
            "database": await database_health(self._pool),
            "readModels": PartHealth(ready=engine.ready, says=says),
        }


def _end_with(running: "asyncio.Task[None]") -> None:
    """End the process when its engine failed: whoever started it sees that, and starts it again."""
    if not running.cancelled() and (problem := running.exception()) is not None:
        _log.critical("the engine cannot go on", problem=repr(problem))
        signal.raise_signal(signal.SIGTERM)


def main() -> None:
    """Keep the read models until told to stop."""
    settings = settings_or_exit(ProjectorSettings)
    serve("projector", settings, Projector(settings).app())


if __name__ == "__main__":
    main()
