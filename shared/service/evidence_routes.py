"""What evidence is made of, for the gateway and for nobody else."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.evidence.proving import Log
from shared.evidence.remote import PATH, SEAL_PATH, tell_evidence, tell_seal
from shared.ledger.ledger import Ledger
from shared.ledger.remote import TOKEN_HEADER, must_be_of_the_house

Parts = Callable[[], tuple[Ledger, Log, str]]
"""The ledger, its log, and the internal token, while they run."""


def evidence_routes(parts: Parts) -> list[Route]:
    """Return the routes `/internal/evidence` and `…/seal`."""

    async def evidence(request: Request) -> Response:
        ledger, log, token = parts()
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), token)
        told = await tell_evidence(ledger, log, await request.body())
        return Response(told, media_type="application/msgpack")

    async def seal(request: Request) -> Response:
        _ledger, log, token = parts()
        must_be_of_the_house(request.headers.get(TOKEN_HEADER), token)
        return Response(await tell_seal(log, await request.body()), media_type="text/plain")

    return [
        Route(PATH, evidence, methods=["POST"]),
        Route(SEAL_PATH, seal, methods=["POST"]),
    ]
