"""Every hour: what came since the last time is held against what was signed of it.

In tiles, and mostly at rest, so that whoever projects is not made to wait. What is unlike is looked
at again each time, until it is mended. Where the ledger itself is not what its log signed, it stops
there: what follows rests on it.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol
from uuid import UUID

import structlog

from services.gateway.hourly import PATIENCE_S, now_and_again
from services.gateway.projections.group import READ_MODELS, READ_MODELS_BUILT
from services.gateway.verifying import reached
from services.gateway.verifying.consumed import Consumed, Cursor
from services.gateway.verifying.reached import Verified
from services.gateway.verifying.signed import Signed, SignedLog
from shared.domain.errors import MshauriError, Unavailable
from shared.ledger import Entry
from shared.projection import builds
from shared.projection.connection import own_connection
from shared.proof.statement import statement_of
from shared.proof.tiles import WIDTH, Tile
from shared.proof.tree import leaf_hash
from shared.runtime.health import PartHealth
from shared.runtime.metrics import events_differ, verified_position

MOST_UNLIKE: Final = 1_000
"""Positions remembered to be unlike: beyond them it waits, for the projector or for somebody."""

_RESTS: Final = 9.0
"""How many times as long as a tile took it rests before the next: a tenth of one core, at most."""
_LONGEST_REST: Final = 1.0

_TOLD = 10

_log = structlog.get_logger(__name__)


class Feed(Protocol):
    """A ledger, to read."""

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """Return up to `limit` entries above a position, in order."""
        ...


class NotAsSigned(Exception):
    """A ledger, or its log, is not what was signed: says what, and how many entries differ."""

    def __init__(self, says: str, count: int = 1) -> None:
        super().__init__(says)
        self.count = count


class Verifying:
    """Verifies, keeps what came of it for metrics and health, and never stops anybody."""

    def __init__(
        self,
        database_url: str,
        feeds: Mapping[str, Feed],
        logs: Mapping[str, SignedLog],
        every_s: float,
    ) -> None:
        """Verify the read models of this database, against these ledgers' logs."""
        self._url = database_url
        self._feeds = feeds
        self._logs = logs
        self._every_s = every_s
        self._says: dict[str, str] = {}
        self._failed: str | None = "not verified yet"

    async def run(self) -> None:
        """Verify until cancelled."""
        await now_and_again(self.verify, self._every_s, self._fail)

    def health(self) -> PartHealth:
        """Say what was found last; queries are answered whatever it was."""
        told = [f"{service}: {says}" for service, says in sorted(self._says.items())]
        return PartHealth(ready=True, says="; ".join(filter(None, (self._failed, *told))))

    async def verify(self) -> None:
        """Verify what has come since, of each service."""
        async with own_connection(self._url) as connection:
            await reached.prepare(connection)
            for service in self._feeds:
                await self._service(connection, service)
        self._failed = None

    def _fail(self, says: str) -> None:
        self._failed = says

    async def _service(self, connection: Any, service: str) -> None:
        build = await builds.live(connection, READ_MODELS, READ_MODELS_BUILT)
        if build is None:
            return
        try:
            signed = await self._logs[service].newest()
            if signed is None:
                self._says[service] = "nothing is sealed"
                return
            one = await reached.read(connection, service, build.schema, signed.epoch)
            await _Pass(
                connection, service, self._feeds[service], self._logs[service], signed, one
            ).go_on()
        except Unavailable as away:
            self._says[service] = f"could not be verified: {away.code}"
            return
        except (NotAsSigned, MshauriError) as fault:
            count = fault.count if isinstance(fault, NotAsSigned) else 1
            events_differ.labels(service).set(count)
            self._says[service] = str(fault)
            _log.error("a ledger is not what was signed", service=service, why=str(fault))
            return
        events_differ.labels(service).set(len(one.unlike))
        verified_position.labels(service).set(one.tree.size)
        self._say(service, one)

    def _say(self, service: str, one: Verified) -> None:
        says = f"{one.tree.size:,} events at {datetime.now(UTC):%F %T} UTC"
        if one.unlike:
            first = ", ".join(map(str, one.unlike[:_TOLD]))
            says += f", {len(one.unlike)} of them missing or not what was signed: {first}"
            _log.error(
                "events in the read models are missing, or not what was signed",
                service=service,
                events=len(one.unlike),
                positions=one.unlike[:_TOLD],
            )
        self._says[service] = says


