"""Telling a PostgreSQL that is away from one that says no."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from shared.domain.errors import Unavailable

_AWAY = frozenset(
    {
        "08",  # connection lost or never made
        "25",  # the transaction is not what we think: read only after a failover, timed out idle
        "28",  # we are not let in: a password being rotated
        "3D",  # the database is not there (yet)
        "40",  # rolled back by the server: deadlock, serialization
        "53",  # out of disk, memory or connections
        "55",  # an object is locked
        "57",  # shut down, starting up, cancelled
        "58",  # an I/O error
    }
)
"""Classes of SQLSTATE under which the same statement may well work a moment later."""


def is_away(error: BaseException) -> bool:
    """Say whether trying again later may help, because the error is not about what was asked."""
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "")[:2] in _AWAY or isinstance(
            error, asyncpg.InvalidCachedStatementError
        )
    # OSError has refused connections, broken pipes and time-outs among its children;
    # InterfaceError and InternalClientError are what asyncpg says of a connection that broke.
    return isinstance(error, OSError | asyncpg.InterfaceError | asyncpg.InternalClientError)


@contextmanager
def unavailable_if_away(part: str) -> Iterator[None]:
    """Turn the errors of a store that is away into the one our callers know."""
    try:
        yield
    except Exception as error:
        if is_away(error):
            raise Unavailable(part=part) from error
        raise
