"""A log over HTTP as C2SP tlog-tiles says: read-only, for anybody, nothing personal in it.

/log/checkpoint                 /log/2/checkpoint               of the second epoch's log
/log/tile/0/000                 /log/2/tile/0/000
/log/tile/entries/000.p/17      /log/2/tile/entries/000.p/17
/log/keys                       all logs of this service, and whose signatures they bear
"""

import zlib
from collections.abc import Callable
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.transparency.published import PublishedLog

NOTE: Final = "text/plain; charset=utf-8"
TILE: Final = "application/octet-stream"

FRESH: Final = "public, max-age=1"
"""A checkpoint is a second old at most; the standard allows a few."""

FOR_EVER: Final = "public, max-age=31536000, immutable"

_SMALL = 1_000

LOG: Final = "/log"


def log_routes(published: Callable[[], PublishedLog], at: str = LOG) -> list[Route]:
    """Return the routes of a service's logs, below a path."""

    async def checkpoint(request: Request) -> Response:
        kept = await published().checkpoint(_epoch(request))
        return Response(kept.note, media_type=NOTE, headers={"Cache-Control": FRESH})

    async def part(request: Request) -> Response:
        found = await published().part(request.path_params["path"], _epoch(request))
        return compressed(request, found, TILE, FOR_EVER)

    async def keys(_request: Request) -> Response:
        told = msgspec.json.encode(await published().told())
        return Response(told, media_type="application/json", headers={"Cache-Control": FRESH})

    return [
        Route(f"{at}/keys", keys),
        Route(f"{at}/checkpoint", checkpoint),
        Route(f"{at}/tile/{{path:path}}", part),
        Route(f"{at}/{{epoch:int}}/checkpoint", checkpoint),
        Route(f"{at}/{{epoch:int}}/tile/{{path:path}}", part),
    ]


def compressed(request: Request, content: bytes, media_type: str, caching: str) -> Response:
    """Answer with bytes, compressed where that is worth it and the client can read it."""
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
    if len(content) > _SMALL and "gzip" in request.headers.get("accept-encoding", ""):
        packer = zlib.compressobj(level=3, wbits=31)
        content = packer.compress(content) + packer.flush()
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=media_type, headers=headers)


def _epoch(request: Request) -> int:
    return int(request.path_params.get("epoch", 1))
