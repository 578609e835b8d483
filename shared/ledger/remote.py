"""A service's ledger as other processes of the house ask for it: `GET /internal/ledger/…`.

    /internal/ledger/head                       where it stands
    /internal/ledger/growth                     where it stands, and again whenever it has grown
    /internal/ledger/feed?after=12&limit=1000   its entries, in order, in MessagePack
    /internal/ledger/stood?at=2021-09-30T…Z     how far it was at an instant, and where it stands
    /internal/ledger/streams                    POST: whole streams up to a position, in order
    /internal/ledger/told-of?subject=…&subject=…  all entries of keys that say something of these

The caller shows the house's internal token, as for keys (`shared.privacy.remote_keys`).
"""

import hmac
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

import httpx
import msgspec
from httpx import USE_CLIENT_DEFAULT
from msgspec import Struct

from shared.domain.errors import AccessDenied, Malformed, Unavailable
from shared.ledger.ledger import Entry, Head, Ledger, Stood

HEAD_PATH = "/internal/ledger/head"
FEED_PATH = "/internal/ledger/feed"
STOOD_PATH = "/internal/ledger/stood"
STREAMS_PATH = "/internal/ledger/streams"
GROWTH_PATH = "/internal/ledger/growth"
TOLD_OF_PATH = "/internal/ledger/told-of"
TOKEN_HEADER = "x-mshauri-internal-token"
AT_ONCE = 2_000
"""Entries in one answer."""
STREAMS_AT_ONCE = 10_000
"""Streams in one request: who is named in more of them is asked for in several."""
_NAMED_AT_ONCE = 50
_READS_ALL_S = 600.0
"""Seconds that a ledger may take that is read from end to end."""
_DEAD_S, _CONNECT_S = 25.0, 2.0
"""Without a word for so long, and not answered within so long: the line is taken for dead."""


class HeadTold(Struct, frozen=True):
    """The answer to `head`; see `shared.ledger.Head`."""

    position: int
    epoch: int
    hash: bytes
    reached: list[int]


class StreamsAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The request for streams.

    Attributes:
        position: up to which; None: all there is.
    """

    streams: list[UUID]
    position: int | None = None


_encode = msgspec.msgpack.Encoder().encode
_decode_head = msgspec.msgpack.Decoder(HeadTold).decode
_decode_stood = msgspec.msgpack.Decoder(Stood).decode
_decode_asked = msgspec.msgpack.Decoder(StreamsAsked).decode
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


async def tell_stood(ledger: Ledger, at: str) -> bytes:
    """Answer how far a ledger was at an instant.

    Raises:
        Malformed: it is none, or says no zone.
    """
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Malformed("at", problem="at is no instant with a zone", expected=STOOD_PATH)
    return _encode(await ledger.stood_at(instant))


async def tell_streams(ledger: Ledger, body: bytes) -> bytes:
    """Answer a ledger's entries of some streams.

    Raises:
        Malformed: the body is no `StreamsAsked`, or asks for more than `STREAMS_AT_ONCE`.
    """
    try:
        asked = _decode_asked(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Malformed(problem="it is no list of streams", expected=STREAMS_PATH) from None
    if len(asked.streams) > STREAMS_AT_ONCE:
        problem = f"it asks for more than {STREAMS_AT_ONCE} streams"
        raise Malformed(problem=problem, expected=STREAMS_PATH)
    return _encode(await ledger.streams(asked.streams, position=asked.position))


async def tell_told_of(ledger: Ledger, subjects: Collection[UUID]) -> bytes:
    """Answer all entries of whichever keys say something of these."""
    return _encode(await ledger.told_of(subjects))


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

    async def told_of(self, subjects: Collection[UUID]) -> list[Entry]:
        """Return all entries of whichever partition keys say something of these: see `Ledger`.

        Raises:
            Unavailable: the service does not answer.
        """
        found: dict[int, Entry] = {}
        # A few at a time: each look reads all of the ledger, and an address has its length.
        wanted = list(subjects)
        for start in range(0, len(wanted), _NAMED_AT_ONCE):
            some = wanted[start : start + _NAMED_AT_ONCE]
            asked = "&".join(f"subject={subject}" for subject in some)
            answer = await self._ask(f"{TOLD_OF_PATH}?{asked}", patience=_READS_ALL_S)
            found |= {entry.position: entry for entry in _decode_feed(answer)}
        return [found[position] for position in sorted(found)]

    async def streams(self, streams: Sequence[UUID], *, position: int | None = None) -> list[Entry]:
        """Return the entries of several streams in order, up to a position; see `Ledger.streams`.

        Raises:
            Unavailable: the service does not answer.
        """
        found: list[Entry] = []
        for start in range(0, len(streams), STREAMS_AT_ONCE):
            some = list(streams[start : start + STREAMS_AT_ONCE])
            body = _encode(StreamsAsked(some, position))
            found += _decode_feed(await self._ask(STREAMS_PATH, body))
        return found if len(streams) <= STREAMS_AT_ONCE else sorted(found, key=_position)

    async def stood_at(self, instant: datetime) -> Stood:
        """Return how far it was at an instant; see `Ledger.stood_at`.

        Raises:
            Unavailable: the service does not answer.
        """
        return _decode_stood(await self._ask(f"{STOOD_PATH}?at={quote(instant.isoformat())}"))

    async def _ask(
        self, path: str, body: bytes | None = None, *, patience: float | None = None
    ) -> bytes:
        waits = (
            USE_CLIENT_DEFAULT if patience is None else httpx.Timeout(patience, connect=_CONNECT_S)
        )
        try:
            answer = await self._client.request(
                "GET" if body is None else "POST",
                self._url + path,
                headers=self._headers,
                content=body,
                timeout=waits,
            )
            return answer.raise_for_status().content
        except httpx.HTTPError:
            raise Unavailable(part=f"the ledger at {self._url}") from None


def _position(entry: Entry) -> int:
    return entry.position


def _head(answer: bytes) -> Head:
    told = _decode_head(answer)
    return Head(
        position=told.position, epoch=told.epoch, hash=told.hash, reached=tuple(told.reached)
    )
