"""The projection engine: reads the bus, and is the only one that writes read models.

It owns partitions by a lock of its one database connection, reads them from the offsets that
were stored with the rows, and applies each poll in one transaction. Where the database, the bus
or whoever has the keys is away, it lets everything go and begins again from what is stored.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from msgspec import Struct

from shared.bus.delivery import Delivered
from shared.bus.errors import TopicRecreated
from shared.domain.errors import Unavailable
from shared.projection import progress, schema
from shared.projection.ahead import ReadAhead
from shared.projection.applying import Applied, Applier, Displaced, StreamsBroken
from shared.projection.breaker import Breaker
from shared.projection.connection import Connection, Pool, is_passing
from shared.projection.fold import Projection
from shared.projection.ownership import Ownership, parse_partitions
from shared.projection.reading import Folds
from shared.projection.rebuild import rebuild_if_changed
from shared.projection.source import Decoder, Place, Source

_log = structlog.get_logger(__name__)

# Rows and offsets are one transaction: what a crash of the database may take back, it takes back
# together, and it is read again. So no poll needs to wait for the disk. The rest lets the database
# notice within seconds that this machine is gone, and free its partitions for another.
_SESSION = """
SET synchronous_commit = off;
SET tcp_keepalives_idle = 5;
SET tcp_keepalives_interval = 2;
SET tcp_keepalives_count = 3;
"""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class Health(Struct, frozen=True, kw_only=True, rename="camel"):
    """What an engine says about itself.

    Attributes:
        state: starting, running, standby (another engine owns the partitions), away (of what,
            says `error`), stopped.
        partitions: those it owns.
        parked: events that wait because they, or one before them of the same person, fail.
        people_parked: of how many people.
        error: the last one met, where it still matters.
        last_applied: by service, when something of it was last applied here.
    """

    state: str
    partitions: tuple[int, ...]
    parked: int
    people_parked: int
    error: str | None
    last_applied: dict[str, datetime]

    @property
    def ready(self) -> bool:
        """Whether read models are being kept up, by this engine or the one it stands by for."""
        return self.state in ("running", "standby")


class Engine:
    """Keeps the read models of some projections, on one database.

    Args:
        pool: of the database; one connection is kept for as long as the engine runs.
        source: the bus.
        projections: all that are kept on this database: they share its offsets.
        services: whose events they fold.
        decoder: makes events out of payloads.
        partitions: which to own when they are free; the rest is other engines'.
        limit: records a poll, and so the most in one transaction; 2,000 at a time were applied 36
            times as fast as one by one (`tests.perf.bench_projector`).
        breaker: how many people's events may fail in a row at one place before it stops.
        poll_timeout: seconds to wait for a record; a stop waits no longer.
        tick: seconds between looks at locks, topics and its own progress in the database.
    """

    def __init__(
        self,
        pool: Pool,
        source: Source,
        projections: Sequence[Projection],
        services: Sequence[str],
        decoder: Decoder,
        *,
        partitions: str = "0-23",
        limit: int = 2000,
        breaker: int = 20,
        poll_timeout: float = 0.25,
        tick: float = 1.0,
    ) -> None:
        self._pool = pool
        self._source = source
        self._projections = tuple(projections)
        self._services = frozenset(services)
        self._ownership = Ownership(parse_partitions(partitions))
        self._built = schema.built_of(projections)
        self._applier = Applier(Folds(projections, decoder), Breaker(breaker), self._built)
        self._ahead = ReadAhead(source, limit, poll_timeout)
        self._every = tick
        self._next_tick = 0.0
        self._topic_ids: dict[str, str] = {}
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._state = "starting"
        self._away_since: float | None = None
        self._error: str | None = None
        self._last_applied: dict[str, datetime] = {}

    async def run(self) -> None:
        """Keep the read models until `stop`; waits out whatever is away.

        Raises:
            ProjectorStopped: events of too many people fail alike.
            TableDiffers: a table of that name and version is there, in another shape.
        """
        pause = _FIRST_PAUSE
        self._ended.clear()
        try:
            while not self._stopping.is_set():
                try:
                    async with self._pool.acquire() as connection:
                        await self._work(connection)
                except Exception as error:
                    passing = is_passing(error) or isinstance(error, Unavailable)
                    if not passing or self._pool.is_closing():
                        self._error = str(error)
                        _log.error("the projector stops", error=type(error).__name__)
                        raise
                    pause = _FIRST_PAUSE if self._state != "away" else pause
                    self._say_away(error)
                    await self._pause(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)
                finally:
                    self._ownership.lose()
                    await self._ahead.drop()
        finally:
            self._say("stopped")
            self._ended.set()

    async def stop(self) -> None:
        """Finish the poll in hand, let the partitions go, and return once `run` has."""
        self._stopping.set()
        await self._ended.wait()

    def health(self) -> Health:
        """Say how it stands."""
        waiting = self._applier.waiting
        return Health(
            state=self._state,
            partitions=self._ownership.owned,
            parked=sum(waiting.values()),
            people_parked=len(waiting),
            error=self._error,
            last_applied=dict(self._last_applied),
        )

    # ── the loop ──────────────────────────────────────────────────────────────────────────────

    async def _work(self, connection: Connection) -> None:
        await connection.execute(_SESSION)
        await schema.ensure(connection, self._projections)
        self._topic_ids = {}
        self._next_tick = 0.0
        while not self._stopping.is_set():
            if time.monotonic() >= self._next_tick:
                await self._tick(connection)
            if not self._topic_ids or not self._ownership.owned:
                await self._pause(self._next_tick - time.monotonic())
                continue
            try:
                delivered = await self._ahead.poll()
                if delivered:
                    applied = await self._apply(connection, delivered)
                    self._note(applied, {one.service for one in delivered})
            except (Displaced, TopicRecreated):
                self._topic_ids, self._next_tick = {}, 0.0

    async def _apply(self, connection: Connection, delivered: Sequence[Delivered]) -> Applied:
        try:
            return await self._applier.apply(connection, delivered, keep_broken=False)
        except StreamsBroken:
            # In a topic made anew, offsets of the old one skip events that are there.
            if await self._ids() != self._topic_ids:
                raise Displaced from None
            return await self._applier.apply(connection, delivered)

    async def _tick(self, connection: Connection) -> None:
        """Take free partitions; begin anew where locks, topics or progress are not as known."""
        self._next_tick = time.monotonic() + self._every
        new = await self._ownership.claim(connection)
        owned = self._ownership.owned
        if not owned:
            self._say("standby")
            return
        marks = await progress.marks(connection, owned)
        if any(mark.built != self._built for mark in marks.values()):
            if await rebuild_if_changed(connection, self._projections):
                _log.info("the set of read models changed: they are built from zero")
            marks = await progress.marks(connection, owned)
        ids = await self._ids()
        if new or ids != self._topic_ids or marks != self._applier.marks:
            await self._begin(connection, owned, ids, marks)
        self._say("running")

    async def _begin(
        self,
        connection: Connection,
        owned: tuple[int, ...],
        ids: dict[str, str],
        marks: dict[Place, progress.Mark],
    ) -> None:
        offsets = await self._applier.take_up(connection, owned, ids, marks)
        await self._ahead.drop()
        await self._source.assign(offsets)
        self._topic_ids = ids
        _log.info("reading", partitions=len(owned), topics=sorted(ids))
        freed = 0
        for key in list(self._applier.waiting):
            freed += await self._applier.drain(connection, key)
        if freed or self._applier.waiting:
            _log.info(
                "parked events tried again",
                freed=freed,
                still_parked=sum(self._applier.waiting.values()),
            )

    async def _ids(self) -> dict[str, str]:
        ids = await self._source.topic_ids()
        return {service: ids[service] for service in sorted(self._services & ids.keys())}

    # ── what it says ──────────────────────────────────────────────────────────────────────────

    def _note(self, applied: Applied, services: set[str]) -> None:
        now = datetime.now(UTC)
        self._last_applied |= dict.fromkeys(services, now)
        for parked in applied.parked:
            # Neither the person's id nor the fault's text: logs hold no personal data.
            entry = parked.delivered.entry
            _log.error(
                "an event is parked",
                service=parked.delivered.service,
                position=entry.position,
                topic=entry.topic,
                code=parked.fault and parked.fault.code,
                where=parked.fault and parked.fault.where,
            )

    def _say_away(self, error: Exception) -> None:
        part = str(error.params.get("part")) if isinstance(error, Unavailable) else "the database"
        self._error = f"{part} is away: {error or type(error).__name__}"
        if self._state != "away":
            self._away_since = time.monotonic()
            _log.warning("the projector waits", away=part, error=str(error))
            self._state = "away"

    def _say(self, state: str) -> None:
        """Change the state, and log it, once a change."""
        if state == self._state:
            return
        if self._state == "away" and self._away_since is not None and state != "stopped":
            seconds = round(time.monotonic() - self._away_since, 1)
            _log.info("the projector goes on", after_seconds=seconds)
            self._error = None
        else:
            _log.info("the projector is " + state, partitions=len(self._ownership.owned))
        self._state = state

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), max(seconds, 0.01))
