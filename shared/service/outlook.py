"""What a decider sees of its follower's work, in the database: groups, and where policies begin."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from shared.domain.pausing import go_on_unless_cancelled, wait_a_while
from shared.following.policy_progress import Begun
from shared.privacy.erased import ERASED_CHANNEL
from shared.privacy.keys import KeySource
from shared.projection.builds import TURNED_CHANNEL
from shared.projection.connection import Connection, is_passing, own_connection
from shared.projection.standing import Standing
from shared.runtime.health import PartHealth

_HASTE_S, _LOOK_S = 0.1, 2.0
"""Between looks: while something is awaited, and otherwise."""

_log = structlog.get_logger(__name__)


class Outlook:
    """Looks, over one connection, for as long as it runs.

    It hears of keys that another process destroyed, too, and has them let go here.

    Attributes:
        standings: the groups it looks at, by what health calls them.
        begun: whether policies have begun.
    """

    def __init__(
        self,
        database_url: str,
        standings: Mapping[str, Standing],
        begun: Begun,
        keys: KeySource,
    ) -> None:
        self.standings = dict(standings)
        self.begun = begun
        self._keys = keys
        self._url = database_url
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Look until cancelled; a database that is away is waited for."""
        while True:
            try:
                async with own_connection(self._url) as connection:
                    await self._look_on(connection)
            except Exception as error:
                go_on_unless_cancelled()
                if not is_passing(error):
                    raise
                _log.warning("how groups stand is not known", problem=type(error).__name__)
            await asyncio.sleep(_HASTE_S)

    async def _look_on(self, connection: Connection) -> None:
        await connection.add_listener(TURNED_CHANNEL, lambda *_: self._news.set())
        await connection.add_listener(ERASED_CHANNEL, self._forget)
        connection.add_termination_listener(lambda _: self._news.set())
        while not connection.is_closed():
            self._news.clear()
            try:
                for standing in self.standings.values():
                    await standing.look(connection)
                await self.begun.look(connection)
            except asyncpg.UndefinedTableError:
                pass  # no follower was here yet
            settled = self.begun.all and all(standing.level for standing in self.standings.values())
            await wait_a_while(self._news, _LOOK_S if settled else _HASTE_S)

    def _forget(self, *notification: Any) -> None:
        # Missed while the connection was lost, a key is remembered for a minute at most.
        self._keys.forget([UUID(notification[-1])])


def standing_health(standing: Standing) -> PartHealth:
    """Say how a group stands that another process keeps."""
    return PartHealth(ready=standing.fit, says="; ".join(standing.said))
