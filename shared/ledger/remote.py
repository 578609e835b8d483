"""A service's ledger as other processes of the house ask for it: `GET /internal/ledger/…`.

    /internal/ledger/head                       where it stands
    /internal/ledger/head?beyond=12&wait=25     the same, once it is beyond 12 or 25 s are over
    /internal/ledger/feed?after=12&limit=1000   its entries, in order, in MessagePack

The caller shows the house's internal token, as for keys (`shared.privacy.remote_keys`).
"""

import hmac

import httpx
import msgspec
from msgspec import Struct

from shared.domain.errors import AccessDenied, Unavailable
from shared.ledger.ledger import Entry, Head, Ledger

HEAD_PATH = "/internal/ledger/head"
FEED_PATH = "/internal/ledger/feed"
TOKEN_HEADER = "x-mshauri-internal-token"
AT_ONCE = 2_000
"""Entries in one answer."""
LONGEST_WAIT_S = 60.0
"""What a caller may have a ledger wait for."""
_FOR_THE_ANSWER_S = 5.0


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

    async def grown(self, beyond: int, timeout: float) -> Head:
        """Return where it stands once it is above a position, or after so many seconds.

        Raises:
            Unavailable: the service does not answer.
        """
        path = f"{HEAD_PATH}?beyond={max(beyond, 0):d}&wait={timeout if beyond >= 0 else 0:.0f}"
        return _head(await self._ask(path, waits=timeout))

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """Return its entries above a position, in order; see `Ledger.feed`.

        Raises:
            Unavailable: the service does not answer.
        """
        return _decode_feed(await self._ask(f"{FEED_PATH}?after={after:d}&limit={limit:d}"))

    async def _ask(self, path: str, *, waits: float | None = None) -> bytes:
        timeout = httpx.USE_CLIENT_DEFAULT if waits is None else waits + _FOR_THE_ANSWER_S
        try:
            answer = await self._client.get(
                self._url + path, headers=self._headers, timeout=timeout
            )
            return answer.raise_for_status().content
        except httpx.HTTPError:
            raise Unavailable(part=f"the ledger at {self._url}") from None


def _head(answer: bytes) -> Head:
    told = _decode_head(answer)
    return Head(
        position=told.position, epoch=told.epoch, hash=told.hash, reached=tuple(told.reached)
    )
