"""Parts that somebody else runs: we ask whether they answer, and start and end nothing."""

import asyncio
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from mshauri.stack.ports import accepts
from mshauri.stack.postgres import create_database

POSTGRES_URL = "MSHAURI_POSTGRES_URL"
BOOTSTRAP_SERVERS = "MSHAURI_BOOTSTRAP_SERVERS"


class NotThere(RuntimeError):
    """An address in the environment leads to nothing we can use."""


def database_at(server: str, name: str) -> str:
    """Return the address of database `name` on the server at address `server`."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def prepare_postgres(server: str, databases: tuple[str, ...]) -> str:
    """Make the databases on a given server where they are missing; return where it is.

    Raises:
        NotThere: it does not answer, or its account may not create databases.
    """
    where = urlsplit(server)
    shown = f"{where.hostname}:{where.port or 5432}"
    try:
        await (await asyncpg.connect(server, timeout=5.0)).close()
        for name in databases:
            await create_database(server, name)
    except (OSError, TimeoutError, asyncpg.PostgresError) as problem:
        msg = f"{POSTGRES_URL}: {shown} does not do what is needed: {problem}"
        raise NotThere(msg) from problem
    return shown


async def find_broker(servers: str) -> str:
    """Return the first of the given brokers that accepts connections.

    Raises:
        NotThere: none does.
    """
    for server in servers.split(","):
        host, _, port = server.strip().rpartition(":")
        if port.isdigit() and await asyncio.to_thread(accepts, int(port), host, 3.0):
            return server.strip()
    msg = f"{BOOTSTRAP_SERVERS}: none of {servers} accepts a connection (host:port,host:port)"
    raise NotThere(msg)
