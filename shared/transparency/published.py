"""A service's logs as outsiders read them: checkpoints, tiles, and entries from the ledger's rows.

Entries are stated anew from the rows as they stand, at each reading: one that was altered after it
was sealed does not hash to its leaf, and every reader sees it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

import asyncpg
from msgspec import Struct

from shared.ledger import Entry
from shared.ledger.away import unavailable_if_away
from shared.proof.statement import statement_of
from shared.proof.tiles import Tile, bundle, read_path
from shared.transparency import keys
from shared.transparency.errors import NoSuchPart
from shared.transparency.store import (
    Kept,
    read_all,
    read_cuts,
    read_newest,
    read_of_epoch,
    read_tiles,
)


class Fed(Protocol):
    """What is read of the ledger."""

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """Return up to `limit` entries above position `after`: no gap, nothing late, ever."""
        ...


class KeyTold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A key of a log: since when it signs, and since when it does not any more."""

    vkey: str
    since: str
    retired: str | None = None


class LogTold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A log: its name, where it is, how large, and who signs it.

    Attributes:
        path: below `/log/`.
        ended: the size after which a restored ledger went on in the next epoch's log.
    """

    origin: str
    service: str
    epoch: int
    path: str
    size: int
    keys: list[KeyTold]
    ended: int | None = None


class Told(Struct, frozen=True, kw_only=True):
    """What a service publishes of its logs."""

    logs: list[LogTold]
    witnesses: list[str]


class PublishedLog:
    """The logs of one service, all epochs of them."""

    def __init__(self, service: str, pool: "asyncpg.Pool[Any]", ledger: Fed) -> None:
        self._service = service
        self._pool = pool
        self._ledger = ledger
        self._part = f"The {service} log"

    async def newest(self) -> Kept:
        """Return the newest checkpoint of all.

        Raises:
            NoSuchPart: nothing is sealed yet.
        """
        with unavailable_if_away(self._part), _nothing_sealed():
            kept = await read_newest(self._pool)
        if kept is None:
            raise NoSuchPart(part="checkpoint")
        return kept

    async def checkpoint(self, epoch: int = 1) -> Kept:
        """Return the newest checkpoint of an epoch's log.

        Raises:
            NoSuchPart: it has none, or not yet.
        """
        with unavailable_if_away(self._part), _nothing_sealed():
            kept = await read_of_epoch(self._pool, epoch)
        if kept is None:
            raise NoSuchPart(part="checkpoint")
        return kept

    async def part(self, path: str, epoch: int = 1) -> bytes:
        """Return the tile or the entry bundle at a path below `tile/`.

        Raises:
            NoSuchPart: the log is not that large, or no part is called so.
        """
        tile = read_path(path)
        if tile is None or tile.end > (await self.checkpoint(epoch)).size:
            raise NoSuchPart(part=f"tile/{path}")
        found = await (self._entries(tile) if tile.level is None else self._tile(tile))
        if found is None:
            raise NoSuchPart(part=f"tile/{path}")
        return found

    async def told(self) -> Told:
        """Return what is published of the logs, and of who signs them."""
        with unavailable_if_away(self._part), _nothing_sealed():
            async with self._pool.acquire() as connection:
                known = await keys.read_keys(connection)
                logs, cuts = await read_all(connection), await read_cuts(connection)
                witnesses = await keys.read_witnesses(connection)
        ends = {cut.epoch: following.after for cut, following in pairwise(cuts)}
        return Told(
            logs=[
                LogTold(
                    origin=log.origin,
                    service=self._service,
                    epoch=log.epoch,
                    path=self._service if log.epoch == 1 else f"{self._service}/{log.epoch}",
                    size=log.size,
                    keys=_told(known, log.origin),
                    ended=ends.get(log.epoch),
                )
                for log in logs
            ],
            witnesses=witnesses,
        )

    async def _tile(self, tile: Tile) -> bytes | None:
        with unavailable_if_away(self._part):
            return (await read_tiles(self._pool, [tile])).get(tile)

    async def _entries(self, tile: Tile) -> bytes | None:
        entries = await self._ledger.feed(after=tile.start, limit=tile.width)
        return bundle([statement_of(entry) for entry in entries]) if entries else None


def _told(known: Sequence[keys.Kept], origin: str) -> list[KeyTold]:
    return [
        KeyTold(
            vkey=key.named(origin).verifier.vkey,
            since=key.since.isoformat(),
            retired=key.retired.isoformat() if key.retired else None,
        )
        for key in reversed(known)
    ]


class _nothing_sealed:  # noqa: N801
    """Turn tables that are not there yet into what is not there yet."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, asyncpg.UndefinedTableError):
            raise NoSuchPart(part="checkpoint") from error
