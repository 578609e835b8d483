"""What is fetched by a link: a bundle, under who asked for it; and the program that judges it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from services.gateway.clock import this_day
from services.gateway.evidence.making import Making
from services.gateway.evidence.tickets import Ticket, Tickets
from services.gateway.looked.looks import Looks, looking
from services.gateway.looked.telling import Operation
from services.gateway.read.scope import Scopes, scopes_of
from shared.access.policy import Actor
from shared.domain.errors import MshauriError
from shared.evidence import mshauri_verify
from shared.language import Speaking
from shared.runtime.problems import on_error

PATH, VERIFIER_PATH = "/evidence/{token}", "/log/mshauri-verify.py"
_PIECE = 65_536

Tell = Callable[[Looks, Operation, Actor], None]
Parts = Callable[[], tuple[Making, Tickets, Callable[[str], Actor], Tell]]
"""What makes bundles and reads links, who a subject is, and who writes down what they were shown,
while they run."""


def evidence_routes(parts: Parts) -> list[Route]:
    """Return the routes of evidence: nobody shows a token, a link is for whom it was made."""

    async def evidence(request: Request) -> Response:
        making, tickets, actor_of, tell = parts()
        try:
            ticket = tickets.read(request.path_params["token"])
            actor = actor_of(ticket.subject)
            with looking() as looks:
                made = await making.of(ticket, _scopes(actor))
            tell(looks, _operation(ticket), actor)
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


def _operation(ticket: Ticket) -> Operation:
    return Operation(
        name=None, asked=("auditEvidence",), trace_id=ticket.trace_id, purpose=ticket.purpose
    )


def _scopes(actor: Actor) -> Scopes:
    return scopes_of(actor, this_day())


async def _pieces(made: bytes) -> AsyncIterator[bytes]:
    view = memoryview(made)
    for at in range(0, len(view), _PIECE):
        yield bytes(view[at : at + _PIECE])