class _Pass:
    """One look at one service."""

    def __init__(
        self,
        connection: Any,
        service: str,
        feed: Feed,
        log: SignedLog,
        signed: Signed,
        one: Verified,
    ) -> None:
        self._connection = connection
        self._consumed = Consumed(connection, one.build)
        self._service = service
        self._feed = feed
        self._log = log
        self._epoch, self._checkpoint = signed
        self._one = one
        self._until = time.monotonic() + PATIENCE_S

    async def go_on(self) -> None:
        """Look at what was unlike again, and at what was signed since.

        Raises:
            NotAsSigned: the ledger, or its log, is not what was signed.
        """
        await self._look_again()
        size = self._checkpoint.size
        if size < self._one.tree.size:
            raise NotAsSigned(f"its log signs {size:,} entries, and had {self._one.tree.size:,}")
        while self._one.tree.size < size and len(self._one.unlike) < MOST_UNLIKE:
            began = time.monotonic()
            await self._tile(size)
            await asyncio.sleep(min((time.monotonic() - began) * _RESTS, _LONGEST_REST))
        if self._one.tree.size == size and self._one.tree.root() != self._checkpoint.root:
            raise NotAsSigned(f"its first {size:,} entries have not the root that was signed")

    async def _look_again(self) -> None:
        if not self._one.unlike:
            return
        entries: list[Entry] = []
        for position in self._one.unlike:
            entries += await self._feed.feed(after=position - 1, limit=1)
        self._one.unlike = await self._unlike(entries)
        await reached.keep(self._connection, self._service, self._one)

    async def _tile(self, size: int) -> None:
        """Verify up to the end of a tile."""
        before = self._one.tree.size
        number, offset = divmod(before, WIDTH)
        count = min(WIDTH - offset, size - before)
        entries = await self._feed.feed(after=before, limit=count)
        signed = await self._log.leaves(self._epoch, Tile(0, number, offset + count))
        self._must_be_signed(before, entries, signed[offset:], count)
        unlike = await self._unlike(entries)
        while unlike and time.monotonic() < self._until:
            await asyncio.sleep(1.0)  # it may be on its way
            unlike = await self._unlike(entries)
        for leaf in signed[offset:]:
            self._one.tree.append(leaf)
        self._one.unlike += unlike
        await reached.keep(self._connection, self._service, self._one)

    async def _unlike(self, entries: list[Entry]) -> list[int]:
        cursors = await self._consumed.cursors(self._service, entries)
        unlike = await self._consumed.unlike(self._service, entries, cursors)
        return sorted({*unlike, *await self._astray(entries, cursors)})

    async def _astray(self, entries: list[Entry], cursors: Mapping[UUID, Cursor]) -> list[int]:
        """Return the last positions of streams that went on since, to what no ledger has.

        What a stream went on to within what is signed is looked at in its turn.
        """
        last = {entry.stream: entry.position for entry in entries}
        astray = []
        for at in cursors.values():
            if at.position > self._checkpoint.size:
                found = await self._feed.feed(after=at.position - 1, limit=1)
                if [(one.stream, one.version, one.hash) for one in found] != [
                    (at.stream, at.version, at.hash)
                ]:
                    astray.append(last[at.stream])
        return astray

    @staticmethod
    def _must_be_signed(before: int, entries: list[Entry], signed: list[bytes], count: int) -> None:
        expected = list(range(before + 1, before + 1 + count))
        if [entry.position for entry in entries] != expected:
            raise NotAsSigned(f"its entries {before + 1:,} to {before + count:,} are not all there")
        leaves = [leaf_hash(statement_of(entry)) for entry in entries]
        pairs = zip(expected, leaves, signed, strict=True)
        differ = [position for position, leaf, other in pairs if leaf != other]
        if differ:
            first = ", ".join(f"{position:,}" for position in differ[:_TOLD])
            raise NotAsSigned(f"what stands at {first} is not what was signed", len(differ))
