"""A load of HTTP requests over kept-alive connections, cheap enough to share a machine with what it
measures: bytes out, bytes in, the status and the body's length, and nothing else.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

_END, _LENGTH = b"\r\n\r\n", b"content-length:"


def request(url: str, path: str, token: str, body: bytes) -> bytes:
    """Return a POST as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: {urlsplit(url).netloc}\r\n"
        f"authorization: Bearer {token}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection:
    """One kept-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, url: str) -> "Connection":
        """Connect to a server's address."""
        parts = urlsplit(url)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return the answer's status and body."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        at = head.lower().index(b"content-length:") + len(b"content-length:")
        length = int(head[at : head.index(b"\r\n", at)])
        return status, await self._reader.readexactly(length)

    async def close(self) -> None:
        """Disconnect."""
        self._writer.close()
        await self._writer.wait_closed()


class _Client(asyncio.Protocol):
    """One kept-alive connection that asks again as soon as it is answered, until told to stop.

    Attributes:
        answered: how many requests were answered with 200.
        ended: done when it asks no more; with the answer that was another.
    """

    def __init__(self, requests: Iterator[bytes], goes_on: Callable[[], bool]) -> None:
        self.answered = 0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._goes_on = goes_on
        self._came = b""

    def connection_made(self, transport: Any) -> None:
        self._write = transport.write
        self._write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        came = self._came = self._came + data if self._came else data
        head = came.find(_END)
        if head < 0:
            return
        at = came.index(_LENGTH) + len(_LENGTH)  # uvicorn writes headers in small letters
        if len(came) < head + len(_END) + int(came[at : came.index(b"\r\n", at)]):
            return
        self._came = b""
        if came[9:12] != b"200":
            self._end(AssertionError(came.decode()))
            return
        self.answered += 1
        if self._goes_on():
            self._write(next(self._requests))
        else:
            self._end(None)

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error or ConnectionResetError())

    def _end(self, error: Exception | None) -> None:
        if self.ended.done():
            return
        if error is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(error)


async def run_load(
    url: str, connections: int, seconds: float, requests: Callable[[], Iterator[bytes]]
) -> int:
    """Send requests over so many connections for so long; return how many were answered with 200.

    Raises:
        AssertionError: one was answered otherwise.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    host, _, port = urlsplit(url).netloc.partition(":")
    opened = await asyncio.gather(
        *(
            loop.create_connection(
                lambda: _Client(requests(), lambda: loop.time() < until), host, int(port)
            )
            for _ in range(connections)
        )
    )
    try:
        await asyncio.gather(*(client.ended for _, client in opened))
        return sum(client.answered for _, client in opened)
    finally:
        for transport, _ in opened:
            transport.close()
