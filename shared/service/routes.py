"""The HTTP face of a recording service: commands in, answers or problems out."""

from collections.abc import Callable

import msgspec
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan

from shared.access.tokens import bearer
from shared.deciding.batches import BatchItem, decide_batch
from shared.deciding.patience import one_patience
from shared.domain.errors import Malformed, MshauriError
from shared.domain.phrases import Phrase
from shared.evidence.proving import Log
from shared.language import Speaking
from shared.ledger.ledger import Ledger
from shared.privacy.remote_keys import PATH as KEYS_PATH
from shared.privacy.remote_keys import TOKEN_HEADER, tell_keys
from shared.runtime.bodies import Capped
from shared.runtime.problems import on_error, trace_id_of
from shared.service.evidence_routes import evidence_routes
from shared.service.ledger_routes import ledger_routes
from shared.service.served import Served
from shared.service.thin import COMMANDS, OneCommand, Straight
from shared.transparency.routes import log_routes

MOST_AT_ONCE = 500
"""Commands in one batch: what a phone gathers in days without a network."""

LARGEST = 4_000_000
"""Bytes of a request: what a client may send the gateway, with the positions that it adds."""

_log = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder().encode


_batch = msgspec.json.Decoder(list[BatchItem])


class CommandRoutes:
    """The routes of one service but the one of single commands; they ask `parts` for what runs."""

    def __init__(self, parts: Callable[[], Served]) -> None:
        self._parts = parts

    async def batch(self, request: Request) -> Response:
        """Decide commands in order, each for itself: `POST /commands`."""
        parts = self._parts()
        principal = await parts.verifier.verify(bearer(request.headers.get("authorization")))
        trace_id = trace_id_of(request)
        items = _read_batch(await request.body())
        recorded = await parts.deciding.commander.recorded(bytes(item.command) for item in items)
        with one_patience():
            outcomes = await decide_batch(
                parts.deciding.commander, principal, items, recorded=recorded, trace_id=trace_id
            )
        return Response(_encode(outcomes), media_type="application/json")

    async def keys(self, request: Request) -> Response:
        """Tell another process of the house people's keys."""
        parts = self._parts()
        told = await tell_keys(
            parts.keys,
            request.headers.get(TOKEN_HEADER),
            parts.internal_token,
            await request.body(),
        )
        return Response(told, media_type="application/json")


def command_app(
    parts: Callable[[], Served],
    health: list[Route],
    lifespan: Lifespan[Starlette],
) -> ASGIApp:
    """Put a service's routes together."""
    routes = CommandRoutes(parts)
    one = Capped(OneCommand(parts), most=LARGEST)
    rest = Starlette(
        routes=[
            # Met before, but for other methods: they are told what is right.
            Route(f"{COMMANDS}{{name}}", one, methods=["POST"]),
            Route("/commands", routes.batch, methods=["POST"]),
            Route(KEYS_PATH, routes.keys, methods=["POST"]),
            *ledger_routes(parts),
            *log_routes(lambda: parts().log),
            *evidence_routes(lambda: _of_evidence(parts())),
            *health,
        ],
        middleware=[Middleware(Speaking), Middleware(Capped, most=LARGEST)],
        exception_handlers={MshauriError: on_error},
        lifespan=lifespan,
    )
    return Straight(rest, one=one)


def _of_evidence(served: Served) -> tuple[Ledger, Log, str]:
    return served.ledger, served.evidence, served.internal_token


def _read_batch(body: bytes) -> list[BatchItem]:
    try:
        items = _batch.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed(problem=str(problem), expected=Phrase("a batch of commands")) from None
    if len(items) > MOST_AT_ONCE:
        raise Malformed(
            problem=Phrase(
                "it holds {given} commands, the most is {most}",
                given=len(items),
                most=MOST_AT_ONCE,
            ),
            expected=Phrase("a batch of commands"),
        )
    return items
