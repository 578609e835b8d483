"""What the audit trail has of the ledgers: its rows, in the read models in use."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import asyncpg

from mshauri.verify.ledger import Walked
from mshauri.verify.tally import Tally
from services.gateway.projections import AUDIT_EVENT
from services.gateway.projections.group import READ_MODELS, READ_MODELS_BUILT
from shared.projection import builds

PATIENCE_S = 10.0
"""Seconds for the projector to come to where a ledger stood."""

_HELD = "SELECT count(*) FROM {table} WHERE service = $1 AND position <= $2"
_ROWS = """
SELECT epoch, position, event_id FROM {table} WHERE service = $1 AND position <= $2
"""


class NothingRead(Exception):
    """There are no read models yet."""


async def audited(address: str, ledgers: Mapping[str, Walked]) -> dict[str, Tally]:
    """Count the rows of each service's events in the gateway's database.

    Raises:
        NothingRead: there are none yet.
    """
    connection = await asyncpg.connect(address)
    try:
        build = await builds.live(connection, READ_MODELS, READ_MODELS_BUILT)
        if build is None:
            raise NothingRead("There are no read models yet: is a projector up?")
        return {
            service: await _tally(
                connection, f'"{build.schema}".{AUDIT_EVENT.physical}', service, one
            )
            for service, one in ledgers.items()
        }
    finally:
        await connection.close()


async def _tally(
    connection: "asyncpg.Connection[Any]", table: str, service: str, ledger: Walked
) -> Tally:
    end = ledger.head.position
    held, until = _HELD.format(table=table), time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if await connection.fetchval(held, service, end) >= end:
            break
        await asyncio.sleep(0.2)
    tally = Tally(end)
    async with connection.transaction(readonly=True):
        rows = _ROWS.format(table=table)
        async for row in connection.cursor(rows, service, end, prefetch=5_000):
            tally.add(row["position"], row["event_id"].bytes)
    return tally
