"""A service's ledger for the other processes of the house, and for nobody else."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.domain.errors import Malformed
from shared.ledger.remote import (
    AT_ONCE,
    FEED_PATH,
    HEAD_PATH,
    LONGEST_WAIT_S,
    TOKEN_HEADER,
    must_be_of_the_house,
    tell_feed,
    tell_head,
)
from shared.runtime.closing import unless_closing
from shared.service.served import Served

_MEDIA_TYPE = "application/msgpack"


def ledger_routes(parts: Callable[[], Served]) -> list[Route]:
    """Return the routes `/internal/ledger/head` and `/internal/ledger/feed`."""

    async def head(request: Request) -> Response:
        running = parts()
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), running.internal_token)
        beyond, wait = _count(request, "beyond", 0), _count(request, "wait", 0)
        if wait:
            await unless_closing(running.ledger.wait_beyond(beyond, min(wait, LONGEST_WAIT_S)))
        return Response(await tell_head(running.ledger), media_type=_MEDIA_TYPE)

    async def feed(request: Request) -> Response:
        running = parts()
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), running.internal_token)
        after, limit = _count(request, "after", 0), _count(request, "limit", AT_ONCE)
        return Response(await tell_feed(running.ledger, after, limit), media_type=_MEDIA_TYPE)

    return [Route(HEAD_PATH, head), Route(FEED_PATH, feed)]


def _count(request: Request, name: str, default: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Malformed(name, problem=f"{name} is no whole number", expected=f"{FEED_PATH}?after=0")
    return int(given)
