"""How far the engine has come, kept in the same transactions as the rows: offsets and cursors.

`applied` has a row a service and partition: the next offset to read under the topic's id, and the
ledger position up to which everything is in the rows. `stream_cursor` has a row a stream: its last
version and hash, from which the next event is told to be the right one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from shared.positions import position_token
from shared.projection.connection import Connection
from shared.projection.source import Place
from shared.proof.hashing import NOTHING

APPLIED_CHANNEL = "applied"
CHANGED_CHANNEL = "changed"
"""What is told, each in the name of the schema it is told of: `views_3.applied` (`channel_of`)."""

PARKED_NEWS = "parked"
"""Told with the positions, where an event was put among those that wait."""

_PAYLOAD_LIMIT = 7900
"""PostgreSQL refuses a notification of 8,000 bytes."""

DDL = """
CREATE TABLE IF NOT EXISTS applied (
    service     text        NOT NULL,
    partition   integer     NOT NULL,
    topic_id    text        NOT NULL,
    next_offset bigint      NOT NULL,
    position    bigint      NOT NULL,
    built       text        NOT NULL,
    epoch       integer     NOT NULL DEFAULT 1,
    applied_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, partition)
);
CREATE TABLE IF NOT EXISTS stream_cursor (
    service text    NOT NULL,
    stream  uuid    NOT NULL,
    version integer NOT NULL,
    hash    bytea   NOT NULL,
    epoch    integer NOT NULL DEFAULT 1,
    position bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (service, stream)
) WITH (fillfactor = 80);
"""

_MARKS = """
SELECT service, partition, topic_id, next_offset, position, built, epoch
  FROM applied WHERE partition = ANY($1::integer[])
"""

_CURSORS = """
SELECT c.service, c.stream, c.version, c.hash, c.epoch, c.position
  FROM unnest($1::text[], $2::uuid[]) AS asked(service, stream)
  JOIN stream_cursor AS c USING (service, stream)
"""

# Everything but the rows, in one round trip. It returns the marks as they were: who resets the read
# models, or reads the same partition, changes them; then this poll is not the next one, and nothing
# of it may be written. They are looked at, and locked, before they are written: a part that reads
# another waits for it; the rest PostgreSQL carries out once, in any order.
_KEEP = """
WITH held AS (
    SELECT service, partition, topic_id, next_offset, position, built, epoch
      FROM applied
     WHERE (service, partition) IN (SELECT * FROM unnest($7::text[], $8::integer[]))
     ORDER BY service, partition
       FOR UPDATE
), cursors AS (
    INSERT INTO stream_cursor (service, stream, version, hash, epoch, position)
    SELECT * FROM unnest($1::text[], $2::uuid[], $3::integer[], $4::bytea[], $5::integer[],
                         $6::bigint[])
    ON CONFLICT (service, stream) DO UPDATE
       SET version = excluded.version, hash = excluded.hash, epoch = excluded.epoch,
           position = excluded.position
), marks AS (
    INSERT INTO applied (service, partition, topic_id, next_offset, position, built, epoch)
    SELECT * FROM unnest($7::text[], $8::integer[], $9::text[], $10::bigint[], $11::bigint[],
                         $12::text[], $13::integer[])
     WHERE (SELECT count(*) FROM held) >= 0
    ON CONFLICT (service, partition) DO UPDATE
       SET topic_id = excluded.topic_id, next_offset = excluded.next_offset,
           position = excluded.position, built = excluded.built, epoch = excluded.epoch,
           applied_at = now()
), told AS (
    SELECT count(pg_notify(current_schema() || '.' || channel, payload)) AS messages
      FROM unnest($14::text[], $15::text[]) AS message(channel, payload)
)
SELECT held.* FROM told LEFT JOIN held ON told.messages >= 0
"""


_TELL = """
SELECT pg_notify(current_schema() || '.' || channel, payload)
  FROM unnest($1::text[], $2::text[]) AS message(channel, payload)
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one partition of one service is applied.

    Attributes:
        topic_id: the topic that `next_offset` counts in.
        position: everything of this partition up to here is in the rows; never falls within an
            epoch, though a recreated topic is read from its beginning.
        built: the set of tables it was applied to (`schema.built_of`).
        epoch: of the ledger, as of the event at `position`.
    """

    topic_id: str
    next_offset: int
    position: int
    built: str
    epoch: int = 1

    @property
    def reached(self) -> "Reached":
        """How far it is, to be compared."""
        return Reached(self.epoch, self.position)


class Reached(NamedTuple):
    """A place in a ledger: of a later epoch, whatever the position, is further."""

    epoch: int
    position: int


class Cursor(NamedTuple):
    """Where a stream stands: its last event's version, hash, and place in the ledger."""

    version: int
    hash: bytes
    epoch: int = 1
    position: int = 0


