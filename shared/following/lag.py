"""How far the bus is behind the ledger: measured, for health to say."""

import asyncio

import asyncpg

from shared.domain.pausing import go_on_unless_cancelled
from shared.projection.connection import Pool, is_passing
from shared.runtime.health import PartHealth

LATE_S = 30.0
"""Seconds without the relay being level after which it is not ready."""

_LOOK_S = 1.0

# Asked of the tables, not of this process: another one may lead.
_BEHIND = """
SELECT head.position - coalesce((SELECT max(position) FROM relay_checkpoint), 0)
  FROM ledger_head AS head
"""


class RelayLag:
    """Looks every second at what is recorded and not on the bus."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._behind: int | None = None
        self._level_at: float | None = None
        self._began = asyncio.get_running_loop().time()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            before = self._behind
            try:
                self._behind = await self._pool.fetchval(_BEHIND)
            except asyncpg.UndefinedTableError:
                self._behind = None  # the relay has not been here yet
            except Exception as error:
                go_on_unless_cancelled()
                if not is_passing(error):
                    raise
                self._behind = None
            # Under load there is always something on its way; it must become less.
            if self._behind == 0 or (before and self._behind is not None and self._behind < before):
                self._level_at = asyncio.get_running_loop().time()
            await asyncio.sleep(_LOOK_S)

    @property
    def late_s(self) -> float:
        """Seconds since the relay was level, or came closer."""
        since = self._began if self._level_at is None else self._level_at
        return asyncio.get_running_loop().time() - since

    def health(self, *, leading: bool) -> PartHealth:
        """Say how it stands; ready as long as it is level or comes closer."""
        says = "leads" if leading else "stands by"
        if self._behind is None:
            says += "; how far it is behind is not known"
        else:
            says += f"; {self._behind} events are not on the bus"
        if self.late_s > 2 * _LOOK_S:
            says += f", for {self.late_s:.0f} s"
        return PartHealth(ready=self.late_s <= LATE_S, says=says)
