"""What a service's log says of its ledger: its newest checkpoint, verified, and its tiles."""

from typing import NamedTuple, Protocol

import httpx
import msgspec

from shared.domain.errors import Unavailable
from shared.proof.checkpoints import Checkpoint, LogKey, open_checkpoint
from shared.proof.notes import Verifier
from shared.proof.tiles import HASH, Tile, split
from shared.transparency.published import Told
from shared.transparency.routes import LOG


class Signed(NamedTuple):
    """A log's newest checkpoint, and the epoch of the ledger that it is of."""

    epoch: int
    checkpoint: Checkpoint


class SignedLog(Protocol):
    """What is read of a log."""

    async def newest(self) -> Signed | None:
        """Return what was signed last, of the newest epoch; None: nothing is sealed yet.

        Raises:
            Unavailable: it does not answer.
            MshauriError: what it gives is no checkpoint that its keys signed.
        """
        ...

    async def leaves(self, epoch: int, tile: Tile) -> list[bytes]:
        """Return the hashes of a tile.

        Raises:
            Unavailable: it does not answer, or has no tile as wide.
        """
        ...


class RemoteLog:
    """A service's log as the service serves it."""

    def __init__(self, client: httpx.AsyncClient, service_url: str) -> None:
        self._client = client
        self._url = service_url.rstrip("/")

    async def newest(self) -> Signed | None:
        """See `SignedLog`."""
        try:
            told = msgspec.json.decode(await self._get("/keys"), type=Told)
            if not told.logs:
                return None
            log = max(told.logs, key=lambda one: one.epoch)
            keys = [LogKey(Verifier.of(key.vkey)) for key in log.keys if key.retired is None]
        except (ValueError, msgspec.MsgspecError):
            raise Unavailable(part=f"the log at {self._url}") from None
        note = await self._get(f"/{log.epoch}/checkpoint")
        return Signed(log.epoch, open_checkpoint(note, keys, origin=log.origin)[0])

    async def leaves(self, epoch: int, tile: Tile) -> list[bytes]:
        """See `SignedLog`."""
        found = await self._get(f"/{epoch}/tile/{tile.path}")
        if len(found) != HASH * tile.width:
            raise Unavailable(part=f"the log at {self._url}")
        return split(found)

    async def _get(self, path: str) -> bytes:
        try:
            answer = await self._client.get(f"{self._url}{LOG}{path}")
            return answer.raise_for_status().content
        except httpx.HTTPError:
            raise Unavailable(part=f"the log at {self._url}") from None
