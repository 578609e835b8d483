"""A wire to PostgreSQL that can be cut at the worst moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import Enum, auto
from urllib.parse import urlsplit, urlunsplit

COMMIT = b'"commandId":'
"""A receipt on its way into the command log: what writes it commits too."""
SYNC = b"S\x00\x00\x00\x04"
"""The end of what is asked of the server at once."""


class Moment(Enum):
    """When the wire fails, once."""

    BEFORE_COMMIT = auto()
    """The server never hears of it: it rolls back."""
    AFTER_COMMIT = auto()
    """The server has committed, and its word of it is lost."""


class Wire:
    """Carries bytes to a server and back.

    Attributes:
        fails: at the next commit, if set.
        failures: how often it did.
    """

    def __init__(self, server: str) -> None:
        self.fails: Moment | None = None
        self.failures = 0
        self._passable = asyncio.Event()
        self._passable.set()
        self._parts = urlsplit(server)
        self._port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def fall_silent(self) -> None:
        """Carry nothing any more, and tell nobody."""
        self._passable.clear()

    def speak(self) -> None:
        """Carry again, what was held back first."""
        self._passable.set()

    @property
    def url(self) -> str:
        """The server's address through this wire."""
        login = self._parts.netloc.rpartition("@")[0]
        there = self._parts._replace(netloc=f"{login}@127.0.0.1:{self._port}")
        return urlunsplit(there._replace(query="sslmode=disable"))

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Wire"]:
        """Carry bytes until the block ends."""
        server = await asyncio.start_server(self._carry, "127.0.0.1")
        self._port = server.sockets[0].getsockname()[1]
        yield self
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        host, port = self._parts.hostname, self._parts.port or 5432
        server, to_server = await asyncio.open_connection(host, port)
        back = asyncio.create_task(self._pass_on(server, to_client))
        try:
            with suppress(ConnectionError):  # either end may hang up as it likes
                await self._pass_on_until_it_fails(client, to_server, server, back)
        finally:
            back.cancel()
            to_server.close()
            to_client.close()

    async def _pass_on_until_it_fails(
        self,
        client: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
        server: asyncio.StreamReader,
        back: "asyncio.Task[None]",
    ) -> None:
        while data := await client.read(65536):
            await self._passable.wait()
            if COMMIT in data and self.fails is not None:
                moment, self.fails = self.fails, None
                self.failures += 1
                if moment is Moment.AFTER_COMMIT:
                    back.cancel()
                    await asyncio.gather(back, return_exceptions=True)
                    to_server.write(data)
                    while not data.endswith(SYNC):
                        to_server.write(data := await client.read(65536))
                    assert await server.read(1), "the server hung up before it answered"
                return
            to_server.write(data)
            await to_server.drain()

    async def _pass_on(self, server: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await server.read(65536):
                to_client.write(data)
                await to_client.drain()
        to_client.close()
