"""An issuer's public keys (a JWKS, RFC 7517): fetched, kept, and kept fresh beside the requests.

Whoever brings a token of a known key never waits for the issuer. Only who names a key that is not
known waits, for a reading that is made for all of them, and briefly.
"""

import asyncio
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx
import msgspec
import structlog
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from shared.domain.errors import Unavailable
from shared.domain.phrases import Phrase

ALGORITHMS = ("ES256", "RS256")
"""All that is accepted. No shared secrets (HS…): whoever can verify such a token can forge one."""

KEPT_FOR = 3600.0
"""Seconds until the keys are read again though nothing is missing: a withdrawn key dies by then."""

SERVED_FOR = 12 * 3600.0
"""Seconds that keys go on serving while the issuer does not answer: a night, so that its outage is
not ours. After that nobody is let in, for a key may have been withdrawn."""

ASKED_AT_MOST_EVERY = 30.0
"""Seconds between two reads that an unknown key id or a failure sets off: anyone can make up key
ids."""

RETRIED_AFTER = 1.0
"""Seconds between two reads while there are no keys at all."""

PATIENCE = 2.0
"""Seconds that a request waits for the keys to be read, where it names none that is known."""

ANSWERED_WITHIN = 5.0
"""Seconds that the issuer has for its whole answer."""

_log = structlog.get_logger(__name__)


class SigningKeys:
    """The keys behind one JWKS address, `https://…` or `file:///…`."""

    def __init__(
        self,
        url: str,
        *,
        client: httpx.AsyncClient | None = None,
        kept_for: float = KEPT_FOR,
        served_for: float = SERVED_FOR,
        asked_at_most_every: float = ASKED_AT_MOST_EVERY,
    ) -> None:
        """Name the address; nothing is read before the first key is asked for.

        Args:
            url: plain `http://` is refused: who can change the answer can make tokens.
            client: one to fetch with, for instance with a private certificate authority.
            kept_for: seconds, see `KEPT_FOR`.
            served_for: seconds, see `SERVED_FOR`.
            asked_at_most_every: seconds, see `ASKED_AT_MOST_EVERY`.

        Raises:
            ValueError: the address is of neither kind.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("https", "file") or (parts.scheme == "https" and not parts.netloc):
            msg = f"the JWKS address must begin with https:// or file://, not {parts.scheme!r}"
            raise ValueError(msg)
        self._url = url
        self._path = Path(url2pathname(parts.path)) if parts.scheme == "file" else None
        self._client = client
        self._kept_for = kept_for
        self._served_for = served_for
        self._asked_at_most_every = asked_at_most_every
        self._data = b""
        self._keys: dict[str | None, PyJWK] = {}
        self._reading: asyncio.Task[None] | None = None
        self._again: asyncio.TimerHandle | None = None
        self._tried = self._read = float("-inf")
        self.generation = 0
        """Raised whenever the set of keys changed: what was verified before is to be doubted."""

    @property
    def serve(self) -> bool:
        """Whether there are keys, and they are not too old to believe a token by."""
        return bool(self._keys) and time.monotonic() - self._read < self._served_for

    async def key(self, kid: str | None) -> PyJWK | None:
        """Return the key of that id, or None; without an id, the key if there is only one.

        Raises:
            Unavailable: it is not known, and the issuer does not answer whether there is such a
                key; or what is known is older than `SERVED_FOR`.
        """
        found = self._find(kid)
        if found is None and (self._reading is not None or self._may_read()):
            # Others wait for the same reading, and it goes on when a request has no more patience.
            await asyncio.wait({self._begin()}, timeout=PATIENCE)
            found = self._find(kid)
        if found is None and (not self.serve or self._read != self._tried):
            raise Unavailable(part=Phrase("the token issuer"))
        return found

    def _find(self, kid: str | None) -> PyJWK | None:
        if not self.serve:
            return None
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    def _may_read(self) -> bool:
        rest = self._asked_at_most_every if self.serve else RETRIED_AFTER
        return time.monotonic() - self._tried >= rest

    def _begin(self) -> "asyncio.Task[None]":
        """Return the reading under way, or one that begins now."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._refresh(), name="signing keys")
            self._reading.add_done_callback(self._rest)
        return self._reading

    def _rest(self, _read: object) -> None:
        """Let the next reading begin by itself, in time."""
        self._reading = None
        if self._again is not None:
            self._again.cancel()
        # Without any keys, whoever needs one asks for it.
        if self._keys:
            wait = self._kept_for if self._read == self._tried else self._asked_at_most_every
            loop = asyncio.get_running_loop()
            self._again = loop.call_later(max(wait, RETRIED_AFTER), self._begin)

    async def _refresh(self) -> None:
        """Read the keys anew; while the address is away, the ones we have go on serving."""
        self._tried = tried = time.monotonic()
        try:
            async with asyncio.timeout(ANSWERED_WITHIN):
                data = await self._fetch()
            keys = _usable(data)
        except (OSError, httpx.HTTPError, msgspec.MsgspecError, ValueError) as problem:
            _log.warning("signing keys not read", url=self._url, problem=type(problem).__name__)
            return
        if data != self._data:
            self.generation += 1
        self._data, self._keys, self._read = data, keys, tried

    async def _fetch(self) -> bytes:
        if self._path is not None:
            return await asyncio.to_thread(self._path.read_bytes)
        if self._client is not None:
            answer = await self._client.get(self._url)
        else:
            async with httpx.AsyncClient(timeout=ANSWERED_WITHIN) as client:
                answer = await client.get(self._url)
        return answer.raise_for_status().content


class _Jwks(msgspec.Struct):
    keys: list[dict[str, object]]


def _usable(data: bytes) -> dict[str | None, PyJWK]:
    """Return the keys that can verify what we accept; others in the set are none of our business.

    Raises:
        ValueError: there is none.
    """
    keys: dict[str | None, PyJWK] = {}
    for described in msgspec.json.decode(data, type=_Jwks).keys:
        if described.get("use", "sig") != "sig":
            continue
        try:
            key = PyJWK(described)
        except PyJWTError:
            continue
        if key.algorithm_name in ALGORITHMS and not key.Algorithm.check_key_length(key.key):
            keys[key.key_id] = key
    if not keys:
        msg = "the JWKS holds no key for " + " or ".join(ALGORITHMS)
        raise ValueError(msg)
    return keys
