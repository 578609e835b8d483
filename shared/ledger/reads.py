"""What is asked of a ledger in PostgreSQL. Every answer is one statement: one instant's truth."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from shared.ledger.away import unavailable_if_away
from shared.ledger.ledger import Answered, AsOf, Entry, Head, Receipt, Snapshot, Stood
from shared.ledger.together import Together

_FIELDS = Entry.__struct_fields__
_ENTRY = ", ".join(_FIELDS)

_ENTRY_OF = ", ".join(f"entry.{name}" for name in _FIELDS)

_STREAM = f"""
SELECT {_ENTRY} FROM ledger
WHERE stream = $1
  AND version > $2
  AND ($3::bigint      IS NULL OR version  <= $3)
  AND ($4::timestamptz IS NULL OR version <= (
          -- Not each by its own time: a clock that was wrong and set right leaves an entry later
          -- than the one after it.
          SELECT max(version) FROM ledger WHERE stream = $1 AND recorded <= $4))
  AND ($5::bigint      IS NULL OR position <= $5)
ORDER BY version
"""

# Positions are given under the head's lock, and a commit is seen before the lock is free: what a
# statement sees is always everything up to some position.
_FEED = f"SELECT {_ENTRY} FROM ledger WHERE position > $1 ORDER BY position LIMIT $2"

_AT = f"SELECT {_ENTRY} FROM ledger WHERE position = ANY ($1::bigint[]) ORDER BY position"

# A half of it, a third: of each person all, in order. What the last byte of an id tells is chance.
_PART = f"""
SELECT {_ENTRY} FROM ledger
WHERE position > $1 AND position <= $2 AND get_byte(uuid_send(key), 15) % $4 = $3
ORDER BY position
"""

_STREAMS = f"""
SELECT {_ENTRY} FROM ledger
 WHERE stream = ANY ($1::uuid[]) AND ($2::bigint IS NULL OR position <= $2)
 ORDER BY position
"""

# From where a clock was set right, if one was, to where the next was, nothing is taken earlier than
# what was taken before it, and positions have no gap: of the last such run that had begun by an
# instant, the last entry by then is found in as many looks as its number has digits in base two.
# Each is a subquery of one entry: a join might be made by reading the whole ledger.
_STOOD_AT = """
WITH RECURSIVE
head AS (SELECT position, reached FROM ledger_head),
run (first) AS (SELECT 1::bigint UNION SELECT position FROM ledger_turned_back),
narrowed (known, beyond) AS (
    (SELECT first, coalesce((SELECT min(position) FROM ledger_turned_back WHERE position > first),
                            head.position + 1)
       FROM head CROSS JOIN run
      WHERE (SELECT recorded <= $1 FROM ledger WHERE position = first)
      ORDER BY first DESC LIMIT 1)
    UNION ALL
    SELECT CASE WHEN early THEN middle ELSE known END, CASE WHEN early THEN beyond ELSE middle END
      FROM (SELECT known, beyond, middle,
                   (SELECT recorded <= $1 FROM ledger WHERE position = middle) AS early
              FROM (SELECT known, beyond, (known + beyond) / 2 AS middle FROM narrowed) AS half
             WHERE beyond - known > 1) AS looked
)
SELECT coalesce(last.position, 0) AS position, coalesce(last.epoch, 1) AS epoch, last.recorded,
       head.position AS head, coalesce(head.reached, '{}') AS reached
  FROM head LEFT JOIN ledger AS last ON last.position = (SELECT max(known) FROM narrowed)
"""

_STREAMS_OF = "SELECT DISTINCT stream FROM ledger WHERE key = $1 ORDER BY stream"

# An id is written in one way only, in payloads and envelopes, so its bytes are what is looked for.
_TOLD_OF = f"""
SELECT {_ENTRY} FROM ledger WHERE stream IN (
    SELECT DISTINCT stream FROM ledger WHERE key IN (
        SELECT DISTINCT key FROM ledger
         WHERE stream = ANY ($2::uuid[])
            OR EXISTS (SELECT 1 FROM unnest($1::bytea[]) AS name
                        WHERE position(name in payload) > 0 OR position(name in meta) > 0)))
ORDER BY position
"""

_HEAD = "SELECT position, epoch, hash, reached FROM ledger_head"

_COMMAND = "SELECT fingerprint, receipt FROM command_log WHERE command_id = $1"

_COMMANDS = (
    "SELECT command_id, fingerprint, receipt FROM command_log WHERE command_id = ANY ($1::uuid[])"
)

_OWNERS = "SELECT key, stream FROM claim WHERE key = ANY ($1::text[])"

_LATEST = f"""
SELECT {_ENTRY_OF}, kept.version AS kept_version, kept.state AS kept_state,
       asked.stream AS asked
