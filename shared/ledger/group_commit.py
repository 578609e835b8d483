"""One batch of commands, one PostgreSQL transaction: two round trips, whatever the batch's size.

The first reads what the database knows, at one instant; the second writes what follows from it, if
the head's row is still the one that was read. Every writer of every release changes that row with
whatever it writes, so that if it is the same, all is; and whoever writes at the same time waits for
the row's lock, and then finds that it has changed: nothing of theirs is written.

Where it has, others write too, and for a while all take turns by that lock, as nobody would get
ahead otherwise: two round trips more. What the database knows is then read by the statement after
the lock: a statement sees what was committed before it began, so one that took the lock and read
at once would see the ledger as it was before it waited.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from operator import attrgetter
from typing import Any, NamedTuple
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
SET default_transaction_isolation = 'read committed';  -- who waited for a row sees it as it is now
SET idle_in_transaction_session_timeout = '10s';  -- a writer that froze must not hold the head
"""

# Waits for whatever a lost connection was writing, and voids what it may write yet: it will find
# another row than it had read.
_FENCE = "UPDATE ledger_head SET position = position"

_BEGIN = """
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT FROM ledger_head FOR UPDATE
"""

# The head is told once: its partitions alone are longer than all that is told of a stream.
_READ = """
SELECT NULL::uuid AS id, NULL::bigint AS version, NULL::bytea AS bytes, NULL::bytea AS receipt,
       NULL::text AS claim, (head.position, head.epoch, head.hash, head.reached,
       head.recorded, clock_timestamp(), head.xmin) AS head
FROM ledger_head AS head
UNION ALL
SELECT command_id, NULL, fingerprint, receipt, NULL, NULL
FROM command_log
WHERE command_id = ANY ($1::uuid[])
UNION ALL
SELECT asked.stream, newest.version, newest.hash, NULL, NULL, NULL
FROM unnest($2::uuid[]) AS asked (stream)
CROSS JOIN LATERAL (
    SELECT version, hash FROM ledger
    WHERE ledger.stream = asked.stream
    ORDER BY version DESC
    LIMIT 1
) AS newest
UNION ALL
SELECT stream, NULL, NULL, NULL, key, NULL FROM claim WHERE key = ANY ($3::text[])
"""

_WRITE = """
WITH head AS (
    UPDATE ledger_head SET position = $17, hash = $18, recorded = $2, reached = $20
    WHERE single AND xmin = $21::xid
    RETURNING position
), entries AS (
    INSERT INTO ledger (epoch, recorded, position, id, stream, kind, version, key, topic,
                        command_id, meta, payload, hash, seal)
    SELECT $1::integer, $2::timestamptz, entry.*
    FROM head, unnest($3::bigint[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::uuid[],
                      $9::text[], $10::uuid[], $11::bytea[], $12::bytea[], $13::bytea[],
                      $19::bytea[]) AS entry
), commands AS (
    INSERT INTO command_log (command_id, fingerprint, receipt)
    SELECT command.* FROM head, unnest($14::uuid[], $15::bytea[], $16::bytea[]) AS command
), freed AS (
    DELETE FROM claim USING head WHERE key = ANY ($22::text[])
), handed_over AS (
    UPDATE claim SET stream = owned.stream
    FROM head, unnest($23::text[], $24::uuid[]) AS owned (key, stream)
    WHERE claim.key = owned.key AND claim.key = ANY ($23::text[])  -- whatever plan: by its index
), taken AS (
    INSERT INTO claim (key, stream)
    SELECT owned.* FROM head, unnest($25::text[], $26::uuid[]) AS owned
)
SELECT position FROM head
"""
_COLUMNS = attrgetter(
    *("position", "id", "stream", "kind", "version", "key", "topic"),
    *("command_id", "meta", "payload", "hash"),
)
_NO_ENTRIES: list[tuple[Any, ...]] = [()] * 11

