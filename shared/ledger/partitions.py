"""Up to where each partition of the bus goes in a ledger: filled in once, where that is not known.

Every commit keeps it in the head's row. A ledger that was begun before that was so is looked
through once, at its first start under a release that wants to know.
"""

from typing import Any

import asyncpg

from shared.bus.topics import PARTITIONS, partition_of

_KNOWN = "SELECT reached IS NOT NULL FROM ledger_head"
_LOCK = "SELECT FROM ledger_head FOR UPDATE"
_KEYS = "SELECT key, max(position) FROM ledger GROUP BY key"
_FILL = "UPDATE ledger_head SET reached = $1"


async def fill_in(connection: "asyncpg.Connection[Any]") -> None:
    """Fill in how far each partition goes, unless it is known."""
    if await connection.fetchval(_KNOWN):
        return
    async with connection.transaction():
        await connection.execute(_LOCK)
        if await connection.fetchval(_KNOWN):
            return
        reached = [0] * PARTITIONS
        async for key, position in connection.cursor(_KEYS, prefetch=10_000):
            partition = partition_of(key)
            reached[partition] = max(reached[partition], position)
        await connection.execute(_FILL, reached)
