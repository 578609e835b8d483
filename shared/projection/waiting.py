"""Read your writes: waits until the read models hold what a position token stands for."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

import asyncpg
import structlog

from shared.domain.errors import Malformed, StaleRead, Unavailable
from shared.domain.pausing import end, go_on_unless_cancelled, wait_a_while
from shared.ledger import Head
from shared.positions import PositionToken, parse_position
from shared.projection.connection import Connection, Pool, is_passing
from shared.projection.epochs import Epochs
from shared.projection.live import LivePool
from shared.projection.progress import APPLIED_CHANNEL, PARKED_NEWS, Reached, channel_of
from shared.projection.source import Place

_log = structlog.get_logger(__name__)

_PAUSE = 0.5
"""Seconds between attempts to reach the database again."""


_START = Reached(1, 0)

_PARKED = """
SELECT service, partition, position, epoch, code FROM parked
 WHERE (service, partition, position, epoch)
       IN (SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::integer[]))
 ORDER BY seq LIMIT 1
"""


class PositionLost(StaleRead):
    """What a position stood for was lost when its ledger was restored from a backup."""

    template = "What {position} stood for is no more: the ledger was restored to before it."
    remedy_template = (
        "Forget this position, read again without it, and send what is missing once more, with the "
        "same command ids."
    )


class EventParked(StaleRead):
    """The event that a position stands for cannot be shown yet."""

    code = "EVENT_PARKED"
    template = "{position} is recorded and waits to be shown: {why}."
    remedy_template = (
        "It is safe, and shown as soon as the operators have mended what it waits for."
    )


class Waiter:
    """Knows how far every partition is applied, from the engine's own notifications.

    It holds one connection of the pool. While the database is away it knows nothing new, so that
    readers wait and are told `STALE_READ`; it catches up by itself. With a `LivePool` it goes to
    another build right after the pool does: what it says is applied, is so in what is read.
    """

    def __init__(self, pool: "Pool | LivePool") -> None:
        self._pool = pool
        self._positions: dict[Place, Reached] = {}
        self._epochs = Epochs()
        self._any_parked = False
        self._any = asyncio.Event()
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
            await end(self._task)

    def position(self, service: str, partition: int) -> int:
        """Return how far a partition is applied, as far as is known here."""
        return self._positions.get((service, partition), _START).position

    async def reach(self, tokens: Iterable[str], timeout: float) -> None:
        """Wait until every token's event is in the read models, at most `timeout` seconds.

        Raises:
            StaleRead: it was not, in that time.
            Malformed: a token is none.
        """
        began = time.monotonic()
        asked = [_parsed(token) for token in tokens]
        for token in asked:
            if self._epochs.gone(token.service, token.epoch, token.position):
                raise PositionLost("after", position=str(token), waited_ms=0)
            place, wanted = (token.service, token.partition), Reached(token.epoch, token.position)
            if self._positions.get(place, _START) >= wanted:
                continue  # even when no time is left
            left = timeout - (time.monotonic() - began)
            try:
                await asyncio.wait_for(self._at_least(place, wanted), left)
            except TimeoutError:
                waited = round((time.monotonic() - began) * 1000)
                raise StaleRead("after", position=str(token), waited_ms=waited) from None
        await self._must_show(asked)

    async def level(self, heads: Mapping[str, Head], timeout: float) -> bool:
        """Wait until all that these ledgers have is applied, at most `timeout` s; say if it is."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                for service, head in heads.items():
                    for partition, position in enumerate(head.reached):
                        if self.position(service, partition) < position:
                            await self.wait_change(service, partition, position - 1)
                return True
        return False

    async def hold(self, reached: Mapping[Place, Reached], timeout: float) -> bool:
        """Wait until all that somebody else has applied is applied, at most `timeout` s; say if it
        is. What was lost with a restore is waited for by nobody.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                for place, wanted in reached.items():
                    if not self._epochs.gone(place[0], wanted.epoch, wanted.position):
                        await self._at_least(place, wanted)
                return True
        return False

    def behind(self, heads: Mapping[str, Head]) -> PositionToken | None:
        """Return a place in these ledgers that is not applied yet; None: all of them is."""
        for service, head in heads.items():
            for partition, position in enumerate(head.reached):
                if self.position(service, partition) < position:
                    return PositionToken(service, partition, position, head.epoch)
        return None

    async def moved(self, timeout: float) -> None:
        """Wait until anything more is applied, at most `timeout` seconds."""
        await wait_a_while(self._any, timeout)

    async def _must_show(self, asked: Sequence[PositionToken]) -> None:
        """Make sure that none of these events is parked.

        Raises:
            EventParked: one is.
        """
        if not self._any_parked or not asked:
            return
        columns = zip(*((t.service, t.partition, t.position, t.epoch) for t in asked), strict=True)
        row = await self._pool.fetchrow(_PARKED, *map(list, columns))
        if row is not None:
            why = row["code"] or "an event before it, of the same person, cannot be shown"
            token = PositionToken(row["service"], row["partition"], row["position"], row["epoch"])
            raise EventParked("after", position=str(token), why=why, waited_ms=0)

    async def wait_change(self, service: str, partition: int, beyond: int) -> int:
        """Wait until a partition is applied beyond a position, and return how far it is then."""
        place = (service, partition)
        here = self._positions.get(place, _START)
        return (await self._at_least(place, Reached(here.epoch, beyond + 1))).position

    async def _at_least(self, place: Place, wanted: Reached) -> Reached:
        if (here := self._positions.get(place, _START)) >= wanted:
            return here
        wait = _Wait(wanted, asyncio.get_running_loop().create_future())
        waiting = self._waiting.setdefault(place, set())
        waiting.add(wait)
        try:
            return await wait.reached
        finally:
            waiting.discard(wait)
            if not waiting and self._waiting.get(place) is waiting:
                del self._waiting[place]

    def _moved(self, place: Place, reached: Reached) -> None:
        # Not the higher of the two: a build that was outlived by its ledger was further.
        self._positions[place] = reached
        moved, self._any = self._any, asyncio.Event()
        moved.set()
        for wait in self._waiting.get(place, ()):
            if reached >= wait.wanted and not wait.reached.done():
                wait.reached.set_result(reached)

    # ── listening ─────────────────────────────────────────────────────────────────────────────

    async def _listen(self, tried: asyncio.Event) -> None:
        away = False
        while True:
            turned = self._pool.turned if isinstance(self._pool, LivePool) else asyncio.Event()
            try:
                async with self._pool.acquire() as connection, self._hearing(connection) as lost:
                    await self._load(connection)
                    if away:
                        _log.info("positions are known again")
                        away = False
                    tried.set()
                    await _either(lost, turned)
                if turned.is_set():
                    continue
            except Exception as error:
                go_on_unless_cancelled()
                if not (is_passing(error) or isinstance(error, Unavailable)):
                    _log.error("positions are not known any more", exc_info=True)
                    tried.set()
                    raise
                if not away:
                    _log.warning("positions are not known yet", problem=type(error).__name__)
                    away = True
            tried.set()
            await wait_a_while(turned, _PAUSE)

    @contextlib.asynccontextmanager
    async def _hearing(self, connection: Connection) -> AsyncIterator[asyncio.Event]:
        """Listen on a connection; the event is set once it is lost."""
        lost = asyncio.Event()

        def on_loss(_: object) -> None:
            lost.set()

        channel = await channel_of(connection, APPLIED_CHANNEL)
        connection.add_termination_listener(on_loss)
        await connection.add_listener(channel, self._heard)
        try:
            yield lost
        finally:
            if not connection.is_closed():
                connection.remove_termination_listener(on_loss)
                await connection.remove_listener(channel, self._heard)

    async def _load(self, connection: Connection) -> None:
        # What is announced while the rows are read is newer than the rows: it goes on top.
        self._loading = []
        found: dict[Place, Reached] = {}
        with contextlib.suppress(asyncpg.UndefinedTableError):  # no engine was here yet
            self._epochs = await Epochs.load(connection)
            self._any_parked = await connection.fetchval("SELECT EXISTS (SELECT FROM parked)")
            rows = await connection.fetch("SELECT service, partition, epoch, position FROM applied")
            found = {(row[0], row[1]): Reached(row[2], row[3]) for row in rows}
        for place in self._positions.keys() | found.keys():
            self._moved(place, found.get(place, _START))
        announced, self._loading = self._loading, None
        for payload in announced:
            self._take(payload)

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        if self._loading is None:
            self._take(str(payload))
        else:
            self._loading.append(str(payload))

    def _take(self, payload: str) -> None:
        for word in payload.split():
            if word == PARKED_NEWS:
                self._any_parked = True
                continue
            token = parse_position(word)
            self._moved((token.service, token.partition), Reached(token.epoch, token.position))


def _parsed(token: str) -> PositionToken:
    try:
        return parse_position(token)
    except ValueError:
        problem = f"{token!r} is not a position"
        raise Malformed("after", problem=problem, expected="a position") from None


async def _either(*events: asyncio.Event) -> None:
    """Wait until one of the events is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


class _Wait:
    """Somebody who waits for a position."""

    __slots__ = ("reached", "wanted")

    def __init__(self, wanted: Reached, reached: "asyncio.Future[Reached]") -> None:
        self.wanted = wanted
        self.reached = reached
