"""Up to where each partition of the bus goes in a ledger: filled in once, where that is not known.

Every commit keeps it in the head's row. A ledger that was begun before that was so is looked
through once, at its first start under a release that wants to know.
"""

from typing import Any

import asyncpg

from shared.positions import PARTITIONS, partition_of

_HEAD = "SELECT position, reached FROM ledger_head"
_LOCK = "SELECT FROM ledger_head FOR UPDATE"
_KEYS = "SELECT key, max(position) FROM ledger WHERE position > $1 GROUP BY key"
_FILL = "UPDATE ledger_head SET reached = $1"


async def fill_in(connection: "asyncpg.Connection[Any]") -> None:
    """Fill in how far each partition goes, where that is not known.

    Each commit's last entry is its partition's last: where none reaches the head, a writer from
    before wrote, as in a rolling update, and what it wrote is looked through.
    """
    if _is_whole(*await connection.fetchrow(_HEAD)):
        return
    async with connection.transaction():
        await connection.execute(_LOCK)
        position, known = await connection.fetchrow(_HEAD)
        if _is_whole(position, known):
            return
        reached = list(known or NOTHING)
        async for key, last in connection.cursor(_KEYS, max(reached), prefetch=10_000):
            partition = partition_of(key)
            reached[partition] = max(reached[partition], last)
        await connection.execute(_FILL, reached)


NOTHING = (0,) * PARTITIONS


def _is_whole(position: int, reached: list[int] | None) -> bool:
    return reached is not None and max(reached) == position
