"""Reading through the pointer: connections to whatever build of a group is in use.

A statement names no schema; its connection was opened for one. When readers are turned to another
build, a pool for that one is opened first and takes the old one's place at once: what is under way
ends on the build it began on, what comes after sees the new one, and nothing sees half of either.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import asyncpg
import structlog

from shared.database.connecting import create_pool
from shared.domain.errors import Unavailable
from shared.domain.pausing import end, go_on_unless_cancelled, wait_a_while
from shared.domain.phrases import Phrase
from shared.projection import builds
from shared.projection.builds import TURNED_CHANNEL, Build
from shared.projection.connection import Connection, Pool, is_passing, own_connection

_log = structlog.get_logger(__name__)

_LOOK = 2.0
"""Seconds between looks at the pointer, where no notification comes."""
_FAREWELL = 30.0
"""Seconds for statements on a build that was turned away from to end."""


class LivePool:
    """A pool of connections to the build in use, as far as it is asked like one of asyncpg's.

    Args:
        database_url: where.
        name: the group's.
        built: what this release reads (`schema.built_of`).
        most: connections to one build.
        settings: of the server, for each connection: a statement's time limit, say.
        beside: another group, by its name and what is read of it: tables of its build in use are
            read beside this one's, once there are any.
        options: more arguments for asyncpg's pool.
    """

    def __init__(
        self,
        database_url: str,
        name: str,
        built: str,
        *,
        most: int,
        settings: dict[str, str] | None = None,
        beside: tuple[str, str] | None = None,
        **options: Any,
    ) -> None:
        self._url = database_url
        self._name = name
        self._built = built
        self._most = most
        self._settings = settings or {}
        self._beside = beside
        self._path = ""
        self._options = options
        self._pool: Pool | None = None
        self._uses: dict[Pool, int] = {}
        self._news = asyncio.Event()
        self._looked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._farewells: set[asyncio.Task[None]] = set()
        self._opened = asyncio.Event()
        self.build: Build | None = None
        self.turned = asyncio.Event()
        """Set, and replaced by another, whenever readers go to another build."""

    async def __aenter__(self) -> Self:
        """Look for a build; return once the pointer was read, or the database is seen away."""
        self._task = asyncio.create_task(self._follow(), name=f"pointer of {self._name}")
        await self._looked.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let every connection go."""
        if self._task is not None:
            await end(self._task)
        pools = [pool for pool in (self._pool, *self._uses) if pool is not None]
        self._pool = None
        for task in self._farewells:
            task.cancel()
        for pool in dict.fromkeys(pools):
            with suppress(TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.wait_for(pool.close(), 3)
            pool.terminate()

    async def opened(self) -> None:
        """Wait until there is a build to read."""
        await self._opened.wait()

    @property
    def watching(self) -> "asyncio.Task[None]":
        """The task that follows the pointer: whoever has the pool ends with it."""
        assert self._task is not None, "it was not entered"
        return self._task

    async def fetch(self, query: str, *args: Any, timeout: float | None = None) -> list[Any]:
        """Run a statement and return its rows."""
        async with self.acquire() as connection:
            rows: list[Any] = await connection.fetch(query, *args, timeout=timeout)
        return rows

    async def fetchrow(self, query: str, *args: Any, timeout: float | None = None) -> Any:
        """Run a statement and return its first row, or None."""
        async with self.acquire() as connection:
            return await connection.fetchrow(query, *args, timeout=timeout)

    async def fetchval(self, query: str, *args: Any, timeout: float | None = None) -> Any:
        """Run a statement and return the first value of its first row."""
        async with self.acquire() as connection:
            return await connection.fetchval(query, *args, timeout=timeout)

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:
        """Run a statement."""
        async with self.acquire() as connection:
            said: str = await connection.execute(query, *args, timeout=timeout)
        return said

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        """Lend a connection to the build in use.

        Raises:
            Unavailable: there is none yet: it is being made.
        """
        pool = self._pool
        if pool is None:
            raise Unavailable(part=Phrase("what is read, until it is built,"))
        self._uses[pool] = self._uses.get(pool, 0) + 1
        try:
            async with pool.acquire() as connection:
                yield connection
        finally:
            self._uses[pool] -= 1
            if not self._uses[pool]:
                del self._uses[pool]

    def is_closing(self) -> bool:
        """Say whether it was left."""
        return self._task is None or self._task.done()

    # ── following the pointer ─────────────────────────────────────────────────────────────────

    async def _follow(self) -> None:
        while True:
            try:
                async with own_connection(self._url) as connection:
                    await connection.add_listener(TURNED_CHANNEL, self._heard)
                    connection.add_termination_listener(lambda _: self._news.set())
                    while not connection.is_closed():
                        self._news.clear()
                        await self._look(connection)
                        self._looked.set()
                        await wait_a_while(self._news, _LOOK)
            except Exception as error:
                go_on_unless_cancelled()
                if not is_passing(error):
                    _log.exception("the pointer is not followed any more", group=self._name)
                    self._looked.set()
                    raise
            self._looked.set()
            await asyncio.sleep(0.2)

    def _heard(self, *notification: object) -> None:
        if notification[-1] in (self._name, self._beside and self._beside[0]):
            self._news.set()

    async def _look(self, connection: Connection) -> None:
        try:
            build = await builds.live(connection, self._name, self._built)
        except asyncpg.UndefinedTableError:
            return  # whoever keeps builds was not here yet
        if build is None:
            return
        other = await builds.live(connection, *self._beside) if self._beside else None
        path = ", ".join(f'"{one.schema}"' for one in (build, other) if one is not None)
        if path == self._path:
            return
        pool = await create_pool(
            self._url,
            most=self._most,
            server_settings={**self._settings, "search_path": path},
            **self._options,
        )
        old, self._pool, self.build, self._path = self._pool, pool, build, path
        turned, self.turned = self.turned, asyncio.Event()
        turned.set()
        self._opened.set()
        _log.info("readers go to a build", group=self._name, build=build.schema)
        if old is not None:
            farewell = asyncio.create_task(self._let_go(old))
            self._farewells.add(farewell)
            farewell.add_done_callback(self._farewells.discard)

    async def _let_go(self, pool: Pool) -> None:
        """Close a pool once nobody uses it any more, and after a while in any case."""
        end = asyncio.get_running_loop().time() + _FAREWELL
        while pool in self._uses and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        with suppress(TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await asyncio.wait_for(pool.close(), 3)
        pool.terminate()
