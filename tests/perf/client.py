"""A client over kept-alive connections, cheap enough to share a machine with what it measures.

Bytes out, bytes in, the status and the body's length, a clock read twice a request, and nothing
else.
"""

import asyncio
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

END = b"\r\n\r\n"
_LENGTH = b"content-length:"


async def keep_asking(
    url: str, connections: int, seconds: float, requests: Callable[[], Iterator[bytes]]
) -> tuple[list[float], list[bytes]]:
    """Ask over so many connections for so long, and once at least.

    Args:
        requests: makes what a connection asks, one after the other.

    Returns:
        The seconds that each answer took, and the last answer of each connection.

    Raises:
        AssertionError: an answer was not 200.
    """
    loop = asyncio.get_running_loop()
    host, _, port = urlsplit(url).netloc.partition(":")
    took: list[float] = []
    until = perf_counter() + seconds
    clients = await asyncio.gather(
        *(
            loop.create_connection(lambda: _Client(requests(), until, took), host, int(port))
            for _ in range(connections)
        )
    )
    try:
        return took, await asyncio.gather(*(client.ended for _, client in clients))
    finally:
        for transport, _ in clients:
            transport.close()


class _Client(asyncio.Protocol):
    """One connection that asks again as soon as it is answered, until the time is up."""

    def __init__(self, requests: Iterator[bytes], until: float, took: list[float]) -> None:
        self.ended: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._requests, self._until, self._took = requests, until, took
        self._came: list[bytes] = []
        self._lacks = 0

    def connection_made(self, transport: Any) -> None:
        self._write = transport.write
        self._ask()

    def _ask(self) -> None:
        self._asked = perf_counter()
        self._write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._came.append(data)
        if self._lacks:
            self._lacks -= len(data)
        else:
            whole = b"".join(self._came)
            head = whole.find(END)
            if head < 0:
                return
            fields = whole[:head].lower()
            at = fields.index(_LENGTH) + len(_LENGTH)
            length = int(fields[at:].split(b"\r\n", 1)[0])
            self._lacks = head + len(END) + length - len(whole)
        if self._lacks > 0:
            return
        self._lacks = 0
        now = perf_counter()
        self._took.append(now - self._asked)
        if not self._came[0].startswith(b"HTTP/1.1 200"):
            self._end(AssertionError(b"".join(self._came).decode()))
        elif now < self._until:
            self._came.clear()
            self._ask()
        else:
            self._end(None)

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error or ConnectionResetError())

    def _end(self, error: Exception | None) -> None:
        if self.ended.done():
            return
        if error is None:
            self.ended.set_result(b"".join(self._came))
        else:
            self.ended.set_exception(error)
