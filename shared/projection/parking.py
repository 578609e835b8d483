"""Events that cannot be applied, and behind each its person's later ones, in order.

A person whose event fails is parked as a whole: whatever comes for them waits here, so that
nothing is applied over a gap. The other people go on. The queue is tried again whenever the
engine takes a partition over (a corrected fold then drains it), and when what a stream waits
for is delivered after all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from traceback import extract_tb
from typing import Any
from uuid import UUID

from shared.bus.delivery import Delivered
from shared.domain.errors import MshauriError
from shared.ledger import Entry
from shared.projection.connection import Connection

DDL = """
CREATE TABLE IF NOT EXISTS parked (
    seq        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service    text        NOT NULL,
    partition  integer     NOT NULL,
    "offset"   bigint      NOT NULL,
    key        uuid        NOT NULL,
    stream     uuid        NOT NULL,
    kind       text        NOT NULL,
    version    integer     NOT NULL,
    position   bigint      NOT NULL,
    epoch      integer     NOT NULL,
    id         uuid        NOT NULL,
    topic      text        NOT NULL,
    recorded   timestamptz NOT NULL,
    command_id uuid        NOT NULL,
    meta       bytea       NOT NULL,
    payload    bytea       NOT NULL,
    hash       bytea       NOT NULL,
    seal       bytea,
    code       text,
    error      text,
    attempts   integer     NOT NULL DEFAULT 0,
    parked_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (service, stream, version)
);
ALTER TABLE parked ADD COLUMN IF NOT EXISTS again boolean NOT NULL DEFAULT false;
CREATE INDEX IF NOT EXISTS parked_key_idx ON parked (key, seq);
COMMENT ON COLUMN parked.again IS 'an operator asks to have it tried again';
COMMENT ON COLUMN parked.error IS 'empty: it waits behind an event of the same person';
"""

# The same event delivered again takes the place of the one that waits: where that one was altered
# on its way, this one may be whole.
_PARK = """
INSERT INTO parked (service, partition, "offset", key, stream, kind, version, position, epoch, id,
                    topic, recorded, command_id, meta, payload, hash, seal, code, error, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
ON CONFLICT (service, stream, version) DO UPDATE
   SET "offset" = excluded."offset", position = excluded.position, epoch = excluded.epoch,
       id = excluded.id, topic = excluded.topic, recorded = excluded.recorded,
       command_id = excluded.command_id, meta = excluded.meta, payload = excluded.payload,
       hash = excluded.hash, seal = excluded.seal
"""

_COUNTS = "SELECT key, count(*) FROM parked WHERE partition = ANY($1::integer[]) GROUP BY key"

_LENGTHS = "SELECT key, count(*) FROM parked WHERE key = ANY($1::uuid[]) GROUP BY key"

_QUEUE = "SELECT * FROM parked WHERE key = $1 ORDER BY seq"

_ASKED = """
UPDATE parked SET again = false
 WHERE again AND partition = ANY($1::integer[]) RETURNING key
"""

_NOTE = """
UPDATE parked SET code = $2, error = $3, attempts = attempts + 1 WHERE seq = $1
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an event could not be applied.

    Attributes:
        code: for programs: an error's code, or the exception's name.
        text: for the person who mends it; may quote the event, so it stays in the database.
        where: for logs: file, line and function that raised it, nothing of the event.
    """

    code: str
    text: str
    where: str

    @classmethod
    def of(cls, error: Exception) -> "Fault":
        """Describe an exception."""
        code = error.code if isinstance(error, MshauriError) else type(error).__name__
        frames = extract_tb(error.__traceback__)
        where = f"{frames[-1].filename}:{frames[-1].lineno} {frames[-1].name}" if frames else ""
        return cls(code, str(error).replace("\x00", "\\0")[:2000], where)


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that waits: for its fault to be mended, or behind one that does."""

    delivered: Delivered
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked event, as it stands in the queue."""

    seq: int
    delivered: Delivered


async def park(connection: Connection, parked: Sequence[Parked]) -> dict[UUID, int]:
    """Put events at the end of their people's queues; return how many wait in those now."""
    if not parked:
        return {}
    await connection.executemany(_PARK, [_row(one) for one in parked])
    keys = {one.delivered.entry.key for one in parked}
    rows = await connection.fetch(_LENGTHS, list(keys))
    return {row[0]: row[1] for row in rows}


async def counts(connection: Connection, partitions: Iterable[int]) -> dict[UUID, int]:
    """Return how many events wait for each person of these partitions."""
    rows = await connection.fetch(_COUNTS, list(partitions))
    return {row[0]: row[1] for row in rows}


async def asked_again(connection: Connection, partitions: Iterable[int]) -> set[UUID]:
    """Take up whom an operator asks to have tried again."""
    return {row[0] for row in await connection.fetch(_ASKED, list(partitions))}


async def queue(connection: Connection, key: UUID) -> list[Waiting]:
    """Return a person's waiting events, in the order to try them in.

    That is the order they came in; only where a stream's events came out of order, they change
    places among themselves.
    """
    rows = await connection.fetch(_QUEUE, key)
    waiting = [Waiting(row["seq"], _delivered(row)) for row in rows]
    in_order: dict[tuple[str, UUID], list[Waiting]] = {}
    for one in sorted(waiting, key=lambda one: one.delivered.entry.version, reverse=True):
        in_order.setdefault((one.delivered.service, one.delivered.entry.stream), []).append(one)
    return [in_order[one.delivered.service, one.delivered.entry.stream].pop() for one in waiting]


async def release(connection: Connection, seqs: Sequence[int]) -> None:
    """Take events that were applied out of the queue."""
    await connection.execute("DELETE FROM parked WHERE seq = ANY($1::bigint[])", list(seqs))


async def note_failure(connection: Connection, seq: int, fault: Fault) -> None:
    """Write down that another attempt failed, and at what."""
    await connection.execute(_NOTE, seq, fault.code, fault.text)


def _row(one: Parked) -> tuple[object, ...]:
    d, e, fault = one.delivered, one.delivered.entry, one.fault
    return (
        *(d.service, d.partition, d.offset, e.key, e.stream, e.kind, e.version, e.position),
        *(e.epoch, e.id, e.topic, e.recorded, e.command_id, e.meta, e.payload, e.hash, e.seal),
        *((fault.code, fault.text, 1) if fault else (None, None, 0)),
    )


def _delivered(row: Mapping[str, Any]) -> Delivered:
    return Delivered(
        service=row["service"],
        partition=row["partition"],
        offset=row["offset"],
        entry=Entry(
            position=row["position"],
            epoch=row["epoch"],
            id=row["id"],
            stream=row["stream"],
            kind=row["kind"],
            version=row["version"],
            key=row["key"],
            topic=row["topic"],
            recorded=row["recorded"],
            command_id=row["command_id"],
            meta=row["meta"],
            payload=row["payload"],
            hash=row["hash"],
            seal=row["seal"],
        ),
    )
