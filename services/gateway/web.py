"""The web's manners: which pages may call from elsewhere, how answers are made smaller, and where
it is today.

No page of another origin may call unless the settings name it. Tokens come in a header and never by
themselves, as cookies do: so none is allowed credentials.
"""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from services.gateway.clock import in_zone
from shared.domain.zone import HOUSE_ZONE

WORTH_IT: Final = 1_000
"""Bytes below which compressing an answer costs more than it spares."""

_SENT: Final = (
    "Authorization",
    "Content-Type",
    "Accept-Language",
    "Traceparent",
    "X-Mshauri-Purpose",
    "If-None-Match",
)
_READ: Final = (
    *("X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy"),
    *("Content-Language", "ETag"),
)
_REMEMBERED_S: Final = 600


class InZone:
    """Has it be one zone's day in all that the gateway does: its lifespan, too."""

    def __init__(self, app: ASGIApp, zone: ZoneInfo) -> None:
        self._app = app
        self._zone = zone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go on within it."""
        with in_zone(self._zone):
            await self._app(scope, receive, send)


def manners(origins: Sequence[str], zone: ZoneInfo = HOUSE_ZONE) -> list[Middleware]:
    """Return what stands around the gateway's routes.

    Args:
        origins: of pages that may call: `https://dashboard.example`, without a path.
        zone: where it is today.
    """
    there = Middleware(InZone, zone=zone)
    compressing = Middleware(CompressMiddleware, minimum_size=WORTH_IT)
    if not origins:
        return [there, compressing]
    calling = Middleware(
        CORSMiddleware,
        allow_origins=tuple(origins),
        allow_methods=("GET", "POST"),
        allow_headers=_SENT,
        expose_headers=_READ,
        max_age=_REMEMBERED_S,
    )
    return [there, calling, compressing]
