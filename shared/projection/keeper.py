"""Keeps one group of read models on a database: the build in use, and another beside it if one is
asked for or called for; readers are turned to it once it is level.

    builds ──▶ an engine each ──▶ level with the ledgers? ──▶ turn ──▶ the old one is dropped
       ▲
       └── none of our tables · outlived by a restored ledger · asked for by an operator

Any number of processes keep the same group: engines take turns by partition, and whoever sees
first that a build is level turns its readers.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import asyncpg
import structlog
from msgspec import Struct

from shared.database.connecting import create_pool
from shared.domain.pausing import go_on_unless_cancelled, wait_a_while
from shared.projection import builds
from shared.projection.builds import Build
from shared.projection.connection import Connection, Pool, is_passing, own_connection
from shared.projection.engine import Engine, Health
from shared.projection.errors import Outlived, Superseded
from shared.projection.fold import Projection
from shared.projection.schema import built_of, ensure
from shared.projection.source import Decoder, Source
from shared.projection.standing import Standing
from shared.projection.targets import Targets

_log = structlog.get_logger(__name__)

GRACE = timedelta(seconds=60)
"""How long a build is kept after readers were turned away from it: statements end by then."""

UNUSED = timedelta(days=2)
"""How long the build of another release is kept after that release was last seen: a roll-back."""

WORSE_BY = 20
"""People more, whose events fail, that a build may have than the one it takes the place of."""

_HASTE, _TICK = 0.1, 2.0
"""Seconds between looks: while something is awaited, and otherwise."""
_CLEARING = 10.0
"""Seconds between looks at builds that nobody reads any more."""


class Closeable(Source, Protocol):
    """A source with a connection of its own."""

    async def close(self) -> None:
        """Let it go."""
        ...


class GroupHealth(Struct, frozen=True, kw_only=True, rename="camel"):
    """How a group of read models stands.

    Attributes:
        level: whether readers have a build that held all there was when this process started.
        building: how many events a build beside it lacks; None: none is being made.
        behind_s: seconds since the build in use last held all that the bus had to say, by whoever
            keeps it; None: never yet.
        engine: how the engine of this process stands, where it has one.
        waits_for: what is missing until it is level, in words.
    """

    level: bool
    building: int | None
    behind_s: float | None
    engine: Health | None
    waits_for: str


@dataclass(slots=True)
class _Kept:
    """A build that this process keeps up."""

    build: Build
    engine: Engine
    task: "asyncio.Task[None]"
    stack: AsyncExitStack = field(repr=False)

    async def stop(self) -> None:
        """End its engine in good order."""
        stopping = asyncio.create_task(self.engine.stop())
        await asyncio.wait([self.task, stopping], return_when=asyncio.FIRST_COMPLETED)
        if self.task.done():
            stopping.cancel()
        with suppress(Superseded, Outlived):
            await self.task
        await self.stack.aclose()


class Keeper:
    """Keeps a group of read models, for as long as it runs.

    Args:
        database_url: where; engines open connections of their own for each build.
        name: the group's: `views`.
        projections: what it keeps; a raised table version makes another build.
        services: whose events they fold.
        source: opens a source for one engine.
        decoder: makes a decoder for one engine.
        targets: tells how far the ledgers are.
        ledgers: opens a source of the ledgers' own feeds; None: builds are made of the bus alone.
        options: more arguments for its engines.
    """

    def __init__(
        self,
        database_url: str,
        name: str,
        projections: Sequence[Projection],
        services: Collection[str],
        *,
        source: Callable[[], Closeable],
        decoder: Callable[[], Decoder],
        targets: Targets,
        ledgers: Callable[[], Closeable] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.built = built_of(projections)
        self._url = database_url
        self._projections = tuple(projections)
        self._services = tuple(services)
        self._source = source
        self._decoder = decoder
        self._targets = targets
        self._ledgers = ledgers
        self._options = dict(options or {})
        self._kept: dict[int, _Kept] = {}
        self._stopping = asyncio.Event()
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._standing = Standing(name, self.built, targets)
        self._building: int | None = None
        self._worse = False
        self._next_clearing = 0.0

    # ── what it says ──────────────────────────────────────────────────────────────────────────

    @property
    def standing(self) -> Standing:
        """How the build in use stands."""
        return self._standing

    def health(self) -> GroupHealth:
        """Say how it stands."""
        level = [kept for kept in self._kept.values() if kept.build.level]
        return GroupHealth(
            level=self._standing.level,
            building=self._building,
            behind_s=self._standing.behind_s,
            engine=level[-1].engine.health() if level else self._any_health(),
            waits_for="" if self._standing.level else self._standing.waits_for,
        )

    def _any_health(self) -> Health | None:
        return next((kept.engine.health() for kept in self._kept.values()), None)

    # ── running ───────────────────────────────────────────────────────────────────────────────

    async def run(self) -> None:
        """Keep the group until `stop`; waits out a database that is away.

        Raises:
            Exception: what an engine cannot go on after; whoever runs this should end with it.
        """
        self._ended.clear()
        try:
            while not self._stopping.is_set():
                try:
                    async with own_connection(self._url) as connection:
                        await self._keep(connection)
                except Exception as error:
                    go_on_unless_cancelled()
                    if not is_passing(error):
                        raise
                    self._standing.wait("its database")
                    _log.warning("builds wait", group=self.name, problem=type(error).__name__)
                    await self._pause(_TICK)
        finally:
            for kept in list(self._kept.values()):
                await kept.stop()
            self._kept.clear()
            self._ended.set()

    async def stop(self) -> None:
        """Finish what is in hand; return once `run` has."""
        self._stopping.set()
        self._changed.set()
        await self._ended.wait()

    async def _keep(self, connection: Connection) -> None:
        # What a crash of the database may take back here is only noted, or turned, once more.
        await connection.execute("SET synchronous_commit = off")
        await builds.prepare(connection)
        await self._standing.begin(connection)
        while not self._stopping.is_set():
            found = await builds.builds_of(connection, self.name, self.built)
            live, making = builds.newest(found, level=True), _making(found)
            if making is None and (live is None or live.outlived):
                making = await builds.begin(connection, self.name, self.built)
                _log.info("a build is begun", group=self.name, build=making.schema)
            await self._reconcile([one for one in (live, making) if one is not None])
            await self._beat(connection)
            turned = making is not None and await self._turn(connection, making)
            if not turned:
                await self._look(connection, live)
                await self._drop(connection)
                hurry = making is not None or not self._standing.level
                await self._pause(_HASTE if hurry else _TICK)

    async def _reconcile(self, wanted: Sequence[Build]) -> None:
        """Keep up exactly these builds."""
        by_number = {one.number: one for one in wanted}
        for number in list(self._kept):
            kept = self._kept[number]
            if number not in by_number:
                await self._kept.pop(number).stop()
            elif kept.task.done():
                await self._after(self._kept.pop(number))
            elif self._from_ledgers(kept.build) and by_number[number].level:
                await self._kept.pop(number).stop()  # from here on it is kept up from the bus
            else:
                kept.build = by_number[number]
        for number, build in by_number.items():
            if number not in self._kept and not build.outlived:
                self._kept[number] = await self._follow(build)

    async def _after(self, kept: _Kept) -> None:
        """See why an engine ended.

        Raises:
            Exception: for no reason that another build would mend.
        """
        try:
            await kept.task
        except Superseded:
            pass
        except Outlived:
            async with own_connection(self._url) as connection:
                await builds.outlive(connection, kept.build)
            self._standing.lose()
            _log.warning("a build is outlived", group=self.name, build=kept.build.schema)
        finally:
            await kept.stack.aclose()

    async def _follow(self, build: Build) -> _Kept:
        async with AsyncExitStack() as stack:
            pool = await stack.enter_async_context(schema_pool(self._url, build.schema))
            async with pool.acquire() as connection:
                await ensure(connection, self._projections)
            made_of = self._ledgers if self._from_ledgers(build) else None
            source = (made_of or self._source)()
            stack.push_async_callback(source.close)
            engine = Engine(
                pool, source, self._projections, self._services, self._decoder(), **self._options
            )
            task = asyncio.create_task(engine.run(), name=f"engine of {build.schema}")
            task.add_done_callback(lambda _: self._changed.set())
            return _Kept(build, engine, task, stack.pop_all())
        raise AssertionError

    def _from_ledgers(self, build: Build) -> bool:
        return self._ledgers is not None and build.source == "ledgers" and not build.level

    async def _beat(self, connection: Connection) -> None:
        for kept in self._kept.values():
            behind = kept.engine.behind_s
            if kept.engine.health().partitions and behind is not None:
                await builds.beat(connection, kept.build, behind)

    async def _turn(self, connection: Connection, making: Build) -> bool:
        """Turn readers to a build if it is level; say whether they were."""
        since = await self._standing.begin(connection)
        missing = await self._targets.missing(connection, making, since=since)
        self._building = missing.events
        if missing:
            return False
        if await self._is_worse(connection, making):
            return False
        if not await builds.turn(connection, making):
            return False
        self._building = None
        _log.info("a build is in use", group=self.name, build=making.schema)
        return True

    async def _is_worse(self, connection: Connection, making: Build) -> bool:
        """Say whether many more people wait in a build than in the one in use: most likely our bug.

        The one in use is read on, then, until an operator has looked (`mshauri quarantine`).
        """
        people, before = await builds.people_parked(connection, making)
        worse = before is not None and people > before + WORSE_BY
        if worse and not self._worse:
            _log.critical(
                "readers are not turned to a build: too many people's events fail in it",
                build=making.schema,
                people=people,
                before=before,
            )
        self._worse = worse
        return worse

    async def _look(self, connection: Connection, live: Build | None) -> None:
        """See how the build in use stands; where there is none, say what its making waits for."""
        await self._standing.see(connection, live)
        if self._standing.level:
            return
        if self._worse:
            self._standing.wait(f"a build of {self.name} in which fewer people's events fail")
        elif self._building:
            self._standing.wait(f"the build of {self.name}, which lacks {self._building} events")

    async def _drop(self, connection: Connection) -> None:
        if time.monotonic() < self._next_clearing:
            return
        self._next_clearing = time.monotonic() + _CLEARING
        with suppress(asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            for build in await builds.drop_stale(
                connection, self.name, self.built, grace=GRACE, unused=UNUSED
            ):
                _log.info("a build is dropped", group=self.name, build=build.schema)

    async def _pause(self, seconds: float) -> None:
        self._changed.clear()
        if self._stopping.is_set():
            return
        await wait_a_while(self._changed, seconds)


def _making(found: Sequence[Build]) -> Build | None:
    return next((one for one in found if not (one.level or one.outlived)), None)


@asynccontextmanager
async def schema_pool(url: str, schema: str, *, most: int = 2) -> AsyncIterator[Pool]:
    """Open a pool whose statements mean the tables of one schema, for the length of the block."""
    pool = await create_pool(url, most=most, server_settings={"search_path": f'"{schema}"'})
    try:
        yield pool
    finally:
        with suppress(TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await asyncio.wait_for(pool.close(), 3)
        pool.terminate()
