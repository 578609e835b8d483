"""Who looked by comparing: what the answers showed of people is on record, as of any other read.

One question is put again and again, and its asker is shown what came of it once: so it is told
once. It goes by the spool of the installation: where its ledger is away, a gateway ships it later.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.gateway.looked.keeping import SERVICE, AccessLog
from services.gateway.looked.looks import Looks, looking
from services.gateway.looked.spool import Spool
from services.gateway.looked.telling import Operation, Teller
from shared.access.known import Known
from shared.access.policy import Actor
from shared.domain.errors import Overloaded, Unavailable
from shared.ledger.postgres import PostgresLedger
from shared.runtime.settings import GatewaySettings


class Gathering(Teller):
    """Gathers what the answers to one question show."""

    def __init__(self, log: AccessLog) -> None:
        super().__init__(log)
        self._shown = Looks()
        self._last: tuple[Operation, Actor, Known] | None = None

    def tell(self, looks: Looks, operation: Operation, actor: Actor, known: Known) -> None:
        """Take in what was shown."""
        self._shown.add(looks.kinds, looks.fields, looks.people)
        self._shown.units.update(looks.units)
        self._last = (operation, actor, known)

    def tell_all(self, besides: Looks) -> None:
        """Write it down, with what was shown besides answers."""
        if self._last is not None:
            self.tell(besides, *self._last)
            super().tell(self._shown, *self._last)


@asynccontextmanager
async def written_down(settings: GatewaySettings) -> AsyncIterator[Gathering]:
    """Have what is shown in the length of the block written down at its end."""
    log = AccessLog(Spool(settings.access_spool))
    log.open()
    gathering = Gathering(log)
    try:
        with looking() as besides:
            try:
                yield gathering
            finally:
                gathering.tell_all(besides)
        try:
            async with PostgresLedger(settings.access_database_url, service=SERVICE) as ledger:
                await log.ship_all(ledger)
        except (Unavailable, Overloaded):
            pass  # it is in the spool
    finally:
        await log.close()
