"""What the engine calls a database connection, and how it tells that the database is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from shared.database.connecting import connect

Connection: TypeAlias = "asyncpg.Connection[Any] | PoolConnectionProxy[Any]"
Pool: TypeAlias = "asyncpg.Pool[Any]"

CONNECT_S = 5
"""Seconds for a connection to come about."""

_PASSING = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shut down, starting up, cancelled
    asyncpg.InsufficientResourcesError,  # disk or connections used up
    asyncpg.TransactionRollbackError,  # deadlock
    asyncpg.InterfaceError,  # closed under us
    asyncpg.InternalClientError,
)


@asynccontextmanager
async def own_connection(url: str, **options: Any) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """Open a connection of no pool for the length of the block; it is not bid farewell, which may
    take as long as a database is away.
    """
    connection = await connect(url, timeout=CONNECT_S, **options)
    try:
        yield connection
    finally:
        connection.terminate()


def is_passing(error: BaseException) -> bool:
    """Say whether the database is away or busy, so that the same again may succeed later."""
    # asyncpg's refusal of an argument is an InterfaceError too, and a ValueError beside.
    return isinstance(error, _PASSING) and not isinstance(error, ValueError)


def is_refusal(error: BaseException) -> bool:
    """Say whether the database, or its client, refuses a row's values for what they are."""
    return isinstance(
        error,
        asyncpg.DataError | asyncpg.IntegrityConstraintViolationError | ValueError | TypeError,
    )
