"""The ledger that counts: one PostgreSQL database, group commit. See docs/adr on why so."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self
from uuid import UUID

import asyncpg

from shared.database.connecting import create_pool
from shared.database.migrations import migrate
from shared.domain.errors import Unavailable
from shared.ledger.channel import Channel
from shared.ledger.clocks import Clocks
from shared.ledger.epochs import Witnessed, notice_restore
from shared.ledger.group_commit import GroupCommit
from shared.ledger.ledger import (
    NOW,
    Answered,
    AsOf,
    Entry,
    Head,
    Receipt,
    Snapshot,
    Stood,
    Transaction,
)
from shared.ledger.partitions import fill_in
from shared.ledger.reads import Reads
from shared.ledger.tide import Tide
from shared.ledger.writer import Counters, Limits, Writer

SCHEMA = Path(__file__).parent / "schema"

SAYS_S = 10.0
"""Between two words of a ledger that does not grow."""

_DEFAULT_LIMITS = Limits()


class PostgresLedger:
    """The history of one service in one PostgreSQL database.

    Used as `async with PostgresLedger(...) as ledger:`, or between `start()` and `close()`. It
    keeps two of the pool's connections for itself, one to write and one to listen.
    """

    def __init__(
        self,
        database: str | asyncpg.Pool,
        *,
        service: str,
        limits: Limits = _DEFAULT_LIMITS,
        clocks: Clocks | None = None,
        witnessed: Witnessed | None = None,
    ) -> None:
        """Prepare to use a database.

        Args:
            database: its address, or a pool of at least three connections that stays the
                caller's to close.
            service: whose ledger it is; position tokens begin with it.
            limits: what the writer takes on.
            witnessed: what somebody outside the database saw of it last, if anybody did.
            clocks: hold the database's clock against the right time; None: from now on.
        """
        self._database = database
        self._service = service
        self._limits = limits
        self._clocks = clocks or Clocks()
        self._part = f"The {service} ledger"
        self._witnessed = witnessed
        self._tide = Tide()

    async def start(self) -> None:
        """Bring the tables up to date and begin to take commands.

        Raises:
            Exception: as PostgreSQL or the connection raised it; a start is not retried here.
        """
        await migrate(self._database, "ledger", SCHEMA)
        if isinstance(self._database, str):
            self._pool = await create_pool(self._database, least=0, most=10)
        else:
            self._pool = self._database
        async with self._pool.acquire() as connection:
            await fill_in(connection)
            await notice_restore(connection, self._witnessed)
        self._reads = Reads(self._pool, part=self._part)
        self._channel = Channel(self._pool, self._tide)
        self._commits = GroupCommit(
            self._pool,
            service=self._service,
            time_limit=self._limits.commit,
            committed=self._channel.committed,
            clocks=self._clocks,
        )
        self._writer = Writer(self._commits.commit, part=self._part, limits=self._limits)
        self._channel.start()
        self._writer.start()

    async def close(self) -> None:
        """Answer what waits, then let go of the database."""
        await self._writer.close()
        await self._channel.close()
        await self._commits.close()
        if isinstance(self._database, str):
            await self._pool.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def counters(self) -> Counters:
        """What the writer has done since the start."""
        return self._writer.counters

    @property
    def waiting(self) -> int:
        """How many commands wait in the queue."""
        return self._writer.waiting

    async def append(self, transaction: Transaction) -> Receipt:
        """Record a transaction durably, or refuse it whole: see `Ledger.append`.

        Where the connection is lost in mid-commit and stays lost, `Unavailable` leaves open
        whether it was recorded; the same transaction, sent again, is answered what it was.
        """
        return await self._writer.append(transaction)

    async def receipt(self, command_id: UUID, fingerprint: bytes) -> Receipt | None:
        """See `Ledger.receipt`."""
        return await self._reads.receipt(command_id, fingerprint)

    async def receipts(self, command_ids: Sequence[UUID]) -> dict[UUID, Answered]:
        """See `Ledger.receipts`."""
        return await self._reads.receipts(command_ids)

    async def owners(self, claims: Sequence[str]) -> dict[str, UUID]:
        """See `Ledger.owners`."""
        return await self._reads.owners(claims)

    async def stream(self, stream: UUID, *, after: int = 0, as_of: AsOf = NOW) -> list[Entry]:
        """See `Ledger.stream`."""
        return await self._reads.stream(stream, after, as_of)

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """See `Ledger.feed`."""
        return await self._reads.feed(after, limit)

    async def at(self, positions: Sequence[int]) -> list[Entry]:
        """See `Ledger.at`."""
        return await self._reads.at(positions)

    async def streams(self, streams: Sequence[UUID], *, position: int | None = None) -> list[Entry]:
        """See `Ledger.streams`."""
        return await self._reads.streams(streams, position)

    async def stood_at(self, instant: datetime) -> Stood:
        """See `Ledger.stood_at`."""
        return await self._reads.stood_at(instant)

    async def streams_of(self, key: UUID) -> list[UUID]:
        """See `Ledger.streams_of`."""
        return await self._reads.streams_of(key)

    async def told_of(self, subjects: Collection[UUID]) -> list[Entry]:
        """See `Ledger.told_of`."""
        return await self._reads.told_of(subjects)

    async def head(self) -> Head:
        """See `Ledger.head`."""
        return await self._reads.head()

    async def wait_beyond(self, position: int, timeout: float) -> bool:
        """See `Ledger.wait_beyond`; a store that is away meanwhile only makes it wait."""
        if await self._tide.beyond(position, timeout):
            return True
        try:
            self._tide.rise((await self._reads.head()).position)
        except Unavailable:
            return False
        return self._tide.position > position

    async def growth(self) -> AsyncIterator[int]:
        """Yield the head's position, and again whenever it has grown, for as long as is asked.

        While nothing is heard of, it is said once more every `SAYS_S` seconds. Between two words
        it may have grown several times.

        Raises:
            Unavailable: the store is away at the beginning.
        """
        at = (await self.head()).position
        self._tide.rise(at)
        while True:
            yield at
            await self.wait_beyond(at, SAYS_S)
            at = max(at, self._tide.position)

    async def latest(self, stream: UUID) -> tuple[Snapshot | None, list[Entry]]:
        """See `Ledger.latest`."""
        return await self._reads.latest(stream)

    async def keep_snapshot(self, snapshot: Snapshot) -> None:
        """See `Ledger.keep_snapshot`."""
        await self._reads.keep_snapshot(snapshot)
