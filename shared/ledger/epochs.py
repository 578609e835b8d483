"""A ledger that goes on from a backup begins a new epoch: by itself where something shows it.

A restored base backup, or a promoted replica, goes on on another timeline; a dump that was loaded
elsewhere, on another server. A cold copy of a server's files shows neither: what a witness outside
the database remembers does (`shared.transparency`). Where nobody does, an operator says so
(`mshauri resume`).
"""

from typing import Any, NamedTuple

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


class Witnessed(NamedTuple):
    """What somebody outside the database saw of a ledger: so many entries, in that epoch."""

    epoch: int
    size: int


async def notice_restore(
    connection: "asyncpg.Connection[Any]", witnessed: Witnessed | None = None
) -> int | None:
    """Begin a new epoch if the ledger is on another server or timeline than wrote it last, or
    holds less than was witnessed of it.

    One of several processes that start together does it.

    Returns:
        The epoch that was begun, if one was.
    """
    async with connection.transaction():
        position, epoch, *before = await connection.fetchrow(_LOCK)
        now = list(await connection.fetchrow(_SERVER))
        if before != now:
            await connection.execute(_NOTE, *now)
        reason = _less_than(witnessed, epoch, position) or _elsewhere(before, now)
        if reason is None:
            return None
        new = max(int(epoch), witnessed.epoch if witnessed else 0) + 1
        await _begin(connection, new, position, reason)
    _log.warning(
        "the ledger was restored: a new epoch begins", epoch=new, after=position, why=reason
    )
    return new


def _less_than(witnessed: Witnessed | None, epoch: int, position: int) -> str | None:
    """Say how the ledger falls short of what was witnessed, if it does."""
    if witnessed is None or witnessed <= (epoch, position):
        return None
    saw = f"{witnessed.size} entries in epoch {witnessed.epoch}"
    return f"a witness saw {saw}; here are {position} in epoch {epoch}"


def _elsewhere(before: list[int | None], now: list[int]) -> str | None:
    """Say how the server is another one than wrote last, if it is."""
    if before in (now, [None, None]):
        return None
    what = "another server" if before[0] != now[0] else "another timeline"
    return f"{what}: {before[0]}/{before[1]} became {now[0]}/{now[1]}"


async def _begin(
    connection: "asyncpg.Connection[Any]", epoch: int, position: int, reason: str
) -> None:
    await connection.execute(_RAISE, epoch)
    await connection.execute(_BEGIN, epoch, position, reason)
