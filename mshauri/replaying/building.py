"""A build of the read models as they stood at a cut, made of the ledgers."""

from collections.abc import Callable, Iterable

from mshauri.replaying.cut import Cut
from mshauri.replaying.filling import Fillers, Task
from mshauri.replaying.ledgers import Installation
from services.gateway.projections import PROJECTIONS
from services.gateway.projections.group import READ_MODELS, READ_MODELS_BUILT
from shared.projection import builds, filling
from shared.projection.connection import Connection, own_connection
from shared.projection.schema import ensure

Told = Callable[[str, int], None]
"""Told what is done, and how many events more are folded."""

_SKIPPED = """
SELECT service, epoch, position, topic, kind, stream, code, reason, actor, skipped_at
  FROM public.skipped_event
"""


async def build(
    url: str, cut: Cut, installation: Installation, fillers: Fillers, told: Told
) -> None:
    """Fill an empty database.

    Raises:
        FillingFailed: a process that folds could not go on.
    """
    async with own_connection(url) as connection:
        await builds.prepare(connection)
        made = await builds.begin(connection, READ_MODELS, READ_MODELS_BUILT, "ledgers")
        await connection.execute("SELECT set_config('search_path', $1, false)", made.schema)
        await _skip(connection, installation)
        await ensure(connection, PROJECTIONS, logged=False, indexed=False)
        tasks = [
            Task(
                installation=installation,
                url=url,
                schema=made.schema,
                until={service: one.position for service, one in cut.stood.items()},
                number=number,
                of=len(fillers),
            )
            for number in range(len(fillers))
        ]
        async for events in fillers.fill(tasks):
            told("folding", events)
        told("indexing", 0)
        await ensure(connection, PROJECTIONS)
        stood = {service: (one.position, one.epoch) for service, one in cut.stood.items()}
        await filling.mark(connection, PROJECTIONS, stood)
        await connection.execute("ANALYZE")
        await builds.turn(connection, made)
        await builds.beat(connection, made, 0.0)


async def _skip(connection: Connection, installation: Installation) -> None:
    """Pass over what an operator had passed over: of a fault of ours nobody learns anything."""
    async with own_connection(installation.gateway) as live:
        rows: Iterable[object] = await live.fetch(_SKIPPED)
    await connection.copy_records_to_table("skipped_event", records=rows, schema_name="public")
