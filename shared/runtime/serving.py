"""Serving an application: the one way every process of the house listens."""

import uvicorn
from starlette.types import ASGIApp

from shared.runtime.logs import configure_logs
from shared.runtime.settings import ProcessSettings

KEEP_ALIVE_S = 75
"""Longer than clients and load balancers keep an idle connection: they close it, not we."""

LARGEST_MESSAGE = 2_000_000
"""Bytes of a WebSocket's message, and of what is read ahead of it: as an operation by POST."""


def serve(process: str, settings: ProcessSettings, app: ASGIApp) -> None:
    """Listen where the settings say, until SIGTERM or SIGINT; finish what is in hand first."""
    configure_logs(process, settings.log_format)
    uvicorn.run(
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
