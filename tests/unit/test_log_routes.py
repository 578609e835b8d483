"""What of a path of the logs goes on to a service: a path that a log may have, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.log.routes import LogRoutes
from tests.support.gateway import listening


@asynccontextmanager
async def published(asked: list[str]) -> AsyncIterator[str]:
    async def answer(request: Request) -> Response:
        asked.append(request.url.path)
        return Response("a part")

    async with listening(Starlette(routes=[Route("/{path:path}", answer)])) as service:
        logs = LogRoutes({"registry": service}, {})
        async with listening(Starlette(routes=logs.routes())) as gateway:
            yield gateway
        await logs.close()


async def test_the_parts_of_a_log_are_asked_of_its_service() -> None:
    asked: list[str] = []
    paths = (
        "/checkpoint",
        "/tile/0/000",
        "/tile/entries/x001/234.p/17",
        "/2/checkpoint",
        "/2/tile/0/000",
    )
    async with published(asked) as gateway, httpx.AsyncClient() as client:
        for path in paths:
            answer = await client.get(f"{gateway}/log/registry{path}")
            assert (answer.status_code, answer.text) == (200, "a part")
    assert asked == [f"/log{path}" for path in paths]


@pytest.mark.parametrize(
    "path",
    [
        "registry/tile/0/%E2%82%AC",
        "registry/tile/0/0%20HTTP/1.1",
        "registry/tile/0/0%0A",
        "registry/tile/0/0%0D",
        "registry/tile/0/0%3Fafter=1",
        "registry/99999999999999999999999/checkpoint",
        "registry/0/checkpoint",
        "nowhere/checkpoint",
        "access/checkpoint",
    ],
)
async def test_nothing_else_reaches_a_service(path: str) -> None:
    asked: list[str] = []
    async with published(asked) as gateway, httpx.AsyncClient() as client:
        answer = await client.get(f"{gateway}/log/{path}")
    assert answer.status_code == 404
    assert asked == []