Stream = tuple[str, UUID]
"""A service, and one of its streams."""

START = Cursor(0, NOTHING)


async def marks(connection: Connection, partitions: Iterable[int]) -> dict[Place, Mark]:
    """Return the marks of these partitions, every service's."""
    return _as_marks(await connection.fetch(_MARKS, list(partitions)))


async def cursors(connection: Connection, streams: Iterable[Stream]) -> dict[Stream, Cursor]:
    """Return where these streams stand; one that has not begun is left out."""
    rows = await connection.fetch(_CURSORS, *_columns(streams, 2))
    return {(row[0], row[1]): Cursor(*row[2:]) for row in rows}


@dataclass(slots=True)
class Kept:
    """What is written beside the rows, and told once the transaction commits.

    Attributes:
        cursors: where streams stand.
        marks: how far places are applied.
        risen: how far places are that are further than was told.
        tables: those whose rows changed.
        parked: whether events were put among those that wait; told before what they are at.
    """

    cursors: dict[Stream, Cursor] = field(default_factory=dict)
    marks: dict[Place, Mark] = field(default_factory=dict)
    risen: dict[Place, Reached] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    parked: bool = False


async def keep(connection: Connection, kept: Kept) -> dict[Place, Mark]:
    """Write cursors and marks, and tell of them; return the marks that those take the place of."""
    tokens = [PARKED_NEWS] if kept.parked else []
    tokens += [position_token(*place, at.position, at.epoch) for place, at in kept.risen.items()]
    messages = [(APPLIED_CHANNEL, payload) for payload in chunks(tokens)]
    messages += [(CHANGED_CHANNEL, table) for table in kept.tables]
    if messages and not (kept.cursors or kept.marks):
        await connection.execute(_TELL, *_columns(messages, 2))
    elif kept.cursors or kept.marks:
        before = await connection.fetch(
            _KEEP,
            *_columns(((*stream, *cursor) for stream, cursor in kept.cursors.items()), 6),
            *_columns(
                (
                    (*place, mark.topic_id, mark.next_offset, mark.position, mark.built, mark.epoch)
                    for place, mark in kept.marks.items()
                ),
                7,
            ),
            *_columns(messages, 2),
        )
        return _as_marks(row for row in before if row["service"] is not None)
    return {}


async def channel_of(connection: Connection, name: str) -> str:
    """Return the channel on which the build that a connection reads tells of its changes."""
    return f"{await connection.fetchval('SELECT current_schema()')}.{name}"


def chunks(tokens: Iterable[str]) -> list[str]:
    """Join tokens by spaces into payloads that a notification can carry."""
    payloads: list[str] = []
    for token in tokens:
        if payloads and len(payloads[-1]) + 1 + len(token) <= _PAYLOAD_LIMIT:
            payloads[-1] += " " + token
        else:
            payloads.append(token)
    return payloads


def _columns(rows: Iterable[tuple[object, ...]], width: int) -> list[list[object]]:
    """Turn rows into columns, each an array to send."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


def _as_marks(rows: Iterable[Mapping[str, Any]]) -> dict[Place, Mark]:
    return {
        (row["service"], row["partition"]): Mark(
            row["topic_id"], row["next_offset"], row["position"], row["built"], row["epoch"]
        )
        for row in rows
    }
