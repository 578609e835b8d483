"""Where outsiders read the logs (C2SP tlog-tiles): a log is below its own address.

    /log/registry/checkpoint        /log/registry/tile/0/000        /log/registry/tile/entries/000
    /log/registry/2/checkpoint      …                               of the second epoch's log
    /log/access/checkpoint          …                               of who looked, the gateway's own
    /log/keys                       all logs, how large, and whose signatures they bear

Bytes are the services' own, passed on as they are: what proves them is in them, not in who says so.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.domain.errors import Unavailable
from shared.runtime.lean_client import Answered, LeanClient, Lost
from shared.runtime.problems import MEDIA_TYPE, problem_response
from shared.transparency.errors import NoSuchPart
from shared.transparency.published import PublishedLog, Told
from shared.transparency.routes import FOR_EVER, FRESH, LOG, NOTE, TILE, compressed, log_routes

_SECONDS: Final = 10.0
_PART: Final = re.compile(r"(/[1-9][0-9]{0,8})?/(checkpoint|tile/[a-z0-9./]{1,200})", re.ASCII)
"""What a log has: the paths of tiles are digits, `entries`, `x` and `p`."""

_told = msgspec.json.Decoder(Told)


class LogRoutes:
    """Answers with what the services publish."""

    def __init__(
        self, services: Mapping[str, str], own: Mapping[str, Callable[[], PublishedLog]]
    ) -> None:
        """Name each service's address, and what publishes the logs that are kept here."""
        self._services = services
        self._own = own
        self._client = LeanClient(seconds=_SECONDS, connect_s=2.0, connections=20)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(f"{LOG}/keys", self._keys),
            *(
                route
                for name, published in self._own.items()
                for route in log_routes(published, f"{LOG}/{name}")
            ),
            Route(f"{LOG}/{{service}}/checkpoint", self._part),
            Route(f"{LOG}/{{service}}/tile/{{path:path}}", self._part),
            Route(f"{LOG}/{{service}}/{{epoch:int}}/checkpoint", self._part),
            Route(f"{LOG}/{{service}}/{{epoch:int}}/tile/{{path:path}}", self._part),
        ]

    async def close(self) -> None:
        """Let go of the services."""
        await self._client.__aexit__()

    async def _part(self, request: Request) -> Response:
        service = request.path_params["service"]
        if service not in self._services:
            return problem_response(NoSuchPart(part=service))
        asked: str = request.scope["path"].removeprefix(f"{LOG}/{service}")
        if not _PART.fullmatch(asked):  # nothing else goes into a line of HTTP
            return problem_response(NoSuchPart(part=service))
        try:
            answer = await self._get(service, f"{LOG}{asked}")
        except Unavailable as away:
            return problem_response(away)
        if not answer.is_success:
            return Response(answer.content, status_code=answer.status, media_type=MEDIA_TYPE)
        if asked.endswith("/checkpoint"):
            return Response(answer.content, media_type=NOTE, headers={"Cache-Control": FRESH})
        return compressed(request, answer.content, TILE, FOR_EVER)

    async def _keys(self, _request: Request) -> Response:
        told = await asyncio.gather(
            *map(self._told_by, self._services),
            *map(self._told_here, self._own),
            return_exceptions=True,
        )
        logs, witnesses = [], dict[str, None]()
        for one in told:
            if isinstance(one, Unavailable):
                return problem_response(one)
            if isinstance(one, BaseException):
                raise one
            logs += one.logs
            witnesses |= dict.fromkeys(one.witnesses)
        content = msgspec.json.encode(Told(logs=logs, witnesses=list(witnesses)))
        return Response(content, media_type="application/json", headers={"Cache-Control": FRESH})

    async def _told_by(self, service: str) -> Told:
        answer = await self._get(service, f"{LOG}/keys")
        return _told.decode(answer.content) if answer.is_success else Told(logs=[], witnesses=[])

    async def _told_here(self, name: str) -> Told:
        try:
            return await self._own[name]().told()
        except NoSuchPart:
            return Told(logs=[], witnesses=[])

    async def _get(self, service: str, path: str) -> Answered:
        url = self._services[service].rstrip("/") + path
        try:
            try:
                return await self._client.get(url, seconds=_SECONDS)
            except Lost:  # a kept connection may have been closed under us
                return await self._client.get(url, seconds=_SECONDS)
        except (Lost, TimeoutError):
            raise Unavailable(part=service) from None
