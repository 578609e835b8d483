"""Builds of the read models, and of grants and places, as they stood at a cut: of the ledgers."""

import asyncio
from collections.abc import Callable, Sequence

from mshauri.replaying.cut import Cut
from mshauri.replaying.filling import Fillers, Task
from mshauri.replaying.installation import Installation
from services.gateway.clock import Moment
from services.gateway.projections import PROJECTIONS
from services.gateway.projections.group import READ_MODELS
from services.gateway.standing import Standing
from shared.access.facts import ACCESS, GROUP
from shared.projection import Projection, builds, filling
from shared.projection.builds import Build
from shared.projection.connection import Connection, own_connection
from shared.projection.schema import built_of, ensure, make_indexes, tables_of

GROUPS: dict[str, Sequence[Projection]] = {READ_MODELS: PROJECTIONS, GROUP: [ACCESS]}
"""What the gateway reads: whom it lets see the rest stands in its own database."""

_SORTING = "SET maintenance_work_mem = '256MB'; SET max_parallel_maintenance_workers = 0"

Told = Callable[[int], None]
"""Told how many events more are folded."""

_SKIPPED = """
SELECT service, epoch, position, topic, kind, stream, code, reason, actor, skipped_at
  FROM public.skipped_event
"""


async def build(
    url: str, cut: Cut, installation: Installation, fillers: Fillers, told: Told
) -> Standing:
    """Fill an empty database, and say at what it stands.

    Raises:
        FillingFailed: a process that folds could not go on.
    """
    async with own_connection(url) as connection:
        await builds.prepare(connection)
        await _skip(connection, installation)
        made = {name: await _begin(connection, name) for name in GROUPS}
        tasks = [
            Task(
                installation=installation,
                url=url,
                read_models=made[READ_MODELS].schema,
                access=made[GROUP].schema,
                until={service: one.position for service, one in cut.stood.items()},
                number=number,
                of=len(fillers),
            )
            for number in range(len(fillers))
        ]
        async for events in fillers.fill(tasks):
            told(events)
        positions = {service: (one.position, one.epoch) for service, one in cut.stood.items()}
        for one in made.values():
            await _enter(connection, one)
            await filling.mark(connection, GROUPS[one.name], positions)
            await _index(url, one, len(fillers))
            await builds.turn(connection, one)
            await builds.beat(connection, one, 0.0)
    return Standing(
        database_url=url,
        moment=Moment(cut.instant, cut.day),
        positions=positions,
        said=cut.said,
    )


async def _skip(connection: Connection, installation: Installation) -> None:
    """Pass over what an operator had passed over: of a fault of ours nobody learns anything."""
    async with own_connection(installation.gateway) as live:
        rows = await live.fetch(_SKIPPED)
    await connection.copy_records_to_table("skipped_event", records=rows, schema_name="public")


async def _begin(connection: Connection, name: str) -> Build:
    """Make the tables of a group, without indexes: they cost less once the rows are there."""
    made = await builds.begin(connection, name, built_of(GROUPS[name]), "ledgers")
    await _enter(connection, made)
    await ensure(connection, GROUPS[name], logged=False, indexed=False)
    return made


async def _index(url: str, made: Build, side_by_side: int) -> None:
    """Make what reading needs, so many tables at a time."""
    # Those with most to be made first, so that none is waited for alone in the end.
    left = sorted(tables_of(GROUPS[made.name]), key=lambda table: len(table.indexes))

    async def work() -> None:
        async with own_connection(url) as connection:
            await _enter(connection, made)
            await connection.execute(_SORTING)
            while left:
                table = left.pop()
                await make_indexes(connection, table)
                await connection.execute(f'ANALYZE "{table.physical}"')

    await asyncio.gather(*(work() for _ in range(side_by_side)))


async def _enter(connection: Connection, made: Build) -> None:
    await connection.execute("SELECT set_config('search_path', $1, false)", made.schema)
