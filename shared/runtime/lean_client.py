"""The lean HTTP client: for what is asked of the house's own services a thousand times a second.

It knows what they speak, and no more: HTTP/1.1, kept connections, a body at once. Of the general
client's millisecond a request it takes a tenth. No proxy of the environment stands between.
"""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self, cast
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser

IDLE_S = 5.0
"""Seconds a connection is kept without use: less than any of our servers keeps it."""


class Lost(ConnectionError):
    """There was no connection, or it ended before the answer did."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, whole.

    Attributes:
        status: of HTTP.
        content: its body.
    """

    status: int
    content: bytes

    @property
    def is_success(self) -> bool:
        """Whether it is what was asked for."""
        return 200 <= self.status < 300


class LeanClient:
    """Asks servers over kept connections; safe for any number of tasks at once."""

    def __init__(self, *, seconds: float, connect_s: float, connections: int = 100) -> None:
        """Say what is waited for.

        Args:
            seconds: for an answer, from when it is asked for.
            connect_s: for a connection.
            connections: at once; who comes when all are busy waits for one.
        """
        self._seconds = seconds
        self._connect_s = connect_s
        self._places = asyncio.Semaphore(connections)
        self._servers: dict[str, _Server] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.close()

    async def get(self, url: str, *, seconds: float) -> Answered:
        """Ask for something; as `post`."""
        return await self._ask("GET", url, {}, b"", seconds)

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Answered:
        """Send something, and return what is answered, whatever its status.

        Raises:
            Lost: the server is not there, or ended in the middle: nobody knows what it did.
            TimeoutError: it did not answer in time.
        """
        return await self._ask("POST", url, headers, content, self._seconds)

    async def _ask(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, seconds: float
    ) -> Answered:
        address, path = _parted(url)
        server = self._servers.get(address)
        if server is None:
            server = self._servers[address] = _Server(address)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {server.name}\r\n{lines}"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        async with asyncio.timeout(seconds), self._places:
            connection = server.idle() or await server.connect(self._connect_s)
            try:
                answered = await connection.ask(head.encode("latin-1") + content)
            except BaseException:
                connection.close()  # what still comes on it answers this question, and no other
                raise
            server.keep(connection)
            return answered


def _parted(url: str) -> tuple[str, str]:
    """Return the address of the server, and the path there."""
    begins = url.find("/", url.index("://") + 3)
    return (url, "/") if begins < 0 else (url[:begins], url[begins:])


@dataclass(slots=True)
class _Server:
    address: str
    name: str = field(init=False)
    _idle: "list[_Connection]" = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = urlsplit(self.address).netloc.rpartition("@")[2]

    def idle(self) -> "_Connection | None":
        """Return a connection that is open still: the one used last, so that others may end."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            connection = self._idle.pop()
            if connection.open and now - connection.since < IDLE_S:
                return connection
            connection.close()
        return None

    async def connect(self, seconds: float) -> "_Connection":
        parts = urlsplit(self.address)
        secure = parts.scheme == "https"
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                _, connection = await loop.create_connection(
                    _Connection,
                    parts.hostname or "",
                    parts.port or (443 if secure else 80),
                    ssl=ssl.create_default_context() if secure else None,
                )
        except TimeoutError:
            raise
        except OSError as error:
            raise Lost(str(error)) from error
        return connection

    def keep(self, connection: "_Connection") -> None:
        connection.since = asyncio.get_running_loop().time()
        if connection.open:
            self._idle.append(connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


class _Connection(asyncio.Protocol):
    """One connection, and the answer that is under way on it."""

    def __init__(self) -> None:
        self.open = False
        self.since = 0.0
        self._answer: asyncio.Future[Answered] | None = None

    async def ask(self, request: bytes) -> Answered:
        """Send a request and return its answer."""
        self._parser = HttpResponseParser(self)
        self._body: list[bytes] = []
        answer: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._answer = answer
        try:
            self._transport.write(request)
        except RuntimeError as error:
            self._answer = None
            if "closed" not in str(error):
                raise
            raise Lost(str(error)) from error  # as uvloop may call it: see `house_client`
        return await answer

    def close(self) -> None:
        """Let go of it."""
        self.open = False
        with suppress(RuntimeError):  # uvloop's, where it is gone already
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be open."""
        self._transport = cast("asyncio.Transport", transport)
        self.open = True

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._answer is None:  # nothing was asked: this is no server of ours
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            self._fail(Lost(str(error)))

    def eof_received(self) -> None:
        """Know that no more comes."""
        self._fail(Lost("the connection ended before the answer did"))

    def connection_lost(self, error: Exception | None) -> None:
        """Know that it is gone."""
        self._fail(Lost(str(error or "the connection ended before the answer did")))

    def _fail(self, error: Lost) -> None:
        self.open = False
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(error)

    # The parser's callbacks.

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Answer who asked; what comes before the answer (1xx) is none."""
        status = self._parser.get_status_code()
        if status < 200:
            return
        answer, self._answer = self._answer, None
        # A second answer to one question is nobody's.
        self.open = self.open and answer is not None and self._parser.should_keep_alive()
        if answer is not None and not answer.done():
            answer.set_result(Answered(status, b"".join(self._body)))
