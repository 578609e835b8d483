"""A service's ledger as other processes of the house ask for it: `GET /internal/ledger/…`.

    /internal/ledger/head                       where it stands
    /internal/ledger/growth                     where it stands, and again whenever it has grown
    /internal/ledger/feed?after=12&limit=1000   its entries, in order, in MessagePack

The caller shows the house's internal token, as for keys (`shared.privacy.remote_keys`).
"""

import hmac
from collections.abc import AsyncIterator

import httpx
import msgspec
from msgspec import Struct

from shared.domain.errors import AccessDenied, Unavailable
from shared.ledger.ledger import Entry, Head, Ledger

HEAD_PATH = "/internal/ledger/head"
FEED_PATH = "/internal/ledger/feed"
GROWTH_PATH = "/internal/ledger/growth"
TOKEN_HEADER = "x-mshauri-internal-token"
AT_ONCE = 2_000
"""Entries in one answer."""
_DEAD_S, _CONNECT_S = 25.0, 2.0
"""Without a word for so long, and not answered within so long: the line is taken for dead."""


class HeadTold(Struct, frozen=True):
    """The answer to `head`; see `shared.ledger.Head`."""

    position: int
    epoch: int
    hash: bytes
    reached: list[int]


_encode = msgspec.msgpack.Encoder().encode
_decode_head = msgspec.msgpack.Decoder(HeadTold).decode
_decode_feed = msgspec.msgpack.Decoder(list[Entry]).decode


def must_be_of_the_house(shown: str | None, expected: str) -> None:
    """Let nobody but our own processes in.

    Raises:
        AccessDenied: the token is not ours.
    """
    if not expected or not hmac.compare_digest((shown or "").encode(), expected.encode()):
        raise AccessDenied(actor="this caller", action="read ledgers", roles="none, it is internal")


async def tell_head(ledger: Ledger) -> bytes:
    """Answer where a ledger stands."""
    head = await ledger.head()
    return _encode(HeadTold(head.position, head.epoch, head.hash, list(head.reached)))


async def tell_feed(ledger: Ledger, after: int, limit: int) -> bytes:
    """Answer a ledger's entries above a position."""
    return _encode(await ledger.feed(after=after, limit=max(1, min(limit, AT_ONCE))))


class RemoteLedger:
    """Another process's ledger, to read."""

    def __init__(self, client: httpx.AsyncClient, service_url: str, internal_token: str) -> None:
        """Say whose, and by which token.

        Args:
            client: it decides about time-outs and connections.
            service_url: `http://host:port` of the service.
        """
        self._client = client
        self._url = service_url.rstrip("/")
        self._headers = {TOKEN_HEADER: internal_token}

    async def head(self) -> Head:
        """Return where it stands.

        Raises:
            Unavailable: the service does not answer.
        """
        return _head(await self._ask(HEAD_PATH))

    async def growth(self) -> AsyncIterator[int]:
        """Yield the head's position, and again whenever it is another, for as long as is asked.

        Raises:
            Unavailable: the service does not answer, or no more.
        """
        waits = httpx.Timeout(_DEAD_S, connect=_CONNECT_S)
        try:
            async with self._client.stream(
                "GET", self._url + GROWTH_PATH, headers=self._headers, timeout=waits
            ) as answer:
                answer.raise_for_status()
                async for line in answer.aiter_lines():
                    yield int(line)
        except httpx.HTTPError:
            pass
        raise Unavailable(part=f"the ledger at {self._url}")

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """Return its entries above a position, in order; see `Ledger.feed`.

        Raises:
            Unavailable: the service does not answer.
        """
        return _decode_feed(await self._ask(f"{FEED_PATH}?after={after:d}&limit={limit:d}"))

    async def _ask(self, path: str) -> bytes:
        try:
            answer = await self._client.get(self._url + path, headers=self._headers)
            return answer.raise_for_status().content
        except httpx.HTTPError:
            raise Unavailable(part=f"the ledger at {self._url}") from None


def _head(answer: bytes) -> Head:
    told = _decode_head(answer)
    return Head(
        position=told.position, epoch=told.epoch, hash=told.hash, reached=tuple(told.reached)
    )
