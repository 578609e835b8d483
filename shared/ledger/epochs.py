"""A ledger that goes on from a backup begins a new epoch: by itself where PostgreSQL shows it.

A restored base backup, or a promoted replica, goes on on another timeline; a dump that was loaded
elsewhere, on another server. A cold copy of a server's files shows neither: an operator says so
(`mshauri resume`).
"""

from typing import Any

import asyncpg
import structlog

_log = structlog.get_logger(__name__)

# `pg_walfile_name` tells the timeline that is written now; the control file, the last checkpoint's.
_SERVER = """
SELECT system_identifier, ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
  FROM pg_control_system()
"""
_LOCK = "SELECT position, epoch, system_id, timeline FROM ledger_head FOR UPDATE"
_NOTE = "UPDATE ledger_head SET system_id = $1, timeline = $2"
_RAISE = "UPDATE ledger_head SET epoch = $1"
_BEGIN = "INSERT INTO ledger_epoch (epoch, after_position, reason) VALUES ($1, $2, $3)"


async def begin_epoch(
    connection: "asyncpg.Connection[Any]", reason: str, *, at_least: int = 0
) -> tuple[int, int]:
    """Begin a new epoch where the ledger stands; return it, and the position after which.

    Args:
        reason: who restored what, for whoever asks later; nothing personal.
        at_least: the number it has at least. The count is restored with the ledger: whoever
            restores one backup a second time must go beyond what readers saw after the first.
    """
    async with connection.transaction():
        position, before, _, _ = await connection.fetchrow(_LOCK)
        epoch = max(before + 1, at_least)
        await _begin(connection, epoch, position, reason)
        await connection.execute(_NOTE, *await connection.fetchrow(_SERVER))
    return epoch, position


async def notice_restore(connection: "asyncpg.Connection[Any]") -> int | None:
    """Begin a new epoch if the ledger is on another server or timeline than wrote it last.

    One of several processes that start together does it.

    Returns:
        The epoch that was begun, if one was.
    """
    async with connection.transaction():
        position, epoch, *before = await connection.fetchrow(_LOCK)
        now = list(await connection.fetchrow(_SERVER))
        if before == now:
            return None
        await connection.execute(_NOTE, *now)
        if before == [None, None]:
            return None
        what = "another server" if before[0] != now[0] else "another timeline"
        reason = f"{what}: {before[0]}/{before[1]} became {now[0]}/{now[1]}"
        await _begin(connection, epoch + 1, position, reason)
    _log.warning(
        "the ledger was restored: a new epoch begins", epoch=epoch + 1, after=position, why=reason
    )
    return int(epoch) + 1


async def _begin(
    connection: "asyncpg.Connection[Any]", epoch: int, position: int, reason: str
) -> None:
    await connection.execute(_RAISE, epoch)
    await connection.execute(_BEGIN, epoch, position, reason)
