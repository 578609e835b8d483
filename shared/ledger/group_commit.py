"""One batch of commands, one PostgreSQL transaction: four round trips, whatever the batch's size.

The lock on the head's row makes writers of all processes take turns. What the database knows is
read by the statement after it: a statement sees what was committed before it began, so one that
took the lock and read at once would see the ledger as it was before it waited.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from operator import attrgetter
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from shared.ledger.away import is_away
from shared.ledger.clocks import Clocks, recorded_at
from shared.ledger.ledger import Answered, Head, Receipt, Transaction
from shared.ledger.page import Page, StreamHead

_PREPARE_SESSION = """
SET enable_seqscan = off;  -- a plan made while the tables are small is kept when they are large
SET jit = off;
SET idle_in_transaction_session_timeout = '10s';  -- a writer that froze must not hold the head
"""

_BEGIN = """
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT FROM ledger_head FOR UPDATE
"""

_READ = """
SELECT head.position, head.epoch, head.hash, head.reached,
       head.recorded, clock_timestamp() AS clock,
       known.id, known.version, known.bytes, known.receipt
FROM ledger_head AS head
LEFT JOIN (
    SELECT command_id AS id, NULL::bigint AS version, fingerprint AS bytes, receipt
    FROM command_log
    WHERE command_id = ANY ($1::uuid[])
    UNION ALL
    SELECT asked.stream, newest.version, newest.hash, NULL
    FROM unnest($2::uuid[]) AS asked (stream)
    CROSS JOIN LATERAL (
        SELECT version, hash FROM ledger
        WHERE ledger.stream = asked.stream
        ORDER BY version DESC
        LIMIT 1
    ) AS newest
) AS known ON true
"""

_READ_CLAIMS = "SELECT key, stream FROM claim WHERE key = ANY ($1::text[])"

_WRITE = """
WITH entries AS (
    INSERT INTO ledger (epoch, recorded, position, id, stream, kind, version, key, topic,
                        command_id, meta, payload, hash, seal)
    SELECT $1::integer, $2::timestamptz, entry.*
    FROM unnest($3::bigint[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::uuid[],
                $9::text[], $10::uuid[], $11::bytea[], $12::bytea[], $13::bytea[],
                $19::bytea[]) AS entry
), commands AS (
    INSERT INTO command_log (command_id, fingerprint, receipt)
    SELECT * FROM unnest($14::uuid[], $15::bytea[], $16::bytea[])
)
UPDATE ledger_head SET position = $17, hash = $18, recorded = $2, reached = $20
"""
_COLUMNS = attrgetter(
    *("position", "id", "stream", "kind", "version", "key", "topic"),
    *("command_id", "meta", "payload", "hash"),
)
_NO_ENTRIES: list[tuple[Any, ...]] = [()] * 11

_FREE_CLAIMS = "DELETE FROM claim WHERE key = ANY ($1::text[])"
_TAKE_CLAIMS = "INSERT INTO claim (key, stream) SELECT * FROM unnest($1::text[], $2::uuid[])"

_encode = msgspec.json.Encoder().encode
_decode_receipt = msgspec.json.Decoder(Receipt).decode

Outcome = Receipt | Exception


def _streams(transactions: Sequence[Transaction]) -> set[UUID]:
    added_to = {append.stream for t in transactions for append in t.appends}
    return added_to.union(stream for t in transactions for stream, _version in t.rests_on)


class GroupCommit:
    """Commits batches over a connection that it keeps.

    After an error nobody knows what became of a commit. Nobody needs to: the batch is simply
    tried again. The lock waits until the lost connection's transaction has ended, and the command
    log then answers for every command that it recorded.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        *,
        service: str,
        time_limit: float,
        committed: Callable[[int], None],
        clocks: Clocks,
    ) -> None:
        """Prepare to commit.

        Args:
            pool: lends the connection.
            service: whose ledger it is, for position tokens.
            time_limit: seconds that one batch may take before its connection is given up.
            committed: told the head's position after each commit.
            clocks: hold the database's clock against the right time.
        """
        self._pool = pool
        self._service = service
        self._time_limit = time_limit
        self._committed = committed
        self._clocks = clocks
        self._connection: asyncpg.Connection | None = None

    async def commit(self, transactions: Sequence[Transaction]) -> list[Outcome]:
        """Record what may be recorded, durably; return each one's receipt or refusal, in order.

        Raises:
            Exception: nothing is known of the batch; try it again (`is_away`), or in parts.
        """
        try:
            async with asyncio.timeout(self._time_limit):
                connection = self._connection or await self._connect()
                return await self._commit(connection, transactions)
        except BaseException as error:
            if self._connection is not None:
                if isinstance(error, Exception) and not is_away(error):
                    await self._connection.execute("ROLLBACK", timeout=self._time_limit)
                else:
                    # Its state is anybody's guess, and a lock may hang on it: no polite goodbye.
                    with suppress(asyncpg.InterfaceError):  # the pool has buried it already
                        self._connection.terminate()
                    await self.close()
            raise

    async def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._pool.release(connection)

    async def _connect(self) -> asyncpg.Connection:
        self._connection = connection = await self._pool.acquire()
        await connection.execute(_PREPARE_SESSION)
        self._read = await connection.prepare(_READ)
        self._write = await connection.prepare(_WRITE)
        return connection

    async def _commit(
        self, connection: asyncpg.Connection, transactions: Sequence[Transaction]
    ) -> list[Outcome]:
        await connection.execute(_BEGIN)
        page = await self._open_page(connection, transactions)
        outcomes: list[Outcome] = []
        for transaction in transactions:
            try:
                outcomes.append(page.write(transaction))
            except Exception as refusal:
                outcomes.append(refusal)
        if not page.answered:
            await connection.execute("ROLLBACK")
            return outcomes
        await self._store(connection, page)
        await connection.execute("COMMIT")
        self._committed(page.head.position)
        return outcomes

    async def _open_page(
        self, connection: asyncpg.Connection, transactions: Sequence[Transaction]
    ) -> Page:
        rows = await self._read.fetch(
            [t.command_id for t in transactions],
            list(_streams(transactions)),
        )
        streams, commands = {}, {}
        for *_, id, version, value, receipt in rows:
            if receipt is not None:
                commands[id] = Answered(value, _decode_receipt(receipt))
            elif id is not None:
                streams[id] = StreamHead(version, value)
        position, epoch, chain, reached, last, clock = rows[0][:6]
        keys = {key for t in transactions for key in (*t.claims, *t.releases)}
        self._held = dict(await connection.fetch(_READ_CLAIMS, list(keys))) if keys else {}
        return Page(
            service=self._service,
            head=Head(position=position, epoch=epoch, hash=chain, reached=tuple(reached)),
            recorded=recorded_at(clock, last),
            streams=streams,
            commands=commands,
            claims=dict(self._held),
            refusal=self._clocks.wrong(clock),
        )

    async def _store(self, connection: asyncpg.Connection, page: Page) -> None:
        if page.moved:
            await connection.execute(_FREE_CLAIMS, [k for k in page.moved if k in self._held])
            owned = [(key, owner) for key, owner in page.moved.items() if owner is not None]
            if owned:
                await connection.execute(_TAKE_CLAIMS, *zip(*owned, strict=True))
        answered = page.answered
        await self._write.fetch(
            page.head.epoch,
            page.recorded,
            *(zip(*map(_COLUMNS, page.entries), strict=True) if page.entries else _NO_ENTRIES),
            [a.receipt.command_id for a in answered],
            [a.fingerprint for a in answered],
            [_encode(a.receipt) for a in answered],
            page.head.position,
            page.head.hash,
            [entry.seal for entry in page.entries],
            list(page.head.reached),
        )
