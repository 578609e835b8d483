"""Word of new entries between processes: PostgreSQL's LISTEN and NOTIFY.

A notification is said right after the commit, not within it. Within it, the commits of every
database of the server would take turns for as long as each waits for its disk; after it, saying
costs no disk at all. What a process that died between the two left unsaid is heard with the next
one, or seen by `wait_beyond`, which looks for itself when its time is over.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any

import asyncpg

from shared.ledger.away import is_away
from shared.ledger.tide import Tide

log = logging.getLogger(__name__)

_CHANNEL = "ledger"
_SAY = "SELECT pg_notify($1, $2)"
_HEAD = "SELECT position FROM ledger_head"

_PAUSE = 0.1
"""Seconds before connecting again."""


class Channel:
    """Raises the tide by what other processes say, and says what this one has committed."""

    def __init__(self, pool: asyncpg.Pool, tide: Tide) -> None:
        self._pool = pool
        self._tide = tide
        self._committed = 0
        self._stir = asyncio.Event()
        self._lost = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._run(), name="ledger channel")

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def committed(self, position: int) -> None:
        """Say that this process has committed up to `position`; several may become one word."""
        self._tide.rise(position)
        self._committed = position
        self._stir.set()

    async def _run(self) -> None:
        while True:
            try:
                await self._session()
            except Exception as error:
                if not is_away(error):
                    log.exception("the ledger's channel broke; it begins anew")
            await asyncio.sleep(_PAUSE)

    async def _session(self) -> None:
        """Listen and speak over one connection, until it is lost."""
        connection = await self._pool.acquire()
        try:
            await self._listen(connection)
        finally:
            # One that broke cannot be asked to stop listening, and the pool takes none back that
            # listens: it makes a new one when it needs one.
            with suppress(asyncpg.InterfaceError):
                connection.terminate()
            await self._pool.release(connection)

    async def _listen(self, connection: asyncpg.Connection) -> None:
        self._lost = False
        connection.add_termination_listener(self._on_loss)
        await connection.add_listener(_CHANNEL, self._heard)
        # What was said while nobody listened is not said again.
        self._tide.rise(await connection.fetchval(_HEAD))
        said = 0
        while not self._lost:
            await self._stir.wait()
            self._stir.clear()
            if self._committed > said:
                said = self._committed
                await connection.execute(_SAY, _CHANNEL, str(said))

    def _heard(self, _connection: Any, _process: int, _channel: str, position: object) -> None:
        self._tide.rise(int(str(position)))

    def _on_loss(self, _connection: Any) -> None:
        self._lost = True
        self._stir.set()
