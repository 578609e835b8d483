"""Whether a database's address leads to sessions of our own.

Locks, LISTEN, a connection's own schema and prepared statements belong to a session. Behind a
pooler that lends one only for a transaction (PgBouncer's `pool_mode = transaction`) they would be
anybody's: a reader would see another build's tables, and nobody would be told of what is new.
"""

from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import asyncpg

WITHIN_S = 5.0
"""Seconds for each question; a pooler that has no more sessions keeps whoever asks waiting."""


class SessionsShared(Exception):
    """What stands between us and PostgreSQL lends its sessions by the transaction."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"[SESSIONS_SHARED] At {host} a pooler in transaction mode answers: two connections "
            "had one session of PostgreSQL. Mshauri keeps locks, LISTEN and a schema with its "
            "sessions. Give PostgreSQL's own address, or a pool with `pool_mode = session`."
        )


async def refuse_shared_sessions(url: str) -> None:
    """Open two connections, and look whether each keeps a session of its own.

    A database that is away is let pass: whoever needs it says so.

    Raises:
        SessionsShared: they had one.
    """
    async with AsyncExitStack() as stack:
        try:
            first, second = [await _connected(url, stack) for _ in range(2)]
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return
        if await _share(first, second):
            raise SessionsShared(urlsplit(url).netloc.rpartition("@")[2])


async def _connected(url: str, stack: AsyncExitStack) -> asyncpg.Connection:
    # No statement is kept by name: a pooler would not find it again, and fail less clearly.
    connection = await asyncpg.connect(url, statement_cache_size=0, timeout=WITHIN_S)
    stack.callback(connection.terminate)
    return connection


async def _share(first: asyncpg.Connection, second: asyncpg.Connection) -> bool:
    its = await _session(first)
    async with second.transaction():
        if await _asked(second) == its:
            return True
        # Once more while the other holds one: a pooler may hand them out in turn.
        try:
            return await _session(first) != its
        except TimeoutError:
            return True


async def _session(connection: asyncpg.Connection) -> int:
    async with connection.transaction():
        return await _asked(connection)


async def _asked(connection: asyncpg.Connection) -> int:
    pid: int = await connection.fetchval("SELECT pg_backend_pid()", timeout=WITHIN_S)
    return pid
