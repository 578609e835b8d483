"""Whether a process lives, and whether each thing it needs is there: the same in every process."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import asyncpg
import msgspec
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

GLANCE_S = 3.0
"""A part that does not answer a check in that time is not there."""

AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What PostgreSQL's absence looks like."""


class PartHealth(Struct, frozen=True, kw_only=True, rename="camel"):
    """How one part stands: whether it is there, and in a few words, what it says."""

    ready: bool
    says: str = ""


Checks = Callable[[], Awaitable[Mapping[str, PartHealth]]]


def health_routes(checks: Checks) -> list[Route]:
    """Return the routes `/health/live`, `/health/ready` and `/metrics`.

    Ready answers 200 when every part is, else 503; either way each part by its name.
    """

    async def live(_request: Request) -> Response:
        return Response(b'{"live":true}', media_type="application/json")

    async def ready(_request: Request) -> Response:
        parts = await checks()
        fine = all(part.ready for part in parts.values())
        return Response(
            msgspec.json.encode({"ready": fine, "parts": dict(parts)}),
            status_code=HTTPStatus.OK if fine else HTTPStatus.SERVICE_UNAVAILABLE,
            media_type="application/json",
        )

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", metrics),
    ]


async def database_health(pool: "asyncpg.Pool[asyncpg.Record]") -> PartHealth:
    """Ask a pool's database for a sign of life."""
    try:
        async with asyncio.timeout(GLANCE_S):
            await pool.fetchval("SELECT 1")
    except AWAY as problem:
        return PartHealth(ready=False, says=type(problem).__name__)
    return PartHealth(ready=True)
