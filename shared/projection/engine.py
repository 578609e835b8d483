"""The projection engine: reads the bus, and is the only one that writes read models.

It owns partitions by a lock of its one database connection, reads them from the offsets that
were stored with the rows, and applies each poll in one transaction. Where the database, the bus
or whoever has the keys is away, it lets everything go and begins again from what is stored.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import structlog
from msgspec import Struct

from shared.bus.ages import ComeTo, ignore
from shared.bus.delivery import Delivered, Marked, Record
from shared.bus.errors import HistoryLost, TopicRecreated
from shared.domain.errors import Unavailable
from shared.domain.pausing import go_on_unless_cancelled, wait_a_while
from shared.projection import forgetting, progress, schema, unreadable
from shared.projection.ahead import ReadAhead
from shared.projection.applying import Applied, Applier, Displaced, StreamsBroken
from shared.projection.breaker import Breaker
from shared.projection.connection import Connection, Pool, is_passing
from shared.projection.errors import Outlived, ProjectorStopped, Superseded
from shared.projection.fold import Projection
from shared.projection.ownership import Ownership, parse_partitions
from shared.projection.reading import Folds
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

_LONGEST_REST = 0.1

_RETRYING = 0.25
"""Seconds, between two polls, in which people whose events wait are tried again."""
_LOGGED = 20
"""Events parked by one poll that are logged each."""
_STOPPED_FOR = 15.0
"""Seconds until events that everybody's fail at are tried again: it takes new code to mend them,
and until then others' read models, and the process, go on."""


