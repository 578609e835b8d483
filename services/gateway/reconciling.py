"""Every hour: does the audit trail have as many events as the ledgers recorded?

What `mshauri verify` says by reading everything again, this says cheaply, by counting: where an
event was left out, or taken away, the difference stays, and is an alert.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import asyncpg
import structlog

from services.gateway.hourly import PATIENCE_S, now_and_again
from services.gateway.projections import AUDIT_EVENT
from services.gateway.projections.group import READ_MODELS, READ_MODELS_BUILT
from shared.projection import builds
from shared.projection.connection import own_connection
from shared.projection.targets import AskHead
from shared.runtime.health import PartHealth
from shared.runtime.metrics import events_missing, reconciled_at

_log = structlog.get_logger(__name__)

_HELD = """
SELECT service, count(*) AS events FROM "{schema}".{table}
 WHERE position <= CASE service {ends} END GROUP BY service
"""


class Reconciling:
    """Counts, keeps what came of it for metrics and health, and never stops anybody."""

    def __init__(self, database_url: str, heads: Mapping[str, AskHead], every_s: float) -> None:
        """Count on this database, against these ledgers."""
        self._url = database_url
        self._heads = heads
        self._every_s = every_s
        self._says = "not counted yet"

    async def run(self) -> None:
        """Count until cancelled."""
        await now_and_again(self._count, self._every_s, self._say)

    def health(self) -> PartHealth:
        """Say what was counted last; queries are answered whatever it was."""
        return PartHealth(ready=True, says=self._says)

    def _say(self, says: str) -> None:
        self._says = says

    async def _count(self) -> None:
        asked = {service: await ask() for service, ask in self._heads.items()}
        ends = {service: head.position for service, head in asked.items() if head is not None}
        missing = await self._missing(ends)
        if missing is None:
            return
        now = datetime.now(UTC)
        for service, count in missing.items():
            events_missing.labels(service).set(count)
        reconciled_at.set(now.timestamp())
        lacks = {service: count for service, count in missing.items() if count}
        for service, count in lacks.items():
            _log.error("events are missing in the audit trail", service=service, events=count)
        told = ", ".join(_sentence(service, count) for service, count in lacks.items())
        self._says = f"at {now:%F %T} UTC: {told or 'all events are there'}"

    async def _missing(self, ends: Mapping[str, int]) -> dict[str, int] | None:
        """Return how many events of each ledger are not there, though there was time to come."""
        if not ends:
            return None
        until = asyncio.get_running_loop().time() + min(PATIENCE_S, self._every_s)
        async with own_connection(self._url) as connection:
            while True:
                build = await builds.live(connection, READ_MODELS, READ_MODELS_BUILT)
                if build is None:
                    return None
                held = await _held(connection, build.schema, ends)
                missing = {service: end - held.get(service, 0) for service, end in ends.items()}
                if not any(missing.values()) or asyncio.get_running_loop().time() > until:
                    return missing
                await asyncio.sleep(1.0)


def _sentence(service: str, count: int) -> str:
    if count < 0:
        return f"{-count:,} of {service} were never recorded"
    return f"{count:,} of {service} are missing"


async def _held(
    connection: "asyncpg.Connection[asyncpg.Record]", schema: str, ends: Mapping[str, int]
) -> dict[str, int]:
    cases = " ".join(f"WHEN '{service}' THEN {end:d}" for service, end in ends.items())
    text = _HELD.format(schema=schema, table=AUDIT_EVENT.physical, ends=cases)
    return {row["service"]: row["events"] for row in await connection.fetch(text)}
