"""What is fetched by a link: a bundle, under who asked for it; and the program that judges it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import uuid4

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from services.gateway.clock import this_day
from services.gateway.crowd import Crowd
from services.gateway.evidence.making import Making
from services.gateway.evidence.tickets import Ticket, Tickets
from services.gateway.graphql.limits import Buckets
from services.gateway.looked.looks import looking
from services.gateway.looked.telling import Operation, Teller
from services.gateway.read.scope import scopes_of
from shared.access.known import Known
from shared.access.policy import Actor
from shared.domain.errors import MshauriError
from shared.evidence import mshauri_verify
from shared.language import Speaking
from shared.runtime.problems import on_error

PATH, VERIFIER_PATH = "/evidence/{token}", "/log/mshauri-verify.py"
_PIECE = 65_536

COST = 500
"""Points for each time that a link is followed, as for making one: a bundle is made anew."""


class Grants(Protocol):
    """Who a subject is, and what is known of grants: see `shared.access.directory`."""

    def actor(self, subject: str) -> Actor:
        """Return the policy's view of a token subject."""
        ...

    @property
    def known(self) -> Known:
        """All that is known of grants and units."""
        ...


class Parts(NamedTuple):
    """What makes bundles and reads links, says who a subject is, writes down who looked, and holds
    whoever asks to their turn and their means.
    """

    making: Making
    tickets: Tickets
    directory: Grants
    teller: Teller | None
    crowd: Crowd
    buckets: Buckets


def evidence_routes(parts: Callable[[], Parts]) -> list[Route]:
    """Return the routes of evidence: nobody shows a token, a link is for whom it was made."""

    async def evidence(request: Request) -> Response:
        here = parts()
        try:
            ticket = here.tickets.read(request.path_params["token"])
            with here.crowd.operation(ticket.subject):
                here.buckets.take(ticket.subject, COST)
                made = await _made(ticket, here)
        except MshauriError as error:
            return await on_error(request, error)
        name = f"evidence-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(len(made)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return StreamingResponse(_pieces(made), media_type="application/zip", headers=headers)

    async def verifier(_request: Request) -> Response:
        return FileResponse(Path(mshauri_verify.__file__), media_type="text/x-python")

    return [
        Route(PATH, evidence, methods=["GET"], middleware=[Middleware(Speaking)]),
        Route(VERIFIER_PATH, verifier, methods=["GET"]),
    ]


async def _made(ticket: Ticket, here: Parts) -> bytes:
    """Return the bundle; that it was made is written down before anybody has it."""
    actor = here.directory.actor(ticket.subject)
    with looking() as looks:
        made = await here.making.of(ticket, scopes_of(actor, this_day()))
        if here.teller is not None:
            operation = Operation(
                name=None,
                asked=("auditEvidence",),
                trace_id=ticket.trace_id or uuid4().hex,
                purpose=ticket.purpose,
            )
            here.teller.tell(looks, operation, actor, here.directory.known)
    return made


async def _pieces(made: bytes) -> AsyncIterator[bytes]:
    view = memoryview(made)
    for at in range(0, len(view), _PIECE):
        yield bytes(view[at : at + _PIECE])