class Health(Struct, frozen=True, kw_only=True, rename="camel"):
    """What an engine says about itself.

    Attributes:
        state: starting, running, standby (another engine owns the partitions), away (of what,
            says `error`), paused (so does it), stopped.
        partitions: those it owns.
        parked: events that wait because they, or one before them of the same person, fail.
        people_parked: of how many people.
        unreadable: records on the bus that were no events of ours, all that were ever met.
        behind_s: seconds since it last held all that the bus had to say; None: not yet.
        error: the last one met, where it still matters.
        last_applied: by service, when something of it was last applied here.
    """

    state: str
    partitions: tuple[int, ...]
    parked: int
    people_parked: int
    unreadable: int
    behind_s: float | None
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
        breaker: how many people's events may fail in a row at one place before that is told.
        stops: at which topics to pause then, rather than have those people wait: a part of their
            names; empty: at any; None: at none.
        poll_timeout: seconds to wait for a record; a stop waits no longer.
        tick: seconds between looks at locks, topics and its own progress in the database.
        leisure: how many times as long as a poll took to apply it rests before the next one, up to
            `_LONGEST_REST`: where polls follow close on one another, fewer and larger ones cost
            less. What comes after a pause is applied at once in any case.
        awaited: whether anybody waits for positions in its tables.
        histories: the ledgers themselves, by service, from which rows of who was forgotten are
            folded anew; None: it holds nothing personal.
        come_to: told when events came, `projector`, and when their rows were committed, `rows`.
        forward: its progress is never taken back, not even by a restored ledger: what it did is
            done. Other engines' tables are made anew then.
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
        stops: str | None = None,
        poll_timeout: float = 0.25,
        tick: float = 1.0,
        leisure: float = 0.0,
        forward: bool = False,
        awaited: bool = True,
        histories: Mapping[str, forgetting.History] | None = None,
        come_to: ComeTo = ignore,
    ) -> None:
        self._pool = pool
        self._forward = forward
        self._source = source
        self._projections = tuple(projections)
        self._services = frozenset(services)
        self._ownership = Ownership(parse_partitions(partitions))
        self._built = schema.built_of(projections)
        self._breaker = Breaker(breaker, stops=stops)
        self._applier = Applier(
            Folds(projections, decoder),
            self._breaker,
            self._built,
            awaited=awaited,
            forgets=histories or (),
        )
        self._decoder = decoder
        self._forgetting = forgetting.Reader(histories) if histories else None
        self._forget_after = 0.0
        self._to_retry: list[UUID] = []
        self._told: set[str] = set()
        self._ahead = ReadAhead(source, limit, poll_timeout)
        self._every = tick
        self._leisure = leisure
        self._come_to = come_to
        self._next_tick = 0.0
        self._topic_ids: dict[str, str] = {}
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._state = "starting"
        self._away_since: float | None = None
        self._error: str | None = None
        self._last_applied: dict[str, datetime] = {}
        self._unreadable = 0
        self._level: datetime | None = None

    async def run(self) -> None:
        """Keep the read models until `stop`; waits out whatever is away.

        Raises:
            Superseded: readers were turned to another build.
            Outlived: the tables hold what a restored ledger has not.
            TableDiffers: a table of that name and version is there, in another shape.
        """
        pause = _FIRST_PAUSE
        self._ended.clear()
        try:
            while not self._stopping.is_set():
                try:
                    await self._prepare()
                    async with self._pool.acquire() as connection:
                        await self._work(connection)
                except (Superseded, Outlived) as ended:
                    _log.info("the engine ends", reason=ended.message)
                    raise
                except ProjectorStopped as stopped:
                    self._error = stopped.message
                    if self._state != "paused":
                        _log.critical("the projector pauses", problem=stopped.message)
                    self._state = "paused"
                    await self._pause(_STOPPED_FOR)
                except Exception as error:
                    go_on_unless_cancelled()
                    passing = is_passing(error) or isinstance(error, Unavailable | HistoryLost)
                    if not passing or self._pool.is_closing():
                        self._error = type(error).__name__
                        _log.error("the projector stops", error=type(error).__name__)
                        raise
                    pause = _FIRST_PAUSE if self._state != "away" else pause
                    self._say_away(error)
                    await self._pause(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)
                finally:
                    self._ownership.lose()
                    await self._ahead.drop()
                    if self._forgetting is not None:
                        await self._forgetting.drop()
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
            unreadable=self._unreadable,
            behind_s=self.behind_s,
            error=self._error,
            last_applied=dict(self._last_applied),
        )

    @property
    def behind_s(self) -> float | None:
        """Seconds since it last held all that the bus had to say; None: it has not yet."""
        if self._level is None:
            return None
        return max((datetime.now(UTC) - self._level).total_seconds(), 0.0)

    # ── the loop ──────────────────────────────────────────────────────────────────────────────

    async def _prepare(self) -> None:
        """Make the tables, on a connection that is let go: it keeps all that it saw of them."""
        async with self._pool.acquire() as connection:
            await schema.ensure(connection, self._projections)
        await self._pool.expire_connections()

    async def _work(self, connection: Connection) -> None:
        await connection.execute(_SESSION)
        self._topic_ids = {}
        self._next_tick = 0.0
        while not self._stopping.is_set():
            ticks = time.monotonic() >= self._next_tick
            if ticks:
                await self._tick(connection)
            if not self._topic_ids or not self._ownership.owned:
                if self._ownership.owned:
                    self._level = datetime.now(UTC)  # there is nothing to be heard
                await self._pause(self._next_tick - time.monotonic())
                continue
            try:
                if ticks:
                    await self._applier.catch_up(connection)
                    await self._forget(connection)
                await self._retry_some(connection)
                records = await self._ahead.poll(self._stopping)
                if records is None:
                    return
                began = time.monotonic()
                if records:
                    self._tell("projector", records)
                    await self._learn(connection, records)
                    applied = await self._apply(connection, records)
                    self._tell("rows", records)
                    self._note(applied, {one.service for one in records})
                self._level = _level_by(records)
                if records and self._leisure:
                    took = time.monotonic() - began
                    await self._pause(min(took * self._leisure, _LONGEST_REST))
            except (Displaced, TopicRecreated):
                self._topic_ids, self._next_tick = {}, 0.0

    async def _forget(self, connection: Connection) -> None:
        """Fold anew the rows of who was forgotten; their ledgers are read meanwhile."""
        if self._forgetting is None or time.monotonic() < self._forget_after:
            return
        owned = self._ownership.owned
        pending = await forgetting.pending(connection, owned)
        for service, subjects in pending.items():
            self._decoder.forget(service, subjects)
        try:
            self._forgetting.begin(pending)
            told = self._forgetting.take()
            if told is None:
                return
            entries = await forgetting.read_on(self._forgetting.histories[told.service], told)
            mine = forgetting.delivered(told.service, entries, owned)
            await self._applier.fold_anew(connection, told.service, told.subjects, mine, owned)
            _log.info("rows of who was forgotten are folded anew", events=len(mine))
        except Displaced:
            raise
        except Exception as error:
            go_on_unless_cancelled()
            if is_passing(error):
                raise
            # It stays to be done, and others' rows go on.
            self._forget_after = time.monotonic() + _STOPPED_FOR
            _log.error("who was forgotten is still to be folded anew", error=type(error).__name__)

    async def _learn(self, connection: Connection, records: Sequence[Record]) -> None:
        """Take in that ledgers were restored.

        Raises:
            Outlived: the tables hold events that are no more.
        """
        news = False
        for one in records:
            if isinstance(one, Marked):
                news |= await self._applier.epochs.learn(
                    connection, one.service, one.epoch, one.after_position
                )
        if news:
            _log.warning(
                "a ledger was restored", services=", ".join(sorted({r.service for r in records}))
            )
            self._must_not_be_outlived()

    def _must_not_be_outlived(self) -> None:
        reached = {place: mark.reached for place, mark in self._applier.marks.items()}
        gone = self._applier.epochs.any_gone(reached)
        if gone and not self._forward:
            raise Outlived(services=", ".join(sorted(gone)))

    async def _apply(self, connection: Connection, records: Sequence[Record]) -> Applied:
        try:
            return await self._applier.apply(connection, records, keep_broken=False)
        except StreamsBroken:
            # In a topic made anew, offsets of the old one skip events that are there.
            if await self._ids() != self._topic_ids:
                raise Displaced from None
            return await self._applier.apply(connection, records)

    async def _tick(self, connection: Connection) -> None:
        """Take free partitions; begin anew where locks, topics or progress are not as known."""
        self._next_tick = time.monotonic() + self._every
        new = await self._ownership.claim(connection)
        owned = self._ownership.owned
        if not owned:
            self._say("standby")
            return
        marks = await progress.marks(connection, owned)
        if not self._forward and any(mark.built != self._built for mark in marks.values()):
            raise Superseded
        ids = await self._ids()
        if new or ids != self._topic_ids or marks != self._applier.marks:
            await self._begin(connection, owned, ids, marks)
        asked = await self._applier.asked_again(connection, owned)
        self._to_retry += [key for key in asked if key not in self._to_retry]
        self._say("running")

    async def _begin(
        self,
        connection: Connection,
        owned: tuple[int, ...],
        ids: dict[str, str],
        marks: dict[Place, progress.Mark],
    ) -> None:
        offsets = await self._applier.take_up(connection, owned, ids, marks)
        self._must_not_be_outlived()
        self._unreadable = await unreadable.count(connection)
        await self._ahead.drop()
        await self._source.assign(offsets)
        self._topic_ids = ids
        _log.info("reading", partitions=len(owned), topics=sorted(ids))
        # A corrected fold frees them. A few at a time: nobody else waits for them.
        self._to_retry = list(self._applier.waiting)

    async def _retry_some(self, connection: Connection) -> None:
        """Try some of those who wait again."""
        freed, until = 0, time.monotonic() + _RETRYING
        while self._to_retry and time.monotonic() < until:
            freed += await self._applier.drain(connection, self._to_retry.pop())
        if freed:
            _log.info(
                "parked events are applied",
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
        if applied.unreadable:
            self._unreadable += applied.unreadable
            _log.error(
                "records that are no events are passed over",
                count=applied.unreadable,
                services=", ".join(sorted(services)),
            )
        self._tell_of_places()
        for parked in applied.parked[:_LOGGED]:
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

    def _tell(self, at: str, records: Sequence[Record]) -> None:
        self._come_to(at, (one.entry.recorded for one in records if isinstance(one, Delivered)))

    def _tell_of_places(self) -> None:
        """Say where everybody's events fail, once a place."""
        broken = self._breaker.broken
        self._error = _failing(broken) or (None if self._told else self._error)
        for name in broken.keys() - self._told:
            people, problem = broken[name]
            _log.critical(
                "everybody's events fail here; they wait", at=name, people=people, problem=problem
            )
        self._told = set(broken)

    def _say_away(self, error: Exception) -> None:
        part = str(error.params.get("part")) if isinstance(error, Unavailable) else "the database"
        part = "what the broker had" if isinstance(error, HistoryLost) else part
        self._error = f"{part} is away: {type(error).__name__}"
        if self._state != "away":
            self._away_since = time.monotonic()
            _log.warning("the projector waits", away=part, error=type(error).__name__)
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
        await wait_a_while(self._stopping, max(seconds, 0.01))


def _failing(broken: Mapping[str, tuple[int, str]]) -> str | None:
    said = (
        f"{people} people's events fail in a row at {place}, the last one with {problem}"
        for place, (people, problem) in broken.items()
    )
    return "; ".join(said) or None


def _level_by(records: Sequence[Record]) -> datetime:
    """Return up to when all is applied: now, or the newest record of a bus that has more."""
    recorded = [one.entry.recorded for one in records if isinstance(one, Delivered)]
    return min(datetime.now(UTC), max(recorded)) if recorded else datetime.now(UTC)
