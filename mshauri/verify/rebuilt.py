"""Whether the read models are what the ledgers come to: they are made anew, and held against those
that were in use.

Readers go to the new build as after any rebuild. While people record, events may come between the
two: then a table that differs is looked at again, and in the end told apart from one that is wrong.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import asyncpg

from mshauri.rebuild import Source, beside, digests
from services.gateway.projections import PROJECTIONS
from services.gateway.projections.group import READ_MODELS
from shared.projection.builds import Build

PATIENCE_S = 30.0
"""Seconds without progress after which it is given up."""
_TIMES = 3


class Rebuilt(NamedTuple):
    """What was found.

    Attributes:
        events: folded.
        tables: compared.
        differ: the names of those that are not what a rebuild makes of them.
        between: events that came between the two builds; of 0, what differs is wrong.
    """

    events: int
    tables: int
    differ: list[str]
    between: int

    @property
    def problems(self) -> list[str]:
        """Sentences; none: every table is what a rebuild makes of it."""
        if not self.differ:
            return []
        named = f"{len(self.differ)} tables of the read models: {', '.join(self.differ)}"
        if self.between:
            return [f"{self.between:,} events came between, and so it cannot be told of {named}."]
        return [f"A rebuild makes something else of {named}."]


async def rebuilt(
    address: str,
    told: Callable[[int, int], None] = lambda _done, _all: None,
    *,
    patience: float = PATIENCE_S,
) -> Rebuilt:
    """Make the read models anew from the ledgers, and compare.

    Args:
        address: of the gateway's database.
        told: is told how far it is, in positions.

    Raises:
        NobodyProjects: no projector works on it.
    """
    for _ in range(_TIMES):
        found = await _once(address, told, patience)
        if not (found.differ and found.between):
            break
    return found


async def _once(address: str, told: Callable[[int, int], None], patience: float) -> Rebuilt:
    connection = await asyncpg.connect(address)
    try:
        before, after = await beside(
            connection,
            READ_MODELS,
            PROJECTIONS,
            patience=patience,
            told=told,
            made_of=Source.LEDGERS,
        )
        made = await digests(address, after, PROJECTIONS)
        events = await _events(connection, after)  # as many, or more, than were compared
        if before is None:
            return Rebuilt(events, len(made), [], 0)
        used = await digests(address, before, PROJECTIONS)
        differ = [name for name, digest in made.items() if used[name] != digest]
        return Rebuilt(events, len(made), differ, events - await _events(connection, before))
    finally:
        await connection.close()


async def _events(connection: Any, build: Build) -> int:
    text = f'SELECT coalesce(sum(version), 0) FROM "{build.schema}".stream_cursor'
    return int(await connection.fetchval(text))
