"""Read your writes: waits until the read models hold what a position token stands for."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable

import asyncpg
import structlog

from shared.bus.topics import parse_position
from shared.domain.errors import Malformed, StaleRead
from shared.projection.connection import Connection, Pool, is_passing
from shared.projection.progress import APPLIED_CHANNEL
from shared.projection.source import Place

_log = structlog.get_logger(__name__)

_PAUSE = 0.5
"""Seconds between attempts to reach the database again."""


class Waiter:
    """Knows how far every partition is applied, from the engine's own notifications.

    It holds one connection of the pool. While the database is away it knows nothing new, so that
    readers wait and are told `STALE_READ`; it catches up by itself.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._positions: dict[Place, int] = {}
        self._waiting: dict[Place, set[_Wait]] = {}
        self._loading: list[str] | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Waiter":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Begin to listen; return once the positions are known, or the database is seen away."""
        tried = asyncio.Event()
        self._task = asyncio.create_task(self._listen(tried), name="projection-waiter")
        await tried.wait()

    async def stop(self) -> None:
        """Give the connection back."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def position(self, service: str, partition: int) -> int:
        """Return how far a partition is applied, as far as is known here."""
        return self._positions.get((service, partition), 0)

    async def reach(self, tokens: Iterable[str], timeout: float) -> None:
        """Wait until every token's event is in the read models, at most `timeout` seconds.

        Raises:
            StaleRead: it was not, in that time.
            Malformed: a token is none.
        """
        began = time.monotonic()
        for token in tokens:
            try:
                service, partition, position = parse_position(token)
            except ValueError:
                problem = f"{token!r} is not a position"
                raise Malformed("after", problem=problem, expected="a position") from None
            if self.position(service, partition) >= position:
                continue  # even when no time is left
            left = timeout - (time.monotonic() - began)
            try:
                await asyncio.wait_for(self._at_least((service, partition), position), left)
            except TimeoutError:
                waited = round((time.monotonic() - began) * 1000)
                raise StaleRead("after", position=token, waited_ms=waited) from None

    async def wait_change(self, service: str, partition: int, beyond: int) -> int:
        """Wait until a partition is applied beyond a position, and return how far it is then."""
        return await self._at_least((service, partition), beyond + 1)

    async def _at_least(self, place: Place, position: int) -> int:
        if (here := self._positions.get(place, 0)) >= position:
            return here
        wait = _Wait(position, asyncio.get_running_loop().create_future())
        waiting = self._waiting.setdefault(place, set())
        waiting.add(wait)
        try:
            return await wait.reached
        finally:
            waiting.discard(wait)
            if not waiting and self._waiting.get(place) is waiting:
                del self._waiting[place]

    def _moved(self, place: Place, position: int) -> None:
        # Not the higher of the two: a rebuild takes positions back.
        self._positions[place] = position
        for wait in self._waiting.get(place, ()):
            if position >= wait.position and not wait.reached.done():
                wait.reached.set_result(position)

    # ── listening ─────────────────────────────────────────────────────────────────────────────

    async def _listen(self, tried: asyncio.Event) -> None:
        away = False
        while True:
            try:
                async with self._pool.acquire() as connection, self._hearing(connection) as lost:
                    await self._load(connection)
                    if away:
                        _log.info("positions are known again")
                        away = False
                    tried.set()
                    await lost.wait()
            except Exception as error:
                if not is_passing(error):
                    _log.exception("positions are not known any more")
                    tried.set()
                    raise
                if not away:
                    _log.warning("positions are not known: the database is away", error=str(error))
                    away = True
            tried.set()
            await asyncio.sleep(_PAUSE)

    @contextlib.asynccontextmanager
    async def _hearing(self, connection: Connection) -> AsyncIterator[asyncio.Event]:
        """Listen on a connection; the event is set once it is lost."""
        lost = asyncio.Event()

        def on_loss(_: object) -> None:
            lost.set()

        connection.add_termination_listener(on_loss)
        await connection.add_listener(APPLIED_CHANNEL, self._heard)
        try:
            yield lost
        finally:
            if not connection.is_closed():
                connection.remove_termination_listener(on_loss)
                await connection.remove_listener(APPLIED_CHANNEL, self._heard)

    async def _load(self, connection: Connection) -> None:
        # What is announced while the rows are read is newer than the rows: it goes on top.
        self._loading = []
        try:
            rows = await connection.fetch("SELECT service, partition, position FROM applied")
        except asyncpg.UndefinedTableError:
            rows = []  # no engine was here yet; what one applies is announced
        found = {(row[0], row[1]): row[2] for row in rows}
        for place in self._positions.keys() | found.keys():
            self._moved(place, found.get(place, 0))
        announced, self._loading = self._loading, None
        for payload in announced:
            self._take(payload)

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        if self._loading is None:
            self._take(str(payload))
        else:
            self._loading.append(str(payload))

    def _take(self, payload: str) -> None:
        for token in payload.split():
            service, partition, position = parse_position(token)
            self._moved((service, partition), position)


class _Wait:
    """Somebody who waits for a position."""

    __slots__ = ("position", "reached")

    def __init__(self, position: int, reached: "asyncio.Future[int]") -> None:
        self.position = position
        self.reached = reached
