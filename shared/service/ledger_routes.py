"""A service's ledger for the other processes of the house, and for nobody else."""

from collections.abc import Callable
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from shared.domain.errors import Malformed
from shared.ledger.remote import (
    AT_ONCE,
    FEED_PATH,
    GROWTH_PATH,
    HEAD_PATH,
    STOOD_PATH,
    STREAMS_PATH,
    TOKEN_HEADER,
    TOLD_OF_PATH,
    must_be_of_the_house,
    tell_feed,
    tell_head,
    tell_stood,
    tell_streams,
    tell_told_of,
)
from shared.runtime.closing import until_closing
from shared.service.served import Served

_MEDIA_TYPE = "application/msgpack"


def ledger_routes(served: Callable[[], Served]) -> list[Route]:
    """Return the routes below `/internal/ledger/`: where it stands, its feed, and its past."""

    async def head(request: Request) -> Response:
        running = served()
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), running.internal_token)
        return Response(await tell_head(running.ledger), media_type=_MEDIA_TYPE)

    async def growth(request: Request) -> Response:
        running = served()
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), running.internal_token)
        lines = (b"%d\n" % position async for position in running.ledger.growth())
        return StreamingResponse(until_closing(lines), media_type="text/plain")

    async def feed(request: Request) -> Response:
        running = served()
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), running.internal_token)
        after, limit = _count(request, "after", 0), _count(request, "limit", AT_ONCE)
        return Response(await tell_feed(running.ledger, after, limit), media_type=_MEDIA_TYPE)

    async def told_of(request: Request) -> Response:
        running = served()
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), running.internal_token)
        try:
            subjects = [UUID(one) for one in request.query_params.getlist("subject")]
        except ValueError:
            raise Malformed(
                "subject", problem="subject is no id", expected=f"{TOLD_OF_PATH}?subject=…"
            ) from None
        return Response(await tell_told_of(running.ledger, subjects), media_type=_MEDIA_TYPE)

    async def stood(request: Request) -> Response:
        running = served()
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), running.internal_token)
        told = await tell_stood(running.ledger, request.query_params.get("at", ""))
        return Response(told, media_type=_MEDIA_TYPE)

    async def streams(request: Request) -> Response:
        running = served()
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), running.internal_token)
        told = await tell_streams(running.ledger, await request.body())
        return Response(told, media_type=_MEDIA_TYPE)

    return [
        Route(TOLD_OF_PATH, told_of),
        Route(HEAD_PATH, head),
        Route(GROWTH_PATH, growth),
        Route(FEED_PATH, feed),
        Route(STOOD_PATH, stood),
        Route(STREAMS_PATH, streams, methods=["POST"]),
    ]


def _count(request: Request, name: str, default: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Malformed(name, problem=f"{name} is no whole number", expected=f"{FEED_PATH}?after=0")
    return int(given)
