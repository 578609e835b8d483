"""A load of requests over kept-alive connections, and how long each answer took.

The client shares a core with PostgreSQL where the machine has two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tests.perf.client import END, keep_asking


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


async def run(url: str, requests: Iterator[bytes], connections: int, seconds: float) -> Measured:
    """Send requests for so long.

    Raises:
        AssertionError: an answer was not 200, or the last of a connection told of errors.
    """
    began = perf_counter()
    took, last = await keep_asking(url, connections, seconds, lambda: requests)
    lasted = perf_counter() - began
    for answer in last:
        assert b'"errors"' not in answer, answer[:2_000].decode()
    took.sort()
    half, most = took[len(took) // 2], took[min(len(took) * 99 // 100, len(took) - 1)]
    return Measured(len(took), len(took) / lasted, half * 1000, most * 1000)


async def ask(url: str, request: bytes) -> Any:
    """Return what one request is answered with."""
    _, (answer,) = await keep_asking(url, 1, 0.0, lambda: iter([request]))
    return msgspec.json.decode(answer[answer.index(END) + len(END) :])
