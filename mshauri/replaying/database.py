"""A database of its own for a replay: it lasts as long as that is asked, and no longer.

Whoever made one holds a lock of its name on the server's maintenance database until it is dropped.
One whose lock nobody holds was left behind by a process that was killed.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from mshauri.stack.given import database_at
from shared.projection.connection import Connection, own_connection

_PREFIX = "mshauri_replay_"
_MAINTENANCE = "postgres"
_LOCKS = 0x6D736872  # "mshr", with the id of a replay beside it

_FOUND = """
SELECT datname::text AS name, shobj_description(oid, 'pg_database') IS NOT NULL AS kept
  FROM pg_database WHERE datname ~ ('^' || $1 || '[0-9a-f]{8}$') ORDER BY datname
"""


@asynccontextmanager
async def database_for_a_replay(
    server: str, *, keep: bool = False, like: str | None = None
) -> AsyncIterator[str]:
    """Make a database for the length of the block, and lend its address.

    Args:
        server: the address of any database on the server.
        like: the address of one that it is a copy of; nobody may be connected to that.
        keep: leave it there in the end, until `drop_left` is told to drop such, too.
    """
    id = secrets.token_hex(4)
    name = _PREFIX + id
    template = urlsplit(like).path.lstrip("/") if like else "template0"
    async with own_connection(database_at(server, _MAINTENANCE)) as connection:
        await connection.execute("SELECT pg_advisory_lock($1, $2)", _LOCKS, _lock_of(id))
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            if keep:
                await connection.execute(f"COMMENT ON DATABASE \"{name}\" IS 'kept'")
            yield database_at(server, name)
        finally:
            if not keep:
                # On another connection: the server may have been started again meanwhile.
                async with own_connection(database_at(server, _MAINTENANCE)) as last:
                    await _drop(last, name)


async def drop_left(server: str, *, kept: bool = False) -> list[str]:
    """Drop what replays left behind that nobody runs any more, and return the names.

    Args:
        kept: those that were to be kept, too.
    """
    dropped: list[str] = []
    async with own_connection(database_at(server, _MAINTENANCE)) as connection:
        for row in await connection.fetch(_FOUND, _PREFIX):
            name = row["name"]
            lock = _lock_of(name.removeprefix(_PREFIX))
            if row["kept"] and not kept:
                continue
            if await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", _LOCKS, lock):
                await _drop(connection, name)
                dropped.append(name)
                await connection.execute("SELECT pg_advisory_unlock($1, $2)", _LOCKS, lock)
    return dropped


async def _drop(connection: Connection, name: str) -> None:
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _lock_of(id: str) -> int:
    """Return the second half of a lock, a signed integer of 32 bits."""
    return int.from_bytes(bytes.fromhex(id), "big", signed=True)