FROM unnest($1::uuid[]) AS asked (stream)
LEFT JOIN snapshot AS kept USING (stream)
LEFT JOIN LATERAL (
    SELECT * FROM ledger
    WHERE ledger.stream = asked.stream AND ledger.version > coalesce(kept.version, -1)
) AS entry ON true
ORDER BY asked.stream, entry.version
"""

# The same version may be kept again: its owner may have learned to write it better.
_KEEP_SNAPSHOT = """
INSERT INTO snapshot AS kept (stream, version, state) VALUES ($1, $2, $3)
ON CONFLICT (stream) DO UPDATE SET version = excluded.version, state = excluded.state
WHERE kept.version <= excluded.version
"""


Latest = tuple[Snapshot | None, list[Entry]]

_decode_receipt = msgspec.json.Decoder(Receipt).decode


class Reads:
    """Answers from whatever connection of the pool is free."""

    def __init__(self, pool: asyncpg.Pool, *, part: str) -> None:
        self._pool = pool
        self._part = part
        self._latest = Together(self._latest_of)

    async def receipt(self, command_id: UUID, fingerprint: bytes) -> Receipt | None:
        """See `Ledger.receipt`."""
        with unavailable_if_away(self._part):
            row = await self._pool.fetchrow(_COMMAND, command_id)
        if row is None:
            return None
        answered = Answered(row["fingerprint"], _decode_receipt(row["receipt"]))
        return answered.again(command_id, fingerprint)

    async def receipts(self, command_ids: Sequence[UUID]) -> dict[UUID, Answered]:
        """See `Ledger.receipts`."""
        with unavailable_if_away(self._part):
            rows = await self._pool.fetch(_COMMANDS, command_ids)
        return {row[0]: Answered(row[1], _decode_receipt(row[2])) for row in rows}

    async def owners(self, claims: Sequence[str]) -> dict[str, UUID]:
        """See `Ledger.owners`."""
        with unavailable_if_away(self._part):
            rows = await self._pool.fetch(_OWNERS, claims)
        return {row[0]: row[1] for row in rows}

    async def stream(self, stream: UUID, after: int, as_of: AsOf) -> list[Entry]:
        """See `Ledger.stream`."""
        with unavailable_if_away(self._part):
            rows = await self._pool.fetch(
                _STREAM, stream, after, as_of.version, as_of.recorded, as_of.position
            )
        return [_entry(row) for row in rows]

    async def feed(self, after: int, limit: int) -> list[Entry]:
        """See `Ledger.feed`."""
        with unavailable_if_away(self._part):
            rows = await self._pool.fetch(_FEED, after, limit)
        return [_entry(row) for row in rows]

    async def at(self, positions: Sequence[int]) -> list[Entry]:
        """See `Ledger.at`."""
        with unavailable_if_away(self._part):
            rows = await self._pool.fetch(_AT, positions)
        return [_entry(row) for row in rows]

    async def part(self, after: int, until: int, number: int, of: int) -> list[Entry]:
        """Return one of `of` parts of what lies above a position and up to another, in order."""
        with unavailable_if_away(self._part):
            rows = await self._pool.fetch(_PART, after, until, number, of)
        return [_entry(row) for row in rows]

    async def streams(self, streams: Sequence[UUID], position: int | None) -> list[Entry]:
        """See `Ledger.streams`."""
        with unavailable_if_away(self._part):
            rows = await self._pool.fetch(_STREAMS, streams, position)
        return [_entry(row) for row in rows]

    async def stood_at(self, instant: datetime) -> Stood:
        """See `Ledger.stood_at`."""
        with unavailable_if_away(self._part):
            row = await self._pool.fetchrow(_STOOD_AT, instant)
        return Stood(**row)

    async def streams_of(self, key: UUID) -> list[UUID]:
        """See `Ledger.streams_of`."""
        with unavailable_if_away(self._part):
            rows = await self._pool.fetch(_STREAMS_OF, key)
        return [row[0] for row in rows]

    async def told_of(self, subjects: Collection[UUID]) -> list[Entry]:
        """See `Ledger.told_of`."""
        names = [str(subject).encode() for subject in subjects]
        with unavailable_if_away(self._part):
            rows = await self._pool.fetch(_TOLD_OF, names, list(subjects))
        return [_entry(row) for row in rows]

    async def head(self) -> Head:
        """See `Ledger.head`."""
        with unavailable_if_away(self._part):
            position, epoch, chain, reached = await self._pool.fetchrow(_HEAD)
        return Head(position=position, epoch=epoch, hash=chain, reached=tuple(reached or ()))

    async def latest(self, stream: UUID) -> Latest:
        """See `Ledger.latest`."""
        return await self._latest.of(stream)

    async def _latest_of(self, streams: Sequence[UUID]) -> dict[UUID, Latest]:
        with unavailable_if_away(self._part):
            rows = await self._pool.fetch(_LATEST, streams)
        found: dict[UUID, Latest] = {}
        for row in rows:
            stream, version, state = row["asked"], row["kept_version"], row["kept_state"]
            if stream not in found:
                kept = version is not None
                found[stream] = (
                    Snapshot(stream=stream, version=version, state=state) if kept else None,
                    [],
                )
            if row["position"] is not None:
                found[stream][1].append(_entry(row[: len(_FIELDS)]))
        return found

    async def keep_snapshot(self, snapshot: Snapshot) -> None:
        """See `Ledger.keep_snapshot`."""
        with unavailable_if_away(self._part):
            await self._pool.execute(
                _KEEP_SNAPSHOT, snapshot.stream, snapshot.version, snapshot.state
            )


def _entry(values: Iterable[Any]) -> Entry:
    # `Entry(**row)` would look each column up by its name.
    return Entry(**dict(zip(_FIELDS, values, strict=True)))
