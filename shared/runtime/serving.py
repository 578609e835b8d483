"""Serving an application: the one way every process of the house listens."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Lifespan

from shared.runtime.closing import closing
from shared.runtime.garbage import look_seldom
from shared.runtime.logs import configure_logs
from shared.runtime.settings import ProcessSettings

KEEP_ALIVE_S = 75
"""Longer than clients and load balancers keep an idle connection: they close it, not we."""

DID_NOT_START = 3
"""The exit code of a process that never came to serve, as uvicorn's own."""

LARGEST_MESSAGE = 2_000_000
"""Bytes of a WebSocket's message, and of what is read ahead of it: as an operation by POST."""


def living(start: Callable[[AsyncExitStack], Awaitable[None]]) -> Lifespan[Starlette]:
    """Return an application's lifespan: what `start` opens on the stack lives as long as it."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await start(stack)
            look_seldom()
            yield

    return lifespan


def serve(process: str, settings: ProcessSettings, app: ASGIApp) -> None:
    """Listen where the settings say, until SIGTERM or SIGINT; finish what is in hand first."""
    configure_logs(process, settings.log_format)
    server = server_of(settings, app)
    server.run()
    if not server.started:
        sys.exit(DID_NOT_START)


def server_of(settings: ProcessSettings, app: ASGIApp) -> uvicorn.Server:
    """Return what listens where the settings say, for who has a loop of their own."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        proxy_headers=False,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=10,
        # A socket costs what it holds: no more than a few messages, and no compressor of its own.
        ws_max_size=LARGEST_MESSAGE,
        ws_max_queue=4,
        ws_per_message_deflate=False,
    )
    return _Server(config)


class _Server(uvicorn.Server):
    """A server that lets those know who wait for something to happen: they answer as it is."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        closing.tell()
        super().handle_exit(sig, frame)
