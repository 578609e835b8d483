"""Asking a service for its people's keys: `POST /internal/keys`, between processes of the house.

    {"subjects": ["0199…", "0199…"]}  ->  {"keys": {"0199…": "<base64>", "0199…": null}}

null: destroyed. Absent: there never was one. The caller shows the house's internal token.
"""

import hmac
from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

import httpx
import msgspec
from msgspec import Struct

from shared.domain.errors import AccessDenied, Malformed, Unavailable
from shared.privacy.keys import KeyCache, KeySource
from shared.privacy.sealing import DataKey

PATH = "/internal/keys"
TOKEN_HEADER = "x-mshauri-internal-token"
AT_ONCE = 1_000
"""Subjects in one request."""


class KeysAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The request."""

    subjects: list[UUID]


class KeysTold(Struct, frozen=True):
    """The answer."""

    keys: dict[UUID, bytes | None]


async def tell_keys(source: KeySource, shown: str | None, expected: str, body: bytes) -> bytes:
    """Answer a request: what a service's route does.

    Args:
        source: the service's own store.
        shown: the value of the header `TOKEN_HEADER`.
        expected: the internal token of the settings.
        body: as it came.

    Raises:
        AccessDenied: the token is not ours.
        Malformed: the body is no `KeysAsked`, or asks for more than `AT_ONCE`.
        Unavailable: the store does not answer.
    """
    if not expected or not hmac.compare_digest((shown or "").encode(), expected.encode()):
        raise AccessDenied(actor="this caller", action="read keys", roles="none, it is internal")
    try:
        asked = msgspec.json.decode(body, type=KeysAsked)
    except msgspec.MsgspecError:
        raise Malformed(problem="it is no list of subjects", expected="KeysAsked") from None
    if len(asked.subjects) > AT_ONCE:
        raise Malformed(problem=f"it asks for more than {AT_ONCE} keys", expected="KeysAsked")
    keys = await source.keys_for(asked.subjects)
    told = {subject: None if key is None else key.secret for subject, key in keys.items()}
    return msgspec.json.encode(KeysTold(told))


class RemoteKeyStore:
    """The keys of another process's store, to read with. It can make none."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        service_url: str,
        internal_token: str,
        *,
        cache: KeyCache | None = None,
    ) -> None:
        """Say whose keys, and by which token.

        Args:
            client: it decides about time-outs and connections.
            service_url: `http://host:port` of the service.
            internal_token: as the settings have it.
            cache: how many keys are kept for how long; an erasure shows when that time is over.
        """
        self._client = client
        self._url = service_url.rstrip("/") + PATH
        self._headers = {TOKEN_HEADER: internal_token, "content-type": "application/json"}
        self._cache = cache or KeyCache()

    async def keys_for(self, subjects: Iterable[UUID]) -> dict[UUID, DataKey | None]:
        """See `KeySource`."""
        keys, missing = self._cache.take(subjects)
        for some in _chunks(missing, AT_ONCE):
            found = await self._ask(some)
            self._cache.keep(found)
            keys |= found
        return keys

    def forget(self, subjects: Iterable[UUID]) -> None:
        """See `KeySource`."""
        self._cache.keep(dict.fromkeys(subjects))

    async def _ask(self, subjects: list[UUID]) -> dict[UUID, DataKey | None]:
        try:
            answer = await self._client.post(
                self._url, headers=self._headers, content=msgspec.json.encode(KeysAsked(subjects))
            )
            told = msgspec.json.decode(answer.raise_for_status().content, type=KeysTold)
        except (httpx.HTTPError, msgspec.MsgspecError):
            # The answer may hold keys: nothing of it is repeated.
            raise Unavailable(part=f"the key store at {self._url}") from None
        return {
            subject: None if secret is None else DataKey(secret)
            for subject, secret in told.keys.items()
        }


def _chunks(subjects: list[UUID], size: int) -> Iterator[list[UUID]]:
    remaining = iter(subjects)
    while some := list(islice(remaining, size)):
        yield some
