"""A load of requests over kept-alive connections, and how long each answer took.

The client shares a core with PostgreSQL where the machine has two: bytes out, bytes in, a clock
read twice a request, and nothing else.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import msgspec

_END, _LENGTH = b"\r\n\r\n", b"content-length:"


def post(url: str, body: Any, token: str | None = None) -> bytes:
    """Return a POST of JSON as it goes over the wire."""
    encoded, parts = msgspec.json.encode(body), urlsplit(url)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
        f"accept: application/json\r\ncontent-length: {len(encoded)}\r\n"
    )
    if token:
        head += f"authorization: Bearer {token}\r\n"
    return f"{head}\r\n".encode() + encoded


def _where(url: str) -> tuple[str, int]:
    host, _, port = urlsplit(url).netloc.partition(":")
    return host, int(port)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a load came to.

    Attributes:
        rate: answers a second.
        p50, p99: milliseconds that half of them, and 99 of 100, took at most.
    """

    answers: int
    rate: float
    p50: float
    p99: float


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
            head = whole.find(_END)
            if head < 0:
                return
            fields = whole[:head].lower()
            at = fields.index(_LENGTH) + len(_LENGTH)
            length = int(fields[at:].split(b"\r\n", 1)[0])
            self._lacks = head + len(_END) + length - len(whole)
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


async def run(url: str, requests: Iterator[bytes], connections: int, seconds: float) -> Measured:
    """Send requests for so long.

    Raises:
        AssertionError: an answer was not 200, or the last of a connection told of errors.
    """
    loop = asyncio.get_running_loop()
    host, port = _where(url)
    took: list[float] = []
    began = perf_counter()
    clients = await asyncio.gather(
        *(
            loop.create_connection(lambda: _Client(requests, began + seconds, took), host, port)
            for _ in range(connections)
        )
    )
    try:
        for answer in await asyncio.gather(*(client.ended for _, client in clients)):
            assert b'"errors"' not in answer, answer[:2_000].decode()
    finally:
        for transport, _ in clients:
            transport.close()
    lasted = perf_counter() - began
    took.sort()
    half, most = took[len(took) // 2], took[min(len(took) * 99 // 100, len(took) - 1)]
    return Measured(len(took), len(took) / lasted, half * 1000, most * 1000)


async def ask(url: str, request: bytes) -> Any:
    """Return what one request is answered with."""
    took: list[float] = []
    _, client = await asyncio.get_running_loop().create_connection(
        lambda: _Client(iter([request]), 0.0, took), *_where(url)
    )
    answer = await client.ended
    client.connection_lost(None)
    return msgspec.json.decode(answer[answer.index(_END) + len(_END) :])
