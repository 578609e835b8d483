"""The floor: one statement on a bare HTTP route, its bytes passed through.

    python -m tests.perf.reads.floor DATABASE PORT STATEMENT

asyncpg, uvicorn with uvloop and httptools, and one route of Starlette's: what our gateway is made
of, and nothing else. No token, no cost, no GraphQL: the body says how many rows are asked for, and
after which one.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.database.pools import as_it_is

CONNECTIONS = 16
SETTINGS = {"jit": "off", "plan_cache_mode": "force_generic_plan", "random_page_cost": "1.1"}
"""Planned once, and not for each page; what it reads is at hand."""


def app(database: str, statement: str) -> Starlette:
    """Return the application."""
    held: dict[str, asyncpg.Pool] = {}

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        held["pool"] = await asyncpg.create_pool(
            database,
            min_size=CONNECTIONS,
            max_size=CONNECTIONS,
            server_settings=SETTINGS,
            reset=as_it_is,
        )
        yield
        await held["pool"].close()

    async def page(request: Request) -> Response:
        asked = msgspec.json.decode(await request.body())["variables"]
        first = asked["first"]
        rows = await held["pool"].fetch(statement, first + 1, asked["after"])
        shown = rows[:first]
        nodes = ",".join([row[0] for row in shown])
        more = "true" if len(rows) > first else "false"
        ends = f'"{shown[-1][1]}"' if shown else "null"
        return Response(
            f'{{"data":{{"mentees":{{"nodes":[{nodes}],'
            f'"pageInfo":{{"hasNextPage":{more},"endCursor":{ends}}}}}}}}}',
            media_type="application/json",
        )

    return Starlette(routes=[Route("/graphql", page, methods=["POST"])], lifespan=life)


if __name__ == "__main__":
    database, port, statement = sys.argv[1:]
    uvicorn.run(
        app(database, Path(statement).read_text()),
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
    )
