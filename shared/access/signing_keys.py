"""An issuer's public keys (a JWKS, RFC 7517): fetched once, kept, and asked for again with care."""

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

ASKED_AT_MOST_EVERY = 30.0
"""Seconds between two reads that an unknown key id sets off: anyone can make up key ids."""

RETRIED_AFTER = 1.0
"""Seconds between two reads while there are no keys at all."""

_log = structlog.get_logger(__name__)


class SigningKeys:
    """The keys behind one JWKS address, `https://…` or `file:///…`."""

    def __init__(
        self,
        url: str,
        *,
        client: httpx.AsyncClient | None = None,
        kept_for: float = KEPT_FOR,
        asked_at_most_every: float = ASKED_AT_MOST_EVERY,
    ) -> None:
        """Name the address; nothing is read before the first key is asked for.

        Args:
            url: plain `http://` is refused: who can change the answer can make tokens.
            client: one to fetch with, for instance with a private certificate authority.
            kept_for: seconds, see `KEPT_FOR`.
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
        self._asked_at_most_every = asked_at_most_every
        self._data = b""
        self._keys: dict[str | None, PyJWK] = {}
        self._reading = asyncio.Lock()
        self._tried = self._read = float("-inf")
        self.generation = 0
        """Raised whenever the set of keys changed: what was verified before is to be doubted."""

    async def key(self, kid: str | None) -> PyJWK | None:
        """Return the key of that id, or None; without an id, the key if there is only one.

        Raises:
            Unavailable: no keys are known and the address does not answer.
        """
        found = self._find(kid)
        if found is None or self.due:
            await self.freshen(kid)
            found = self._find(kid)
        if not self._keys:
            raise Unavailable(part=Phrase("the token issuer"))
        return found

    @property
    def due(self) -> bool:
        """Whether the keys are so old that one of them may have been withdrawn."""
        return time.monotonic() - self._read >= self._kept_for

    async def freshen(self, kid: str | None = None) -> None:
        """Read the keys again if they are old or lack `kid`, and the last try is not too near."""
        async with self._reading:
            if self._may_read(missing=self._find(kid) is None):
                await self._refresh()

    def _find(self, kid: str | None) -> PyJWK | None:
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    def _may_read(self, *, missing: bool) -> bool:
        now = time.monotonic()
        if not self._keys:
            return now - self._tried >= RETRIED_AFTER
        return (missing or self.due) and now - self._tried >= self._asked_at_most_every

    async def _refresh(self) -> None:
        """Read the keys anew; while the address is away, the ones we have go on serving."""
        self._tried = time.monotonic()
        try:
            data = await self._fetch()
            keys = _usable(data)
        except (OSError, httpx.HTTPError, msgspec.MsgspecError, ValueError) as problem:
            _log.warning("signing keys not read", url=self._url, problem=type(problem).__name__)
            return
        if data != self._data:
            self.generation += 1
        self._data, self._keys, self._read = data, keys, self._tried

    async def _fetch(self) -> bytes:
        if self._path is not None:
            return await asyncio.to_thread(self._path.read_bytes)
        if self._client is not None:
            answer = await self._client.get(self._url)
        else:
            async with httpx.AsyncClient(timeout=5) as client:
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
