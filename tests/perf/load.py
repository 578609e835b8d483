"""A load of HTTP requests over kept-alive connections, and one connection that is asked by hand."""

import asyncio
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from tests.perf.client import keep_asking


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


async def run_load(
    url: str, connections: int, seconds: float, requests: Callable[[], Iterator[bytes]]
) -> int:
    """Send requests over so many connections for so long; return how many were answered with 200.

    Raises:
        AssertionError: one was answered otherwise.
    """
    took, _ = await keep_asking(url, connections, seconds, requests)
    return len(took)
