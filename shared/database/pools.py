"""Connections to PostgreSQL that a process opens at its start and lets go at its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg

from shared.database.connecting import create_pool
from shared.database.pooler import refuse_shared_sessions

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

FAREWELL_S = 3.0
"""How long connections may take to close politely: a database that is gone never answers."""


@asynccontextmanager
async def open_pool(url: str, *, most: int, cleaned: bool = True) -> AsyncIterator[Pool]:
    """Open a pool of at most so many connections for the length of the block.

    Args:
        cleaned: whether a connection is cleaned up before its next user has it. It costs a round
            trip, which those who leave nothing behind (no lock, no setting, no listening) save.

    Raises:
        SessionsShared: a pooler in transaction mode answers there.
    """
    await refuse_shared_sessions(url)
    reset: dict[str, Any] = {} if cleaned else {"reset": as_it_is}
    pool = await create_pool(url, most=most, **reset)
    try:
        yield pool
    finally:
        try:
            async with asyncio.timeout(FAREWELL_S):
                await pool.close()
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pool.terminate()


async def as_it_is(_connection: Any) -> None:
    """Clean nothing up: asyncpg's `reset` for those who leave nothing behind."""
