"""How much glass waits to be looked into: counted each minute, for whoever is to be alerted."""

import asyncio

from services.gateway.projections import BROKEN_GLASS
from services.gateway.projections.group import READ_MODELS, READ_MODELS_BUILT
from shared.domain.pausing import go_on_unless_cancelled
from shared.projection import builds
from shared.projection.connection import is_passing, own_connection
from shared.runtime.metrics import glass_unreviewed

EVERY_S = 60.0

_WAITING = 'SELECT count(*) FROM "{schema}".{table} WHERE outcome IS NULL'


async def count_unreviewed(database_url: str, every_s: float = EVERY_S) -> None:
    """Count until cancelled; while the database is away, what was counted last stands."""
    while True:
        try:
            async with own_connection(database_url) as connection:
                build = await builds.live(connection, READ_MODELS, READ_MODELS_BUILT)
                if build is not None:
                    text = _WAITING.format(schema=build.schema, table=BROKEN_GLASS.physical)
                    glass_unreviewed.set(await connection.fetchval(text))
        except Exception as error:
            go_on_unless_cancelled()
            if not is_passing(error):
                raise
        await asyncio.sleep(every_s)
