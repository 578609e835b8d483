"""What the engine calls a database connection, and how it tells that the database is away."""

from typing import Any, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "asyncpg.Connection[Any] | PoolConnectionProxy[Any]"
Pool: TypeAlias = "asyncpg.Pool[Any]"

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