_encode = msgspec.json.Encoder().encode
_decode_receipt = msgspec.json.Decoder(Receipt).decode

Outcome = Receipt | Exception

IN_TURNS_S = 1.0
"""Seconds for which writers take turns, once one has found that another was faster."""


class _Read(NamedTuple):
    """What the database knew: a page on it, whose claims it was, and which row the head's was."""

    page: Page
    held: dict[str, UUID]
    row: int


def _streams(transactions: Sequence[Transaction]) -> set[UUID]:
    added_to = {append.stream for t in transactions for append in t.appends}
    return added_to.union(stream for t in transactions for stream, _version in t.rests_on)


class GroupCommit:
    """Commits batches over a connection that it keeps.

    After an error nobody knows what became of a commit. Nobody needs to: the batch is simply
    tried again. A new connection waits until the lost one's transaction has ended, and whatever
    that has not begun to write by then is void; the command log then answers for every command
    that it recorded.
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
        self._in_turns_until = 0.0

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
        await connection.execute(_FENCE)
        return connection

    async def _commit(
        self, connection: asyncpg.Connection, transactions: Sequence[Transaction]
    ) -> list[Outcome]:
        clock = asyncio.get_running_loop().time
        done = None
        if clock() >= self._in_turns_until:
            done = await self._attempt(transactions)
            if done is None:
                self._in_turns_until = clock() + IN_TURNS_S
        if done is None:
            await connection.execute(_BEGIN)
            done = await self._attempt(transactions)
            await connection.execute("COMMIT")
        assert done is not None, "the head's row changed while it was locked"
        outcomes, page = done
        if page.answered:
            self._committed(page.head.position)
        return outcomes

    async def _attempt(
        self, transactions: Sequence[Transaction]
    ) -> tuple[list[Outcome], Page] | None:
        """Read, decide and write; None: the ledger has grown meanwhile, and nothing was written."""
        read = await self._open_page(transactions)
        outcomes: list[Outcome] = []
        for transaction in transactions:
            try:
                outcomes.append(read.page.write(transaction))
            except Exception as refusal:
                outcomes.append(refusal)
        if read.page.answered and not await self._store(read):
            return None
        return outcomes, read.page

    async def _open_page(self, transactions: Sequence[Transaction]) -> _Read:
        rows = await self._read.fetch(
            [t.command_id for t in transactions],
            list(_streams(transactions)),
            list({key for t in transactions for key in (*t.claims, *t.releases)}),
        )
        streams, commands, held = {}, {}, {}
        head: Any = None
        for id, version, value, receipt, claim, told in rows:
            if told is not None:
                head = told
            elif claim is not None:
                held[claim] = id
            elif receipt is not None:
                commands[id] = Answered(value, _decode_receipt(receipt))
            else:
                streams[id] = StreamHead(version, value)
        position, epoch, chain, reached, last, clock, row = head
        page = Page(
            service=self._service,
            head=Head(position=position, epoch=epoch, hash=chain, reached=tuple(reached)),
            recorded=recorded_at(clock, last),
            streams=streams,
            commands=commands,
            claims=dict(held),
            refusal=self._clocks.wrong(clock),
        )
        return _Read(page, held, row)

    async def _store(self, read: _Read) -> bool:
        """Write a page on what was read; False: the ledger is not as it was read any more."""
        page, held, row = read
        owned = [(key, owner) for key, owner in page.moved.items() if owner is not None]
        handed_over = [each for each in owned if each[0] in held]
        taken = [each for each in owned if each[0] not in held]
        answered = page.answered
        written = await self._write.fetch(
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
            row,
            [key for key, owner in page.moved.items() if owner is None and key in held],
            *_columns_of(handed_over),
            *_columns_of(taken),
        )
        return bool(written)


def _columns_of(owned: list[tuple[str, UUID]]) -> tuple[list[str], list[UUID]]:
    return [key for key, _ in owned], [owner for _, owner in owned]
