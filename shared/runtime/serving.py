"""Serving an application: the one way every process of the house listens."""

import uvicorn
from starlette.types import ASGIApp

from shared.runtime.logs import configure_logs
from shared.runtime.settings import ProcessSettings

KEEP_ALIVE_S = 75
"""Longer than clients and load balancers keep an idle connection: they close it, not we."""


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
    )
